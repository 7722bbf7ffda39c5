"""Everybody's employment and assignments, read once, and the groups and cohorts they make."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from attrition.domain.movement import DAY, ZERO, Spell
from attrition.domain.reasons import OTHER
from attrition.domain.survival import Point, kaplan_meier


@dataclass(frozen=True, slots=True)
class EmploymentRow:
    """One employment; `kind` is its separation's, "" without one."""

    employee: UUID
    starts_on: date
    ends_on: date | None
    kind: str = ""
    training_class: UUID | None = None

    @property
    def left(self) -> str:
        """How it ended: an end nobody recorded a separation for is still an end."""
        return self.kind or (OTHER if self.ends_on else "")


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    employee: UUID
    client: UUID
    share: Decimal
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Curve:
    """A survival curve by days since hire, of `n` people of whom `left` left while watched."""

    points: tuple[Point, ...]
    n: int
    left: int
    entries: tuple[int, ...] = ()  # days since hire at which people come under watch, sorted
    durations: tuple[int, ...] = ()  # and at which they leave or are last seen, sorted
    spans: tuple[tuple[int, int], ...] = ()  # both of each person

    def at_risk(self, day: int) -> int:
        """How many are watched on the way into that day."""
        return bisect_right(self.entries, day) - bisect_right(self.durations, day)

    def at(self, day: int) -> Point | None:
        """The last point up to that day; None before the first."""
        found = [point for point in self.points if point.time <= day]
        return found[-1] if found else None

    def hazard(self, first: int, last: int | None = None) -> tuple[int, int]:
        """Who left and the days at risk, from the end of day `first` of tenure to the end of day `last`."""
        high = last if last is not None else max(self.durations, default=0)
        events = sum(point.events for point in self.points if first < point.time <= high)
        return events, sum(max(0, min(end, high) - max(start, first)) for start, end in self.spans)

    def longest(self, needs: int) -> int:
        """The last day on which at least `needs` are at risk: where the drawing ends."""
        days = (duration - 1 for duration in reversed(self.durations))
        return next((day for day in days if self.at_risk(day) >= needs), 0)


@dataclass(frozen=True)
class Book:
    """The two lists, and what is made of them. No part of it knows a name."""

    employments: Sequence[EmploymentRow]
    assignments: Sequence[AssignmentRow]

    def company(self) -> list[Spell]:
        return [Spell(row.starts_on, row.ends_on, left=row.left) for row in self.employments]

    @cached_property
    def by_client(self) -> dict[UUID, list[Spell]]:
        """Each client's spells, weighed by share: a first assignment is a hire, one that ends with its employment
        a leaver, everything else a move."""
        found: dict[UUID, list[Spell]] = defaultdict(list)
        for row in self.assignments:
            found[row.client].append(self._spell(row))
        return dict(found)

    @cached_property
    def watched_since(self) -> date | None:
        """The first last day on record. Who left before it is not in the book, so nobody is at risk before."""
        return min((row.ends_on - DAY for row in self.employments if row.ends_on), default=None)

    def cohort(self, wanted: Callable[[EmploymentRow], bool]) -> list[EmploymentRow]:
        return [row for row in self.employments if wanted(row)]

    def first_client(self, row: EmploymentRow) -> UUID | None:
        """The client an employment began with, the one of the largest share if there were several."""
        mine = [one for one in self._assigned[row.employee] if within(one.starts_on, row)]
        first = min(mine, key=lambda one: (one.starts_on, -one.share, one.client), default=None)
        return first.client if first else None

    def curve(self, rows: Iterable[EmploymentRow], *, until: date) -> Curve:
        """Share still employed by days since hire, Kaplan-Meier, people still here counted up to `until`.

        Who was hired before anybody's leaving was recorded enters late (left truncation).
        """
        since = self.watched_since
        spans, observed = [], []
        for row in rows:
            if row.starts_on > until or (since and row.ends_on and row.ends_on <= since):
                continue
            gone = row.ends_on is not None and row.ends_on <= until + DAY
            end = row.ends_on if gone and row.ends_on else until + DAY
            spans.append((max(0, (since - row.starts_on).days) if since else 0, (end - row.starts_on).days))
            observed.append(gone)
        points = kaplan_meier([d for _, d in spans], observed, entry=[e for e, _ in spans]) if spans else []
        entries, durations = (tuple(sorted(span[end] for span in spans)) for end in (0, 1))
        return Curve(tuple(points), len(spans), sum(observed), entries, durations, tuple(spans))

    @cached_property
    def _employed(self) -> dict[UUID, list[EmploymentRow]]:
        found: dict[UUID, list[EmploymentRow]] = defaultdict(list)
        for row in self.employments:
            found[row.employee].append(row)
        return found

    @cached_property
    def _assigned(self) -> dict[UUID, list[AssignmentRow]]:
        found: dict[UUID, list[AssignmentRow]] = defaultdict(list)
        for row in self.assignments:
            found[row.employee].append(row)
        return found

    def _spell(self, row: AssignmentRow) -> Spell:
        employment = next((one for one in self._employed[row.employee] if within(row.starts_on, one)), None)
        if employment is None:
            return Spell(row.starts_on, row.ends_on, row.share)
        others = [one for one in self._assigned[row.employee] if one is not row and within(one.starts_on, employment)]
        before = sum((o.share for o in others if o.client == row.client and o.ends_on == row.starts_on), ZERO)
        after = sum((o.share for o in others if o.client == row.client and o.starts_on == row.ends_on), ZERO)
        return Spell(
            row.starts_on,
            row.ends_on,
            row.share,
            hired=not any(other.starts_on < row.starts_on for other in others),
            left=employment.left if row.ends_on and row.ends_on == employment.ends_on else "",
            from_before=min(before, row.share),
            goes_on=min(after, row.share),
        )


def within(day: date, row: EmploymentRow) -> bool:
    return row.starts_on <= day and (row.ends_on is None or day < row.ends_on)
