"""A quick design: one shift after the other, each where it serves most of what is still missing for its cost."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduling.domain.designing.problem import Problem, Shift, follows

FAR = 10**9


class Filler:
    """What each place of each kind would serve, by sums over the steps."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._reach = max((kind.minutes for kind in problem.kinds), default=0) // problem.step + 1
        self._starts = [np.array(kind.starts, dtype=np.int64) // problem.step for kind in problem.kinds]
        self._apart = [
            [
                np.array(
                    [[0 if follows(kind, which, on, at) else FAR for on in places[which - 1]] for at in places[which]]
                )
                for which in range(1, len(kind.breaks))
            ]
            for kind, places in zip(problem.kinds, problem.places, strict=True)
        ]

    def fill(self, shifts: Iterable[Shift] = ()) -> list[Shift]:
        """These shifts, and more until nobody is missed, or missing somebody costs less than a shift."""
        found, kinds = list(shifts), self._problem.kinds
        left = np.array(self._problem.need) - self.served(found)
        while (left > 0).any():
            gain = (left > 0) + left.clip(0) * 1e-6  # ties by where most are missing
            worth, shift = max(
                (self.best(number, gain) for number in range(len(kinds))),
                key=lambda one: one[0] / kinds[one[1].kind].price,
            )
            price = kinds[shift.kind].price
            if worth <= 0 or (self._problem.short is not None and int(worth) * self._problem.short <= price):
                break
            found.append(shift)
            left[self._steps(shift)] -= 1
        return found

    def thin(self, shifts: Sequence[Shift]) -> list[Shift]:
        """Without the shifts that nobody would miss, dearest first."""
        kinds, found = self._problem.kinds, []
        spare = self.served(shifts) - np.array(self._problem.need)
        for shift in sorted(shifts, key=lambda one: -kinds[one.kind].price):
            steps = self._steps(shift)
            if (spare[steps] > 0).all():
                spare[steps] -= 1
            else:
                found.append(shift)
        return found

    def served(self, shifts: Iterable[Shift]) -> NDArray[np.int64]:
        """How many serve in each step."""
        there = np.zeros(len(self._problem.required), np.int64)
        for shift in shifts:
            there[self._steps(shift)] += 1
        return there

    def cost(self, shifts: Iterable[Shift]) -> int | None:
        """What they cost, with those missing where that has a price; None where somebody is missing and may not be."""
        problem, shifts = self._problem, list(shifts)
        short = int((np.array(problem.need) - self.served(shifts)).clip(0).sum())
        if short and problem.short is None:
            return None
        return sum(problem.kinds[one.kind].price for one in shifts) + short * (problem.short or 0)

    def least(self, prices: Sequence[float]) -> float:
        """What no design costs less than, by a price of 0 or more for each step's cover.

        By weak duality: made so small that no shift serves for more than it costs, and nobody is missing for more than
        that costs, the prices of all that is needed are a bound, whoever made them.
        """
        worths = np.array(prices).clip(0)
        dear = [self.best(number, worths)[0] / kind.price for number, kind in enumerate(self._problem.kinds)]
        if self._problem.short is not None:
            dear.append(float(worths.max(initial=0)) / self._problem.short)
        most = max(dear, default=0.0)
        return float(worths @ np.array(self._problem.need)) / most if most > 0 else 0.0

    def _steps(self, shift: Shift) -> list[int]:
        problem, kind = self._problem, self._problem.kinds[shift.kind]
        off = {
            offset
            for one, at in zip(kind.breaks, shift.breaks, strict=True)
            for offset in range(at // problem.step, -(-(at + one.minutes) // problem.step))
        }
        steps = (problem.at(shift.start, offset) for offset in range(kind.minutes // problem.step) if offset not in off)
        return [step for step in steps if step is not None]

    def best(self, number: int, gain: NDArray[Any]) -> tuple[float, Shift]:
        """The shift of a kind that serves steps worth most together, and that worth."""
        problem, kind = self._problem, self._problem.kinds[number]
        more = gain[np.arange(self._reach) % len(gain)] if problem.wraps else np.zeros(self._reach)
        sums = np.concatenate([[0.0], np.cumsum(np.concatenate([gain, more]))])
        starts = self._starts[number]
        worth = sums[starts + kind.minutes // problem.step] - sums[starts]
        trail: list[Any] = []
        lost = np.zeros((len(starts), 0))
        for which, (one, window) in enumerate(zip(kind.breaks, problem.places[number], strict=True)):
            first = np.array(window) // problem.step
            last = -(-(np.array(window) + one.minutes) // problem.step)
            loss = sums[np.minimum(starts[:, None] + last, len(sums) - 1)] - sums[starts[:, None] + first]
            if which:
                ways = lost[:, None, :] + self._apart[number][which - 1][None]
                trail.append(ways.argmin(axis=2))
                loss = loss + ways.min(axis=2)
            lost = loss
        if kind.breaks:
            worth = worth - lost.min(axis=1)
        at = int(worth.argmax())
        return float(worth[at]), Shift(number, kind.starts[at], self._traced(number, at, lost, trail))

    def _traced(self, number: int, at: int, lost: NDArray[Any], trail: list[Any]) -> tuple[int, ...]:
        windows = self._problem.places[number]
        if not windows:
            return ()
        chosen = [int(lost[at].argmin())]
        for steps in reversed(trail):
            chosen.append(int(steps[at, chosen[-1]]))
        return tuple(window[one] for window, one in zip(windows, reversed(chosen), strict=True))
