"""Why somebody can't be rostered at all: the fewest of their rules that can't be kept together."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from scheduling.domain.rostering.budget import Budget
from scheduling.domain.rostering.covering import Cover
from scheduling.domain.rostering.model import Part
from scheduling.domain.rostering.outcome import Conflict, Rule
from scheduling.domain.rostering.paths import LARGEST, Walk
from scheduling.domain.rostering.problem import Person, Problem

TIME = 10.0  # seconds for one question; only people whose rules are too many for a walk come near it


Without = Callable[[Problem], Problem]


def alone(problem: Problem, number: int) -> Problem:
    """The problem of one person, who is asked for nothing."""
    return replace(problem, people=(replace(problem.people[number], wishes=()),))


def possible(problem: Problem) -> bool:
    """Whether the only person of the problem has a roster that keeps their rules."""
    if not problem.people[0].min_minutes:
        return True  # nobody has to work
    walk = Walk(problem, [0])
    if problem.chained and walk.size <= LARGEST:
        prices = np.full((1, len(problem.options)), np.inf)
        prices[0, list(problem.choices[0])] = 0.0
        return bool(np.isfinite(walk.best(prices)[0][0]))
    part = Part(problem, Cover(replace(problem, steps=())), [()], {0: None})
    found, _, _ = part.solve(Budget(seconds=TIME), TIME, seed=1)
    return found is not None


def conflict(problem: Problem, number: int) -> Conflict | None:
    """The person's conflict; None where there is a roster.

    Each rule in turn is left out for good if there is still no roster without it, so that what remains is needed.
    """
    left = alone(problem, number)
    if possible(left):
        return None
    needed = []
    for rule, without in rules_of(left):
        trial = without(left)
        if possible(trial):
            needed.append(rule)
        else:
            left = trial
    return Conflict(problem.people[number].key, tuple(needed))


def rules_of(problem: Problem) -> Iterator[tuple[Rule, Without]]:
    """Every rule of the problem's only person, and how the problem is without it."""
    person = problem.people[0]
    yield from _limits(person)
    for day in sorted(person.days_off):
        yield Rule("day_off", day=day), partial(_less, name="days_off", one=day)
    for taken in person.busy:
        yield Rule("busy", during=taken), partial(_less, name="busy", one=taken)
    for kind, most in person.most_of:
        yield Rule("most_of", most, kind=kind), partial(_less, name="most_of", one=(kind, most))
    if person.kinds is not None or any(option.skill for option in problem.options):
        skills = frozenset(option.skill for option in problem.options)
        yield Rule("kinds"), partial(_with, changes={"kinds": None, "skills": skills})
    if problem.rest:
        yield Rule("rest", problem.rest), partial(replace, rest=0)
    if problem.never_after:
        yield Rule("never_after"), partial(replace, never_after=frozenset())


def _limits(person: Person) -> Iterator[tuple[Rule, Without]]:
    for name, nothing in LIMITS.items():
        limit = getattr(person, name)
        if limit is not None and limit != nothing:
            yield Rule(name, limit), partial(_with, changes={name: nothing})


LIMITS = {
    "min_minutes": 0, "max_minutes": None, "max_days": None, "max_run": None, "min_run": 1, "min_free": 1, "max_weekends": None,
}  # fmt: skip


def _with(problem: Problem, changes: dict[str, Any]) -> Problem:
    return replace(problem, people=(replace(problem.people[0], **changes),))


def _less(problem: Problem, *, name: str, one: object) -> Problem:
    """Without one of several: a day off, time taken elsewhere, the limit on a kind of shift."""
    several = getattr(problem.people[0], name)
    return _with(problem, {name: type(several)(other for other in several if other != one)})
