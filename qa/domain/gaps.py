"""Where knowledge is missing: what is failed, whether anybody wrote about it, and whether that helped.

A gap never claims that an article helped: it shows the share before and since, each with how many stand behind it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar

from bpo.ratio import wilson

NEEDS: Final = 5  # fewer say nothing
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Day:
    """One business date: how often it was failed, of how often it applied."""

    on: date
    fails: int
    n: int


@dataclass(frozen=True, slots=True)
class Share:
    """Fails of n with the 95 % Wilson interval, fractions 0..1."""

    fails: int
    n: int

    @property
    def value(self) -> float | None:
        return self.fails / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.fails, self.n)

    @property
    def too_few(self) -> bool:
        return self.n < NEEDS


@dataclass(frozen=True, slots=True)
class Gap(Generic[K]):
    """One question or reason. `published`: the day its newest article was last published, None without one."""

    key: K
    whole: Share
    published: date | None
    before: Share | None  # the days before that day; the day itself is in neither
    since: Share | None

    @property
    def lacks(self) -> bool:
        """It is failed, and nobody wrote about it."""
        return self.published is None and self.whole.fails > 0


def gap(key: K, days: Iterable[Day], published: date | None) -> Gap[K]:
    """Count the days together, and apart around the publication."""
    known = list(days)
    if published is None:
        return Gap(key, _share(known), None, None, None)
    before, since = [day for day in known if day.on < published], [day for day in known if day.on > published]
    return Gap(key, _share(known), published, _share(before), _share(since))


def ordered(gaps: Iterable[Gap[K]]) -> list[Gap[K]]:
    """What is failed without an article first, then by how often it is failed, then by its share."""
    return sorted(gaps, key=lambda one: (not one.lacks, -one.whole.fails, -(one.whole.value or 0.0)))


def _share(days: Iterable[Day]) -> Share:
    known = list(days)
    return Share(sum(day.fails for day in known), sum(day.n for day in known))
