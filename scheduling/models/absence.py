"""Who can't work when they should, and what was proposed to make up for it."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Actor
from scheduling.domain.measures import gap_of
from scheduling.models.plan import SchedulePlan
from scheduling.models.published import ScheduleVersion


class Days(Func):
    """PostgreSQL's daterange from a first day to a last one, both within."""

    function = "daterange"

    def __init__(self, first: str, last: str) -> None:
        super().__init__(F(first), F(last), Value("[]"))


class Absence(models.Model):
    """Somebody who won't work on these business dates, as it was reported. Why is not asked beyond a word.

    One that was a mistake is withdrawn and stays as a row.
    """

    class Kind(models.TextChoices):
        SICK = "sick", _("sick")
        PERSONAL = "personal", _("personal reasons")
        NO_SHOW = "no_show", _("didn’t come")
        TIME_OFF = "time_off", _("time off")  # planned: made and withdrawn with a TimeOffRequest

    data = DataClass(scope="client", personal=True, person=("actor",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(kind__in=["sick", "personal", "no_show", "time_off"]), name="absence_kind_is_known"
            ),
            ExclusionConstraint(
                name="absences_of_a_person_do_not_overlap",
                expressions=[("actor", RangeOperators.EQUAL), (Days("first_day", "last_day"), RangeOperators.OVERLAPS)],
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.first_day}"

    def covers(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


class Repair(models.Model):
    """One search for the least change to a published week that makes up for its absences, and what it proposes.

    `changes` are as `scheduling.mending` writes them: each a person's day with the shift before and after.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SOLVING = "solving", _("being looked for")
        PROPOSED = "proposed", _("proposed")
        ACCEPTED = "accepted", _("accepted")
        DISCARDED = "discarded", _("discarded")
        FAILED = "failed", _("not found")

    RUNNING = ("queued", "solving")

    data = DataClass(scope="client", part_of="plan")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(SchedulePlan, on_delete=models.CASCADE, related_name="repairs")
    of_version = models.ForeignKey(ScheduleVersion, on_delete=models.PROTECT, related_name="repairs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    since = models.DateTimeField()  # what begins before it stays as it is
    notice_until = models.DateTimeField()  # what begins before it is changed at short notice
    change_hours = models.FloatField()  # missing agent hours a change has to win
    short_notice_hours = models.FloatField()  # the same of a change at short notice
    absences = models.JSONField(default=list)  # ids it was made for
    seed = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, blank=True, default="")  # optimal | feasible
    objective = models.PositiveIntegerField(null=True)
    bound = models.PositiveIntegerField(null=True)
    changes = models.JSONField(default=list)
    short_published = models.FloatField(null=True)  # agent hours short in the week as published, with everybody there
    short_absent = models.FloatField(null=True)  # the same without who is absent
    short_after = models.FloatField(null=True)  # the same once the proposal is taken
    problem = TypedChar(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(state__in=["queued", "solving"]), name="repair_is_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "solving", "proposed", "accepted", "discarded", "failed"]),
                name="repair_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(bound=None) | Q(objective__gte=F("bound")), name="repair_bound_is_under_its_objective"
            ),
            models.CheckConstraint(
                condition=Q(change_hours__range=(0, 100), short_notice_hours__range=(0, 100)),
                name="repair_prices_are_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def running(self) -> bool:
        return self.state in self.RUNNING

    @property
    def gap(self) -> float | None:
        """How far it may be from the best, as a share of its objective; None before there is one."""
        return gap_of(self.objective, self.bound)
