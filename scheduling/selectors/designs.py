"""Designs of shifts, and the shift templates that would follow from one."""

from dataclasses import dataclass
from datetime import time
from uuid import UUID

from django.db.models import QuerySet

from scheduling.domain.designing.kept import problem_of, shifts_of
from scheduling.domain.designing.templates import by_start, pauses
from scheduling.domain.shifts import Pause
from scheduling.domain.weeks import Week
from scheduling.models import ShiftDesign, ShiftTemplate
from scheduling.selectors.plans import templates_of


@dataclass(frozen=True, slots=True)
class Proposal:
    """A shift template as it would be made; `exists` where the queue has it already on all of these weekdays."""

    name: str
    start: time
    minutes: int
    weekdays: tuple[int, ...]
    pauses: tuple[Pause, ...]
    exists: bool


def designs_of(requirement_id: UUID) -> QuerySet[ShiftDesign]:
    """Newest first, without the bulk of them."""
    return (
        ShiftDesign.objects.filter(requirement_id=requirement_id).select_related("asked_by").defer("problem", "shifts")
    )


def design_of(design_id: UUID) -> ShiftDesign | None:
    found = ShiftDesign.objects.select_related("requirement__forecast__queue", "asked_by")
    return found.filter(pk=design_id).first()


def proposals(design: ShiftDesign) -> list[Proposal]:
    """One for each kind and time of day that shifts of a design begin at. Names are free, as templates need them."""
    forecast, problem = design.requirement.forecast, problem_of(design.problem)
    there = templates_of(forecast.queue_id)
    taken = set(ShiftTemplate.objects.values_list("name", flat=True))
    found = []
    for begun in by_start(shifts_of(problem, design.shifts), Week(forecast.week_start, forecast.zone)):
        kind = problem.kinds[begun.kind]
        exists = any(_same(one, begun.start, kind.minutes, forecast.zone, begun.weekdays) for one in there)
        name = _free(f"{forecast.queue.name[:36]} {begun.start:%H:%M}, {kind.key}", taken)
        found.append(Proposal(name, begun.start, kind.minutes, begun.weekdays, pauses(problem, begun), exists))
    return found


def _same(one: ShiftTemplate, start: time, minutes: int, zone: str, weekdays: tuple[int, ...]) -> bool:
    return (one.starts_at, one.minutes, one.zone) == (start, minutes, zone) and {*weekdays} <= {*one.pattern.weekdays}


def _free(name: str, taken: set[str]) -> str:
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    taken.add(found)
    return found
