"""How often somebody's week changed after they were told of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

Times = tuple[datetime, datetime]


class Told(NamedTuple):
    """What one person was told at a moment: the whole week, begin and end of each business date with a shift."""

    at: datetime
    days: Mapping[date, Times]


class Instability(NamedTuple):
    """Days with a shift that were ever told, changes of a day after that, and those of them at short notice.

    `share` = changes / told; it passes 1 where days change more than once, and is None where nothing was told.
    """

    told: int
    changes: int
    short_notice: int
    share: float | None


def instability(versions: Sequence[Told], *, notice: timedelta) -> Instability:
    """Count over the versions of one person's week, oldest first; ValueError where they aren't.

    The first version changes nothing. Later ones change a day by other times, by taking its shift or by giving one;
    at short notice where the earlier of what was and what is begins less than `notice` after it was told.
    """
    days = {day for one in versions for day in one.days}
    changes, short = 0, 0
    for before, after in pairwise(versions):
        if after.at < before.at:
            raise ValueError("versions: give the oldest first.")
        for day in days:
            both = [one for one in (before.days.get(day), after.days.get(day)) if one]
            if before.days.get(day) != after.days.get(day):
                changes += 1
                short += min(start for start, _ in both) - after.at < notice
    return Instability(len(days), changes, short, changes / len(days) if days else None)
