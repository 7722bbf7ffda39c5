"""Means of scores with what they are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import fmean, stdev

CONFIDENCE = 0.95
FEWEST = 3  # an interval of two values says nothing


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean score, 0..100, of n evaluations. `low` and `high` are the 95 % t interval, None under three values."""

    n: int
    value: float | None
    low: float | None = None
    high: float | None = None


def mean_of(values: Sequence[Decimal | float]) -> Mean:
    """x̄ ± t(n−1)·s/√n, kept within 0..100. No values: n 0 and None."""
    numbers = [float(value) for value in values]
    n = len(numbers)
    if n < FEWEST:
        return Mean(n, fmean(numbers) if numbers else None)
    middle = fmean(numbers)
    half = _t(n - 1) * stdev(numbers) / sqrt(n)
    return Mean(n, middle, max(middle - half, 0.0), min(middle + half, 100.0))


def _t(freedom: int) -> float:
    from scipy.special import stdtrit  # slow to import, and most processes never need it

    return float(stdtrit(freedom, 0.5 + CONFIDENCE / 2))
