"""Planned time off: how much of it a team has room for on a day, and who took it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Team
from scheduling.models.absence import Absence


class TimeOffAllotment(models.Model):
    """The paid minutes that a team's people may be off on a business date, and how many of them are taken.

    The database refuses to take more than there are (ADR 47). A day without a row has no room.
    """

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="time_off")
    day = models.DateField()
    cap_minutes = models.PositiveIntegerField()
    used_minutes = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day", "team_id"]  # in which they are locked, too
        constraints = [
            models.UniqueConstraint(fields=["team", "day"], name="allotment_is_one_a_team_and_day"),
            models.CheckConstraint(
                condition=Q(used_minutes__gte=0, used_minutes__lte=F("cap_minutes")),
                name="allotment_is_never_used_over_its_cap",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.day}"

    @property
    def left(self) -> int:
        """Minutes."""
        return self.cap_minutes - self.used_minutes


class TimeOffRequest(models.Model):
    """Time off that was asked for and had room. What had none was answered at once and is no row.

    Its days, and whether it holds, are those of its absence: the two can't disagree.
    """

    class State(models.TextChoices):
        APPROVED = "approved", _("approved")
        CANCELLED = "cancelled", _("cancelled")

    data = DataClass(
        scope="client", personal=True, erasure="anonymise", person=("absence",), part_of="absence", clears=("reason",)
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    absence = models.OneToOneField(Absence, on_delete=models.PROTECT, related_name="time_off")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")  # theirs as they asked
    reason = TypedChar(max_length=200, blank=True, default="")  # why a planner cancelled it

    class Meta:
        ordering = ["absence__first_day", "id"]

    def __str__(self) -> str:
        return str(self.absence)

    @property
    def state(self) -> State:
        return self.State.APPROVED if self.absence.withdrawn_at is None else self.State.CANCELLED


class TimeOffDay(models.Model):
    """What a day of a request takes of its team's allotment, in minutes. A day that takes nothing has no row."""

    data = DataClass(scope="client", personal=True, person=("request",), part_of="request", audit=False)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(TimeOffRequest, on_delete=models.PROTECT, related_name="days")
    allotment = models.ForeignKey(TimeOffAllotment, on_delete=models.PROTECT, related_name="days")
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["allotment__day"]
        constraints = [
            models.UniqueConstraint(fields=["request", "allotment"], name="time_off_takes_a_day_once"),
            models.CheckConstraint(condition=Q(minutes__range=(1, 1440)), name="time_off_takes_a_day_at_most"),
        ]

    def __str__(self) -> str:
        return f"{self.allotment_id} {self.minutes}"
