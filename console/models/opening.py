"""A client somebody asked to open. Web processes write it; the provisioner, who holds the owner, carries it out."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, User
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar


class Opening(models.Model):
    """One request for a client, begun in some steps and then asked for. It ends opened with its client, or refused with a field, a problem and a remedy."""

    class State(models.TextChoices):
        DRAFT = "draft", _("begun")
        ASKED = "asked", _("asked")
        OPENED = "opened", _("opened")
        REFUSED = "refused", _("refused")

    data = DataClass(
        scope="public", personal=True, export=False, erasure="anonymise", retention="audit", part_of="client",
        by_words=True, clears=("asked_name",), marks=("problem", "remedy"), stays=("name",),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=31)
    name = TypedChar(max_length=120)
    zone = models.CharField(max_length=64)
    colour = models.PositiveSmallIntegerField(default=1)
    terms = models.JSONField(default=dict, blank=True)  # of what was agreed; empty is what every client has
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    attempts = models.PositiveSmallIntegerField(default=0)  # raised before the work, so that a crash counts
    client = models.OneToOneField(Client, null=True, blank=True, on_delete=models.PROTECT, related_name="opening")
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    field = models.CharField(max_length=20, blank=True, default="")
    problem = TypedChar(max_length=300, blank=True, default="")
    remedy = TypedChar(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(state="asked"), name="opening_waits_once_per_key"),
            models.CheckConstraint(
                condition=Q(state="opened", client__isnull=False) | (~Q(state="opened") & Q(client=None)),
                name="opening_opened_means_client",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "asked", "opened", "refused"]), name="opening_state_is_known"
            ),
            models.CheckConstraint(condition=Q(colour__range=(1, 11)), name="opening_colour_is_one_of_eleven"),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(problem=""), name="opening_refused_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.key})"

    @property
    def seconds(self) -> float | None:
        """How long it took from asking to its end."""
        return None if self.finished_at is None else (self.finished_at - self.asked_at).total_seconds()
