"""Whole rosters of single people as columns of a linear program: a bound close to the best roster, and a way to one.

The program gives prices to the cells of the cover; at these prices the walk finds each person's best roster, exactly;
where it is better than what the program has, it becomes a column. The prices also prove a bound at any moment.
"""

import math
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduling.domain.rostering.budget import Budget
from scheduling.domain.rostering.covering import Cover
from scheduling.domain.rostering.paths import LARGEST, Floats, Walk, limits
from scheduling.domain.rostering.problem import Held, Problem

SMOOTH = 0.7  # how much of the best prices so far is kept in the next
SURE = 0.85  # a column taken for this share is settled in a dive
MANY = 80  # columns of a person, on average, that are kept
EFFORT = 2e-9  # of a walk, for each state and day, in CP-SAT's units


class Columns:
    """The program over the columns found so far."""

    def __init__(self, problem: Problem, cover: Cover) -> None:
        from ortools.math_opt.python import mathopt

        self._problem, self._cover = problem, cover
        self.walks = _walks(problem)
        self._where = {person: (walk, row) for walk in self.walks for row, person in enumerate(walk.people)}
        self._own = self._prices_of_wishes()
        self.pool: list[dict[Held, Any]] = [{} for _ in problem.people]
        self._model = mathopt.Model()
        self._solver: Any = None
        self._people = [self._model.add_linear_constraint(lb=1, ub=1) for _ in problem.people]
        self._cells = [self._model.add_linear_constraint(lb=0, ub=0) for _ in cover.cells]
        self._fixed = cover.unserved + problem.asked
        for row, cell in zip(self._cells, cover.cells, strict=True):
            self._fixed += int(cell.price[0])
            for slope, low, high in cell.pieces():
                piece = self._model.add_variable(lb=0, ub=high - low)
                self._model.objective.set_linear_coefficient(piece, slope)
                row.set_coefficient(piece, -1)
        self.bound = -math.inf
        self._best: Floats = np.zeros(len(cover.cells))

    @property
    def size(self) -> int:
        """States of the largest walk."""
        return max((walk.size for walk in self.walks), default=0)

    @property
    def fits(self) -> bool:
        return self._problem.chained and self.size <= LARGEST

    def _prices_of_wishes(self) -> Floats:
        """What each option costs each person by itself; infinity where they may not take it."""
        own = np.full((len(self._problem.people), len(self._problem.options)), np.inf)
        for number, choices in enumerate(self._problem.choices):
            own[number, list(choices)] = 0.0
            for index, weight in self._problem.wished[number].items():
                own[number, index] = weight
        return own

    def answer(self, person: int, prices: Floats) -> tuple[float, Held]:
        """One person's best roster when each option also costs `prices`."""
        walk, _row = self._where[person]
        return walk.best(self._own[[person]] + prices)[0]

    def answers(self, prices: Floats) -> list[tuple[float, Held]]:
        """Everybody's best roster when each option also costs each of them its place in `prices`, people × options."""
        found: dict[int, tuple[float, Held]] = {}
        for walk in self.walks:
            people = list(walk.people)
            found.update(zip(people, walk.best(self._own[people] + prices[people]), strict=True))
        return [found[person] for person in range(len(found))]

    def add(self, person: int, held: Held) -> None:
        """Have a roster of a person as a column."""
        if held in self.pool[person]:
            return
        column = self._model.add_variable(lb=0)
        self._model.objective.set_linear_coefficient(column, float(self._own[person, list(held)].sum()))
        self._people[person].set_coefficient(column, 1)
        for cell, count in zip(*self._served(held), strict=True):
            self._cells[cell].set_coefficient(column, float(count))
        self.pool[person][held] = column

    def _served(self, held: Held) -> tuple[NDArray[np.int64], Floats]:
        counts = self._cover.matrix[list(held)].sum(axis=0)
        cells = np.flatnonzero(counts)
        return cells, counts[cells]

    def _solve(self) -> Any:
        """The program's answer. A solver that loses its way in what it had is begun afresh."""
        if self._solver is not None:
            with suppress(Exception):  # its own kind, which it sometimes fails to make
                return self._solver.solve()
        self._solver = self._begun()
        return self._solver.solve()

    def _begun(self) -> Any:
        from ortools.math_opt.python import mathopt

        return mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)

    def improve(
        self, people: Iterable[int], budget: Budget, until: Callable[[], float], *, rounds: int = 10_000, prove: bool
    ) -> Any:
        """Add columns of these people until none is better or time is up; the program's last answer.

        `prove` keeps the bound, which only holds while nobody is settled.
        """
        people, smooth = list(people), SMOOTH
        answer = self._solve()
        for _ in range(rounds):
            if not until():
                break
            duals = np.array([answer.dual_values(row) for row in self._cells])
            prices = smooth * self._best + (1 - smooth) * duals if prove else duals
            found = self._walked(people, prices, budget)
            if prove:
                self._prove(prices, found)
            better = self._added(found, duals, [answer.dual_values(row) for row in self._people])
            if better:
                answer = self._solve()
                smooth = SMOOTH
            elif smooth == 0 or not prove:
                break
            else:
                smooth = 0.0
        return answer

    def _walked(self, people: list[int], prices: Floats, budget: Budget) -> dict[int, tuple[float, Held]]:
        """Everybody's best roster at these prices of a place in a cell."""
        wanted, paid = set(people), self._cover.matrix @ prices
        found = {}
        for walk in self.walks:
            rows = [person for person in walk.people if person in wanted]
            if rows:
                for person, best in zip(rows, walk.best(self._own[rows] - paid), strict=True):
                    found[person] = best
                budget.spend(EFFORT * walk.size * len(rows) * len(self._problem.span) * 10)
        return found

    def _prove(self, prices: Floats, found: dict[int, tuple[float, Held]]) -> None:
        """What every roster costs at least: everybody's best at these prices, and the cheapest counts beside it."""
        least = sum(value for value, _ in found.values()) + self._cover.unserved + self._problem.asked
        for cell, price in zip(self._cover.cells, prices, strict=True):
            least += float((cell.price + price * np.arange(len(cell.price))).min())
        if least > self.bound:
            self.bound, self._best = least, prices

    def _added(self, found: dict[int, tuple[float, Held]], duals: Floats, worth: list[float]) -> bool:
        better = False
        for person, (_, held) in found.items():
            served, count = self._served(held)
            reduced = self._own[person, list(held)].sum() - (duals[served] * count).sum() - worth[person]
            if reduced < -1e-6 and held not in self.pool[person]:
                self.add(person, held)
                better = True
        return better

    def dive(
        self,
        budget: Budget,
        until: Callable[[], float],
        *,
        rounds: int,
        rosters: Sequence[Held] = (),
        free: Iterable[int] | None = None,
        jitter: Any = None,
    ) -> list[Held] | None:
        """Settle one person after the other on a column, with new columns for the others in between. None without time.

        Everybody but `free` stays settled on their roster in `rosters`.
        """
        open_people = set(range(len(self._problem.people)) if free is None else free)
        settled = self._settled(rosters, open_people)
        answer = self.improve(open_people, budget, until, rounds=0 if free is None else 2 * rounds, prove=False)
        while open_people and until():
            shares = {person: self._shares(person, answer) for person in open_people}
            for person, held in _settle(shares, jitter):
                settled[person] = held
                self.pool[person][held].lower_bound = 1
                open_people.discard(person)
            answer = self.improve(open_people, budget, until, rounds=rounds, prove=False)
        self._release(settled)
        return [settled[person] for person in range(len(self._problem.people))] if not open_people else None

    def mix(
        self, budget: Budget, most: float, *, rosters: Sequence[Held], free: Sequence[int], seed: int
    ) -> tuple[list[Held] | None, bool]:
        """The best roster of columns there are already, one for each of `free` beside the others' `rosters`, exactly.

        And whether it is proven that these columns hold no better one.
        """
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        fixed = self._cover.counts(held for person, held in enumerate(rosters) if person not in set(free))
        there = (fixed @ self._cover.matrix).astype(int)
        serving: list[list[Any]] = [[] for _ in self._cover.cells]
        cost: list[Any] = []
        chosen: dict[int, dict[Held, Any]] = {}
        for person in free:
            self.add(person, rosters[person])
            chosen[person] = {held: model.new_bool_var("") for held in self.pool[person]}
            model.add_exactly_one(chosen[person].values())
            for held, taken in chosen[person].items():
                model.add_hint(taken, held == rosters[person])
                cost.append(int(self._own[person, list(held)].sum()) * taken)
                for cell, count in zip(*self._served(held), strict=True):
                    serving[cell].append(int(count) * taken)
        for number, cell in enumerate(self._cover.cells):
            if those := serving[number]:
                cost.append(
                    cell.tangents(sum(those) + int(there[number]), int(there[number]), len(cell.price) - 1, model)
                )
        model.minimize(sum(cost))
        solver, status = budget.solve(model, most, seed=seed)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, False
        found = list(rosters)
        for person, columns in chosen.items():
            found[person] = next(held for held, taken in columns.items() if solver.value(taken))
        return found, status == cp_model.OPTIMAL

    def _settled(self, rosters: Sequence[Held], free: Container[int]) -> dict[int, Held]:
        """Hold everybody but `free` to their roster."""
        settled = {person: held for person, held in enumerate(rosters) if person not in free}
        for person, held in settled.items():
            self.add(person, held)
            self.pool[person][held].lower_bound = 1
        return settled

    def _release(self, settled: Mapping[int, Held]) -> None:
        for person, held in settled.items():
            self.pool[person][held].lower_bound = 0

    def forget(self, rosters: Sequence[Held]) -> None:
        """Let the older columns go when there are too many; those of `rosters` stay."""
        if sum(map(len, self.pool)) <= MANY * len(self.pool):
            return
        for person, columns in enumerate(self.pool):
            for held in list(columns)[: -MANY // 2]:
                if held != rosters[person]:
                    self._model.delete_variable(columns.pop(held))
        self._solver = None

    def _shares(self, person: int, answer: Any) -> list[tuple[float, Held]]:
        values = answer.variable_values(list(self.pool[person].values()))
        return sorted(
            ((value, held) for value, held in zip(values, self.pool[person], strict=True) if value > 1e-6), reverse=True
        )

    @property
    def bounded(self) -> int:
        """The bound as a whole number; costs are whole."""
        return 0 if math.isinf(self.bound) else max(0, math.ceil(self.bound - 1e-5))


def _settle(shares: dict[int, list[tuple[float, Held]]], jitter: Any) -> list[tuple[int, Held]]:
    """Who to settle on what: all that are all but sure, else the surest; `jitter` shuffles the nearly equal."""
    first = {person: those[0] for person, those in shares.items()}
    sure = [(person, held) for person, (share, held) in first.items() if share > SURE]
    if sure:
        return sure
    noise = {person: jitter.random() * 0.3 if jitter else 0.0 for person in sorted(first)}
    person = max(sorted(first), key=lambda one: first[one][0] + noise[one])
    return [(person, first[person][1])]


def _walks(problem: Problem) -> list[Walk]:
    alike: dict[tuple[object, ...], list[int]] = {}
    for number, person in enumerate(problem.people):
        alike.setdefault(limits(problem, person), []).append(number)
    return [Walk(problem, people) for people in alike.values()]
