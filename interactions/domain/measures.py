"""Measures that count cases: what is open, how old it is, who comes back, and what a case costs."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from bpo.ratio import Ratio

BACKLOG_DAYS: Final = (1, 3, 7, 14, 30)


@dataclass(frozen=True, slots=True)
class Spell:
    """One time a case was open: [opened, resolved), without an end while it still is."""

    opened: datetime
    resolved: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """A case with its spells in order; each reopening starts another. Raises ValueError if they overlap."""

    case: Hashable
    customer: Hashable | None
    spells: tuple[Spell, ...]

    def __post_init__(self) -> None:
        if not self.spells:
            raise ValueError(f"spells: case {self.case} was never open")
        for spell in self.spells:
            if spell.resolved and spell.resolved < spell.opened:
                raise ValueError(f"spells: case {self.case} is resolved before it is opened")
        for one, following in pairwise(self.spells):
            if one.resolved is None or following.opened < one.resolved:
                raise ValueError(f"spells: case {self.case} is reopened while it is open")

    @property
    def opened(self) -> datetime:
        """Return when the case was first opened."""
        return self.spells[0].opened

    def is_open(self, at: datetime) -> bool:
        """Tell whether the case was open at an instant."""
        return any(spell.opened <= at and (spell.resolved is None or at < spell.resolved) for spell in self.spells)


@dataclass(frozen=True, slots=True)
class Band:
    """How many cases are at least `from_days` and less than `to_days` old; the last band has no upper end."""

    from_days: int
    to_days: int | None
    cases: int


def active_issues(cases: Iterable[CaseHistory], at: datetime) -> int:
    """Return how many cases were open at an instant."""
    return sum(case.is_open(at) for case in cases)


def backlog(cases: Iterable[CaseHistory], at: datetime, *, days: Sequence[int] = BACKLOG_DAYS) -> list[Band]:
    """Return the cases open at an instant by age in bands cut at `days`; the bands add up to `active_issues`.

    Age runs from the first opening, in periods of 24 hours. Raises ValueError for days that do not rise from 1.
    """
    edges = [0, *days]
    if any(low >= high for low, high in pairwise(edges)):
        raise ValueError(f"days {tuple(days)} do not rise from 1")
    ages = [at - case.opened for case in cases if case.is_open(at)]
    return [
        Band(low, high, sum(_within(age, low, high) for age in ages))
        for low, high in zip(edges, [*days, None], strict=True)
    ]


def repeat_rate(cases: Iterable[CaseHistory], *, days: int, until: datetime) -> Ratio:
    """Return the share of resolved cases whose customer returned within `days` of the first resolution.

    A return is the same case reopened or another case opened by the same customer, after that resolution and
    at most `days` later. Counted are cases whose customer is known and whose window has passed by `until`: a
    period is final only `days` later. Raises ValueError for days below 1.
    """
    if days < 1:
        raise ValueError(f"days {days} is below 1")
    window = timedelta(days=days)
    counted: list[tuple[Hashable, datetime]] = []
    opened: dict[Hashable, list[datetime]] = defaultdict(list)
    for case in cases:
        if case.customer is None:
            continue
        opened[case.customer] += [spell.opened for spell in case.spells]
        resolved = case.spells[0].resolved
        if resolved and resolved + window <= until:
            counted.append((case.customer, resolved))
    openings = {customer: sorted(instants) for customer, instants in opened.items()}
    returned = sum(_opens_within(openings[customer], resolved, window) for customer, resolved in counted)
    return Ratio(returned, len(counted))


def cost_per_issue(cost: Decimal | int, cases: int) -> Ratio:
    """Return a period's fully loaded cost over the cases resolved in it. Raises ValueError for what is below 0."""
    if cost < 0:
        raise ValueError(f"cost {cost} is below 0")
    if cases < 0:
        raise ValueError(f"cases {cases} is below 0")
    return Ratio(cost, cases)


def _opens_within(openings: list[datetime], after: datetime, window: timedelta) -> bool:
    """Tell whether the first of the sorted openings after an instant comes within a window of it."""
    following = bisect_right(openings, after)
    return following < len(openings) and openings[following] <= after + window


def _within(age: timedelta, low: int, high: int | None) -> bool:
    return timedelta(days=low) <= age and (high is None or age < timedelta(days=high))
