"""The search for a roster: quick answers first, then bounds, then one part of the roster after the other made better.

Whatever is found is kept at once and told, so that stopping at any moment leaves the best so far with its bound.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from scheduling.domain.rostering import bounding
from scheduling.domain.rostering.budget import Budget
from scheduling.domain.rostering.columns import Columns
from scheduling.domain.rostering.conflicts import alone, conflict, possible
from scheduling.domain.rostering.covering import Cover
from scheduling.domain.rostering.model import Part
from scheduling.domain.rostering.neighbours import Neighbours
from scheduling.domain.rostering.outcome import Progress, Roster
from scheduling.domain.rostering.problem import Held, Problem

ROUNDS = 2  # of everybody answering what the others do
SMALL, WHOLE = 400, 3000  # choices up to which the exact model is asked at once, and at all
LAST = 0.4  # of the time, for the exact model from the best roster of the parts
ALIKE = 2  # people for each group of alike people, from where counts by group are worth it
GROUPS, ALONE = 0.15, 0.4  # of the time for counts, and as much to share them out: with columns to come, and without


Tell = Callable[[Progress], None]


def solve(
    problem: Problem,
    *,
    seconds: float | None = None,
    effort: float | None = None,
    seed: int = 1,
    workers: int = 2,
    start: Sequence[Held] | None = None,
    tell: Tell | None = None,
    stop: Callable[[], bool] | None = None,
) -> Roster:
    """The best roster found within `seconds`, or within an `effort` that repeats exactly for an equal seed.

    `tell` hears of each better roster or bound; `stop` is asked often and ends the search. With `start`, a roster that
    keeps the rules, nothing worse than it is found. People whose rules can't be kept together are left out, and the
    roster says which rules these are.
    """
    budget = Budget(seconds=seconds, effort=effort, workers=workers, stop=stop)
    stuck = stuck_people(problem)
    search = Search(without(problem, stuck), budget, seed, tell)
    search.run(start)
    status = "conflict" if stuck else "optimal" if search.proven else "feasible"
    found = tuple(conflict(problem, number) for number in stuck)
    return Roster(
        held=tuple(search.best),
        objective=search.objective,
        bound=search.bound,
        status=status,
        seconds=budget.elapsed,
        seed=seed,
        conflicts=tuple(one for one in found if one),
    )


def stuck_people(problem: Problem) -> list[int]:
    """Whose rules leave them no roster at all, by number."""
    alike: dict[tuple[object, ...], bool] = {}
    found = []
    for number, person in enumerate(problem.people):
        kind = replace(person, key="", wishes=()).alike
        if kind not in alike:
            alike[kind] = possible(alone(problem, number))
        if not alike[kind]:
            found.append(number)
    return found


def without(problem: Problem, numbers: Sequence[int]) -> Problem:
    """The problem in which these people work nothing and owe nothing."""
    people = list(problem.people)
    for number in numbers:
        people[number] = replace(people[number], kinds=frozenset(), min_minutes=0)
    return replace(problem, people=tuple(people)) if numbers else problem


class Search:
    """One search: the problem, what is left of the time, the best roster and the best bound."""

    def __init__(self, problem: Problem, budget: Budget, seed: int, tell: Tell | None = None) -> None:
        self.problem, self.budget, self.seed, self._tell = problem, budget, seed, tell
        self.cover = Cover(problem)
        self.columns = Columns(problem, self.cover)
        self.random = random.Random(seed)  # noqa: S311 - chance, not secrecy
        self.best: list[Held] = [() for _ in problem.people]
        self.objective = -1
        self.bound = self._least()
        self.choices = sum(len(those) for those in problem.choices)

    def _least(self) -> int:
        """A bound without any work: every cell at its cheapest, every wish met."""
        wishes = sum(min(weight, 0) for own in self.problem.wished for weight in own.values())
        return max(self.cover.unserved + self.problem.asked + wishes + self.cover.least, 0)

    @property
    def proven(self) -> bool:
        return self.objective >= 0 and self.bound >= self.objective

    def offer(self, rosters: Sequence[Held] | None) -> bool:
        """Keep a roster that is at least as good; whether it is better."""
        if rosters is None:
            return False
        objective = self.cover.objective(rosters)
        if 0 <= self.objective < objective:
            return False
        better = objective != self.objective
        self.best, self.objective = list(rosters), objective
        if better:
            self._told()
        return better

    def raise_bound(self, bound: float) -> None:
        """Take a bound that holds for every roster; costs are whole numbers."""
        whole = 0 if math.isinf(bound) else math.ceil(bound - 1e-5)
        if whole > self.bound:
            self.bound = whole
            self._told()

    def _told(self) -> None:
        if self._tell and self.objective >= 0:
            self._tell(Progress(self.objective, min(self.bound, self.objective), self.budget.elapsed))

    def run(self, start: Sequence[Held] | None = None) -> None:
        self.offer(start)
        if start is not None and self.columns.fits:
            self.amends()
        else:
            self.answers()
        for step in (self.by_groups, self.by_columns, self.small, self.by_parts):
            if self.proven or not self.budget.left:
                return
            step()

    def answers(self) -> None:
        """Everybody in turn takes what is best beside what the others do. Once around is done whatever the time."""
        rosters = list(self.best)
        order = list(range(len(rosters)))
        for _ in range(ROUNDS):
            self.random.shuffle(order)
            for person in order:
                rosters[person] = self._answer(person, rosters)
            self.offer(rosters)
            if not self.budget.left:
                return

    def amends(self) -> None:
        """From a roster that stands: whoever gains most changes theirs first, until nobody gains."""
        for person, held in enumerate(self.best):
            self.columns.add(person, held)
        while self.budget.left:
            rosters = list(self.best)
            found = self.columns.answers(self.cover.slopes_beside(rosters))
            gains = [
                self.objective - self.cover.objective([*rosters[:person], held, *rosters[person + 1 :]])
                if held != rosters[person]
                else 0
                for person, (_, held) in enumerate(found)
            ]
            for person in sorted(range(len(gains)), key=lambda one: -gains[one]):
                if gains[person] <= 0 or not self.budget.left:
                    break
                rosters[person] = self._answer(person, rosters)  # what the one before took is no gain any more
            if not self.offer(rosters):
                return

    def _answer(self, person: int, rosters: list[Held]) -> Held:
        if self.columns.fits:
            others = self.cover.counts(held for number, held in enumerate(rosters) if number != person)
            _, held = self.columns.answer(person, self.cover.slopes(others))
            self.columns.add(person, held)
            return held
        part = Part(self.problem, self.cover, rosters, {person: None})
        found, _, _ = part.solve(self.budget, 1.0, seed=self.seed)
        return found[person] if found else rosters[person]

    def by_groups(self) -> None:
        """Counts of alike people, shared out among them."""
        groups = [group for group in bounding.groups(self.problem) if self.problem.choices[group[0]]]
        if sum(map(len, groups)) < ALIKE * len(groups):
            return
        budget, share = self.budget, GROUPS if self.columns.fits else ALONE
        if not budget.until(share):
            return
        counts = bounding.relax(self.problem, self.cover, groups, budget, budget.until(share), self.seed)
        if counts is None:
            return
        self.raise_bound(counts.bound)
        rosters, end = list(self.best), budget.used + budget.until(2 * share)
        for group, own in zip(groups, counts.by_group, strict=True):
            found = bounding.share_out(
                self.problem, group, own, budget, lambda: min(budget.left, end - budget.used), self.seed
            )
            for person, held in zip(group, found or [], strict=False):
                rosters[person] = held
        self.offer(rosters)

    def small(self) -> None:
        """The exact model at once, where it is small."""
        if self.choices <= SMALL:
            self.whole(self.budget.until(0.9))

    def whole(self, most: float) -> None:
        part = Part(self.problem, self.cover, self.best, dict.fromkeys(range(len(self.best))))
        part.hint(self.best)
        rosters, bound, _ = part.solve(self.budget, most, seed=self.seed, tell=self._heard)
        self.raise_bound(bound)
        self.offer(rosters)

    def _heard(self, rosters: list[Held], _objective: int, bound: float) -> None:
        self.raise_bound(bound)
        self.offer(rosters)

    def by_columns(self) -> None:
        """A bound by the prices of whole rosters, and a roster settled from them."""
        if not self.columns.fits:
            return
        budget = self.budget
        self.columns.improve(range(len(self.best)), budget, lambda: budget.until(0.6), prove=True)
        self.raise_bound(self.columns.bound)
        if not self.proven:
            self.offer(self.columns.dive(budget, lambda: budget.until(0.8), rounds=3))

    def by_parts(self) -> None:
        """One part after the other; where it can be, the whole once they gain nothing more and for the last of the time."""
        neighbours, last = Neighbours(self), LAST * self.budget.whole
        while self.budget.left and not self.proven:
            if self.choices <= WHOLE and (neighbours.barren or self.budget.left < last):
                self.whole(self.budget.left)
                return
            neighbours.step()
