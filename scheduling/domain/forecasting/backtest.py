"""Which model to take: each forecasts the last weeks from what lay before them, one after another.

The middle of all models is taken unless a single one was better by more than chance: a model that fits the last
weeks best is often the one that fails in the next, and the middle seldom is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, stdev
from typing import Final

import numpy as np

from scheduling.domain.forecasting.events import Event
from scheduling.domain.forecasting.history import Floats, History
from scheduling.domain.forecasting.models import MIDDLE, MODELS, SINGLE, WEEKDAY, said
from scheduling.domain.measures import ForecastError, chance_error, forecast_error

WEEKS: Final = 12  # tried
LEAST: Final = 3  # with fewer nothing can be said
BEFORE: Final = 28  # days of history that a tried week needs before it
CHANCE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Tried:
    """How one model did: by interval, by day, and its share of error in each week.

    `floor` and `day_floor` are what chance arrivals alone leave of the error at the volumes it expected.
    """

    name: str
    by_interval: ForecastError
    by_day: ForecastError
    weeks: tuple[float, ...]
    floor: float | None
    day_floor: float | None


@dataclass(frozen=True, slots=True)
class Backtest:
    """The models over the same weeks, the one chosen, and how far volumes lay from it beyond chance arrivals.

    `spread` and `day_spread` are coefficients of variation of the truth around the chosen model, Poisson noise taken
    off: what a band needs. Without weeks to try, the weekday mean is chosen and nothing is known of its error.
    """

    first: date | None
    last: date | None
    tried: tuple[Tried, ...]
    chosen: str
    spread: float
    day_spread: float

    def of(self, name: str) -> Tried | None:
        return next((one for one in self.tried if one.name == name), None)


def backtest(history: History, events: Sequence[Event] = (), *, weeks: int = WEEKS) -> Backtest:
    """Try every model on each of the last whole weeks that have four before them."""
    starts = _starts(history, weeks)
    if len(starts) < LEAST:
        return Backtest(None, None, (), WEEKDAY, *_unknown(history))
    asked = [said(history.before(day), _week(day), events).volumes for day in starts]
    rows = [(day - history.first).days for day in starts]
    seen = [history.seen[row : row + 7] for row in rows]
    true = [history.counts[row : row + 7] for row in rows]
    expected = {name: [one[name] * times for one, times in zip(asked, seen, strict=True)] for name in MODELS}
    tried = tuple(_tried(name, expected[name], true, seen) for name in MODELS)
    chosen = _chosen(tried)
    mine, truth = np.concatenate(expected[chosen]), np.concatenate(true)
    return Backtest(
        starts[0],
        starts[-1] + timedelta(days=6),
        tried,
        chosen,
        _spread(mine[np.concatenate(seen) > 0], truth[np.concatenate(seen) > 0]),
        _spread(mine.sum(axis=1), truth.sum(axis=1)),
    )


def _starts(history: History, weeks: int) -> list[date]:
    """First days of the weeks tried, each known in full enough to be judged."""
    end = history.first + timedelta(days=len(history.rates))
    found = []
    for number in range(1, weeks + 1):
        day = end - timedelta(weeks=number)
        row = (day - history.first).days
        if row >= BEFORE and history.counts[row : row + 7].sum() > 0:
            found.append(day)
    return sorted(found)


def _week(day: date) -> list[date]:
    return [day + timedelta(days=number) for number in range(7)]


def _tried(name: str, expected: list[Floats], true: list[Floats], seen: list[Floats]) -> Tried:
    """Over what was counted: days and hours that nobody saw say nothing of a model."""
    mine, truth, times = (np.concatenate(one) for one in (expected, true, seen))
    known = (times > 0).any(axis=1)
    expects, days = mine[times > 0].tolist(), mine[known].sum(axis=1).tolist()
    return Tried(
        name,
        forecast_error(expects, truth[times > 0].tolist()),
        forecast_error(days, truth[known].sum(axis=1).tolist()),
        tuple(float(np.abs(one - was).sum() / was.sum()) for one, was in zip(expected, true, strict=True)),
        chance_error(expects),
        chance_error(days),
    )


def _chosen(tried: Sequence[Tried]) -> str:
    from scipy.special import stdtrit  # slow to load; only making a forecast needs it

    by_name = {one.name: one for one in tried}
    middle = by_name[MIDDLE]
    best = min((by_name[name] for name in SINGLE), key=lambda one: one.by_interval.wape or 0.0)
    gains = [was - now for was, now in zip(middle.weeks, best.weeks, strict=True)]
    mean, error = fmean(gains), stdev(gains) / math.sqrt(len(gains))
    each = CHANCE / len(SINGLE)  # the best of four is the better by chance four times as often
    needed = float(stdtrit(len(gains) - 1, 1 - each / 2))
    return best.name if mean > needed * error else middle.name


def _spread(expected: Floats, true: Floats) -> float:
    """How far, as a share, the truth lies from the expectation beyond what chance arrivals do."""
    squares = float((expected**2).sum())
    beyond = float(((true - expected) ** 2).sum()) - float(expected.sum())
    return math.sqrt(max(beyond, 0.0) / squares) if squares else 0.0


def _unknown(history: History) -> tuple[float, float]:
    """While nothing can be tried: how far days lie from the mean of their weekday."""
    totals, expected = [], []
    for weekday in range(7):
        rows = np.flatnonzero(history.known & (history.weekdays == weekday))
        if len(rows) > 1:
            totals += history.totals[rows].tolist()
            expected += [float(history.totals[rows].mean())] * len(rows)
    spread = _spread(np.array(expected), np.array(totals))
    return spread, spread
