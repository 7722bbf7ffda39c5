"""The shifts there are to choose from."""

from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Queue
from scheduling.domain.shifts import Pattern, Pause


class ShiftTemplate(models.Model):
    """A named shift: when it begins on its zone's clock, how long it lasts, which breaks it has."""

    class Policy(models.TextChoices):
        KEEP_DURATION = "keep_duration", _("keeps its length when the clock changes")
        KEEP_LOCAL_END = "keep_local_end", _("keeps its local end when the clock changes")

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = TypedChar(max_length=60, unique=True)
    queue = models.ForeignKey(Queue, null=True, blank=True, on_delete=models.CASCADE, related_name="shift_templates")
    starts_at = models.TimeField()  # on the clock of `zone`
    minutes = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=64)
    policy = models.CharField(max_length=16, choices=Policy.choices, default=Policy.KEEP_DURATION)
    weekdays = models.JSONField(default=list, blank=True)  # Monday 0; empty is every day
    # [{"after": minutes from the start, "minutes": 60, "name": "meal", "paid": false}], in order
    pauses = models.JSONField(default=list, blank=True)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["starts_at", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(15, 960)), name="template_is_16_hours_at_most"),
            models.CheckConstraint(
                condition=Q(policy__in=["keep_duration", "keep_local_end"]), name="template_policy_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def pattern(self) -> Pattern:
        """As the pure rules want it."""
        return Pattern(
            key=str(self.pk),
            name=self.name,
            start=self.starts_at,
            minutes=self.minutes,
            zone=self.zone,
            pauses=pauses_of(self.pauses),
            policy=self.policy,
            weekdays=tuple(self.weekdays) or tuple(range(7)),
        )


def pauses_of(kept: list[dict[str, Any]]) -> tuple[Pause, ...]:
    """The breaks as they are kept in JSON. A week has thousands of shifts and few patterns of breaks."""
    return _pauses(tuple((one["after"], one["minutes"], one["name"], one["paid"]) for one in kept))


@lru_cache(2048)
def _pauses(kept: tuple[tuple[int, int, str, bool], ...]) -> tuple[Pause, ...]:
    return tuple(Pause(*one) for one in kept)
