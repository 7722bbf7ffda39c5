"""A shift as a list without gaps: work, break, meal, work, from its start to its end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scheduling.domain.shifts import Pause

WORK: Final = "work"
BREAK: Final = "break"
MEAL: Final = "meal"
ACTIVITIES: Final = (WORK, BREAK, MEAL)


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a shift, half-open."""

    activity: str  # of ACTIVITIES
    start: datetime
    end: datetime
    paid: bool = True


def segments(start: datetime, end: datetime, pauses: Iterable[Pause]) -> list[Part]:
    """The shift from `start` to `end` in parts that follow each other without a gap.

    A pause counts from where the one before it ends and only as far as it lies inside the shift, as `serving` has it;
    one with nothing left is not there. A pause that is not called a meal is a break. Raises ValueError where the shift
    doesn't end after its start.
    """
    if end <= start:
        raise ValueError("a shift ends after its start")
    found, at = list[Part](), start
    for pause in sorted(pauses, key=lambda one: (one.after, one.minutes)):
        begins = max(at, start + timedelta(minutes=pause.after))
        ends = min(end, start + timedelta(minutes=pause.after + pause.minutes))
        if ends <= begins:
            continue
        if begins > at:
            found.append(Part(WORK, at, begins))
        found.append(Part(MEAL if pause.name == MEAL else BREAK, begins, ends, pause.paid))
        at = ends
    if at < end:
        found.append(Part(WORK, at, end))
    return found
