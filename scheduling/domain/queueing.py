"""Queues with many servers in steady state, cell by cell: arrays go in, arrays of the same length come out.

Erlang B by its recurrence, Erlang C from it, and Erlang A from it too: with N agents and an exponential patience,
the wait that a customer without end of patience would have, in units of the mean patience, has beyond zero a density
proportional to exp(-k*x + e*(1 - exp(-x))), where k = agents * patience / aht and e = traffic * patience / aht.
Every figure of the queue is an integral of it. It is log-concave, so a panel or two of a Gauss rule over the part
that counts are exact to rounding. Nothing is truncated and nothing overflows, also where traffic exceeds the agents.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK: Final = 4096  # cells that stay in the processor's cache while the recurrence runs over them
NATS: Final = 38.0  # what lies this far under the peak of the density is less than rounding
_LEGENDRE: Final = np.polynomial.legendre.leggauss(48)
NEAR, FAR = 4.0, 40.0  # where impatience has thinned the density's shape; and where only its plain tail is left
NODES: Final[Floats] = (_LEGENDRE[0] + 1) / 2
WEIGHTS: Final[Floats] = _LEGENDRE[1] / 2


@dataclass(frozen=True, slots=True)
class Load:
    """What arrives and how it is judged: flat arrays of one length, times in seconds, `patience` None for endless."""

    traffic: Floats
    aht: Floats
    target: Floats
    short: Floats
    patience: Floats | None
    definition: str

    def __getitem__(self, which: slice | Ints | NDArray[np.bool_]) -> "Load":
        patience = None if self.patience is None else self.patience[which]
        arrays = (self.traffic[which], self.aht[which], self.target[which], self.short[which])
        return Load(*arrays, patience, self.definition)


@dataclass(frozen=True, slots=True)
class Figures:
    """How the queue does: shares, and the mean wait of all offered in seconds."""

    p_wait: Floats
    service_level: Floats
    asa: Floats
    occupancy: Floats
    p_abandon: Floats | None


def blocked(traffic: Floats, agents: Ints) -> Floats:
    """Erlang B: the share of arrivals that find all agents busy where nobody can wait."""
    order = np.argsort(-agents)
    found = np.ones(len(traffic))
    for cells in _slices(len(order)):
        block = order[cells]
        a, ends = traffic[block], -agents[block]
        b = np.ones(len(block))
        live = np.searchsorted(ends, -np.arange(1, 1 - ends.min(initial=0)), side="right")
        for n, count in enumerate(live.tolist(), start=1):
            _one_more(a[:count], b[:count], n)
        found[block] = b
    return found


def figures(load: Load, agents: Ints) -> Figures:
    """What so many agents make of the load."""
    return figures_of(load, agents, blocked(load.traffic, agents))


def figures_of(load: Load, agents: Ints, b: Floats) -> Figures:
    """The same where the share blocked is known."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        if load.patience is None:
            return _patient(load, agents, b)
        parts = [_impatient(load[cells], agents[cells], b[cells]) for cells in _slices(len(b))]
    return Figures(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Figures)))


def rising(traffic: Floats) -> Ints:
    """The cells with any traffic, the quieter before the busier to the next whole Erlang; those alike keep their order.

    Sixteen bits are sorted by counting, a quarter of what comparing floats takes; above 65,535 Erlangs all are alike.
    """
    whole = np.minimum(np.ceil(traffic), np.iinfo(np.uint16).max).astype(np.uint16)
    return np.argsort(whole, kind="stable")[np.count_nonzero(whole == 0) :]


def walk(
    traffic: Floats, first: Ints, step: Ints, good: Callable[[slice, int, Floats], NDArray[np.bool_]]
) -> tuple[Ints, Floats]:
    """The smallest number of at least `first`, a multiple of `step`, that is good; and the share it blocks.

    Traffic is above 0 and `rising`: cells alike in it go together, so that a block stops where its own busiest cell
    does. `good(cells, n, b)` judges number n for a slice of them, b being what it blocks. One recurrence serves the
    search and the figures.
    """
    number, share = np.zeros(len(traffic), np.int64), np.ones(len(traffic))
    for cells in _slices(len(traffic)):
        a, b, found = traffic[cells], np.ones(len(traffic[cells])), number[cells]
        starts, steps, n = first[cells], step[cells], 0
        lowest, even = starts.min(initial=np.iinfo(np.int64).max), bool((steps == 1).all())
        while not found.all():
            n += 1
            _one_more(a, b, n)
            if n < lowest:
                continue
            right = good(cells, n, b) & (found == 0) & (starts <= n)
            if not even:
                right &= n % steps == 0
            found[right], share[cells][right] = n, b[right]
    return number, share


def _one_more(a: Floats, b: Floats, n: int) -> None:
    """From what n - 1 agents block to what n do, in place."""
    np.multiply(a, b, out=b)
    np.divide(b, b + n, out=b)


def _slices(length: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK) for start in range(0, max(length, 1), BLOCK))


def waiting(traffic: Floats, agents: Ints | int, b: Floats) -> Floats:
    """Erlang C from Erlang B; meant where agents exceed the traffic."""
    share: Floats = agents * b / (agents - traffic * (1 - b))
    return share


