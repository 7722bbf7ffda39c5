"""What arrived, what is expected of it, and which week waits to be planned."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from interactions.models import Interaction, Interval, Queue
from scheduling.domain.edits import Edit, edited
from scheduling.domain.forecasting import Event, Observed
from scheduling.domain.stretches import Given, Window, promised
from scheduling.domain.weeks import Week, monday_of
from scheduling.models import (
    ExternalInterval,
    Forecast,
    ForecastEdit,
    PromisedCallback,
    Requirement,
    ScheduleVersion,
    SpecialEvent,
)

WEEKS = 60  # a year, and what the trial of models needs before it


def queue_of(key: str) -> Queue | None:
    """The queue of that key, the first by name for an empty one, None for an unknown one."""
    found = Queue.objects.all()
    return found.filter(key=key).first() if key else found.first()


def history(queue_id: UUID, until: datetime, *, weeks: int = WEEKS) -> list[Observed]:
    """What arrived in the weeks before `until`: the intervals known, else the interactions themselves."""
    since = until - timedelta(weeks=weeks)
    rows = Interval.objects.filter(queue_id=queue_id, starts_at__gte=since, starts_at__lt=until)
    found = [
        Observed(*row)
        for row in rows.order_by().values_list("starts_at", "offered", "answered", "handle_seconds", "minutes")
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


def events_of(queue_id: UUID) -> list[SpecialEvent]:
    """The queue's special events that stand, by day."""
    return list(SpecialEvent.objects.filter(queue_id=queue_id, removed_at=None))


def as_events(rows: Iterable[SpecialEvent]) -> list[Event]:
    """As the forecast wants them."""
    return [
        Event(one.name, one.first_day, one.last_day, one.factor, one.begins_minute, one.ends_minute) for one in rows
    ]


def edits_of(queue_id: UUID, week: Week) -> list[ForecastEdit]:
    """The planners' edits that stand over the week, in the order they were made."""
    found = ForecastEdit.objects.filter(
        queue_id=queue_id, begins_at__lt=week.ends, ends_at__gt=week.begins, takes_back=None, taken_back_by=None
    )
    return list(found.select_related("made_by"))


def as_edits(rows: Iterable[ForecastEdit]) -> list[Edit]:
    return [Edit(one.begins_at, one.ends_at, one.factor, one.volume) for one in rows]


def points_of(made: Forecast, edits: Iterable[ForecastEdit]) -> list[tuple[datetime, float, float]]:
    """A forecast's instants, volumes with the edits on them, and handling times: what staffing starts from."""
    rows = list(made.intervals.values_list("starts_at", "volume", "aht_seconds"))
    volumes = edited([(at, volume) for at, volume, _aht in rows], as_edits(edits))
    return [(at, volume, aht) for (at, _model, aht), volume in zip(rows, volumes, strict=True)]


def external_sources(queue_id: UUID, week: Week) -> list[str]:
    """Whose forecasts of the week were imported, by name."""
    found = ExternalInterval.objects.filter(queue_id=queue_id, starts_at__gte=week.begins, starts_at__lt=week.ends)
    return list(found.order_by("source").values_list("source", flat=True).distinct())


def external_of(queue_id: UUID, week: Week, source: str) -> list[Given]:
    found = ExternalInterval.objects.filter(
        queue_id=queue_id, source=source, starts_at__gte=week.begins, starts_at__lt=week.ends
    )
    return [Given(*row) for row in found.values_list("starts_at", "minutes", "volume", "aht_seconds")]


def callbacks_due(queue_id: UUID, week: Week) -> list[PromisedCallback]:
    """Callbacks still to be made whose window touches the week."""
    found = PromisedCallback.objects.filter(
        queue_id=queue_id, state=PromisedCallback.State.DUE, window_start__lt=week.ends, window_end__gt=week.begins
    )
    return list(found)


def callback_load(queue_id: UUID, week: Week, points: Sequence[tuple[datetime, float, float]]) -> list[float]:
    """Erlangs of promised callbacks by interval of the points; the interval's handling time where none is given."""
    rows = callbacks_due(queue_id, week)
    if not rows:
        return [0.0] * len(points)
    steps = [at for at, _volume, _aht in points]
    minutes = int((steps[1] - steps[0]).total_seconds() // 60)
    usual = sum(aht for _at, _volume, aht in points) / len(points)
    windows = [Window(one.window_start, one.window_end, one.handle_seconds or usual) for one in rows]
    return promised(windows, steps, minutes)


def latest_forecast(queue_id: UUID, week_start: date) -> Forecast | None:
    """The newest of what arrives; a list that was planned is none."""
    found = Forecast.objects.filter(queue_id=queue_id, week_start=week_start).exclude(method=Forecast.PLANNED)
    return found.select_related("queue").first()


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
