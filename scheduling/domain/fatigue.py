"""What a roster asks of one person: nights, short rests, turning starts, weekends and long runs, counted and weighed.

The figures are counts anybody can check against the shifts. The points are a ranking of ours that says whom to look
at first; they are no measure of anybody's health.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from scheduling.domain.weeks import SATURDAY, at_local, monday_of

NIGHT_FROM, NIGHT_UNTIL = time(0), time(5)  # what every night period covers in Directive 2003/88/EC, article 2
NIGHT_MINUTES: Final = 180  # of them that make a shift a night shift, by the same article
SHORT_REST: Final = timedelta(hours=12)  # less between two shifts is a quick return
TURN: Final = 120  # minutes by which a start moves on the clock to count


class Worked(NamedTuple):
    """One shift: its business date, instants, and the zone whose clock the person lives by."""

    day: date
    start: datetime
    end: datetime
    zone: str


class Fatigue(NamedTuple):
    """Counts over the shifts given. `night_run` and `work_run` are the longest, in days; `points` weigh all of it."""

    nights: int
    night_run: int
    quick_returns: int
    backward_turns: int
    weekends: int
    work_run: int
    points: int


def fatigue(shifts: Iterable[Worked], *, rest: timedelta = SHORT_REST) -> Fatigue:
    """Count over one person's shifts, in any order. ValueError where two overlap.

    Points: 1 for a night and 1 more from the fourth in a run on, 2 for a rest shorter than `rest`, 1 for a start two
    hours or more earlier on the clock than the day before, 1 for a weekend, 1 for each day of a run from the sixth on.
    """
    worked = sorted(shifts, key=lambda one: one.start)
    for before, after in pairwise(worked):
        if after.start < before.end:
            raise ValueError(f"shifts: those of {before.day} and {after.day} overlap.")
    nights = [one.day for one in worked if night_minutes(one) >= NIGHT_MINUTES]
    night_runs, runs = _runs(nights), _runs(one.day for one in worked)
    returns = sum(after.start - before.end < rest for before, after in pairwise(worked))
    turns = sum(_earlier(before, after) for before, after in pairwise(worked))
    weekends = len({monday_of(one.day) for one in worked if one.day.weekday() >= SATURDAY})
    points = len(nights) + sum(max(run - 3, 0) for run in night_runs)
    points += 2 * returns + turns + weekends + sum(max(run - 5, 0) for run in runs)
    return Fatigue(
        len(nights), max(night_runs, default=0), returns, turns, weekends, max(runs, default=0), points
    )  # fmt: skip


def night_minutes(shift: Worked) -> int:
    """Real minutes of a shift between midnight and five on its zone's clock; an hour more or less as clocks change."""
    local = shift.start.astimezone(ZoneInfo(shift.zone)).date()
    last = shift.end.astimezone(ZoneInfo(shift.zone)).date()
    found = timedelta()
    while local <= last:
        begins, ends = (at_local(local, clock, shift.zone) for clock in (NIGHT_FROM, NIGHT_UNTIL))
        found += max(min(shift.end, ends) - max(shift.start, begins), timedelta())
        local += timedelta(days=1)
    return int(found / timedelta(minutes=1))


def _runs(days: Iterable[date]) -> list[int]:
    """Lengths of runs of consecutive days."""
    ordered = sorted(set(days))
    return [len(list(run)) for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1].toordinal() - pair[0])]


def _earlier(before: Worked, after: Worked) -> bool:
    """Whether the next day's shift begins two hours or more earlier on the clock, the short way round it."""
    if (after.day - before.day).days != 1:
        return False
    moved = _clock(after) - _clock(before)
    return -720 <= (moved + 720) % 1440 - 720 <= -TURN


def _clock(shift: Worked) -> int:
    local = shift.start.astimezone(ZoneInfo(shift.zone))
    return local.hour * 60 + local.minute
