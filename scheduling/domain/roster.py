"""Who works which shift: an exact model for CP-SAT with a bound, and a quick greedy roster as its first guess.

All times are minutes of real time from the week's beginning. The objective is `SHORT` for each agent missing in one
step of the requirement and `OVER` for each one too many, in agent-steps; short and over are never netted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

SHORT, OVER = 10, 1


@dataclass(frozen=True, slots=True)
class Option:
    """A shift somebody may work: its day's number, where it lies, its paid minutes, the steps it serves."""

    key: str
    day: int
    start: int
    end: int
    paid: int
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be rostered. `busy` is time taken elsewhere, with rest owed on both sides of it."""

    key: str
    skills: frozenset[str]
    busy: tuple[tuple[int, int], ...] = ()
    days_off: frozenset[int] = frozenset()
    max_minutes: int = 2400
    min_minutes: int = 0
    max_days: int = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """Agents required in each step, who there is, and which shifts there are. `rest` in minutes between shifts."""

    skill: str
    required: tuple[int, ...]
    options: tuple[Option, ...]
    people: tuple[Person, ...]
    rest: int = 660


@dataclass(frozen=True, slots=True)
class Roster:
    """Assignments as (person's key, option's index). `gap` is (objective − bound) / objective, 0 when proven."""

    assignments: tuple[tuple[str, int], ...]
    objective: int
    bound: int
    status: str  # optimal | feasible | greedy
    seconds: float
    short: tuple[int, ...]  # agents missing in each step
    over: tuple[int, ...]

    @property
    def gap(self) -> float:
        return (self.objective - self.bound) / self.objective if self.objective else 0.0


def allowed(problem: Problem, person: Person) -> list[int]:
    """The options a person may take at all: skilled, not on a day off, and clear of what is taken by the rest."""
    if problem.skill not in person.skills:
        return []
    return [
        index
        for index, option in enumerate(problem.options)
        if option.day not in person.days_off
        and option.paid <= person.max_minutes
        and all(apart(option.start, option.end, start, end) >= problem.rest for start, end in person.busy)
    ]


def apart(start: int, end: int, other_start: int, other_end: int) -> int:
    """Minutes between two stretches; below zero where they overlap."""
    return max(other_start - end, start - other_end)


def weigh(problem: Problem, chosen: Sequence[int]) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """The objective of these options, and who is short and over in each step."""
    counts = [0] * len(problem.required)
    for index in chosen:
        for step in problem.options[index].steps:
            counts[step] += 1
    short = tuple(max(need - there, 0) for need, there in zip(problem.required, counts, strict=True))
    over = tuple(max(there - need, 0) for need, there in zip(problem.required, counts, strict=True))
    return SHORT * sum(short) + OVER * sum(over), short, over


def greedy(problem: Problem) -> Roster:
    """One shift a time, each where it takes most from the objective, people with least choice first. No bound."""
    missing = list(problem.required)
    assignments: list[tuple[str, int]] = []
    for person in sorted(problem.people, key=lambda one: (len(allowed(problem, one)), one.key)):
        held: list[Option] = []
        choices = allowed(problem, person)
        while choices := [index for index in choices if fits(problem, person, held, problem.options[index])]:
            best = max(choices, key=lambda index: (_gain(problem.options[index], missing, held), -index))
            if _gain(problem.options[best], missing, held) <= 0:
                break
            held.append(problem.options[best])
            assignments.append((person.key, best))
            for step in problem.options[best].steps:
                missing[step] -= 1
    objective, short, over = weigh(problem, [index for _, index in assignments])
    return Roster(tuple(assignments), objective, 0, "greedy", 0.0, short, over)


def fits(problem: Problem, person: Person, held: Sequence[Option], option: Option) -> bool:
    """Whether a person who holds these may take that one as well."""
    return (
        len(held) < person.max_days
        and sum(one.paid for one in held) + option.paid <= person.max_minutes
        and all(
            one.day != option.day and apart(one.start, one.end, option.start, option.end) >= problem.rest
            for one in held
        )
    )


def _gain(option: Option, missing: Sequence[int], held: Sequence[Option]) -> float:
    """What the option takes from the objective; a start like the person's others breaks ties."""
    steady = 0.5 if any(one.key == option.key for one in held) else 0.0
    return sum(SHORT if missing[step] > 0 else -OVER for step in option.steps) + steady


