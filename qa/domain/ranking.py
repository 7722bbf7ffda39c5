"""Ranks that don't pretend: whose intervals overlap the next share a band."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from qa.domain.means import FEWEST, Mean

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Ranked(Generic[K]):
    """One of several by its mean. `first` to `last` are the ranks its band takes, None under three evaluations."""

    key: K
    mean: Mean
    first: int | None = None
    last: int | None = None


def ranked(means: Mapping[K, Mean]) -> list[Ranked[K]]:
    """The highest mean first; whoever's interval reaches the next one's is in one band with it. Too few come last."""
    enough = sorted((item for item in means.items() if item[1].n >= FEWEST), key=lambda item: -(item[1].value or 0.0))
    few = sorted((item for item in means.items() if item[1].n < FEWEST), key=lambda item: -item[1].n)
    bands: list[list[tuple[K, Mean]]] = []
    for key, mean in enough:
        if bands and _reaches(bands[-1][-1][1], mean):
            bands[-1].append((key, mean))
        else:
            bands.append([(key, mean)])
    found: list[Ranked[K]] = []
    for band in bands:
        first, last = len(found) + 1, len(found) + len(band)
        found += [Ranked(key, mean, first, last) for key, mean in band]
    return [*found, *(Ranked(key, mean) for key, mean in few)]


def _reaches(higher: Mean, lower: Mean) -> bool:
    """Whether two intervals share a point; without one they can't be told apart."""
    if higher.low is None or lower.high is None:
        return True
    return higher.low <= lower.high
