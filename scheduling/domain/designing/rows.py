"""Covering with implicit breaks, as variables and rows that a linear solver and CP-SAT both take.

T. Aykin, "Optimal shift scheduling with multiple break windows", Management Science 42 (1996): for each start a count
of shifts and, for each of their breaks, a count for each minute it may begin; breaks of a number are as many as the
shifts, and cover is shifts less breaks. Where windows meet, counts up to a minute keep the breaks apart (see `pairing`),
so that the counts always make single shifts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import accumulate, pairwise
from typing import Any

from scheduling.domain.designing.pairing import paired
from scheduling.domain.designing.problem import Problem, Shift

Place = tuple[int, int]  # a kind by number and a start


@dataclass(frozen=True, slots=True)
class Row:
    """Σ factor × variable, between two values."""

    terms: list[tuple[int, int]]  # (variable, factor)
    low: float
    high: float


@dataclass(slots=True)
class Own:
    """The variables of one place: how many shifts, and of each break how many begin when."""

    shifts: int
    breaks: list[dict[int, int]]


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A fractional design: its counts by variable, and what the last agent of each step costs."""

    counts: list[float]
    prices: list[float]


@dataclass
class Rows:
    """The program for some places, when `need` is what is left for them to serve. Costs are in the problem's units."""

    problem: Problem
    places: Sequence[Place]
    need: Sequence[int]
    costs: list[int] = field(default_factory=list)  # by variable
    most: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    own: dict[Place, Own] = field(default_factory=dict)
    missing: dict[int, int] = field(default_factory=dict)  # variables by step
    covering: dict[int, int] = field(default_factory=dict)  # rows by step

    def __post_init__(self) -> None:
        self.cover: list[list[tuple[int, int]]] = [[] for _ in self.need]
        for place in self.places:
            self._place(place)
        for step, need in enumerate(self.need):
            if need > 0:
                self._cover(step, need)

    def _new(self, cost: int, most: int) -> int:
        self.costs.append(cost)
        self.most.append(most)
        return len(self.costs) - 1

    def _place(self, place: Place) -> None:
        problem, (number, start) = self.problem, place
        kind = problem.kinds[number]
        steps = [problem.at(start, offset) for offset in range(kind.minutes // problem.step)]
        # each shift of a place serves something that would be missed without it, in a design of least cost
        most = sum(max(self.need[step], 0) for step in steps if step is not None)
        shifts = self._new(kind.price // problem.unit, most)
        for step in steps:
            if step is not None:
                self.cover[step].append((shifts, 1))
        self.own[place] = Own(shifts, [])
        for which, (one, window) in enumerate(zip(kind.breaks, problem.places[number], strict=True)):
            begins = {at: self._new(0, most) for at in window}
            self.own[place].breaks.append(begins)
            for at, variable in begins.items():
                last = min(-(-(at + one.minutes) // problem.step), len(steps))
                for offset in range(at // problem.step, last):
                    if (step := steps[offset]) is not None:
                        self.cover[step].append((variable, -1))
            self.rows.append(Row([(shifts, -1), *((variable, 1) for variable in begins.values())], 0, 0))
            if which:
                self._apart(place, which)

    def _apart(self, place: Place, which: int) -> None:
        """Up to any minute: no more breaks than the ones before them let begin, and no fewer than they make begin."""
        kind = self.problem.kinds[place[0]]
        before, after = self.own[place].breaks[which - 1 : which + 1]
        ends = kind.breaks[which - 1].minutes
        for at in after:
            open_ = [on for on in before if on + ends + kind.between <= at]
            if len(open_) < len(before):
                terms = [(after[one], 1) for one in after if one <= at] + [(before[on], -1) for on in open_]
                self.rows.append(Row(terms, float("-inf"), 0))
        for on in before if kind.stretch is not None else ():
            due = on + ends + (kind.stretch or 0)
            begun = [one for one in after if one <= due]
            if len(begun) < len(after):
                terms = [(before[one], 1) for one in before if one <= on] + [(after[one], -1) for one in begun]
                self.rows.append(Row(terms, float("-inf"), 0))

    def _cover(self, step: int, need: int) -> None:
        terms = list(self.cover[step])
        if self.problem.short is not None:
            self.missing[step] = self._new(self.problem.short // self.problem.unit, need)
            terms.append((self.missing[step], 1))
        self.covering[step] = len(self.rows)
        self.rows.append(Row(terms, need, float("inf")))

    def shifts(self, value: Any) -> list[Shift]:
        """The single shifts of a whole solution; `value(variable)` is its count."""
        found: list[Shift] = []
        for (kind, start), own in self.own.items():
            if count := value(own.shifts):
                breaks = ({at: value(one) for at, one in those.items()} for those in own.breaks)
                found += paired(kind, start, count, breaks)
        return found

    def values(self, shifts: Iterable[Shift]) -> list[int]:
        """The counts that shifts of these places make, of agents missing too."""
        found = [0] * len(self.costs)
        for one in shifts:
            own = self.own[one.kind, one.start]
            found[own.shifts] += 1
            for at, those in zip(one.breaks, own.breaks, strict=True):
                found[those[at]] += 1
        for step, variable in self.missing.items():
            there = sum(factor * found[which] for which, factor in self.cover[step])
            found[variable] = max(self.need[step] - there, 0)
        return found

    def relaxed(self, seconds: float | None = None) -> Relaxed | None:
        """The linear program's counts and the price of each step's cover; None where the solver gave up."""
        from ortools.math_opt.python import mathopt

        model = mathopt.Model()
        counts = [model.add_variable(lb=0) for _ in self.costs]
        for variable, cost in zip(counts, self.costs, strict=True):
            model.objective.set_linear_coefficient(variable, cost)
        lines = []
        for row in self.rows:
            lines.append(model.add_linear_constraint(lb=row.low, ub=row.high))
            for which, factor in row.terms:
                lines[-1].set_coefficient(counts[which], factor)
        limits = mathopt.SolveParameters(time_limit=None if seconds is None else timedelta(seconds=max(seconds, 0.01)))
        answer = mathopt.solve(model, mathopt.SolverType.GLOP, params=limits)
        if answer.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return None
        known, duals = answer.variable_values(), answer.dual_values()
        prices = [0.0] * len(self.need)
        for step, number in self.covering.items():
            prices[step] = duals[lines[number]]
        return Relaxed([known[one] for one in counts], prices)

    def rounded(self, counts: Sequence[float]) -> list[Shift]:
        """Whole shifts below these counts; their breaks begin when those of the counts do, as nearly as may be."""
        found: list[Shift] = []
        for (kind, start), own in self.own.items():
            if count := int(counts[own.shifts] + 1e-6):
                share = count / counts[own.shifts]
                found += paired(
                    kind,
                    start,
                    count,
                    (
                        dict(zip(those, running(counts[one] * share for one in those.values()), strict=True))
                        for those in own.breaks
                    ),
                )
        return found

    def exact(self, hint: Iterable[Shift] | None) -> tuple[Any, list[Any]]:
        """A CP-SAT model, which starts from shifts of these places if there are any, and its counts."""
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        counts = [model.new_int_var(0, high, "") for high in self.most]
        for row in self.rows:
            those = [counts[which] for which, _ in row.terms]
            total = cp_model.LinearExpr.weighted_sum(those, [factor for _, factor in row.terms])
            if row.low == row.high:
                model.add(total == int(row.low))
            elif row.high == float("inf"):
                model.add(total >= int(row.low))
            else:
                model.add(total <= int(row.high))
        model.minimize(cp_model.LinearExpr.weighted_sum(counts, self.costs))
        if hint is not None:
            for variable, value in zip(counts, self.values(hint), strict=True):
                model.add_hint(variable, value)
        return model, counts


def running(values: Iterable[float]) -> list[int]:
    """Whole numbers whose sums up to each place are those of the values, rounded."""
    sums = [0, *(round(total) for total in accumulate(values))]
    return [after - before for before, after in pairwise(sums)]
