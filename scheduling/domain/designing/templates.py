"""Shift templates that follow from a design: one for each kind and time of day something begins at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median_low

from scheduling.domain.designing.problem import Problem, Shift
from scheduling.domain.shifts import Pause
from scheduling.domain.weeks import Week


@dataclass(frozen=True, slots=True)
class Begun:
    """What begins at one time of the day: how many on each date, in the week's order, and the shifts themselves."""

    kind: int
    start: time
    counts: tuple[int, ...]
    shifts: tuple[Shift, ...]

    @property
    def weekdays(self) -> tuple[int, ...]:
        return tuple(number for number, count in enumerate(self.counts) if count)


def by_start(shifts: Iterable[Shift], week: Week) -> list[Begun]:
    """In the order of time, then kind, on the week's own clock."""
    found: dict[tuple[time, int], list[Shift]] = {}
    for one in shifts:
        found.setdefault((_begins(one, week).time(), one.kind), []).append(one)
    return [
        Begun(kind, start, _by_day(those, week), tuple(sorted(those)))
        for (start, kind), those in sorted(found.items(), key=lambda one: one[0])
    ]


def pauses(problem: Problem, begun: Begun) -> tuple[Pause, ...]:
    """Each break where half of these shifts have it by then, which keeps the work between them."""
    columns = zip(*(one.breaks for one in begun.shifts), strict=True)
    return tuple(
        Pause(median_low(column), one.minutes, one.name, one.paid)
        for column, one in zip(columns, problem.kinds[begun.kind].breaks, strict=False)
    )


def heads(shifts: int, each: int) -> int:
    """People it takes when everybody works `each` shifts a week."""
    return -(-shifts // each)


def _begins(one: Shift, week: Week) -> datetime:
    return week.local(week.begins + timedelta(minutes=one.start))


def _by_day(shifts: Iterable[Shift], week: Week) -> tuple[int, ...]:
    days = [_begins(one, week).date() for one in shifts]
    return tuple(days.count(day) for day in week.dates)
