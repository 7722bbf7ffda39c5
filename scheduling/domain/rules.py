"""The rules a person's shifts keep, and which of them a shift would break, with the figures to say it in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """Minutes and days of one person's week, and the days they are here: from `since`, no more on `gone`, not when `away`."""

    rest: int = 660
    max_minutes: int = 2400
    max_days: int = 5
    since: date | None = None
    gone: date | None = None
    away: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Stretch:
    """One shift of a person: instants, business date, paid minutes."""

    start: datetime
    end: datetime
    day: date
    paid: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Time of a person that is taken outside the plan: by this client's other queues and weeks, or by another client."""

    start: datetime
    end: datetime
    own: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule and by how much: `have` against `limit`, in minutes or days; the other one lies from `at` to `until`."""

    rule: str  # here | absent | day | overlap | rest | own | own_rest | busy | busy_rest | hours | days
    have: int = 0
    limit: int = 0
    at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person's week stands with a shift: least rest beside it (None beside nothing), paid minutes, days."""

    rest: int | None
    minutes: int
    days: int


def broken(shift: Stretch, others: Sequence[Stretch], busy: Iterable[Elsewhere], limits: Limits) -> list[Broken]:
    """What `shift` would break beside the person's other shifts of the week and their time taken elsewhere."""
    found = [] if _here(shift.day, limits) else [Broken("here")]
    if shift.day in limits.away:
        found.append(Broken("absent"))
    found += [problem for other in others if (problem := _beside(shift, other, limits))]
    found += [problem for one in busy if (problem := _near(shift, one, limits))]
    minutes, days = _minutes(shift, others), _days(shift, others)
    if minutes > limits.max_minutes:
        found.append(Broken("hours", minutes, limits.max_minutes))
    if days > limits.max_days:
        found.append(Broken("days", days, limits.max_days))
    return found


def standing(shift: Stretch, others: Sequence[Stretch], busy: Iterable[Elsewhere]) -> Standing:
    """What there is of what the rules limit, for a shift that keeps them."""
    gaps = [_gap(shift, one.start, one.end) for one in others] + [_gap(shift, one.start, one.end) for one in busy]
    return Standing(min(gaps, default=None), _minutes(shift, others), _days(shift, others))


def _here(day: date, limits: Limits) -> bool:
    begun = limits.since is None or limits.since <= day
    return begun and (limits.gone is None or day < limits.gone)


def _minutes(shift: Stretch, others: Sequence[Stretch]) -> int:
    return shift.paid + sum(other.paid for other in others)


def _days(shift: Stretch, others: Sequence[Stretch]) -> int:
    return len({shift.day, *(other.day for other in others)})


def _beside(shift: Stretch, other: Stretch, limits: Limits) -> Broken | None:
    if other.day == shift.day:
        return Broken("day", at=other.start, until=other.end)
    gap = _gap(shift, other.start, other.end)
    if gap < 0:
        return Broken("overlap", at=other.start, until=other.end)
    return Broken("rest", gap, limits.rest, other.start, other.end) if gap < limits.rest else None


def _near(shift: Stretch, taken: Elsewhere, limits: Limits) -> Broken | None:
    gap, rule = _gap(shift, taken.start, taken.end), "own" if taken.own else "busy"
    if gap < 0:
        return Broken(rule, at=taken.start, until=taken.end)
    return Broken(f"{rule}_rest", gap, limits.rest, taken.start, taken.end) if gap < limits.rest else None


def _gap(shift: Stretch, start: datetime, end: datetime) -> int:
    """Minutes between the shift and that stretch; below zero where they overlap."""
    gap = max(start - shift.end, shift.start - end)
    return int(gap / timedelta(minutes=1)) if gap >= timedelta(0) else -1
