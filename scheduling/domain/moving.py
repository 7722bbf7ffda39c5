"""Moving a shift or one of its breaks: what a move makes of it, and the nearest start that breaks no rule.

A shift keeps its length in real minutes wherever it goes, so one moved over a change of clocks ends at another time on
the wall. Its business date is the local date it starts on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from scheduling.domain.pauses import STEP, room
from scheduling.domain.rules import Elsewhere, Limits, Stretch, broken
from scheduling.domain.shifts import Pause, business_date
from scheduling.domain.weeks import Week

QUARTER: Final = timedelta(minutes=STEP)
REACH: Final = timedelta(hours=12)  # how far from what was asked a start is still offered


@dataclass(frozen=True, slots=True)
class Movable:
    """A shift that may be moved: its length, its zone, and the paid minutes of it."""

    length: timedelta
    zone: str
    paid: int

    def at(self, start: datetime) -> Stretch:
        return Stretch(start, start + self.length, business_date(start, self.zone), self.paid)


def on_step(was: datetime, start: datetime) -> bool:
    """Whether `start` is whole quarters of an hour from where the shift was, or on a quarter itself."""
    return not (start - was) % QUARTER or not start.timestamp() % QUARTER.total_seconds()


def nearest_start(
    shift: Movable,
    asked: datetime,
    week: Week,
    others: Sequence[Stretch],
    busy: Iterable[Elsewhere],
    limits: Limits,
) -> datetime | None:
    """The start nearest to `asked`, by quarters of an hour, that breaks no rule; the earlier of two that are as near.

    It lies within the week and at most twelve hours from `asked`; None where no such start is.
    """
    taken = list(busy)
    for steps in range(REACH // QUARTER + 1):
        for start in (asked - steps * QUARTER, asked + steps * QUARTER):
            if week.begins <= start < week.ends and not broken(shift.at(start), others, taken, limits):
                return start
    return None


def moved_break(pauses: Sequence[Pause], number: int, after: int, length: int) -> tuple[Pause, ...]:
    """The breaks of a shift of `length` minutes with one of them beginning `after` minutes from its start.

    IndexError for a break there isn't, ValueError for a place it may not have; `room` says which it may.
    """
    low, high = room(pauses, number, length)
    if not low <= after <= high:
        raise ValueError(f"after must be from {low} to {high}, not {after}")
    if (after - pauses[number].after) % STEP and after % STEP:
        raise ValueError(f"after must be whole steps of {STEP} minutes, not {after}")
    return tuple(replace(one, after=after) if place == number else one for place, one in enumerate(pauses))
