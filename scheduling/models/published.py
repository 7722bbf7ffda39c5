"""What was published. The client's role may write and read these rows, and never change one."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import JSONObject, NullIf
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Actor, Queue
from scheduling.domain.segments import BREAK, MEAL, WORK
from scheduling.models.demand import Requirement
from scheduling.models.plan import Shift


class ScheduleVersion(models.Model):
    """One queue's week as it was published, numbered, with the reason. The highest number holds.

    Each version but the first supersedes the one before it, which has to be there: so exactly one of a week holds.
    Which one is not stored, for a frozen row can't be told that it was superseded.
    """

    data = DataClass(scope="client", grants="frozen", retention="audit")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="schedule_versions")
    week_start = models.DateField()
    zone = models.CharField(max_length=64)
    number = models.PositiveSmallIntegerField()
    supersedes = models.GeneratedField(
        expression=NullIf(F("number") - 1, Value(0)),
        output_field=models.PositiveSmallIntegerField(null=True),
        db_persist=True,
    )
    reason = TypedChar(max_length=200)
    requirement = models.ForeignKey(Requirement, null=True, on_delete=models.PROTECT, related_name="versions")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")  # for review, if it was
    second_person = models.BooleanField(default=False, db_default=False)  # whether the contract asked for one
    added = models.PositiveSmallIntegerField()  # shifts new or moved against the version before
    dropped = models.PositiveSmallIntegerField()
    rested = models.PositiveSmallIntegerField(default=0)  # shifts with other breaks alone

    class Meta:
        ordering = ["-week_start", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["queue", "week_start", "number"], name="version_is_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_counts_from_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="version_gives_its_reason"),
            models.CheckConstraint(condition=Q(week_start__week_day=2), name="version_week_starts_on_monday"),
            models.CheckConstraint(
                condition=Q(second_person=False)
                | (Q(sent_by__isnull=False, published_by__isnull=False) & ~Q(sent_by=F("published_by"))),
                name="version_has_its_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue} {self.week_start} version {self.number}"


class _WithPauses(models.Manager["PublishedShift"]):
    """Shifts with `pauses` as a draft has them, read from their segments in the same statement."""

    def get_queryset(self) -> QuerySet["PublishedShift"]:
        found = Segment.objects.filter(shift=OuterRef("pk")).exclude(activity=WORK).order_by("starts_at")
        told = JSONObject(
            after=_minutes(F("starts_at") - F("shift_starts_at")),
            minutes=_minutes(F("ends_at") - F("starts_at")),
            name=F("activity"),
            paid=F("paid"),
        )
        rows: Any = super().get_queryset()  # the attribute is declared on the model already
        return rows.annotate(pauses=ArraySubquery(found.values(one=told)))  # type: ignore[no-any-return]


def _minutes(length: models.expressions.Combinable) -> Func:
    return Func(length, template="(EXTRACT(EPOCH FROM %(expressions)s) / 60)::int", output_field=IntegerField())


class PublishedShift(Shift):
    """A shift people are told of. `block_id` is its place in the work ledger, which outlives the version.

    Its `pauses` are those of its segments; a row read past `objects` has none.
    """

    data = DataClass(scope="client", grants="frozen", personal=True, retention="audit", person=("actor",))

    version = models.ForeignKey(ScheduleVersion, on_delete=models.PROTECT, related_name="shifts")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="published_shifts")
    block_id = models.UUIDField()

    objects = _WithPauses()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "actor", "business_date"], name="published_shift_is_one_a_day"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="published_shift_ends_after_start"),
            models.UniqueConstraint(fields=["id", "starts_at", "ends_at"], name="published_shift_and_its_time"),
        ]
        indexes = [
            models.Index(fields=["actor", "starts_at"], name="shifts_of_actor"),
            models.Index(fields=["version", "business_date"], name="shifts_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.business_date}"


class Segment(models.Model):
    """A part of a published shift. A shift's parts follow each other from its start to its end without a gap.

    The database sees to it (ADR 41): each part but the first starts where another ends, no two start or end together,
    and the shift's own end is that of a part. Migration 0010 has the composite keys, which Django has no words for.
    """

    class Activity(models.TextChoices):
        WORK = WORK, _("work")
        BREAK = BREAK, _("break")
        MEAL = MEAL, _("meal")

    data = DataClass(scope="client", grants="frozen", personal=True, retention="audit", audit=False, person=("shift",))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Three columns refer to the shift at once, so the key of this one alone would be checked twice.
    shift = models.ForeignKey(
        PublishedShift, on_delete=models.PROTECT, related_name="segments", db_constraint=False, db_index=False
    )
    shift_starts_at = models.DateTimeField()
    shift_ends_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    follows = models.GeneratedField(  # the end of the part before, which is this one's start; none before the first
        expression=NullIf(F("starts_at"), F("shift_starts_at")),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )
    activity = models.CharField(max_length=5, choices=Activity.choices)
    paid = models.BooleanField(default=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["shift", "starts_at"], name="segment_starts_alone"),
            models.UniqueConstraint(fields=["shift", "ends_at"], name="segment_ends_alone"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="segment_ends_after_start"),
            models.CheckConstraint(
                condition=Q(starts_at__gte=F("shift_starts_at"), ends_at__lte=F("shift_ends_at")),
                name="segment_lies_in_its_shift",
            ),
            models.CheckConstraint(condition=Q(activity__in=[WORK, BREAK, MEAL]), name="segment_activity_is_known"),
            models.CheckConstraint(condition=Q(paid=True) | ~Q(activity=WORK), name="segment_of_work_is_paid"),
            ExclusionConstraint(
                name="segments_of_a_shift_do_not_overlap",
                expressions=[
                    ("shift", RangeOperators.EQUAL),
                    (Func("starts_at", "ends_at", function="tstzrange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.starts_at:%Y-%m-%d %H:%M}"
