"""What is published: of each queue and week the highest number holds."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from scheduling.domain.differences import Difference, Laid, differences
from scheduling.models import DraftShift, PublishedShift, SchedulePlan, ScheduleVersion


def versions_of(queue_id: UUID, week_start: date) -> QuerySet[ScheduleVersion]:
    """A week's versions, newest first."""
    found = ScheduleVersion.objects.filter(queue_id=queue_id, week_start=week_start)
    return found.select_related("published_by", "queue").order_by("-number")


def current_version(queue_id: UUID, week_start: date) -> ScheduleVersion | None:
    return versions_of(queue_id, week_start).first()


def version_before(version: ScheduleVersion) -> ScheduleVersion | None:
    return versions_of(version.queue_id, version.week_start).filter(number__lt=version.number).first()


def version_after(version: ScheduleVersion) -> ScheduleVersion | None:
    """The version that superseded this one; None for the one that holds."""
    return versions_of(version.queue_id, version.week_start).filter(supersedes=version.number).first()


def laid_of(shift: DraftShift | PublishedShift) -> Laid:
    """A shift as the comparison wants it."""
    return Laid(shift.actor_id, shift.business_date, shift.starts_at, shift.ends_at, shift.zone, shift.breaks)


def differences_of(
    before: ScheduleVersion | None, after: ScheduleVersion | SchedulePlan
) -> tuple[list[Difference], dict[UUID, str]]:
    """What a week's draft or version changes against a version, with the names of the people it is about."""
    rosters: list[list[DraftShift | PublishedShift]] = [
        list(one.shifts.select_related("actor")) if one else [] for one in (before, after)
    ]
    found = differences(*([laid_of(one) for one in roster] for roster in rosters))
    return found, {one.actor_id: one.actor.display_name for roster in rosters for one in roster}


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
