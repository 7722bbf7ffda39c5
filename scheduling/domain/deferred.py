"""Work that may wait, such as mail and back office: staffed so that everything is done when it is due.

No queueing model fits it: what counts is not who waits seconds but whether the pile is gone in time. Work done is a
curve over time that stays under what has arrived by then and over what is due by then. The plan is the tautest such
curve: it asks for the fewest people at its busiest, and changes their number as little as the two bounds allow.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduling.domain.checked import number, whole

Floats = NDArray[np.float64]
SPARE = 1e-9  # items: less than this is rounding
ROUNDING = 1e-12  # a quotient this little above a whole number is that number


@dataclass(frozen=True, slots=True)
class Step:
    """One interval. Counts are items: `due` at its end at the latest, `done` in it, `left` open at its end."""

    arrived: float
    due: float
    agents: int
    scheduled: int
    done: float
    left: float
    late: float  # due by now and not done


@dataclass(frozen=True, slots=True)
class Pile:
    """Items open before the first interval, due by the end of interval number `due`; below 0 they are late already.

    They came before all that is still to arrive, under the same promise, so they are not due after it.
    """

    items: float
    due: int


def by_due_time(
    *,
    arrivals: Sequence[float],
    is_open: Sequence[bool],
    interval: float,
    aht: Sequence[float],
    due: float,
    backlog: Sequence[Pile] = (),
    occupancy: float = 1.0,
    shrinkage: float = 0.0,
    minimum: int = 0,
) -> list[Step]:
    """Agents for each interval of `interval` seconds so that what arrives is done within `due` seconds.

    `due` counts real time, open or not, and is at least one interval. Nobody works where `is_open` is False: what is
    due then has to be done before, and what arrives and falls due then is late by the time anybody can start.
    `occupancy` is the most of an agent's time that goes into items. What is due after the last interval is left to
    those that follow.
    """
    count, seconds, opened = _given(arrivals, aht, is_open, interval, due, occupancy, shrinkage, minimum)
    capacity = interval * occupancy
    within = int(due // interval)
    released, wanted = _curves(count * seconds, opened, within, _piles(backlog, seconds, within))
    agents, done = _agents(released, wanted, capacity, minimum, int(opened.sum()))
    return _steps(count, seconds, opened, within, backlog, agents, done, shrinkage)


def _given(
    arrivals: Sequence[float],
    aht: Sequence[float],
    is_open: Sequence[bool],
    interval: float,
    due: float,
    occupancy: float,
    shrinkage: float,
    minimum: int,
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    count = number("arrivals", arrivals, least=0)
    seconds = number("aht", aht, above=0)
    opened = np.asarray(is_open, bool)
    number("interval", interval, above=0)
    number("due", due, least=interval)
    number("occupancy", occupancy, above=0, most=1)
    number("shrinkage", shrinkage, least=0, below=1)
    whole("minimum", minimum)
    for name, one in (("aht", seconds), ("is_open", opened)):
        if len(one) != len(count):
            raise ValueError(f"{name} must be as long as arrivals, {len(count)}, not {len(one)}")
    return count, seconds, opened


def _piles(backlog: Sequence[Pile], seconds: Floats, within: int) -> list[tuple[float, int]]:
    """Seconds of work and due interval of what lies there already, at the handling time of the first interval."""
    for pile in backlog:
        number("backlog", pile.items, least=0)
        number("backlog due", pile.due, below=within)
    return [(pile.items * seconds[0], pile.due) for pile in backlog] if len(seconds) else []


def _curves(
    work: Floats, opened: NDArray[np.bool_], within: int, piles: Sequence[tuple[float, int]]
) -> tuple[Floats, Floats]:
    """Seconds that can have been done and must have been done by the end of each open interval, both cumulative."""
    steps = len(work)
    before = np.concatenate([[0], np.cumsum(opened)])  # open intervals before each
    released, wanted = np.zeros(before[-1] + 1), np.zeros(before[-1] + 1)
    rows = [(amount, at, at + within - 1) for at, amount in enumerate(work)]
    rows += [(amount, 0, until) for amount, until in piles]
    for amount, at, until in rows:
        first = before[at]
        last = before[min(until + 1, steps)] - 1 if until < steps else before[-1]
        released[first] += amount
        wanted[max(last, first)] += amount
    return np.cumsum(released[:-1]), np.cumsum(wanted[:-1])


def _agents(
    released: Floats, wanted: Floats, capacity: float, minimum: int, steps: int
) -> tuple[NDArray[np.int64], Floats]:
    """Whole agents for each open interval, and seconds done by its end.

    Each is the slope of the tautest curve from where the whole agents before it have got to, rounded up: what
    rounding does too much of makes the next smaller, and nothing is ever done too late.
    """
    agents, done, sofar = np.zeros(steps, np.int64), np.zeros(steps), 0.0
    for at in range(steps):
        slope = _slope(released[at:] - sofar, wanted[at:] - sofar)
        agents[at] = max(math.ceil(slope / capacity * (1 - ROUNDING)), minimum)
        sofar = min(sofar + agents[at] * capacity, float(released[at]))
        done[at] = sofar
    return agents, done


def _slope(most: Floats, least: Floats) -> float:
    """The first slope of the tautest curve from 0 that stays between: up to the first bend it is as straight as can be."""
    ahead = np.arange(1, len(most) + 1)
    low, high = np.maximum.accumulate(least / ahead), np.minimum.accumulate(most / ahead)
    apart = np.flatnonzero(low > high)
    if not len(apart):
        return max(float(low[-1]), 0.0)
    first = int(apart[0])
    if first and low[first] > low[first - 1]:
        return max(float(high[first - 1]), 0.0)
    return max(float(low[first]), 0.0)


def _steps(
    count: Floats,
    seconds: Floats,
    opened: NDArray[np.bool_],
    within: int,
    backlog: Sequence[Pile],
    agents: NDArray[np.int64],
    done: Floats,
    shrinkage: float,
) -> list[Step]:
    """The plan in items, worked in order of arrival, which is the order of due times."""
    number_due = np.zeros(len(count))
    for pile in backlog:
        if pile.due < len(count):
            number_due[max(pile.due, 0)] += pile.items
    for at, items in enumerate(count):
        if at + within - 1 < len(count):
            number_due[at + within - 1] += items
    start = sum(pile.items for pile in backlog)
    arrived, due = start + np.cumsum(count), np.cumsum(number_due)
    finished = np.interp(_spread(done, opened), *_work_curve(count, seconds, start))
    found, before, place = [], 0.0, np.cumsum(opened) - 1
    for at in range(len(count)):
        here = int(agents[place[at]]) if opened[at] else 0
        found.append(
            Step(
                arrived=float(count[at]),
                due=float(number_due[at]),
                agents=here,
                scheduled=math.ceil(here / (1 - shrinkage) * (1 - ROUNDING)),
                done=float(finished[at] - before),
                left=float(arrived[at] - finished[at]),
                late=_some(float(due[at] - finished[at])),
            )
        )
        before = float(finished[at])
    return found


def _spread(done: Floats, opened: NDArray[np.bool_]) -> Floats:
    """Seconds done by the end of each interval, closed ones too."""
    place = np.cumsum(opened)
    return np.concatenate([[0.0], done])[place]


def _work_curve(count: Floats, seconds: Floats, start: float) -> tuple[Floats, Floats]:
    """Cumulative seconds and items in the order they are worked."""
    items = np.concatenate([[0.0, start], start + np.cumsum(count)])
    first = start * seconds[0] if len(seconds) else 0.0
    return np.concatenate([[0.0, first], first + np.cumsum(count * seconds)]), items


def _some(items: float) -> float:
    return items if items > SPARE else 0.0
