"""The best shifts of one person at given prices, exactly: a walk over the days that keeps all of the person's rules.

A state is the day's option with the length of the run, or the length of the time off, and beside it how many shifts
of each class and weekends were worked. People whose limits are equal are walked together, one axis of the arrays.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduling.domain.rostering.problem import Held, Person, Problem

Floats = NDArray[np.float64]
Index = tuple[Any, ...]
MOST = 12_000_000  # states of all days that are kept at once
LARGEST = 400_000  # states of a day; past it the walk takes longer than it is worth


def limits(problem: Problem, person: Person) -> tuple[object, ...]:
    """What has to be equal for two people to be walked together."""
    return (
        person.min_minutes, person.max_minutes, person.max_days, person.max_run, person.min_run, person.min_free,
        person.max_weekends, tuple(sorted(_binding(problem, person).items())),
    )  # fmt: skip


def _most_shifts(problem: Problem, person: Person) -> int:
    """Shifts that fit the limits on days and minutes."""
    shortest = min((option.paid for option in problem.options), default=0)
    fit = len(problem.span) if person.max_minutes is None or not shortest else person.max_minutes // shortest
    return min(len(problem.span), fit, len(problem.span) if person.max_days is None else person.max_days)


def _binding(problem: Problem, person: Person) -> dict[str, int]:
    """Limits on kinds of shift that the other limits don't keep already."""
    most = _most_shifts(problem, person)
    return {kind: count for kind, count in person.most_of if count < most}


@dataclass(frozen=True, slots=True)
class _Axis:
    """Shifts that are counted together: their kinds, paid minutes of each, and how many there may be."""

    own: str | None
    paid: int
    most: int


