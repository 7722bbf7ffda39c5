"""Unsocial hours: what each person of a group carried of them, what their fair share was, and what more of them costs.

Unsocial are the hours of the night (22:00 to 06:00), of Saturday and Sunday, and of the evening (20:00 to 22:00), on
the clock of the shift's zone, breaks included. An hour counts once: as night, else as weekend, else as evening.

Nothing here says how hard such an hour is. It says who had more of them than the others, for the hours they worked.
"""

import itertools
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from fractions import Fraction
from operator import add
from typing import Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from scheduling.domain.weeks import SATURDAY, at_local

WEEKS: Final = 8  # looked back on
MORNING, EVENING, NIGHT = time(6), time(20), time(22)
SHIFT: Final = 480  # minutes: what counts as one whole shift
MOST: Final = 4  # units an unsocial shift costs at most, whoever takes it; `Step.under` is 10

Who = TypeVar("Who")


class Burden(NamedTuple):
    """Minutes of work, and those of them that are unsocial, each in one of three kinds."""

    worked: int = 0
    night: int = 0
    weekend: int = 0
    evening: int = 0

    @property
    def unsocial(self) -> int:
        return self.night + self.weekend + self.evening

    def plus(self, other: "Burden") -> "Burden":
        return Burden(*map(add, self, other))


def burden_of(start: datetime, end: datetime, zone: str) -> Burden:
    """A shift's minutes, real ones: a night the clocks change in has an hour more or fewer."""
    place = ZoneInfo(zone)
    day, last = start.astimezone(place).date(), end.astimezone(place).date()
    night = weekend = evening = 0
    while day <= last:
        cuts = [at_local(day, clock, zone) for clock in (time(), MORNING, EVENING, NIGHT)]
        cuts.append(at_local(day + timedelta(days=1), time(), zone))
        early, daytime, late, dark = (_within(start, end, first, until) for first, until in itertools.pairwise(cuts))
        night += early + dark
        if day.weekday() >= SATURDAY:
            weekend += daytime + late
        else:
            evening += late
        day += timedelta(days=1)
    return Burden(_minutes(end - start), night, weekend, evening)


def _within(start: datetime, end: datetime, first: datetime, until: datetime) -> int:
    return max(_minutes(min(end, until) - max(start, first)), 0)


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def shares(carried: Mapping[Who, Burden]) -> dict[Who, Fraction]:
    """Everybody's fair share of the group's unsocial minutes: in proportion to the minutes they worked."""
    worked = sum(one.worked for one in carried.values())
    unsocial = sum(one.unsocial for one in carried.values())
    return {who: Fraction(unsocial * one.worked, worked) if worked else Fraction() for who, one in carried.items()}


def excesses(carried: Mapping[Who, Burden]) -> dict[Who, Fraction]:
    """Unsocial minutes beyond the fair share, below zero for who carried less. They add up to nothing.

    Who has not worked yet has neither: newcomers start as if they had always had their share.
    """
    fair = shares(carried)
    return {who: one.unsocial - fair[who] for who, one in carried.items()}


def level(excess: Fraction | int) -> int:
    """Whole shifts carried beyond the share, four at most. Whole ones, so that many people stay alike to the search."""
    return min(max(int(excess // SHIFT), 0), MOST)


def price(level: int, unsocial: int) -> int:
    """What a shift with so many unsocial minutes costs who has that level: its level for a whole unsocial shift, less
    for a part of one, rounded half up. Never more than `MOST`."""
    return (2 * level * min(unsocial, SHIFT) + SHIFT) // (2 * SHIFT)
