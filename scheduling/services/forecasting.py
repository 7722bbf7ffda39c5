"""Expecting a week, and the special events it is told of. A forecast is written once: a new one never changes an old."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from interactions.models import Queue
from scheduling.domain import forecast as expecting
from scheduling.domain.forecasting import Backtest, Tried
from scheduling.domain.forecasting.history import DAY
from scheduling.domain.stretches import volumes
from scheduling.domain.weeks import Week
from scheduling.errors import NotPossible
from scheduling.models import Forecast, ForecastInterval, SpecialEvent
from scheduling.selectors import as_events, events_of, external_of, history
from scheduling.staffing import calls_out

MINUTES = 30
EXTERNAL = "external"  # the method of a forecast made elsewhere
LONGEST = 31  # days of one event


def make_forecast(
    *, queue_id: UUID, week_start: date, zone: str, by: By, now: datetime, minutes: int = MINUTES, source: str = ""
) -> Forecast:
    """Expect one queue's week from the days before it, and before today; with a `source`, take its imported forecast.

    Our own models stand beside a forecast made elsewhere where there is a history. NotPossible without any history
    and any source, where neither knows how long the work takes, and for a queue that calls out.
    """
    week = Week(week_start, zone)
    if calls_out(Queue.objects.get(pk=queue_id)):
        raise NotPossible(_("Calls we make aren't forecast from arrivals."), _("Plan their list on the staffing page."))
    found = _expected(queue_id, week, minutes, now)
    given = _given(queue_id, week, minutes, source, found) if source else None
    if given is None and found is None:
        raise NotPossible(
            _("Nothing has arrived in this queue before this week."),
            _("Import interactions or interval counts of earlier weeks first."),
        )
    with transaction.atomic():
        made = _made(queue_id, week, minutes, source, found, given)
        made.made_at, made.made_by_id = now, by.actor_id
        made.save(force_insert=True)
        rows = given or [_interval(one) for one in (found.intervals if found else ())]
        for row in rows:
            row.forecast = made
        ForecastInterval.objects.bulk_create(rows)
        detail = {"volume": f"{sum(row.volume for row in rows):.3f}", "model": made.method, "source": source}
        record(action="forecast.made", target=made, by=by, now=now, detail=detail)
    return made


def _expected(queue_id: UUID, week: Week, minutes: int, now: datetime) -> expecting.Forecast | None:
    """What our models say; None without any history."""
    until = min(now, week.begins)
    day = until.astimezone(ZoneInfo(week.zone)).date()
    past, events = history(queue_id, until), as_events(events_of(queue_id))
    try:
        return expecting.forecast(past, week, until=day, minutes=minutes, events=events)
    except ValueError:
        return None


def _given(
    queue_id: UUID, week: Week, minutes: int, source: str, found: expecting.Forecast | None
) -> list[ForecastInterval]:
    """A source's volumes on the week's intervals; where it gives no handling time, ours."""
    steps = week.steps(minutes)
    rows = volumes(external_of(queue_id, week, source), steps, minutes)
    if not any(told for _volume, _aht, told in rows):
        raise NotPossible(
            _("%(source)s has no forecast of this week.") % {"source": source}, _("Import it, or take another.")
        )
    own = found.intervals if found else (None,) * len(steps)
    given = []
    for at, (volume, aht, _told), mine in zip(steps, rows, own, strict=True):
        row = _interval(mine) if mine else ForecastInterval(days=[], handled=0, aht_of="all", models={})
        row.starts_at, row.volume, row.low, row.high = at, volume, None, None
        if aht is None and mine is None and volume:
            raise NotPossible(
                _("Nothing says how long the work of this queue takes."), _("Give the forecast a handling time.")
            )
        row.aht_seconds = aht if aht is not None else row.aht_seconds if mine else 0.0
        row.aht_of = "given" if aht is not None else row.aht_of
        given.append(row)
    return given


def _made(
    queue_id: UUID,
    week: Week,
    minutes: int,
    source: str,
    found: expecting.Forecast | None,
    given: list[ForecastInterval] | None,
) -> Forecast:
    made = Forecast(
        queue=Queue.objects.get(pk=queue_id), week_start=week.start, zone=week.zone, minutes=minutes, source=source,
        method=EXTERNAL if given else found.model if found else "", level=1.0, level_days=0, used=[], left_out=[],
    )  # fmt: skip
    if found is not None:
        made.level, made.level_days = found.level, found.level_days
        made.used = [day.isoformat() for day in found.used]
        made.left_out = [[day.isoformat(), total, middle] for day, total, middle in found.left_out]
        made.trial = _trial(found.trial)
        if not given:
            made.days = [[day.isoformat(), *figures] for day, *figures in found.days]
            made.effects = [
                [one.event.name, one.day.isoformat(), one.factor, one.learned_from] for one in found.effects
            ]
    return made


def _trial(trial: Backtest) -> dict[str, Any]:
    return {
        "first": trial.first and trial.first.isoformat(),
        "last": trial.last and trial.last.isoformat(),
        "spread": trial.spread,
        "day_spread": trial.day_spread,
        "models": [_tried(one) for one in trial.tried],
    }


def _tried(one: Tried) -> dict[str, Any]:
    return {
        "name": one.name,
        "wape": one.by_interval.wape,
        "bias": one.by_interval.bias,
        "floor": one.floor,
        "day_wape": one.by_day.wape,
        "day_floor": one.day_floor,
        "weeks": list(one.weeks),
    }


def _interval(one: expecting.Expected) -> ForecastInterval:
    return ForecastInterval(
        starts_at=one.at,
        volume=one.volume,
        aht_seconds=one.aht,
        days=[[day.isoformat(), count] for day, count in one.days],
        handled=one.handled,
        aht_of=one.aht_of,
        low=one.low,
        high=one.high,
        models=dict(one.models),
    )


def add_event(
    *,
    queue_id: UUID,
    name: str,
    first_day: date,
    last_day: date,
    factor: float | None,
    by: By,
    now: datetime,
    begins_minute: int = 0,
    ends_minute: int = DAY,
) -> SpecialEvent:
    """Note a holiday or event of a queue. Forecasts made from now on know it."""
    if not 0 <= (last_day - first_day).days < LONGEST:
        raise NotPossible(
            _("An event lasts from one day to %(days)s.") % {"days": LONGEST},
            _("Give a last day on or after the first, or several events."),
        )
    if not 0 <= begins_minute < ends_minute <= DAY:
        raise NotPossible(_("An event ends after it begins, on the same day."), _("Correct its hours."))
    with transaction.atomic():
        made = SpecialEvent.objects.create(
            queue=Queue.objects.get(pk=queue_id), name=name, first_day=first_day, last_day=last_day, factor=factor,
            begins_minute=begins_minute, ends_minute=ends_minute, made_at=now, made_by_id=by.actor_id,
        )  # fmt: skip
        detail = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat(), "factor": str(factor)}
        record(action="event.added", target=made, by=by, now=now, detail=detail)
    return made


def remove_event(*, event_id: UUID, by: By, now: datetime) -> SpecialEvent:
    """Take an event off. Forecasts made before keep what they were made of."""
    with transaction.atomic():
        found = SpecialEvent.objects.select_for_update().get(pk=event_id)
        if found.removed_at is None:
            found.removed_at = now
            found.save(update_fields=["removed_at"])
            record(action="event.removed", target=found, by=by, now=now, detail={})
    return found
