"""Counts instead of names: how many of a group of alike people work each option. A bound, and rosters to share out.

What holds for each of a group holds for their sum, so the model over counts is a relaxation; it is small where many
people are alike, and often its counts can be shared out among them without loss.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from scheduling.domain.rostering.budget import Budget
from scheduling.domain.rostering.covering import Cover
from scheduling.domain.rostering.model import cliques, keep_rules
from scheduling.domain.rostering.problem import Held, Person, Problem

Until = Callable[[], float]
TOGETHER = 16  # people whose counts are shared out at once


def groups(problem: Problem) -> list[list[int]]:
    """People by number, those together who could stand in for each other."""
    found: dict[tuple[object, ...], list[int]] = {}
    for number, person in enumerate(problem.people):
        found.setdefault(person.alike, []).append(number)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Counts:
    """For each group, how many work each option; `bound` holds for every roster, `proven` if these counts meet it."""

    by_group: list[dict[int, int]]
    bound: float
    proven: bool


def relax(
    problem: Problem, cover: Cover, those: Sequence[Sequence[int]], budget: Budget, most: float, seed: int
) -> Counts | None:
    """The cheapest counts by group; None when none was found in time."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    taken = [_counts(problem, group, number, model) for number, group in enumerate(those)]
    wishes = sum(
        problem.wished[group[0]].get(index, 0) * count
        for group, counts in zip(those, taken, strict=True)
        for index, count in counts.items()
    )
    totals = [sum(counts[index] for counts in taken if index in counts) for index in range(len(problem.options))]
    model.minimize(_prices(cover, totals, model) + wishes + cover.unserved + problem.asked)
    solver, status = budget.solve(model, most, seed=seed)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    found = [{index: solver.value(count) for index, count in counts.items()} for counts in taken]
    return Counts(found, solver.best_objective_bound, status == cp_model.OPTIMAL)


def _counts(problem: Problem, group: Sequence[int], number: int, model: Any) -> dict[int, Any]:
    counts = {index: model.new_int_var(0, len(group), f"{number} {index}") for index in problem.choices[group[0]]}
    _keep_sums(problem, problem.people[group[0]], len(group), counts, model)
    return counts


def _keep_sums(problem: Problem, person: Person, size: int, counts: Mapping[int, Any], model: Any) -> None:
    """What the rules of `size` people like this one say of their counts."""
    options = problem.options
    works = {day: sum(counts[index] for index in those if index in counts) for day, those in problem.by_day.items()}
    for there in works.values():
        model.add(there <= size)
    for clique in sorted(cliques(problem, counts)):
        model.add(sum(counts[index] for index in clique) <= size)
    minutes = sum(options[index].paid * count for index, count in counts.items())
    model.add(minutes >= size * person.min_minutes)
    if person.max_minutes is not None:
        model.add(minutes <= size * person.max_minutes)
    if person.max_days is not None:
        model.add(sum(counts.values()) <= size * person.max_days)
    for kind, most in person.most_of:
        model.add(sum(count for index, count in counts.items() if options[index].key == kind) <= size * most)
    _keep_runs(problem, person, size, works, model)


def _keep_runs(problem: Problem, person: Person, size: int, works: Mapping[int, Any], model: Any) -> None:
    """Runs of work, and weekends: at least as many work on one as on any day of it."""
    if person.max_run is not None:
        for first in range(problem.span.start, problem.span.stop - person.max_run):
            model.add(sum(works[day] for day in range(first, first + person.max_run + 1)) <= size * person.max_run)
    if person.max_weekends is not None:
        worked = [_worked([works[day] for day in days], size, model) for days in problem.weekends]
        model.add(sum(worked) <= size * person.max_weekends)


def _worked(works: Sequence[Any], size: int, model: Any) -> Any:
    there = model.new_int_var(0, size, "")
    for work in works:
        model.add(there >= work)
    return there


def _prices(cover: Cover, totals: Sequence[Any], model: Any) -> Any:
    return sum(
        cell.tangents(sum(totals[index] for index in cell.options), 0, len(cell.price) - 1, model)
        for cell in cover.cells
    )


def share_out(
    problem: Problem, group: Sequence[int], counts: Mapping[int, int], budget: Budget, until: Until, seed: int
) -> list[Held] | None:
    """Rosters of a group's people that add up to the counts as nearly as their rules allow; None without time.

    A large group is halved first, by counts that keep the sums of the rules on either side.
    `until` says how much time is left.
    """
    if until() <= 0:
        return None
    if len(group) > TOGETHER and (halves := _halved(problem, group, counts, budget, until(), seed)):
        middle = len(group) // 2
        parts = zip((group[:middle], group[middle:]), halves, strict=True)
        found = [share_out(problem, part, own, budget, until, seed) for part, own in parts]
        return None if None in found else [held for part in found if part for held in part]
    return _named(problem, group, counts, budget, until(), seed)


def _halved(
    problem: Problem, group: Sequence[int], counts: Mapping[int, int], budget: Budget, most: float, seed: int
) -> tuple[dict[int, int], dict[int, int]] | None:
    """Counts of the first half and of the second, as even as whole numbers allow."""
    from ortools.sat.python import cp_model

    model, person, half = cp_model.CpModel(), problem.people[group[0]], len(group) // 2
    first = {}
    for index in problem.choices[group[0]]:
        share = counts[index] * half
        first[index] = model.new_int_var(share // len(group), -(-share // len(group)), f"{index}")
    _keep_sums(problem, person, half, first, model)
    second = {index: counts[index] - count for index, count in first.items()}
    _keep_sums(problem, person, len(group) - half, second, model)
    solver, status = budget.solve(model, most, seed=seed)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    found = {index: solver.value(count) for index, count in first.items()}
    return found, {index: counts[index] - count for index, count in found.items()}


def _named(
    problem: Problem, group: Sequence[int], counts: Mapping[int, int], budget: Budget, most: float, seed: int
) -> list[Held] | None:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    person = problem.people[group[0]]
    wanted = [index for index in problem.choices[group[0]] if counts[index] or person.min_minutes]
    taken = [{index: model.new_bool_var(f"{number} {index}") for index in wanted} for number in range(len(group))]
    for those in taken:
        keep_rules(problem, person, those, model)
    beside = []
    for index in wanted:
        lacking, extra = (model.new_int_var(0, len(group), f"{name} {index}") for name in ("lacking", "extra"))
        model.add(sum(those[index] for those in taken) + lacking - extra == counts[index])
        beside += [lacking, extra]
    _in_order(taken, model)
    model.minimize(sum(beside))
    solver, status = budget.solve(model, most, seed=seed)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return [_held(problem, those, solver) for those in taken]


def _in_order(taken: Sequence[Mapping[int, Any]], model: Any) -> None:
    """Alike people can be swapped: who works more days comes first."""
    for before, after in pairwise(taken):
        model.add(sum(before.values()) >= sum(after.values()))


def _held(problem: Problem, taken: Mapping[int, Any], solver: Any) -> Held:
    chosen = [index for index, variable in taken.items() if solver.value(variable)]
    return tuple(sorted(chosen, key=lambda index: problem.options[index].day))
