"""Means of scores with what they are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import fmean, median, stdev

CONFIDENCE = 0.95
FEWEST = 3  # an interval of two values says nothing
FEWEST_PEOPLE = 4  # with fewer, one of them could work out another


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
    return mean_from(n, fmean(numbers), stdev(numbers))


def mean_from(n: int, middle: float | None, spread: float | None) -> Mean:
    """The same of what a database added up: n, their mean and sample standard deviation."""
    if n < FEWEST or middle is None or spread is None:
        return Mean(n, middle)
    half = student(n - 1) * spread / sqrt(n)
    return Mean(n, middle, max(middle - half, 0.0), min(middle + half, 100.0))


@dataclass(frozen=True, slots=True)
class Median:
    """The middle of what several people scored: n evaluations of so many people. None where it would tell on one."""

    n: int
    people: int
    value: float | None


def median_of(values: Sequence[tuple[object, Decimal | float]]) -> Median:
    """The median of (person, score) pairs, once there are at least FEWEST people."""
    people = len({person for person, _score in values})
    enough = people >= FEWEST_PEOPLE
    return Median(len(values), people, median(float(score) for _person, score in values) if enough else None)


def student(freedom: float) -> float:
    """Two-sided 95 % quantile of Student's t."""
    from scipy.special import stdtrit  # slow to import, and most processes never need it

    return float(stdtrit(freedom, 0.5 + CONFIDENCE / 2))