def solve(problem: Problem, *, seconds: float, seed: int = 1, workers: int = 2) -> Roster:
    """The best roster found within `seconds`, with the bound that says how far from the best it can be.

    Always gives a roster: nobody rostered is one. Minimum hours are a wish: each minute under them costs 1, which the
    bound then counts too.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    taken = _variables(problem, model)
    _rules(problem, model, taken)
    wishes = _minimum_hours(problem, model, taken)
    model.minimize(_cover(problem, model, taken) + wishes)
    for (key, index), there in _guess(problem).items():
        model.add_hint(taken[key, index], there)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = workers
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return greedy(problem)
    chosen = tuple(place for place, variable in taken.items() if solver.value(variable))
    return _found(problem, chosen, solver, proven=status == cp_model.OPTIMAL)


def _found(problem: Problem, chosen: tuple[tuple[str, int], ...], solver: Any, *, proven: bool) -> Roster:
    """The roster, with short and over counted again from the shifts themselves."""
    objective, short, over = weigh(problem, [index for _, index in chosen])
    bound = objective if proven else max(0, min(round(solver.best_objective_bound), objective))
    return Roster(chosen, objective, bound, "optimal" if proven else "feasible", solver.wall_time, short, over)


def _variables(problem: Problem, model: Any) -> dict[tuple[str, int], Any]:
    return {
        (person.key, index): model.new_bool_var(f"{person.key} {index}")
        for person in problem.people
        for index in allowed(problem, person)
    }


def _rules(problem: Problem, model: Any, taken: dict[tuple[str, int], Any]) -> None:
    """One shift a day, rest between days, hours and days of the week."""
    by_day: dict[int, list[int]] = {}
    for index, option in enumerate(problem.options):
        by_day.setdefault(option.day, []).append(index)
    days = sorted(by_day)
    for person in problem.people:
        mine = {index: taken[person.key, index] for index in allowed(problem, person)}
        if not mine:
            continue
        for day in days:
            model.add_at_most_one(mine[index] for index in by_day[day] if index in mine)
        for day, following in pairwise(days):
            _rest(problem, model, mine, by_day[day], by_day[following])
        model.add(sum(problem.options[index].paid * there for index, there in mine.items()) <= person.max_minutes)
        model.add(sum(mine.values()) <= person.max_days)


def _rest(problem: Problem, model: Any, mine: dict[int, Any], before: list[int], after: list[int]) -> None:
    """For each shift of a day, at most one of it and all those of the next that begin too soon after it."""
    for index in before:
        if index not in mine:
            continue
        one = problem.options[index]
        soon = [
            mine[other]
            for other in after
            if other in mine
            and apart(one.start, one.end, problem.options[other].start, problem.options[other].end) < problem.rest
        ]
        if soon:
            model.add_at_most_one([mine[index], *soon])


def _cover(problem: Problem, model: Any, taken: dict[tuple[str, int], Any]) -> Any:
    """The objective. Steps served by the same shifts share one count, which keeps the model small."""
    counts = {}
    for index in range(len(problem.options)):
        those = [variable for (_, option), variable in taken.items() if option == index]
        counts[index] = model.new_int_var(0, len(those), f"n {index}")
        model.add(counts[index] == sum(those))
    serving: list[list[int]] = [[] for _ in problem.required]
    for index, option in enumerate(problem.options):
        for step in option.steps:
            serving[step].append(index)
    alike: dict[tuple[int, tuple[int, ...]], int] = {}
    for need, those in zip(problem.required, serving, strict=True):
        place = (need, tuple(those))
        alike[place] = alike.get(place, 0) + 1
    most = len(problem.people)
    terms = []
    for number, ((need, indices), times) in enumerate(alike.items()):
        short = model.new_int_var(0, need, f"short {number}")
        over = model.new_int_var(0, most, f"over {number}")
        model.add(sum(counts[index] for index in indices) + short - over == need)
        terms.append(times * (SHORT * short + OVER * over))
    return sum(terms)


def _minimum_hours(problem: Problem, model: Any, taken: dict[tuple[str, int], Any]) -> Any:
    terms = []
    for person in problem.people:
        if not person.min_minutes:
            continue
        hours = sum(problem.options[index].paid * taken[person.key, index] for index in allowed(problem, person))
        missing = model.new_int_var(0, person.min_minutes, f"missing {person.key}")
        model.add(hours + missing >= person.min_minutes)
        terms.append(missing)
    return sum(terms)


def _guess(problem: Problem) -> dict[tuple[str, int], int]:
    first = set(greedy(problem).assignments)
    return {
        (person.key, index): int((person.key, index) in first)
        for person in problem.people
        for index in allowed(problem, person)
    }
