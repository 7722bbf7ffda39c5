"""Making a roster better part by part: some people or some days are freed, the rest stays, and the part is solved again.

There are several ways to choose and to solve a part. Each is taken as often as it has been worth lately, and the
parts of each grow while they are solved without gain and shrink where time isn't enough.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduling.domain.rostering.covering import Cell
from scheduling.domain.rostering.model import Part
from scheduling.domain.rostering.problem import Held

if TYPE_CHECKING:
    from scheduling.domain.rostering.search import Search

SHARE = 1 / 12  # of what is left, for one part at most
LONGEST = 6.0
MEMORY, LEAST = 0.85, 0.15  # how long the worth of a way is remembered, and what every way keeps
EFFORT = 0.01  # of every part, so that an effort is used up even by parts that cost nothing
BARREN = 150  # parts without a gain after which other things are tried


@dataclass(slots=True)
class Way:
    """A way to solve a part: its size, within limits, and what it has been worth."""

    name: str
    solve: Callable[[int], tuple[list[Held] | None, bool]]
    size: float
    least: int
    most: int
    worth: float = 1.0
    tried: int = 0


class Neighbours:
    """Parts of a search's best roster."""

    def __init__(self, search: "Search") -> None:
        self.search = search
        self._since = 0
        people, days = len(search.best), len(search.problem.span)
        self.ways = [
            Way("people", self._people, 3, 2, people),
            *([Way("days", self._days, 2, 1, days)] if search.cover.cells else []),
        ]
        if search.columns.fits:
            self.ways.append(Way("dive", self._dive, 8, 3, people, worth=6.0))
            self.ways.append(Way("mix", self._mix, people, 3, people, worth=6.0))

    @property
    def barren(self) -> bool:
        return self._since > BARREN

    def step(self) -> None:
        """Try one part."""
        search = self.search
        way = search.random.choices(self.ways, [one.worth for one in self.ways])[0]
        before, was = search.budget.used, search.objective
        size = min(max(round(way.size), way.least), way.most)
        rosters, finished = way.solve(size)
        search.budget.spend(EFFORT)
        better = search.offer(rosters)
        took = max(search.budget.used - before, 1e-3)
        gain = (was - search.objective) / max(was - search.bound, 1) / took
        way.tried += 1
        way.worth = max(MEMORY * way.worth + (1 - MEMORY) * min(20 * gain, 3.0), LEAST)
        way.size *= 1.0 if better else 1.06 if finished else 0.9
        way.size = min(max(way.size, way.least), way.most)
        self._since = 0 if better else self._since + 1

    def _limit(self) -> float:
        return min(LONGEST, max(self.search.budget.left * SHARE, 0.2))

    def _chosen(self, size: int) -> list[int]:
        """Anybody, or for one half people who could mend a cell that costs much."""
        search = self.search
        people = [number for number, those in enumerate(search.problem.choices) if those]
        aimed = search.cover.cells and search.random.random() < 0.5
        near = self._menders(*self._costly_cell()) if aimed else []
        chosen = set(search.random.sample(near, min((size + 1) // 2, len(near))))
        others = [number for number in people if number not in chosen]
        chosen.update(search.random.sample(others, min(size - len(chosen), len(others))))
        return sorted(chosen)

    def _menders(self, cell: Cell, count: int) -> list[int]:
        """Who could come where people are missing, or go where there are too many."""
        search, options = self.search, set(cell.options)
        missing = cell.price[count + 1] < cell.price[count]
        there = search.problem.choices if missing else search.best
        return [number for number, those in enumerate(there) if not options.isdisjoint(those)]

    def _costly_cell(self) -> tuple[Cell, int]:
        """A cell by chance, costly ones more often, and how many serve it."""
        search = self.search
        there = (search.cover.counts(search.best) @ search.cover.matrix).astype(int)
        costs = [
            0.1 + float(cell.price[count] - cell.price.min())
            for cell, count in zip(search.cover.cells, there, strict=True)
        ]
        [number] = search.random.choices(range(len(costs)), costs)
        return search.cover.cells[number], int(there[number])

    def _people(self, size: int) -> tuple[list[Held] | None, bool]:
        return self._exact(dict.fromkeys(self._chosen(size)))

    def _days(self, size: int) -> tuple[list[Held] | None, bool]:
        """Everybody, on a few days in a row."""
        cell, _count = self._costly_cell()
        day = self.search.problem.options[cell.options[0]].day - self.search.random.randrange(size)
        days = frozenset(range(day, day + size))
        return self._exact(dict.fromkeys(range(len(self.search.best)), days))

    def _exact(self, free: dict[int, frozenset[int] | None]) -> tuple[list[Held] | None, bool]:
        search = self.search
        part = Part(search.problem, search.cover, search.best, free)
        part.hint(search.best)
        rosters, _, finished = part.solve(search.budget, self._limit(), seed=search.random.randrange(1 << 30))
        return rosters, finished

    def _dive(self, size: int) -> tuple[list[Held] | None, bool]:
        search, until = self.search, self._until()
        search.columns.forget(search.best)
        rosters = search.columns.dive(
            search.budget, until, rounds=3, rosters=search.best, free=self._chosen(size), jitter=search.random
        )
        return rosters, rosters is not None

    def _mix(self, size: int) -> tuple[list[Held] | None, bool]:
        search = self.search
        return search.columns.mix(
            search.budget, self._limit(), rosters=search.best, free=self._chosen(size),
            seed=search.random.randrange(1 << 30),
        )  # fmt: skip

    def _until(self) -> Callable[[], float]:
        """What is left of the time for one part, from now on."""
        budget = self.search.budget
        end = budget.used + 2 * self._limit()
        return lambda: min(budget.left, max(end - budget.used, 0.0))
