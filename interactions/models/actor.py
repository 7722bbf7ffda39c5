"""People as a client's schema knows them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar


class Team(models.Model):
    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = TypedChar(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class Actor(models.Model):
    """Anybody who acts here. Every reference to a person in this schema is to an Actor; a Seat knows who it is."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        SYSTEM = "system", _("system")
        TOKEN = "token", _("token")

    data = DataClass(
        scope="client", personal=True, erasure="anonymise", subject="person", called=("display_name", "acd_login"),
        keys=(("acd_login",), ("display_name",)), clears=("acd_login",), becomes=(("display_name", "pseudonym"),),
        stays=("pseudonym",),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PERSON)
    display_name = TypedChar(max_length=120)
    pseudonym = TypedChar(max_length=40, unique=True)  # what clients see
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="actors")
    acd_login = TypedChar(max_length=80, null=True, blank=True, unique=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["display_name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["person", "system", "token"]), name="actor_kind_is_known"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gt=F("starts_on")),
                name="actor_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name
