"""What a shift template means on a date: instants, breaks, paid time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from scheduling.domain.clock import shift_bounds
from scheduling.domain.weeks import DAYS, Week


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch of a shift that is not service: minutes after its start, length, name, whether it is paid."""

    after: int
    minutes: int
    name: str
    paid: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """A shift template: local start, minutes, breaks. `policy` is what a clock change keeps: duration or local end."""

    key: str
    name: str
    start: time
    minutes: int
    zone: str
    pauses: tuple[Pause, ...] = ()
    policy: str = "keep_duration"
    weekdays: tuple[int, ...] = tuple(range(DAYS))


@dataclass(frozen=True, slots=True)
class Dated:
    """A template on one business date, as UTC instants."""

    pattern: Pattern
    business_date: date
    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)

    @property
    def paid(self) -> int:
        return paid_minutes(self.minutes, self.pattern.pauses)


def paid_minutes(minutes: int, pauses: Iterable[Pause]) -> int:
    return minutes - sum(pause.minutes for pause in pauses if not pause.paid)


def dated(pattern: Pattern, day: date) -> Dated:
    start, end = shift_bounds(day, pattern.start, pattern.minutes, pattern.zone, pattern.policy)
    return Dated(pattern, day, start, end)


def in_week(patterns: Sequence[Pattern], week: Week) -> list[Dated]:
    """Every shift that starts within the week, on the weekdays its template is for.

    Its business date is that of its own zone, so it may be the day before the week's first or after its last.
    """
    around = [week.start + timedelta(days=number) for number in range(-1, DAYS + 1)]
    found = [dated(pattern, day) for pattern in patterns for day in around if day.weekday() in pattern.weekdays]
    return sorted(
        (one for one in found if week.begins <= one.start < week.ends), key=lambda one: (one.start, one.pattern.key)
    )


def serving(start: datetime, end: datetime, pauses: Iterable[Pause]) -> list[tuple[datetime, datetime]]:
    """The stretches of a shift in which its person serves."""
    found, at = [], start
    for pause in sorted(pauses, key=lambda one: one.after):
        begins = start + timedelta(minutes=pause.after)
        if begins > at:
            found.append((at, min(begins, end)))
        at = max(at, begins + timedelta(minutes=pause.minutes))
    if at < end:
        found.append((at, end))
    return found


def coverage(stretches: Iterable[tuple[datetime, datetime]], week: Week, minutes: int) -> list[int]:
    """How many serve through the whole of each step of the week. A step someone serves in part is not counted."""
    begins, length, steps = week.begins, timedelta(minutes=minutes), len(week.steps(minutes))
    change = [0] * (steps + 1)  # from one step to the next, so that a stretch costs the same however long it is
    for start, end in stretches:
        first, last = max(-((begins - start) // length), 0), min((end - begins) // length, steps)
        if first < last:
            change[first] += 1
            change[last] -= 1
    return list(accumulate(change[:-1]))


def business_date(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()
