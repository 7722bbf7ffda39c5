"""A second opinion on a roster: its broken rules and its cost, counted from the shifts alone.

Nothing here comes from the models or walks that make rosters, so that a mistake there is not repeated here.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

from scheduling.domain.rostering.problem import Held, Option, Person, Problem


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule somebody's shifts break: `have` against `limit`, and the day it shows on, if there is one."""

    person: str
    rule: str
    have: int
    limit: int
    day: int | None = None


def violations(problem: Problem, rosters: Sequence[Held]) -> list[Violation]:
    """Every broken rule of everybody. An unknown option or a missing person raises."""
    if len(rosters) != len(problem.people):
        raise ValueError(f"rosters: {len(rosters)} for {len(problem.people)} people.")
    found = []
    for person, held in zip(problem.people, rosters, strict=True):
        shifts = sorted((problem.options[index] for index in held), key=lambda one: (one.day, one.start))
        for rule in (_choice, _elsewhere, _between, _amounts, _runs, _weekends):
            found += list(rule(problem, person, shifts))
    return found


def cost(problem: Problem, rosters: Sequence[Held]) -> int:
    """What the roster costs: people missing and too many in each step, and wishes that aren't met."""
    there: Counter[int] = Counter(step for held in rosters for index in held for step in problem.options[index].steps)
    total = 0
    for number, step in enumerate(problem.steps):
        lacking = step.need - there[number]
        total += step.under * lacking if lacking > 0 else step.over * -lacking
    for person, held in zip(problem.people, rosters, strict=True):
        worked = {(problem.options[index].day, problem.options[index].key) for index in held}
        total += sum(wish.weight for wish in person.wishes if ((wish.day, wish.kind) in worked) != wish.on)
    return total


def _choice(problem: Problem, person: Person, shifts: list[Option]) -> Iterator[Violation]:
    for one in shifts:
        if one.skill and one.skill not in person.skills:
            yield Violation(person.key, "skill", 0, 1, one.day)
        if person.kinds is not None and one.key not in person.kinds:
            yield Violation(person.key, "kind", 1, 0, one.day)
        if one.day in person.days_off:
            yield Violation(person.key, "day_off", 1, 0, one.day)


def _elsewhere(problem: Problem, person: Person, shifts: list[Option]) -> Iterator[Violation]:
    for one in shifts:
        for start, end in person.busy:
            gap = max(start - one.end, one.start - end)
            if gap < problem.rest:
                yield Violation(person.key, "busy", gap, problem.rest, one.day)


def _between(problem: Problem, person: Person, shifts: list[Option]) -> Iterator[Violation]:
    for one, other in combinations(shifts, 2):
        gap = max(other.start - one.end, one.start - other.end)
        if one.day == other.day:
            yield Violation(person.key, "one_a_day", 2, 1, one.day)
        elif gap < problem.rest:
            yield Violation(person.key, "rest", gap, problem.rest, other.day)
        if other.day - one.day == 1 and (one.key, other.key) in problem.never_after:
            yield Violation(person.key, "never_after", 1, 0, other.day)


def _amounts(problem: Problem, person: Person, shifts: list[Option]) -> Iterator[Violation]:
    minutes = sum(one.paid for one in shifts)
    if minutes < person.min_minutes:
        yield Violation(person.key, "min_minutes", minutes, person.min_minutes)
    if person.max_minutes is not None and minutes > person.max_minutes:
        yield Violation(person.key, "max_minutes", minutes, person.max_minutes)
    if person.max_days is not None and len(shifts) > person.max_days:
        yield Violation(person.key, "max_days", len(shifts), person.max_days)
    for kind, most in person.most_of:
        count = sum(one.key == kind for one in shifts)
        if count > most:
            yield Violation(person.key, f"most_of {kind}", count, most)


def _runs(problem: Problem, person: Person, shifts: list[Option]) -> Iterator[Violation]:
    worked = {one.day for one in shifts}
    at = problem.span.start
    for works, days in groupby(problem.span, key=lambda day: day in worked):
        length = len(list(days))
        inside = at > problem.span.start and at + length < problem.span.stop
        if works and person.max_run is not None and length > person.max_run:
            yield Violation(person.key, "max_run", length, person.max_run, at)
        if works and inside and length < person.min_run:
            yield Violation(person.key, "min_run", length, person.min_run, at)
        if not works and inside and length < person.min_free:
            yield Violation(person.key, "min_free", length, person.min_free, at)
        at += length


def _weekends(problem: Problem, person: Person, shifts: list[Option]) -> Iterator[Violation]:
    worked = {one.day for one in shifts}
    count = sum(any(day in worked for day in weekend) for weekend in problem.weekends)
    if person.max_weekends is not None and count > person.max_weekends:
        yield Violation(person.key, "max_weekends", count, person.max_weekends)
