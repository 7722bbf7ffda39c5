"""A queue's week to come: the models asked, the one that did best in trial taken, and what stands behind each number.

Volumes are of real intervals: a week in which the clocks change has an hour more or fewer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from scheduling.domain.forecasting import (
    MODELS,
    NAIVE,
    Backtest,
    Effect,
    Event,
    History,
    Observed,
    Said,
    backtest,
    band,
    read,
    said,
)
from scheduling.domain.forecasting.history import Floats, Handled, occurrences
from scheduling.domain.forecasting.means import WEEKS
from scheduling.domain.weeks import DAYS, Week, place_of

__all__ = ["WEEKS", "Expected", "Forecast", "Observed", "forecast"]

NEEDS_HANDLED = 20  # an hour of the day with fewer answered contacts takes the mean of all
DIGITS: Final = 9  # of a volume; what is smaller is rounding


@dataclass(frozen=True, slots=True)
class Expected:
    """One interval to come: volume with its band, and mean handling time in seconds, each with what is behind it."""

    at: datetime
    volume: float
    aht: float
    days: tuple[tuple[date, int], ...]  # the weekday's last days and what arrived on each in this interval
    handled: int  # how many answered interactions the handling time is the mean of
    aht_of: str  # "hour" (the same hour of the day) or "all"
    low: float = 0.0  # p10 and p90 of what arrives
    high: float = 0.0
    models: tuple[tuple[str, float], ...] = ()  # what each model says

    @property
    def n(self) -> int:
        return len(self.days)

    @property
    def naive(self) -> float:
        return dict(self.models).get(NAIVE, 0.0)


@dataclass(frozen=True, slots=True)
class Forecast:
    """A week's intervals, and by day the band of the whole; `level` is seen, not applied."""

    intervals: tuple[Expected, ...]
    days: tuple[tuple[date, float, float, float], ...]  # day, volume, p10, p90
    model: str
    trial: Backtest
    effects: tuple[Effect, ...]
    level: float  # how the last days compare with the days averaged
    level_days: int
    used: tuple[date, ...]
    left_out: tuple[tuple[date, int, float], ...]  # day, its total, its weekday's median

    @property
    def volume(self) -> float:
        return sum(one.volume for one in self.intervals)


def forecast(
    observed: Iterable[Observed],
    week: Week,
    *,
    until: date,
    minutes: int = 30,
    weeks: int = WEEKS,
    aht: float = 300,
    events: Sequence[Event] = (),
) -> Forecast:
    """Expect each interval of `week` from the days before `until`.

    `minutes` is the interval's length; `aht` in seconds stands in while nothing was ever handled. ValueError when no
    whole day of history lies before `until`.
    """
    history, handled = read(observed, week.zone, until, minutes)
    if not len(history.rates):
        raise ValueError("There is no history before this week.")
    trial = backtest(history, events)
    asked = said(history, week.dates, events, weeks=weeks)
    dates = history.dates
    return Forecast(
        intervals=tuple(_intervals(week, history, asked, trial, _handling(handled, aht))),
        days=tuple(_days(week, asked, trial, minutes)),
        model=trial.chosen,
        trial=trial,
        effects=asked.effects,
        level=asked.weekdays.level,
        level_days=asked.weekdays.level_days,
        used=tuple(sorted(dates[row] for rows in asked.weekdays.kept.values() for row in rows)),
        left_out=asked.weekdays.left_out,
    )


def _intervals(
    week: Week, history: History, asked: Said, trial: Backtest, times: dict[int | None, tuple[float, int]]
) -> Iterable[Expected]:
    dates = history.dates
    low, high = band(asked.volumes[trial.chosen], trial.spread)
    for at in week.steps(history.minutes):
        weekday, minute = place_of(at, week.zone)
        place = (week.local(at).date() - week.start).days, minute // history.minutes
        rows = asked.weekdays.kept.get(weekday, [])
        aht, handled = times.get(minute // 60, times[None])
        yield Expected(
            at=at,
            volume=round(float(asked.volumes[trial.chosen][place]), DIGITS),
            aht=aht,
            days=tuple((dates[row], round(float(history.counts[row, place[1]]))) for row in rows),
            handled=handled,
            aht_of="hour" if minute // 60 in times else "all",
            low=float(low[place]),
            high=float(high[place]),
            models=tuple((name, round(float(asked.volumes[name][place]), DIGITS)) for name in MODELS),
        )


def _days(week: Week, asked: Said, trial: Backtest, minutes: int) -> Iterable[tuple[date, float, float, float]]:
    """Whole days have a band of their own: their intervals are off together."""
    times = np.stack([occurrences(day, week.zone, minutes) for day in week.dates])
    volumes: Floats = (asked.volumes[trial.chosen] * times).sum(axis=1)
    low, high = band(volumes, trial.day_spread)
    for number in range(DAYS):
        day = week.start + timedelta(days=number)
        yield day, float(volumes[number]), float(low[number]), float(high[number])


def _handling(handled: Handled, aht: float) -> dict[int | None, tuple[float, int]]:
    """Mean handling seconds and how many interactions by hour of the day; None holds the mean of all."""
    seconds = sum(sums[0] for sums in handled.by_hour.values())
    answered = sum(sums[1] for sums in handled.by_hour.values())
    found: dict[int | None, tuple[float, int]] = {None: (seconds / answered if answered else aht, answered)}
    for hour, (spent, count) in handled.by_hour.items():
        if count >= NEEDS_HANDLED:
            found[hour] = (spent / count, count)
    return found
