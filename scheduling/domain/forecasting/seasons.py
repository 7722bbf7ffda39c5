"""Several seasons at once: time of day by weekday, weekday, day of the month, and a level that follows the last days.

Volumes multiply, so the day's total is a log-linear regression with a term for each weekday and smooth waves over the
month, fitted by reweighting: old days count less, and a day far off what the rest say counts little or not at all.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from scheduling.domain.forecasting.history import Flags, Floats, History
from scheduling.domain.forecasting.means import shape

WAVES: Final = 5  # over a month
NEEDS_DAYS: Final = 84  # of history before the month is looked at
HALF_LIFE: Final = 365.0  # days, for what recurs
LEVEL_LIFE: Final = 7.0  # and for the level
SMOOTHING: Final = 0.05  # pulls each wave to none, by unit of weight
ROUNDS, PLAIN_ROUNDS = 20, 4  # reweighted from the fifth on
FAR: Final = 2.5  # spreads from which a day counts less; from three times that not at all


def seasons(history: History, days: Sequence[date], usual: Flags, alike: Flags) -> Floats:
    """Volumes by day and slot."""
    volume = np.zeros((len(days), history.rates.shape[1]))
    rows = np.flatnonzero(usual & (history.totals > 0))
    if not len(rows):
        return volume
    waves = WAVES if rows[-1] - rows[0] >= NEEDS_DAYS else 0
    dates = history.dates
    terms = _terms([dates[row] for row in rows], waves)
    totals = history.totals[rows]
    age = (days[0] - history.first).days - rows
    effects = _fitted(terms, totals, 0.5 ** (age / HALF_LIFE))
    level = _middle(totals / np.exp(terms @ effects), 0.5 ** (age / LEVEL_LIFE))
    expected = np.exp(_terms(days, waves) @ effects) * level
    seen = {day.weekday() for day in (dates[row] for row in rows)}
    for place, day in enumerate(days):
        if day.weekday() in seen:
            volume[place] = expected[place] * shape(history, alike, day)
    return volume


def _terms(days: Sequence[date], waves: int) -> Floats:
    columns: list[Floats] = [np.array([day.weekday() == number for day in days], np.float64) for number in range(7)]
    month = np.array([2 * np.pi * (day.day - 0.5) / monthrange(day.year, day.month)[1] for day in days])
    columns += [wave(number * month) for number in range(1, waves + 1) for wave in (np.cos, np.sin)]
    return np.stack(columns, axis=1)


def _fitted(terms: Floats, totals: Floats, weights: Floats) -> Floats:
    effects: Floats = np.zeros(terms.shape[1])
    effects[:7] = np.log(float(totals.mean()))
    trust: Floats = np.ones(len(totals))
    for number in range(ROUNDS):
        off = totals / np.exp(terms @ effects) - 1
        if number >= PLAIN_ROUNDS:
            trust = _trust(off)
        mine = weights * trust
        pull = np.full(terms.shape[1], SMOOTHING * mine.sum())
        pull[:7] = 1e-6
        matrix = terms.T @ (mine[:, None] * terms) + np.diag(pull)
        pulled = terms.T @ (mine * (terms @ effects + np.clip(off, -1, 1)))
        effects = np.asarray(np.linalg.solve(matrix, pulled), np.float64)
    return effects


def _middle(values: Floats, weights: Floats) -> float:
    """The weighted median: one odd day doesn't move it, a week of another level does."""
    order = np.argsort(values)
    below = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(below, below[-1] / 2)])


def _trust(off: Floats) -> Floats:
    spread = 1.4826 * float(np.median(np.abs(off)))
    distance = np.abs(off) / max(spread, 1e-9)
    return np.where(distance > 3 * FAR, 0.0, np.minimum(1.0, FAR / np.maximum(distance, 1e-9)))
