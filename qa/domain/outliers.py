"""Handling times that don't fit their group, and what is different about them.

Handling times are skewed, so logarithms are compared; a few odd ones must not hide themselves, so their middle is a
median and their spread the median distance from it (MAD). An item's modified z-score (Iglewicz and Hoaglin 1993) is
0.6745 · (ln x - median) / MAD; at 3.5 or beyond, either way, it is an outlier.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import NormalDist, fmean, median, variance
from typing import Any, Final

from bpo.ratio import Difference, difference
from qa.domain.means import CONFIDENCE, student

FEWEST: Final = 20  # of a group; a smaller one is judged within the wider group
LIMIT: Final = 3.5
SCALE: Final = 0.6745  # of the MAD to a standard deviation, if logarithms were normal
ENOUGH: Final = 5  # outliers, and others, that a comparison needs


@dataclass(frozen=True, slots=True)
class Item:
    """One handling time in seconds, above 0, and the groups it belongs to, the narrowest first."""

    key: Any
    seconds: float
    groups: tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Outlier:
    """An item beyond the limit: its z-score, what is usual in its group (the median, seconds), and the group's size."""

    key: Any  # the item's
    z: float
    usual: float
    level: int  # 0 is the narrowest group
    n: int

    @property
    def long(self) -> bool:
        return self.z > 0


@dataclass(frozen=True, slots=True)
class _Middle:
    n: int
    centre: float
    spread: float


def outliers(items: Iterable[Item]) -> list[Outlier]:
    """The items that don't fit, the farthest first.

    Each is judged within its narrowest group of at least 20; in none of that size, not at all. A group whose middle
    half is all the same has no spread to judge by and no outliers. Raises ValueError for seconds of 0 or less.
    """
    known = list(items)
    values: dict[tuple[int, Hashable], list[float]] = defaultdict(list)
    for item in known:
        if not item.seconds > 0:
            raise ValueError(f"seconds {item.seconds!r} of {item.key!r} must be above 0")
        for level, group in enumerate(item.groups):
            values[level, group].append(log(item.seconds))
    middles = {place: _middle(own) for place, own in values.items() if len(own) >= FEWEST}
    found = [one for item in known if (one := _judge(item, middles)) is not None]
    return sorted(found, key=lambda one: (-abs(one.z), str(one.key)))


def _middle(values: Sequence[float]) -> _Middle:
    centre = median(values)
    return _Middle(len(values), centre, median(abs(value - centre) for value in values))


def _judge(item: Item, middles: Mapping[tuple[int, Hashable], _Middle]) -> Outlier | None:
    for level, group in enumerate(item.groups):
        middle = middles.get((level, group))
        if middle is None:
            continue
        if middle.spread < 1e-9:  # rounding of logarithms, no difference
            return None
        z = SCALE * (log(item.seconds) - middle.centre) / middle.spread
        # What is exactly at the limit stays so whatever the unit.
        return Outlier(item.key, z, exp(middle.centre), level, middle.n) if abs(z) >= LIMIT - 1e-9 else None
    return None


# --- What is different about them -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contrast:
    """One trait among the outliers beside the others: two shares or means, their sizes, and the difference.

    `low` and `high` are of an interval widened for how many traits were compared (Bonferroni), so that of all of them
    chance alone names one in twenty times.
    """

    name: Hashable
    value: float
    n: int
    other: float
    other_n: int
    gap: Difference

    @property
    def clear(self) -> bool:
        return self.gap.clear


def mixes(picked: Sequence[Hashable], others: Sequence[Hashable]) -> list[Contrast]:
    """How often each trait stands among the outliers and among the others, the largest difference first.

    Each row of both is one interaction's trait. Nothing under five of either: too few to compare.
    """
    n, other_n = len(picked), len(others)
    if n < ENOUGH or other_n < ENOUGH:
        return []
    names = sorted({*picked, *others}, key=str)
    z = _quantile(len(names))
    counts, rest = _counted(picked), _counted(others)
    found = [
        Contrast(name, counts.get(name, 0) / n, n, rest.get(name, 0) / other_n, other_n, difference(
            counts.get(name, 0), n, rest.get(name, 0), other_n, z))
        for name in names
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-abs(one.gap.value), str(one.name)))


def means(name: Hashable, picked: Sequence[float], others: Sequence[float]) -> Contrast | None:
    """Two means and their difference with Welch's 95 % interval; None under five of either, or without any spread."""
    n, other_n = len(picked), len(others)
    if n < ENOUGH or other_n < ENOUGH:
        return None
    a, b = variance(picked) / n, variance(others) / other_n
    value, other = fmean(picked), fmean(others)
    if a + b == 0:
        return None
    part = a / (a + b)  # as shares: the squares of small variances would come to nothing
    freedom = 1 / (part * part / (n - 1) + (1 - part) ** 2 / (other_n - 1))
    half = student(freedom) * sqrt(a + b)
    gap = Difference(value - other, value - other - half, value - other + half)
    return Contrast(name, value, n, other, other_n, gap)


def _counted(values: Iterable[Hashable]) -> dict[Hashable, int]:
    found: dict[Hashable, int] = defaultdict(int)
    for value in values:
        found[value] += 1
    return found


def _quantile(comparisons: int) -> float:
    """Of a two-sided interval that keeps 95 % over so many comparisons. Two shares that add up to one are one."""
    many = max(comparisons - 1, 1) if comparisons <= 2 else comparisons
    return NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / 2 / many)
