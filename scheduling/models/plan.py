"""A week being planned. Nothing here binds anybody until it is published."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Actor, Queue
from scheduling.domain.measures import gap_of
from scheduling.domain.shifts import Pause, paid_minutes
from scheduling.models.demand import Requirement
from scheduling.models.template import ShiftTemplate, pauses_of


class SchedulePlan(models.Model):
    """The draft of one queue's week, and how its roster came about. There is one for each queue and week."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        QUEUED = "queued", _("waiting to be built")
        SOLVING = "solving", _("being built")
        FAILED = "failed", _("not built")
        REVIEW = "review", _("in review")
        PUBLISHED = "published", _("published")

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="plans")
    week_start = models.DateField()
    zone = models.CharField(max_length=64)
    requirement = models.ForeignKey(Requirement, null=True, on_delete=models.PROTECT, related_name="plans")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    seconds = models.PositiveSmallIntegerField(default=15)  # the solver's time
    max_minutes = models.PositiveSmallIntegerField(default=2400)  # paid, a person and week
    max_days = models.PositiveSmallIntegerField(default=5)
    rest_minutes = models.PositiveSmallIntegerField(default=660)
    queued_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, blank=True, default="")  # optimal | feasible
    seed = models.PositiveIntegerField(default=1)  # of the search's chance
    stop_asked = models.BooleanField(default=False)  # the best so far is enough
    objective = models.PositiveIntegerField(null=True)  # of the best so far, while it is being built
    bound = models.PositiveIntegerField(null=True)
    rule_prices = models.JSONField(default=list)  # as built, dearest first; services.building says how
    problem = TypedChar(max_length=300, blank=True, default="")
    sent_at = models.DateTimeField(null=True)  # for review
    sent_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")
    proposed = TypedChar(max_length=200, blank=True, default="")  # the reason it was sent with
    returned = TypedChar(max_length=200, blank=True, default="")  # why it was last taken back to draft
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "week_start"], name="plan_is_one_per_queue_and_week"),
            models.CheckConstraint(condition=Q(seconds__range=(1, 20)), name="plan_is_built_in_20_seconds"),
            models.CheckConstraint(condition=Q(week_start__week_day=2), name="plan_week_starts_on_monday"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "queued", "solving", "failed", "review", "published"]),
                name="plan_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(bound=None) | Q(objective__gte=F("bound")), name="plan_bound_is_under_its_objective"
            ),
            models.CheckConstraint(
                condition=(Q(state="review", sent_at__isnull=False) & ~Q(proposed=""))
                | (~Q(state="review") & Q(sent_at=None, sent_by=None)),
                name="plan_in_review_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue} {self.week_start}"

    @property
    def running(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.SOLVING)

    @property
    def in_review(self) -> bool:
        return self.state == self.State.REVIEW

    @property
    def gap(self) -> float | None:
        """How far the roster may be from the best, as a share of its objective; None before one was built."""
        return gap_of(self.objective, self.bound)


class Shift(models.Model):
    """What a draft's shift and a published one have in common."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    business_date = models.DateField()  # the day it starts, on the clock of `zone`
    zone = models.CharField(max_length=64)
    template_name = TypedChar(max_length=60)
    pauses: Any  # [{"after", "minutes", "name", "paid"}], as in ShiftTemplate

    class Meta:
        abstract = True

    @property
    def breaks(self) -> tuple[Pause, ...]:
        return pauses_of(self.pauses)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def paid(self) -> int:
        return paid_minutes(self.minutes, self.breaks)


class DraftShift(Shift):
    """A shift of a draft."""

    data = DataClass(scope="client", personal=True, part_of="plan", person=("actor",))

    plan = models.ForeignKey(SchedulePlan, on_delete=models.CASCADE, related_name="shifts")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="draft_shifts")
    template = models.ForeignKey(ShiftTemplate, null=True, on_delete=models.SET_NULL, related_name="draft_shifts")
    pauses = models.JSONField(default=list)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "actor", "business_date"], name="draft_shift_is_one_a_day"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="draft_shift_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.business_date}"


class DraftMove(models.Model):
    """Where a shift of a draft and its breaks were before a move, so that it can be put back. The plan keeps its last few."""

    data = DataClass(scope="client", personal=True, part_of="plan", person=("actor",), audit=False)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(SchedulePlan, on_delete=models.CASCADE, related_name="moves")
    shift = models.ForeignKey(DraftShift, on_delete=models.CASCADE, related_name="moves")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")  # whose it was
    starts_at = models.DateTimeField()
    pauses = models.JSONField(default=list)
    version = models.PositiveIntegerField()  # of the plan, before

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["plan", "version"], name="draft_move_is_one_a_version")]

    def __str__(self) -> str:
        return f"{self.plan} {self.version}"
