"""A change in a client's life somebody asked for. Web processes write it; the provisioner carries it out."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, User
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar


class Change(models.Model):
    """One request. It ends done, or refused with a problem and a remedy; a client has one waiting at a time."""

    class Kind(models.TextChoices):
        SUSPEND = "suspend", _("suspend")
        RESUME = "resume", _("resume")
        ARCHIVE = "archive", _("archive")
        EXPORT = "export", _("export")
        TRASH = "trash", _("delete")
        KEEP = "keep", _("keep after all")
        DROP = "drop", _("delete for good")

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    data = DataClass(
        scope="public", personal=True, export=False, erasure="anonymise", retention="audit", by_words=True,
        clears=("asked_name",), marks=("reason", "problem", "remedy"),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    reason = TypedChar(max_length=300)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    attempts = models.PositiveSmallIntegerField(default=0)  # raised before the work, so that a crash counts
    lease_until = models.DateTimeField(null=True, blank=True)
    done_parts = models.PositiveIntegerField(default=0)
    all_parts = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    field = models.CharField(max_length=20, blank=True, default="")
    problem = TypedChar(max_length=300, blank=True, default="")
    remedy = TypedChar(max_length=300, blank=True, default="")
    size = models.PositiveBigIntegerField(null=True, blank=True)  # of the export's file
    sha256 = models.CharField(max_length=64, blank=True, default="")
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(state__in=["asked", "running"]), name="change_waits_once_per_client"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["suspend", "resume", "archive", "export", "trash", "keep", "drop"]),
                name="change_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "running", "done", "refused"]), name="change_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False) | (~Q(state="running") & Q(lease_until=None)),
                name="change_running_means_leased",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "running"], finished_at=None)
                | Q(state__in=["done", "refused"], finished_at__isnull=False),
                name="change_ended_has_its_time",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(problem=""), name="change_refused_says_why"),
            models.CheckConstraint(condition=~Q(reason=""), name="change_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(kind="export", state="done") | Q(size__isnull=False, expires_at__isnull=False),
                name="change_export_has_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.client}"

    @property
    def waits(self) -> bool:
        return self.state in (self.State.ASKED, self.State.RUNNING)

    def downloadable(self, now: datetime) -> bool:
        """Whether this is an export whose file is still there for the taking."""
        return self.kind == self.Kind.EXPORT and self.expires_at is not None and self.expires_at > now
