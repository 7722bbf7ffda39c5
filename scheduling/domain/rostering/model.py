"""The exact model of a part of a roster for CP-SAT: some people's days are free, all else stays as it is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduling.domain.rostering.budget import Budget
from scheduling.domain.rostering.covering import Cover
from scheduling.domain.rostering.problem import Held, Person, Problem

Told = Callable[[list[Held], int, float], None]  # a roster, its objective and a bound, as they are found


class Part:
    """A model in which `free` says who may change and on which days; `rosters` is what holds otherwise."""

    def __init__(
        self, problem: Problem, cover: Cover, rosters: Sequence[Held], free: Mapping[int, frozenset[int] | None]
    ) -> None:
        from ortools.sat.python import cp_model

        self._problem, self._cover, self._rosters, self._free = problem, cover, rosters, free
        self.model = cp_model.CpModel()
        self.taken: dict[int, dict[int, Any]] = {person: self._variables(person) for person in sorted(free)}
        for person, taken in self.taken.items():
            keep_rules(problem, problem.people[person], taken, self.model)
        fixed = cover.counts(held for person, held in enumerate(rosters) if person not in free)
        self._constant = sum(
            problem.wished[person].get(index, 0)
            for person, held in enumerate(rosters)
            if person not in free
            for index in held
        )
        wishes = [
            problem.wished[person][index] * taken[index]
            for person, taken in self.taken.items()
            for index in taken
            if index in problem.wished[person]
        ]
        prices = [self._price(number, fixed) for number in range(len(cover.cells))]
        self._constant += cover.unserved + problem.asked
        self.model.minimize(sum(prices) + sum(wishes) + self._constant)

    def _variables(self, person: int) -> dict[int, Any]:
        """One for each option on a free day; what is held on the other days is a constant."""
        days, held = self._free[person], set(self._rosters[person])
        found = {}
        for index in self._problem.choices[person]:
            if days is None or self._problem.options[index].day in days:
                found[index] = self.model.new_bool_var(f"{person} {index}")
            elif index in held:
                found[index] = self.model.new_constant(1)
        return found

    def _price(self, number: int, fixed: NDArray[np.int64]) -> Any:
        """What a cell costs, as the highest of its tangents over the counts that are possible."""
        cell = self._cover.cells[number]
        there = int(fixed[list(cell.options)].sum())
        those = [taken[index] for taken in self.taken.values() for index in cell.options if index in taken]
        if not those:
            return int(cell.price[there])
        return cell.tangents(sum(those) + there, there, there + len(those), self.model)

    def hint(self, rosters: Sequence[Held]) -> None:
        """Begin from these rosters; what is fixed needs no hint, and CP-SAT takes none twice."""
        for person, taken in self.taken.items():
            held, days = set(rosters[person]), self._free[person]
            for index, variable in taken.items():
                if days is None or self._problem.options[index].day in days:
                    self.model.add_hint(variable, index in held)

    def solve(
        self, budget: Budget, most: float, *, seed: int, tell: Told | None = None, **parameters: object
    ) -> tuple[list[Held] | None, float, bool]:
        """The best roster found, a bound for this part, and whether the roster is proven the part's best."""
        from ortools.sat.python import cp_model

        heard = _listener(self, budget, tell) if tell else None
        solver, status = budget.solve(self.model, most, seed=seed, on_solution=heard, **parameters)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, solver.best_objective_bound, False
        return self.read(solver.value), solver.best_objective_bound, status == cp_model.OPTIMAL

    def read(self, value: Callable[[Any], int]) -> list[Held]:
        """Everybody's roster by the values of the model's variables."""
        found = list(self._rosters)
        for person, taken in self.taken.items():
            chosen = [index for index, variable in taken.items() if value(variable)]
            found[person] = tuple(sorted(chosen, key=lambda index: self._problem.options[index].day))
        return found


def _listener(part: Part, budget: Budget, tell: Told) -> Any:
    from ortools.sat.python import cp_model

    class Listener(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            tell(part.read(self.value), round(self.objective_value), self.best_objective_bound)
            if not budget.left:
                self.stop_search()

    return Listener()


# --- A person's rules ------------------------------------------------------------------------------------


def keep_rules(problem: Problem, person: Person, taken: Mapping[int, Any], model: Any) -> None:
    """Constrain one person's options, `taken`, to what their rules allow."""
    options = problem.options
    by_day = {day: [taken[index] for index in those if index in taken] for day, those in problem.by_day.items()}
    for those in by_day.values():
        model.add_at_most_one(those)
    for clique in sorted(cliques(problem, taken)):
        model.add_at_most_one(taken[index] for index in clique)
    minutes = sum(options[index].paid * there for index, there in taken.items())
    if person.min_minutes:
        model.add(minutes >= person.min_minutes)
    if person.max_minutes is not None:
        model.add(minutes <= person.max_minutes)
    if person.max_days is not None:
        model.add(sum(taken.values()) <= person.max_days)
    for kind, most in person.most_of:
        model.add(sum(there for index, there in taken.items() if options[index].key == kind) <= most)
    works = [sum(by_day[day]) for day in problem.span]
    _runs(person, works, model)
    _weekends(problem, person, dict(zip(problem.span, works, strict=True)), model)


def cliques(problem: Problem, taken: Mapping[int, Any]) -> set[tuple[int, ...]]:
    """Groups of options of which a person works one at most, over two days.

    For each option those of one later day that clash with it, and all of its own day that clash with these as well.
    """
    found = set()
    for index in taken:
        later: dict[int, set[int]] = {}
        for other in problem.clashes[index]:
            if other in taken and problem.options[other].day > problem.options[index].day:
                later.setdefault(problem.options[other].day, set()).add(other)
        same = [other for other in problem.by_day[problem.options[index].day] if other in taken]
        for those in later.values():
            found.add(tuple(sorted({*those, *(one for one in same if those <= problem.clashes[one])})))
    return found


def _runs(person: Person, works: Sequence[Any], model: Any) -> None:
    """`works`: 1 on days of work. Runs at either end of the days are never too short."""
    if person.max_run is not None:
        for first in range(len(works) - person.max_run):
            model.add(sum(works[first : first + person.max_run + 1]) <= person.max_run)
    for length in range(1, person.min_run):  # no run of exactly this length
        for first in range(1, len(works) - length):
            inner = sum(works[first : first + length])
            model.add(inner - works[first - 1] - works[first + length] <= length - 1)
    for length in range(1, person.min_free):
        for first in range(1, len(works) - length):
            inner = sum(works[first : first + length])
            model.add(works[first - 1] + works[first + length] - inner <= 1)


def _weekends(problem: Problem, person: Person, works: Mapping[int, Any], model: Any) -> None:
    if person.max_weekends is None:
        return
    worked = []
    for number, days in enumerate(problem.weekends):
        there = model.new_bool_var(f"{person.key} weekend {number}")
        for day in days:
            if day in works:
                model.add(there >= works[day])
        worked.append(there)
    model.add(sum(worked) <= person.max_weekends)
