"""What people would rather have on a day, what a roster makes of it, and what it costs to act against it.

A preference is no right. It speaks of the shifts that begin on its day, on the clock of its zone. That it is for a day
off, or for a start between two times; a day without a shift leaves a wish for a start open, neither met nor unmet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

LIKE: Final = 2  # units of cost where `Step.under`, a missing person for a quarter of an hour, is 10
MUCH: Final = 5
EARLY: Final = (time(0), time(9, 59))  # what people mean by it, as times a shift begins
LATE: Final = (time(14), time(23, 59))
WEIGHTS: Final = {"like": LIKE, "much": MUCH}


class Outcome(StrEnum):
    """What became of a preference on a day."""

    MET = "met"
    UNMET = "unmet"
    OPEN = "open"  # a start was wished for, and there is no shift


@dataclass(frozen=True, slots=True)
class Preferred:
    """One preference: each week on `weekday` (Monday 0) or once on `day`; a day off, or a start from `first` to `last`.

    The two times are both within, and both None for a day off. `key` says which row it is.
    """

    key: UUID
    weight: int
    zone: str
    weekday: int | None = None
    day: date | None = None
    first: time | None = None
    last: time | None = None

    def speaks_of(self, day: date) -> bool:
        return day == self.day if self.day is not None else day.weekday() == self.weekday

    def allows(self, start: datetime) -> bool:
        """Whether a shift that begins on its day is as it was wished for."""
        if self.first is None or self.last is None:
            return False
        return self.first <= start.astimezone(ZoneInfo(self.zone)).time() <= self.last

    def begins_on(self, start: datetime) -> date:
        return start.astimezone(ZoneInfo(self.zone)).date()


def for_start(preferences: Iterable[Preferred], start: datetime) -> Preferred | None:
    """The one that speaks of a shift that begins then: what is said of the date goes before its weekday."""
    return _first(one for one in preferences if one.speaks_of(one.begins_on(start)))


def for_day(preferences: Iterable[Preferred], day: date) -> Preferred | None:
    """The one that counts on a day."""
    return _first(one for one in preferences if one.speaks_of(day))


def _first(preferences: Iterable[Preferred]) -> Preferred | None:
    return min(preferences, key=lambda one: one.day is None, default=None)


def cost(preferences: Iterable[Preferred], start: datetime) -> int:
    """What it costs to give somebody with these a shift that begins then; nothing where none is against it."""
    found = for_start(preferences, start)
    return 0 if found is None or found.allows(start) else found.weight


def outcome(preference: Preferred, day: date, starts: Iterable[datetime]) -> Outcome:
    """What their shifts, by when they begin, make of a preference on one of its days."""
    mine = [one for one in starts if preference.begins_on(one) == day]
    if preference.first is None:
        return Outcome.UNMET if mine else Outcome.MET
    if not mine:
        return Outcome.OPEN
    return Outcome.MET if all(preference.allows(one) for one in mine) else Outcome.UNMET