def _patient(load: Load, agents: Ints, b: Floats) -> Figures:
    a, spare = load.traffic, agents - load.traffic
    swamped = spare <= 0
    wait = np.where(swamped, 1.0, waiting(a, agents, b))
    level = np.where(swamped, 0.0, 1 - wait * np.exp(-spare * load.target / load.aht))
    asa = np.where(swamped, np.inf, wait * load.aht / spare)
    idle = a == 0
    return Figures(
        p_wait=np.where(idle, 0.0, wait),
        service_level=np.where(idle, 1.0, level),
        asa=np.where(idle, 0.0, asa),
        occupancy=np.where(idle, 0.0, np.where(swamped, 1.0, a / agents)),
        p_abandon=None,
    )


def _impatient(load: Load, agents: Ints, b: Floats) -> Figures:
    patience = load.patience
    assert patience is not None  # noqa: S101 - figures_of asks for nothing else
    n, a = np.maximum(agents, 1), load.traffic
    density = _Density.of(n * patience / load.aht, a * patience / load.aht)
    whole, left_by_patience = density.integrals(np.inf, _all, _gone)
    chance = b / ((1 - b) * density.floor + b * whole)  # of a wait, by unit of the integrals
    wait, gone = chance * whole, chance * left_by_patience
    served = 1 - wait + chance * density.integrals(load.target / patience, _stayed)[0]
    level = _level(load, served, gone, lambda seconds: _left_within(seconds / patience, density, chance, whole))
    nobody, idle = agents == 0, a == 0

    def settled(value: Floats, without_agents: Floats | float, without_calls: float) -> Floats:
        return np.where(idle, without_calls, np.where(nobody, without_agents, value))

    return Figures(
        p_wait=settled(wait, 1.0, 0.0),
        service_level=settled(np.clip(level, 0, 1), 0.0, 1.0),
        asa=settled(gone * patience, patience, 0.0),
        # Far above the agents nearly all leave, and what is left of 1 is rounding, a times over.
        occupancy=settled(np.minimum(a * (1 - gone) / n, 1), 1.0, 0.0),
        p_abandon=settled(gone, 1.0, 0.0),
    )


def _level(load: Load, served: Floats, gone: Floats, left_within: Callable[[Floats], Floats]) -> Floats:
    """The share that the contract's definition names; an unknown one was refused before."""
    if load.definition == "served_of_offered":
        return served
    if load.definition == "served_of_not_abandoned":
        return served / (1 - gone)
    early = left_within(load.short if load.definition.startswith("short") else load.target)
    if load.definition in ("short_abandons_excluded", "late_abandons_only"):
        return served / (1 - early)
    return served + early


def _left_within(limit: Floats, density: "_Density", chance: Floats, whole: Floats) -> Floats:
    """Share of offered who leave within `limit`, in mean patiences, whether or not they would have been served later."""
    early, stayed = density.integrals(limit, _all, _stayed)
    share: Floats = chance * (early - stayed - np.expm1(-limit) * (whole - early))
    return share


@dataclass(frozen=True, slots=True)
class _Density:
    """The density of the wait, over its peak: exp(-slope*x - bend*h(x - peak)) with h(y) = y - 1 + exp(-y).

    `floor` is the density at zero over that at the peak. Beyond `low` and `high` lies nothing that counts.
    """

    scale: Floats
    slope: Floats
    bend: Floats
    peak: Floats
    floor: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, k: Floats, e: Floats) -> Self:
        slope, bend, peak = np.maximum(k - e, 0), np.minimum(k, e), np.log(np.maximum(e / k, 1))
        # h(y) is at least y*y / (2 + y) above zero and y*y / 2 below: the roots of these are bounds in closed form.
        half = NATS / 2 - slope
        reach = (half + np.sqrt(half * half + 2 * NATS * k)) / k
        low = np.maximum(peak - np.sqrt(2 * NATS / k), 0)
        return cls(k, slope, bend, peak, np.exp(k * peak - np.maximum(e - k, 0)), low, peak + reach)

    def integrals(self, end: Floats | float, *factors: Callable[[Floats], Floats | float]) -> list[Floats]:
        """From zero to `end`, each with its factor, in units of the mean patience."""
        last = np.minimum(end, self.high)
        found = [np.zeros(len(last)) for _ in factors]
        for start, stop in pairwise((self.low, self.peak + NEAR, self.peak + FAR, self.high)):
            width = np.minimum(stop, last) - start
            if len(cells := np.flatnonzero(width > 0)):
                for total, part in zip(found, self._panel(cells, start[cells], width[cells], factors), strict=True):
                    total[cells] += part
        return found

    def _panel(
        self, cells: Ints, start: Floats, width: Floats, factors: Sequence[Callable[[Floats], Floats | float]]
    ) -> Iterator[Floats]:
        x = start[:, None] + width[:, None] * NODES
        y = x - self.peak[cells, None]
        value = np.exp(-self.slope[cells, None] * x - self.bend[cells, None] * (y + np.expm1(-y))) * WEIGHTS
        return (self.scale[cells] * width * (value * factor(x)).sum(axis=1) for factor in factors)


def _all(_x: Floats) -> float:
    return 1.0


def _stayed(x: Floats) -> Floats:
    return np.exp(-x)


def _gone(x: Floats) -> Floats:
    return -np.expm1(-x)
