"""What cover costs: steps that the same shifts serve make one cell, whose cost is a convex function of a count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduling.domain.rostering.problem import Held, Problem, Step


@dataclass(frozen=True, slots=True)
class Cell:
    """Options that serve the same steps together, and `price[n]`: the cost of these steps with n people there."""

    options: tuple[int, ...]
    price: NDArray[np.int64]

    def pieces(self, low: int = 0, high: int | None = None) -> list[tuple[int, int, int]]:
        """The price between two counts as straight pieces: (slope, from, to), slopes rising."""
        high = len(self.price) - 1 if high is None else high
        found: list[tuple[int, int, int]] = []
        for count in range(low, high):
            slope = int(self.price[count + 1] - self.price[count])
            if found and found[-1][0] == slope:
                found[-1] = (slope, found[-1][1], count + 1)
            else:
                found.append((slope, count, count + 1))
        return found

    def tangents(self, count: Any, low: int, high: int, model: Any) -> Any:
        """A variable of a CP-SAT model that is at least the price of `count`, which lies between `low` and `high`."""
        high = min(high, len(self.price) - 1)
        values = self.price[low : high + 1]
        price = model.new_int_var(int(values.min()), int(values.max()), "")
        for slope, start, _end in self.pieces(low, high):
            model.add(price >= slope * (count - start) + int(self.price[start]))
        return price


class Cover:
    """All cells of a problem, and the cost of steps that nothing serves."""

    def __init__(self, problem: Problem) -> None:
        serving: list[list[int]] = [[] for _ in problem.steps]
        for index, option in enumerate(problem.options):
            for place in option.steps:
                serving[place].append(index)
        alike: dict[tuple[int, ...], list[Step]] = {}
        for step, those in zip(problem.steps, serving, strict=True):
            alike.setdefault(tuple(those), []).append(step)
        self.unserved = sum(one.cost(0) for one in alike.pop((), []))
        self.cells = [Cell(those, _price(steps, len(problem.people))) for those, steps in alike.items()]
        self.matrix = np.zeros((len(problem.options), len(self.cells)))  # options × the cells they serve
        for number, cell in enumerate(self.cells):
            self.matrix[list(cell.options), number] = 1
        self._problem = problem

    @property
    def least(self) -> int:
        """Every cell at its cheapest."""
        return sum(int(cell.price.min()) for cell in self.cells)

    def counts(self, rosters: Iterable[Held]) -> NDArray[np.int64]:
        """How many people work each option."""
        found = np.zeros(len(self._problem.options), np.int64)
        for held in rosters:
            found[list(held)] += 1
        return found

    def cost(self, counts: NDArray[np.int64]) -> int:
        """Of cover alone."""
        there = (counts @ self.matrix).astype(int)
        return self.unserved + sum(int(cell.price[count]) for cell, count in zip(self.cells, there, strict=True))

    def objective(self, rosters: Sequence[Held]) -> int:
        """Of cover and wishes."""
        wishes = sum(
            self._problem.wished[number].get(index, 0) for number, held in enumerate(rosters) for index in held
        )
        return self.cost(self.counts(rosters)) + wishes + self._problem.asked

    def slopes(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        """What one person more in each option would add to the cost of cover."""
        there = (counts @ self.matrix).astype(int)
        rise = [
            float(cell.price[min(count + 1, len(cell.price) - 1)] - cell.price[min(count, len(cell.price) - 2)])
            for cell, count in zip(self.cells, there, strict=True)
        ]
        return np.asarray(self.matrix @ np.array(rise), np.float64)

    def slopes_beside(self, rosters: Sequence[Held]) -> NDArray[np.float64]:
        """For each person, what they would add to the cost of cover in each option beside what the others do.

        People × options; whoever has nothing sees what `slopes` says.
        """
        own = np.array([self.matrix[list(held)].sum(axis=0) for held in rosters]).astype(int)
        others = own.sum(axis=0) - own
        prices = np.stack([cell.price for cell in self.cells])
        each = np.arange(len(self.cells))
        rise = prices[each, others + 1] - prices[each, others]
        return np.asarray(rise @ self.matrix.T, np.float64)


def _price(steps: Sequence[Step], most: int) -> NDArray[np.int64]:
    counts = np.arange(most + 2)
    return sum(
        (
            step.under * np.maximum(step.need - counts, 0) + step.over * np.maximum(counts - step.need, 0)
            for step in steps
        ),
        np.zeros(most + 2, np.int64),
    )
