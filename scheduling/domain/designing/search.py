"""The search for a design: a quick one, the linear program's bound and its rounding, then one stretch after the other.

Whatever is found is kept at once and told, so that stopping at any moment leaves the best so far with its bound.
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scheduling.domain.designing.greedy import Filler
from scheduling.domain.designing.problem import Problem, Shift
from scheduling.domain.designing.rows import Place, Rows
from scheduling.domain.measures import gap_of
from scheduling.domain.rostering.budget import Budget

DAY = 1440
WIDTHS = (0.5, 1.0, 1.5, 2.0, 3.0)  # days of starts that are freed at once
SMALL = 1500  # variables up to which the whole is asked at once
# of the time: for a first sweep, then for the linear program; the most for one stretch, the least for the whole
QUICK, PROGRAM, SLICE, WHOLE = 0.2, 0.6, 0.08, 0.15
EFFORT = 4e-6  # of the linear program, for each factor in it, in CP-SAT's units


@dataclass(frozen=True, slots=True)
class Progress:
    """The best so far, its cost, what no design can be under, and the seconds it took."""

    shifts: tuple[Shift, ...]
    objective: int
    bound: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Design:
    """Single shifts in the order of their kinds and starts. `bound`: nothing costs less. `status`: optimal | feasible.

    `lp`: the part of the bound that the linear program proves, None where there was no time for it.
    """

    shifts: tuple[Shift, ...]
    objective: int
    bound: int
    lp: float | None
    status: str
    seconds: float
    seed: int

    @property
    def gap(self) -> float:
        """(objective − bound) / objective, 0 when proven."""
        return gap_of(self.objective, self.bound) or 0.0


Tell = Callable[[Progress], None]


def solve(
    problem: Problem,
    *,
    seconds: float | None = None,
    effort: float | None = None,
    seed: int = 1,
    workers: int = 2,
    start: Sequence[Shift] = (),
    tell: Tell | None = None,
    stop: Callable[[], bool] | None = None,
) -> Design:
    """The cheapest design found within `seconds`, or within an `effort` that repeats exactly for an equal seed.

    `tell` hears of each better design or bound; `stop` is asked often and ends the search. `start`: shifts that are
    known already, as from a search that was broken off. Steps in `problem.unreachable` stay as they are.
    """
    search = Search(problem, Budget(seconds=seconds, effort=effort, workers=workers, stop=stop), seed, tell)
    search.run(start)
    return Design(
        shifts=search.best,
        objective=search.objective,
        bound=search.bound,
        lp=search.lp,
        status="optimal" if search.proven else "feasible",
        seconds=search.budget.elapsed,
        seed=seed,
    )


class Search:
    """One search: the problem, what is left of the time, the best design and the best bound."""

    def __init__(self, problem: Problem, budget: Budget, seed: int, tell: Tell | None) -> None:
        self.problem, self.budget, self.seed = problem, budget, seed
        self._tell = tell
        self.filler = Filler(problem)
        self.random = random.Random(seed)  # noqa: S311 - chance, not secrecy
        self.places: list[Place] = [(number, at) for number, kind in enumerate(problem.kinds) for at in kind.starts]
        self.best: tuple[Shift, ...] = ()
        self.objective = -1
        self.bound = 0
        self.lp: float | None = None
        self.tried = 0

    @property
    def proven(self) -> bool:
        return self.bound >= self.objective

    def offer(self, shifts: Sequence[Shift]) -> bool:
        """Keep a design that is at least as good; whether it is better."""
        shifts = self.filler.thin(shifts) if self.problem.short is None else list(shifts)
        cost = self.filler.cost(shifts)
        if cost is None or 0 <= self.objective < cost:
            return False
        better = cost != self.objective
        self.best, self.objective = tuple(sorted(shifts)), cost
        if better:
            self._told()
        return better

    def raise_bound(self, bound: float) -> None:
        """Take a bound that holds for every design; costs are multiples of the problem's unit."""
        whole = math.ceil(bound / self.problem.unit - 1e-6) * self.problem.unit
        if whole > self.bound:
            self.bound = whole
            self._told()

    def _told(self) -> None:
        if self._tell and self.objective >= 0:
            bound = min(self.bound, self.objective)
            self._tell(Progress(self.best, self.objective, bound, self.budget.elapsed))

    def run(self, start: Sequence[Shift]) -> None:
        if start:
            self.offer(self.filler.fill(start))
        self.offer(self.filler.fill())
        self.raise_bound(self.filler.least([1.0] * len(self.problem.need)))
        if self.proven or not self.budget.left:
            return
        rows = Rows(self.problem, self.places, self.problem.need)
        if len(rows.costs) <= SMALL:
            self._relax(rows)
            self._whole(rows)
        else:
            self._sweep(WIDTHS[0], until=QUICK)  # it helps most in the first seconds, and the program may take longer
            self._relax(rows)
        while self.budget.left and not self.proven:
            self._sweeps()
            if self.budget.left and not self.proven:
                self._whole(rows)

    def _relax(self, rows: Rows) -> None:
        """The linear program's bound, and the design it rounds to."""
        self.budget.spend(EFFORT * sum(len(row.terms) for row in rows.rows))
        found = rows.relaxed(None if self.budget.counted else self.budget.until(PROGRAM))
        if found is None:
            return
        self.lp = self.filler.least(found.prices)
        self.raise_bound(self.lp)
        self.offer(self.filler.fill(rows.rounded(found.counts)))

    def _sweeps(self) -> None:
        """Over the week in stretches, again while that helps, then in longer ones."""
        for width in WIDTHS:
            while self._sweep(width, until=1 - WHOLE):
                pass

    def _sweep(self, width: float, *, until: float) -> bool:
        """Once over the week in stretches of so many days, until so much of the time is used; whether that helped."""
        helped = False
        for places in self._stretches(round(width * DAY)):
            if self.proven or self.budget.until(until) <= 0:
                return False
            helped |= self._part(places)
        return helped

    def _stretches(self, width: int) -> Iterator[list[Place]]:
        """The places of each stretch, two of which overlap by half; where the first begins is left to chance."""
        week = len(self.problem.need) * self.problem.step
        if width >= week:
            return
        first = self.random.randrange(week)
        for begin in range(first, first + week, width // 2):
            yield [place for place in self.places if (place[1] - begin) % week < width]

    def _part(self, places: Sequence[Place]) -> bool:
        """The best shifts in these places while all others stay; whether that was better."""
        free = set(places)
        inside = [one for one in self.best if (one.kind, one.start) in free]
        outside = [one for one in self.best if (one.kind, one.start) not in free]
        left = [int(need) for need in self.problem.need - self.filler.served(outside)]
        rows = Rows(self.problem, places, left)
        found, _bound = self._asked(rows, inside, self.budget.whole * SLICE)
        return found is not None and self.offer([*outside, *found])

    def _whole(self, rows: Rows) -> None:
        """All places at once, for the time that is left."""
        found, bound = self._asked(rows, self.best, self.budget.left, tell=True)
        self.raise_bound(bound * self.problem.unit)
        if found is not None:
            self.offer(found)

    def _asked(
        self, rows: Rows, hint: Sequence[Shift], most: float, *, tell: bool = False
    ) -> tuple[list[Shift] | None, float]:
        """CP-SAT's shifts, if it has any, and its bound in units."""
        from ortools.sat.python import cp_model

        model, counts = rows.exact(hint)
        self.tried += 1
        heard = _listener(self, rows, counts) if tell else None
        solver, status = self.budget.solve(model, most, seed=self.seed + self.tried, on_solution=heard)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, 0.0
        return rows.shifts(lambda one: solver.value(counts[one])), solver.best_objective_bound


def _listener(search: Search, rows: Rows, counts: Sequence[Any]) -> Any:
    from ortools.sat.python import cp_model

    class Listener(cp_model.CpSolverSolutionCallback):
        """Keeps each better design as it is found."""

        def on_solution_callback(self) -> None:
            search.raise_bound(self.best_objective_bound * search.problem.unit)
            search.offer(rows.shifts(lambda one: self.value(counts[one])))

    return Listener()
