"""What a planner asks for in words of the floor, as kinds of shift the engine takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from scheduling.domain.designing.problem import Break, Kind
from scheduling.domain.shifts import Pause
from scheduling.domain.weeks import Week, at_local

DAY = 1440
STEP = 15
NAME = {True: "break", False: "meal"}  # by whether it is paid


@dataclass(frozen=True, slots=True)
class Asked:
    """Shifts of so many minutes that begin on the local clock from `earliest` to `latest`, over midnight if need be.

    An unpaid meal of so many minutes, 0 for none, and as many paid breaks of `rest` minutes.
    """

    minutes: int
    earliest: int
    latest: int
    meal: int = 0
    breaks: int = 0
    rest: int = STEP


def kinds(asked: Iterable[Asked], week: Week, *, every: int, flex: int, between: int = 60) -> tuple[Kind, ...]:
    """With a start each `every` minutes of each local day, and breaks up to `flex` minutes before or after their place.

    Every minute a break may lie at leaves `between` minutes of work to the next one. ValueError names what can't be.
    """
    return tuple(
        Kind(f"{one.minutes / 60:g} h", one.minutes, starts(one, week, every), breaks(one, flex), between)
        for one in asked
    )


def starts(asked: Asked, week: Week, every: int) -> tuple[int, ...]:
    """Minutes from the week's beginning; a time the clock skips is left out, one it shows twice is its first."""
    found = set()
    for minute in range(0, DAY, every):
        inside = asked.earliest <= minute <= asked.latest
        around = asked.latest < asked.earliest and not asked.latest < minute < asked.earliest
        if inside or around:
            for day in week.dates:
                clock = time(*divmod(minute, 60))
                at = at_local(day, clock, week.zone)
                if week.local(at).time() == clock:
                    found.add(week.minute(at))
    return tuple(sorted(found))


def breaks(asked: Asked, flex: int) -> tuple[Break, ...]:
    """Spread so that work between them is as even as it can be: the meal in the middle, breaks around it."""
    rests = [True] * asked.breaks
    if asked.meal:
        rests.insert(-(-asked.breaks // 2), False)
    lengths = [asked.rest if paid else asked.meal for paid in rests]
    work = (asked.minutes - sum(lengths)) / (len(rests) + 1)
    found = []
    for number, (paid, length) in enumerate(zip(rests, lengths, strict=True)):
        at = round((work * (number + 1) + sum(lengths[:number])) / STEP) * STEP
        first, last = max(at - flex, STEP), min(at + flex, asked.minutes - length - STEP)
        found.append(Break(NAME[paid], length, first, last, paid))
    return tuple(found)


def usual(patterns: Iterable[tuple[int, int, tuple[Pause, ...]]]) -> list[Asked]:
    """What shifts there are ask for: (start on the clock, minutes, breaks) of each, alike ones as one, most first."""
    alike: dict[tuple[int, int, int, int], list[int]] = {}
    for start, minutes, pauses in patterns:
        paid = [one.minutes for one in pauses if one.paid]
        meal = sum(one.minutes for one in pauses if not one.paid)
        alike.setdefault((minutes, meal, len(paid), max(paid, default=STEP)), []).append(start)
    most = sorted(alike.items(), key=lambda one: (-len(one[1]), one[0]))
    return [Asked(minutes, min(at), max(at), meal, count, rest) for (minutes, meal, count, rest), at in most]
