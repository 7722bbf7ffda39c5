"""A week's coverage: what is required, who is there, and where it stays short."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from scheduling.domain.measures import coverage as measured
from scheduling.domain.shifts import coverage, serving
from scheduling.domain.weeks import Week, midnight
from scheduling.models import DraftShift, PublishedShift, SchedulePlan
from scheduling.problem import STEP, Planlike, carried_over, required_steps, week_of

AnyShift = DraftShift | PublishedShift
HOURS = STEP / 60


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch in which people are missing: how many at most, and agent hours in all."""

    start: datetime
    end: datetime
    most: int
    hours: float


@dataclass(frozen=True, slots=True)
class Covered:
    """Agents by step of the week. Figures are agent hours; `share` is None where nothing is required."""

    week: Week
    required: list[int]
    scheduled: list[int]

    def of(self, day: date | None = None) -> dict[str, Any]:
        """The figures of a day, or of the week."""
        first, last = 0, len(self.required)
        if day is not None:
            first = self.week.minute(midnight(day, self.week.zone)) // STEP
            last = self.week.minute(midnight(day + timedelta(days=1), self.week.zone)) // STEP
        required, scheduled = self.required[first:last], self.scheduled[first:last]
        found = measured(required, scheduled)
        return {
            "share": found.coverage,
            "required": sum(required) * HOURS,
            "short": found.under * HOURS,
            "over": found.over * HOURS,
        }

    def holes(self) -> list[Hole]:
        """Where it stays short, each unbroken stretch once."""
        missing = [max(need - there, 0) for need, there in zip(self.required, self.scheduled, strict=True)]
        found = []
        for short, steps in groupby(range(len(missing)), key=lambda step: missing[step] > 0):
            mine = list(steps)
            if short:
                amounts = [missing[step] for step in mine]
                start = self.week.begins + timedelta(minutes=mine[0] * STEP)
                end = self.week.begins + timedelta(minutes=(mine[-1] + 1) * STEP)
                found.append(Hole(start, end, max(amounts), sum(amounts) * HOURS))
        return found


def shifts_in(plan: Planlike) -> list[AnyShift]:
    """A draft's shifts or a version's, by when they start, each without its way back to the plan."""
    if isinstance(plan, SchedulePlan):
        return list(DraftShift.objects.filter(plan_id=plan.pk))
    return list(PublishedShift.objects.filter(version_id=plan.pk))


def covered(plan: Planlike, shifts: Iterable[AnyShift]) -> Covered:
    """The week's coverage by these shifts, and by those that began in the week before."""
    week = week_of(plan)
    there = coverage(stretches(shifts), week, STEP)
    before = carried_over(plan)
    return Covered(week, required_steps(plan), [now + then for now, then in zip(there, before, strict=True)])


def stretches(shifts: Iterable[AnyShift]) -> list[tuple[datetime, datetime]]:
    return [part for one in shifts for part in serving(one.starts_at, one.ends_at, one.breaks)]


def short_hours(required: Sequence[int], scheduled: Sequence[int]) -> float:
    return sum(max(need - there, 0) for need, there in zip(required, scheduled, strict=True)) * HOURS
