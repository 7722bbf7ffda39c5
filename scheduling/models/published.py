"""What was published. The client's role may write and read these rows, and never change one."""

from django.db import models
from django.db.models import F, Q

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from interactions.models import Actor, Queue
from scheduling.models.demand import Requirement
from scheduling.models.plan import Shift


class ScheduleVersion(models.Model):
    """One queue's week as it was published, numbered, with the reason. The highest number holds."""

    data = DataClass(scope="client", grants="frozen", retention="audit")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="schedule_versions")
    week_start = models.DateField()
    zone = models.CharField(max_length=64)
    number = models.PositiveSmallIntegerField()
    reason = TypedChar(max_length=200)
    requirement = models.ForeignKey(Requirement, null=True, on_delete=models.PROTECT, related_name="versions")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")
    added = models.PositiveSmallIntegerField()  # shifts new or moved against the version before
    dropped = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-week_start", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["queue", "week_start", "number"], name="version_is_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_counts_from_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="version_gives_its_reason"),
            models.CheckConstraint(condition=Q(week_start__week_day=2), name="version_week_starts_on_monday"),
        ]

    def __str__(self) -> str:
        return f"{self.queue} {self.week_start} version {self.number}"


class PublishedShift(Shift):
    """A shift people are told of. `block_id` is its place in the work ledger, which outlives the version."""

    data = DataClass(scope="client", grants="frozen", personal=True, retention="audit", person=("actor",))

    version = models.ForeignKey(ScheduleVersion, on_delete=models.PROTECT, related_name="shifts")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="published_shifts")
    block_id = models.UUIDField()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "actor", "business_date"], name="published_shift_is_one_a_day"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="published_shift_ends_after_start"),
        ]
        indexes = [
            models.Index(fields=["actor", "starts_at"], name="shifts_of_actor"),
            models.Index(fields=["version", "business_date"], name="shifts_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.business_date}"
