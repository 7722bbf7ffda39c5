"""The building of a report: asked for, at work, done, or failed with a reason."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar
from reports.models.report import ReportVersion


class Build(models.Model):
    """One request to build a week's report. It may end without a new revision, when nothing has changed."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting for a worker")
        BUILDING = "building", _("at work")
        READY = "ready", _("ready")
        UNCHANGED = "unchanged", _("nothing has changed")
        FAILED = "failed", _("failed")

    data = DataClass(
        scope="client", personal=True, erasure="anonymise", retention="operational", part_of="report", by_words=True,
        dated="created_at", clears=("actor_name", "reason"), marks=("problem",),
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    period_start = models.DateField()
    period_end = models.DateField()
    reason = TypedChar(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    problem = TypedChar(max_length=500, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=1)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    report = models.ForeignKey(ReportVersion, null=True, on_delete=models.PROTECT, related_name="builds")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "building", "ready", "unchanged", "failed"]),
                name="build_state_is_known",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(problem=""), name="build_failed_says_why"),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "unchanged"]) | Q(report__isnull=False),
                name="build_ready_has_its_report",
            ),
            models.UniqueConstraint(
                fields=["period_start"], condition=Q(state__in=["queued", "building"]), name="build_is_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_start} {self.state}"

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.BUILDING)
