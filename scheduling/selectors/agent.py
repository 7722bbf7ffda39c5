"""One person's own schedule, day by day, and how it changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet

from scheduling.models import PublishedShift, ScheduleVersion
from scheduling.selectors.published import laid_of, shifts_of


@dataclass(frozen=True, slots=True)
class Day:
    """A business date: the shifts that hold, and those of the version before where they differ.

    `rested` where their times are the same and only breaks differ.
    """

    date: date
    shifts: list[PublishedShift]
    before: list[PublishedShift]
    changed: bool
    rested: bool


def now_and_next(actor_id: UUID, now: datetime, *, count: int = 3) -> list[PublishedShift]:
    """The shift that runs, if one does, and those to come."""
    found: QuerySet[PublishedShift] = shifts_of(actor_id).filter(ends_at__gt=now)
    return list(found[:count])


def days_of(actor_id: UUID, start: date) -> list[Day]:
    """Seven days from `start`. A day is changed when the version that holds says otherwise than the one before it."""
    end = start + timedelta(days=7)
    rows = PublishedShift.objects.filter(actor_id=actor_id, business_date__gte=start, business_date__lt=end)
    every = list(rows.select_related("version__queue").order_by("starts_at"))
    newest = _newest([row.version for row in every])
    days = []
    for number in range(7):
        day = start + timedelta(days=number)
        mine = [row for row in every if row.business_date == day]
        holding = [row for row in mine if row.version.number == newest[_week(row.version)]]
        before = [row for row in mine if row.version.number == newest[_week(row.version)] - 1]
        then, now = ({(row.starts_at, row.ends_at) for row in rows} for rows in (before, holding))
        known = any(number > 1 for number in (newest[_week(row.version)] for row in mine))
        breaks = [[laid_of(row).breaks for row in rows] for rows in (before, holding)]
        rested = then == now and breaks[0] != breaks[1]
        days.append(Day(day, holding, before, known and (then != now or rested), known and rested))
    return days


def _week(version: ScheduleVersion) -> tuple[UUID, date]:
    return version.queue_id, version.week_start


def _newest(versions: list[ScheduleVersion]) -> dict[tuple[UUID, date], int]:
    """The number that holds for each queue and week among these."""
    found = ScheduleVersion.objects.filter(
        queue_id__in={one.queue_id for one in versions}, week_start__in={one.week_start for one in versions}
    )
    counted = found.order_by().values_list("queue_id", "week_start").annotate(number=Max("number"))
    return {(queue_id, week_start): number for queue_id, week_start, number in counted}