class Walk:
    """The days of people with equal limits. `people` are their numbers in the problem."""

    def __init__(self, problem: Problem, people: list[int]) -> None:
        self.people = people
        self._problem = problem
        self._person = problem.people[people[0]]
        self._axes = self._counted()
        self._weekends = self._person.max_weekends if problem.weekends else None
        self._shape = (
            *(axis.most + 1 for axis in self._axes),
            *(() if self._weekends is None else (self._weekends + 1,)),
        )
        self._runs = self._person.min_run if self._person.max_run is None else self._person.max_run
        self._within, self._enough = self._totals()
        self._first = {those[0] for those in problem.weekends}
        self._weekend_days = {day for those in problem.weekends for day in those}
        self._before = self._followers()

    @property
    def size(self) -> int:
        """States of a day for one person."""
        widest = max((len(those) for those in self._problem.by_day.values()), default=0)
        return int(math.prod(self._shape) * widest * self._runs)

    def _counted(self) -> list[_Axis]:
        person, binding = self._person, _binding(self._problem, self._person)
        found: dict[tuple[str | None, int], int] = {}
        for option in self._problem.options:
            own = option.key if option.key in binding else None
            most = _most_shifts(self._problem, person)
            if person.max_minutes is not None and option.paid:
                most = min(most, person.max_minutes // option.paid)
            found[own, option.paid] = min(most, binding.get(own, most) if own else most)
        unlimited = person.max_minutes is None and person.max_days is None and not person.min_minutes
        return [_Axis(own, paid, most) for (own, paid), most in found.items() if own or not unlimited]

    def _totals(self) -> tuple[Floats, Floats]:
        """Per state of the counts: 0 or infinity for within the upper limits, and for enough minutes at the end."""
        person = self._person
        shape = self._shape
        counts = np.indices(shape)
        minutes = sum((counts[place] * axis.paid for place, axis in enumerate(self._axes)), np.zeros(shape))
        days = sum((counts[place] for place in range(len(self._axes))), np.zeros(shape))
        fits = np.ones(shape, bool)
        if person.max_minutes is not None and self._axes:
            fits &= minutes <= person.max_minutes
        if person.max_days is not None:
            fits &= days <= person.max_days
        return np.where(fits, 0.0, np.inf), np.where(minutes >= person.min_minutes, 0.0, np.inf)

    def _followers(self) -> dict[int, list[tuple[list[int], int | None]]]:
        """For each day and option of it: places of the options of the day before that it may follow, and its axis."""
        found: dict[int, list[tuple[list[int], int | None]]] = {}
        for day in self._problem.span:
            earlier = self._problem.by_day.get(day - 1, [])
            found[day] = [
                (
                    [place for place, other in enumerate(earlier) if other not in self._problem.clashes[index]],
                    self._axis_of(index),
                )
                for index in self._problem.by_day[day]
            ]
        return found

    def _axis_of(self, index: int) -> int | None:
        option, binding = self._problem.options[index], _binding(self._problem, self._person)
        own = option.key if option.key in binding else None
        places = [place for place, axis in enumerate(self._axes) if (axis.own, axis.paid) == (own, option.paid)]
        return places[0] if places else None

    # --- forwards ---------------------------------------------------------------------------------------

    def best(self, prices: Floats) -> list[tuple[float, Held]]:
        """For each row, the least sum of `prices[row, option]` over a roster that keeps the rules, and its options.

        Infinity where an option may not be taken; infinity and nothing where no roster keeps the rules.
        """
        at_once = max(MOST // max(self.size * len(self._problem.span), 1), 1)
        found = []
        for first in range(0, len(prices), at_once):
            rows = prices[first : first + at_once]
            working, free = self._forwards(rows)
            found += [self._backwards(working, free, row) for row in range(len(rows))]
        return found

    def _forwards(self, prices: Floats) -> tuple[list[Floats], list[Floats]]:
        """Least costs by day: [option, run, row, counts…] of who works that day, [days off, row, counts…] of the others."""
        shape = (len(prices), *self._shape)
        nothing = np.full(shape, np.inf)
        start: Index = (slice(None), *(0,) * len(self._shape))
        nothing[start] = 0.0
        on = np.full((0, self._runs, *shape), np.inf)
        off = np.full((self._person.min_free, *shape), np.inf)
        working, free = [], []
        for number, day in enumerate(self._problem.span):
            begun = off[self._lengths(len(off), self._person.min_free, number)].min(axis=0) if number else nothing
            stops = self._lengths(self._runs, self._person.min_run, number)
            stopped = on[:, stops].min(axis=(0, 1), initial=np.inf) if number else nothing
            on = self._work(day, on, begun, prices)
            off = self._off(off, stopped)
            working.append(on)
            free.append(off)
        return working, free

    @staticmethod
    def _off(off: Floats, stopped: Floats) -> Floats:
        """One day more of time off; the longest length stands for all that are longer."""
        if len(off) == 1:
            return np.minimum(off, stopped)
        return np.concatenate([stopped[None], off[:-2], off[-2:].min(axis=0, keepdims=True)])

    @staticmethod
    def _lengths(longest: int, least: int, number: int) -> list[int]:
        """Lengths, less one, that may end on the day of this number: long enough, or touching the first day."""
        return [length - 1 for length in range(1, longest + 1) if length >= least or length == number]

    def _work(self, day: int, on: Floats, begun: Floats, prices: Floats) -> Floats:
        options = self._problem.by_day[day]
        found = np.full((len(options), self._runs, *begun.shape), np.inf)
        for place, index in enumerate(options):
            price = prices[:, index]
            if not self._runs or np.isinf(price).all():
                continue
            before, axis = self._before[day][place]
            to, of = self._moved(axis, weekend=day in self._weekend_days)
            found[place, 0][to] = begun[of]
            if before and len(on):
                to, of = self._moved(axis, weekend=day in self._first)
                went_on = on[before].min(axis=0)
                found[place, 1:][(slice(None), *to)] = went_on[:-1][(slice(None), *of)]
                if self._person.max_run is None:
                    last = found[place, -1][to]
                    np.minimum(last, went_on[-1][of], out=last)
            found[place] += price.reshape(-1, *(1,) * len(self._shape)) + self._within
        return found

    def _moved(self, axis: int | None, *, weekend: bool) -> tuple[Index, Index]:
        """Where counts go when a shift is taken, and where they come from."""
        to, of = [slice(None)] * (len(self._shape) + 1), [slice(None)] * (len(self._shape) + 1)
        for moved in (() if axis is None else (axis + 1,)) + ((-1,) if weekend and self._weekends is not None else ()):
            to[moved], of[moved] = slice(1, None), slice(0, -1)
        return tuple(to), tuple(of)

    # --- backwards --------------------------------------------------------------------------------------

    def _backwards(self, working: list[Floats], free: list[Floats], row: int) -> tuple[float, Held]:
        """The options of the cheapest end, found by asking day by day which state before it was the cheapest."""
        ends = [
            (float(costs.min()), code, np.unravel_index(int(costs.argmin()), costs.shape))
            for code, costs in (
                (-1, free[-1][:, row] + self._enough),
                (0, working[-1][:, :, row] + self._enough),
            )
            if costs.size
        ]
        least, code, place = min(ends, key=lambda end: (end[0], end[1]))
        if math.isinf(least):
            return math.inf, ()
        state = _State(-1, *_split(place)) if code else _State(int(place[0]), *_split(place[1:]))
        held = []
        for number in range(len(working) - 1, -1, -1):
            day = self._problem.span[number]
            if state.option >= 0:
                held.append(self._problem.by_day[day][state.option])
            if number:
                costs = working[number - 1][:, :, row], free[number - 1][:, row]
                state = min(self._earlier(state, number), key=lambda one: _cost(*costs, one))
        return least, tuple(reversed(held))

    def _earlier(self, state: "_State", number: int) -> list["_State"]:
        """The states of the day before that may have led to this one."""
        if state.option >= 0:
            return [*self._begun_from(state, number), *self._gone_on_from(state, number)]
        longest = self._person.min_free
        lengths = {state.length - 1} | ({longest - 1} if state.length == longest - 1 else set())
        found = [_State(-1, length, state.counts) for length in sorted(lengths) if length >= 0]
        if state.length == 0:
            runs = self._lengths(self._runs, self._person.min_run, number)
            places = range(len(self._problem.by_day[self._problem.span[number - 1]]))
            found += [_State(place, run, state.counts) for place in places for run in runs]
        return found

    def _begun_from(self, state: "_State", number: int) -> list["_State"]:
        day = self._problem.span[number]
        counts = self._less(state.counts, self._before[day][state.option][1], weekend=day in self._weekend_days)
        if state.length or counts is None:
            return []
        lengths = self._lengths(self._person.min_free, self._person.min_free, number)
        return [_State(-1, length, counts) for length in lengths]

    def _gone_on_from(self, state: "_State", number: int) -> list["_State"]:
        day = self._problem.span[number]
        before, axis = self._before[day][state.option]
        counts = self._less(state.counts, axis, weekend=day in self._first)
        if counts is None:
            return []
        unending = self._person.max_run is None and state.length == self._runs - 1
        runs = {state.length - 1} | ({state.length} if unending else set())
        return [_State(place, run, counts) for place in before for run in sorted(runs) if run >= 0]

    def _less(self, counts: tuple[int, ...], axis: int | None, *, weekend: bool) -> tuple[int, ...] | None:
        """The counts before a shift was taken; None where they can't have been."""
        found = list(counts)
        if axis is not None:
            found[axis] -= 1
        if weekend and self._weekends is not None:
            found[-1] -= 1
        return tuple(found) if min(found, default=0) >= 0 else None


@dataclass(frozen=True, slots=True)
class _State:
    """A place among a day's options, −1 for a day off; the length of the run or time off, less one; the counts."""

    option: int
    length: int
    counts: tuple[int, ...]


def _split(place: Sequence[np.intp]) -> tuple[int, tuple[int, ...]]:
    length, *counts = (int(one) for one in place)
    return length, tuple(counts)


def _cost(on: Floats, off: Floats, state: _State) -> float:
    if state.option < 0:
        return float(off[(state.length, *state.counts)])
    return float(on[(state.option, state.length, *state.counts)])
