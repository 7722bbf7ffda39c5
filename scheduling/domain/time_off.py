"""Room for planned time off, day by day, and the nearest days that have it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Room:
    """A person's day: what time off takes of their team's allotment and what is left of that, in minutes.

    `left` is None where nothing is allotted. `away` when they are absent already.
    """

    day: date
    takes: int
    left: int | None
    away: bool = False

    @property
    def fits(self) -> bool:
        """Whether it can be had. A day that takes nothing needs no room."""
        return not self.away and (self.takes == 0 or (self.left is not None and self.left >= self.takes))


def nearest(rooms: Sequence[Room], first: date, length: int) -> tuple[date, date] | None:
    """The stretch of `length` days that fit and of which some take anything, whose start is closest to `first`.

    `rooms` are days in a row. Of two that are as close it is the earlier one; None where there is none.
    """
    found = [
        rooms[at].day
        for at in range(len(rooms) - length + 1)
        if all(one.fits for one in rooms[at : at + length]) and any(one.takes for one in rooms[at : at + length])
    ]
    if not found:
        return None
    start = min(found, key=lambda day: (abs((day - first).days), day))
    return start, rooms[(start - rooms[0].day).days + length - 1].day


def usual_day(max_minutes: int, max_days: int) -> int:
    """Paid minutes of a day of a week whose shifts nobody knows yet: the week's limit over its days."""
    return max_minutes // max(max_days, 1)
