"""A second opinion on designed shifts: who is missing where, which breaks lie wrong, what it costs.

Counted minute by minute from the shifts alone. Nothing here comes from what makes them, so that a mistake there is not
repeated here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scheduling.domain.designing.problem import Kind, Problem, Shift


@dataclass(frozen=True, slots=True)
class Fault:
    """A shift that is none of the problem's, or has a break where it may not have one."""

    shift: Shift
    what: str


def faults(problem: Problem, shifts: Iterable[Shift]) -> list[Fault]:
    """Every rule that a shift breaks."""
    return [Fault(one, what) for one in shifts for what in _wrong(problem.kinds[one.kind], one, problem.step)]


def counts(problem: Problem, shifts: Iterable[Shift]) -> list[int]:
    """How many serve through the whole of each step."""
    found = [0] * len(problem.required)
    for one in shifts:
        kind = problem.kinds[one.kind]
        works = [True] * kind.minutes
        for rest, at in zip(kind.breaks, one.breaks, strict=True):
            works[at : at + rest.minutes] = [False] * rest.minutes
        for at in range(0, kind.minutes - problem.step + 1, problem.step):
            step = (one.start + at) // problem.step
            if step >= len(found) and not problem.wraps:
                break
            if all(works[at : at + problem.step]):
                found[step % len(found)] += 1
    return found


def missing(problem: Problem, shifts: Iterable[Shift]) -> list[int]:
    """Agents missing in each step, also where no shift could serve."""
    there = counts(problem, shifts)
    return [max(need - count, 0) for need, count in zip(problem.required, there, strict=True)]


def lacking(problem: Problem, shifts: Iterable[Shift]) -> list[int]:
    """Agents missing in each step that some shift could serve."""
    out = set(problem.unreachable)
    return [0 if step in out else count for step, count in enumerate(missing(problem, shifts))]


def cost(problem: Problem, shifts: Iterable[Shift]) -> int:
    """What the shifts cost, with those missing where that has a price; steps no shift can serve are nobody's."""
    shifts = list(shifts)
    total = 0
    for one in shifts:
        kind = problem.kinds[one.kind]
        free = sum(rest.minutes for rest in kind.breaks if not rest.paid)
        total += kind.minutes - free if kind.cost is None else kind.cost
    if problem.short is not None:
        total += problem.short * sum(lacking(problem, shifts))
    return total


def _wrong(kind: Kind, one: Shift, step: int) -> Iterator[str]:
    if one.start not in kind.starts:
        yield "start"
    if len(one.breaks) != len(kind.breaks):
        yield "breaks"
        return
    ends = [0]
    for rest, at in zip(kind.breaks, one.breaks, strict=True):
        if at % step or not rest.earliest <= at <= rest.latest:
            yield f"window of {rest.name}"
        ends.append(at + rest.minutes)
    worked = [at - end for at, end in zip([*one.breaks, kind.minutes], ends, strict=True)]
    if any(minutes < kind.between for minutes in worked[1:-1]) or min(worked) < 0:
        yield "too little work between breaks"
    if kind.stretch is not None and max(worked) > kind.stretch:
        yield "too much work without a break"
