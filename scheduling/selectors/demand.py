"""What arrived, what is expected of it, and which week waits to be planned."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from interactions.models import Interaction, Interval, Queue
from scheduling.domain.forecast import WEEKS, Observed
from scheduling.domain.weeks import monday_of
from scheduling.models import Forecast, Requirement, ScheduleVersion

SLACK = 2  # weeks more than are averaged, for days that are missing


def queue_of(key: str) -> Queue | None:
    """The queue of that key, the first by name for an empty one, None for an unknown one."""
    found = Queue.objects.all()
    return found.filter(key=key).first() if key else found.first()


def history(queue_id: UUID, until: datetime, *, weeks: int = WEEKS + SLACK) -> list[Observed]:
    """What arrived in the weeks before `until`: the intervals known, else the interactions themselves."""
    since = until - timedelta(weeks=weeks)
    rows = Interval.objects.filter(queue_id=queue_id, starts_at__gte=since, starts_at__lt=until)
    found = [
        Observed(*row) for row in rows.order_by().values_list("starts_at", "offered", "answered", "handle_seconds")
    ]
    return found or _from_interactions(queue_id, since, until)


def _from_interactions(queue_id: UUID, since: datetime, until: datetime) -> list[Observed]:
    rows = Interaction.objects.filter(queue_id=queue_id, started_at__gte=since, started_at__lt=until, direction="in")
    times = ("started_at", "talk_seconds", "hold_seconds", "after_call_seconds")
    found = []
    for at, talk, hold, after in rows.order_by().values_list(*times):
        handle = None if talk is None else talk + (hold or 0) + (after or 0)
        found.append(Observed(at, 1, None if handle is None else 1, handle))
    return found


def latest_forecast(queue_id: UUID, week_start: date) -> Forecast | None:
    return Forecast.objects.filter(queue_id=queue_id, week_start=week_start).select_related("queue").first()


def latest_requirement(queue_id: UUID, week_start: date) -> Requirement | None:
    """The newest requirement of the newest forecast that has one."""
    found = Requirement.objects.filter(forecast__queue_id=queue_id, forecast__week_start=week_start)
    return found.select_related("forecast__queue").order_by("-forecast_id", "-id").first()


def next_week(queue_id: UUID, zone: str, now: datetime) -> date:
    """The Monday of the first week to come that has no published schedule."""
    monday = monday_of(now.astimezone(ZoneInfo(zone)).date()) + timedelta(weeks=1)
    published = set(
        ScheduleVersion.objects.filter(queue_id=queue_id, week_start__gte=monday).values_list("week_start", flat=True)
    )
    while monday in published:
        monday += timedelta(weeks=1)
    return monday
