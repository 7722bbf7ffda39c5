"""Models that average the same weekday: the naive rule, the last weeks alike, the recent ones most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean, median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scheduling.domain.forecasting.history import Flags, Floats, History

Places = NDArray[np.intp]
NAIVE_WEEKS: Final = 4
WEEKS: Final = 6  # how many of each weekday are averaged
RECENT: Final = 14  # the last so many days say where the level is
ODD: Final = 4.0  # a day over so many times its weekday's median, or under its inverse, is left out
HALF_LIFE: Final = 42.0  # days after which a day counts half for the level of its weekday
SHAPE_LIFE: Final = 45.0  # and for the shape of the day
UNLIKE: Final = 1.5  # a day this far from the median of the weeks around it says nothing of the next ones
AROUND: Final = 8  # weeks before and after


@dataclass(frozen=True, slots=True)
class Weekdays:
    """The days of each weekday that are averaged, those left out, and what the last days brought over these.

    The level is there to be seen. Moving the means by it made them worse: it takes a month's course for a change.
    """

    kept: dict[int, list[int]]  # weekday: rows of the history
    left_out: tuple[tuple[date, int, float], ...]  # day, its total, its weekday's median
    level: float
    level_days: int


def naive(history: History, days: Sequence[date]) -> Floats:
    """The mean of the last four of the same weekday, whatever they were: what any model has to beat."""
    found = np.zeros((len(days), history.rates.shape[1]))
    for place, day in enumerate(days):
        same = np.flatnonzero(history.known & (history.weekdays == day.weekday()))[-NAIVE_WEEKS:]
        if len(same):
            found[place] = history.rates[same].mean(axis=0)
    return found


def weekdays(history: History, usual: Flags, weeks: int = WEEKS) -> Weekdays:
    """The last `weeks` usual days of each weekday without odd ones, and how the last days compare with them."""
    totals, dates = history.totals, history.dates
    kept: dict[int, list[int]] = {}
    left_out = []
    for weekday in range(7):
        rows = np.flatnonzero(usual & (history.weekdays == weekday))[-weeks:].tolist()
        if not rows:
            continue
        middle = median(totals[row] for row in rows)
        odd = [row for row in rows if len(rows) > 2 and middle > 0 and not middle / ODD <= totals[row] <= middle * ODD]
        kept[weekday] = [row for row in rows if row not in odd]
        left_out += [(dates[row], round(totals[row]), float(middle)) for row in odd]
    level, level_days = _level(totals, kept)
    return Weekdays(kept, tuple(sorted(left_out)), level, level_days)


def _level(totals: Floats, kept: dict[int, list[int]]) -> tuple[float, int]:
    means = {row: fmean(totals[one] for one in rows) for rows in kept.values() for row in rows}
    last = sorted(means)[-RECENT:]
    expected = sum(means[row] for row in last)
    return (float(sum(totals[row] for row in last)) / expected if expected else 1.0), len(last)


def weekday_mean(history: History, days: Sequence[date], found: Weekdays) -> Floats:
    volume = np.zeros((len(days), history.rates.shape[1]))
    for place, day in enumerate(days):
        rows = found.kept.get(day.weekday(), [])
        if rows:
            volume[place] = history.rates[rows].mean(axis=0)
    return volume


def recent(history: History, days: Sequence[date], alike: Flags) -> Floats:
    """Every day of the weekday counts, the last ones most: totals forget in weeks, the shape of the day in months."""
    volume = np.zeros((len(days), history.rates.shape[1]))
    totals = history.totals
    for place, day in enumerate(days):
        rows, weights = _weighed(history, alike, day, HALF_LIFE)
        if len(rows):
            volume[place] = (totals[rows] * weights).sum() / weights.sum() * shape(history, alike, day)
    return volume


def shape(history: History, alike: Flags, day: date) -> Floats:
    """How a day of this weekday spreads over its slots; it sums to 1."""
    rows, weights = _weighed(history, alike, day, SHAPE_LIFE)
    spread: Floats = (history.rates[rows] * weights[:, None]).sum(axis=0)
    whole = spread.sum()
    return spread / whole if whole else spread


def _weighed(history: History, alike: Flags, day: date, half_life: float) -> tuple[Places, Floats]:
    rows = np.flatnonzero(alike & (history.weekdays == day.weekday()))
    age = (day - history.first).days - rows
    return rows, 0.5 ** (age / half_life)


def alike(history: History, usual: Flags) -> Flags:
    """The usual days without those that differ from the same weekday in the weeks around them."""
    found, totals = usual.copy(), history.totals
    for weekday in range(7):
        rows = np.flatnonzero(usual & (history.weekdays == weekday))
        for place, row in enumerate(rows):
            middle = float(np.median(totals[rows[max(place - AROUND, 0) : place + AROUND + 1]]))
            found[row] = middle <= 0 or middle / UNLIKE <= totals[row] <= middle * UNLIKE
    return found
