"""An operator's look inside a client."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from accounts.models.client import Client
from accounts.models.user import User
from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar

LONGEST = timedelta(minutes=60)


class StepIn(models.Model):
    """One stretch of time in which one operator may look at a client's rows, with the reason they gave.

    Written once and ended once: a trigger (migration 0008) lets nothing but `ended_at` change, from empty to a time,
    and no row go. More time is another row.
    """

    data = DataClass(
        scope="public", personal=True, erasure="keep", retention="audit", part_of="client", login=("user",)
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="step_ins")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="step_ins")
    reason = TypedChar(max_length=200)
    begins_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "client"], condition=Q(ended_at=None), name="step_in_is_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("begins_at")) & Q(until__lte=F("begins_at") + LONGEST),
                name="step_in_is_an_hour_at_most",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("begins_at")), name="step_in_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="step_in_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.user} inside {self.client}"
