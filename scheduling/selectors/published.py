"""What is published: of each queue and week the highest number holds."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from scheduling.models import PublishedShift, ScheduleVersion


def versions_of(queue_id: UUID, week_start: date) -> QuerySet[ScheduleVersion]:
    """A week's versions, newest first."""
    found = ScheduleVersion.objects.filter(queue_id=queue_id, week_start=week_start)
    return found.select_related("published_by", "queue").order_by("-number")


def current_version(queue_id: UUID, week_start: date) -> ScheduleVersion | None:
    return versions_of(queue_id, week_start).first()


def version_before(version: ScheduleVersion) -> ScheduleVersion | None:
    return versions_of(version.queue_id, version.week_start).filter(number__lt=version.number).first()


def current_shifts() -> QuerySet[PublishedShift]:
    """Shifts of the versions that hold, with what a row shows of them."""
    newer = ScheduleVersion.objects.filter(
        queue_id=OuterRef("version__queue_id"),
        week_start=OuterRef("version__week_start"),
        number__gt=OuterRef("version__number"),
    )
    return PublishedShift.objects.filter(~Exists(newer)).select_related("version__queue", "actor")


def shifts_of(actor_id: UUID) -> QuerySet[PublishedShift]:
    """One person's shifts that hold, in order."""
    return current_shifts().filter(actor_id=actor_id).order_by("starts_at")
