"""How many agents a load needs, and how so many do: Erlang B, Erlang C and exact Erlang A.

Arguments are numbers or arrays that broadcast; numbers alone give floats and ints, arrays give arrays. Times are in
seconds, shares 0..1. traffic = calls * aht / interval, in Erlangs. A value out of range raises ValueError naming it.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scheduling.domain import queueing
from scheduling.domain.checked import number, one_of, whole
from scheduling.domain.queueing import Floats, Ints, Load

DEFINITIONS: Final = (
    "served_of_offered", "served_of_not_abandoned", "short_abandons_excluded", "served_and_abandoned_in_target",
    "late_abandons_only", "short_abandons_as_served",
)  # fmt: skip
Figure = Any  # a float or an int where all was given as numbers, else an array


@dataclass(frozen=True, slots=True)
class Staffing:
    """Agents, and what they make of the load.

    `agents` are needed at work, `scheduled` are to be planned so that they are there after shrinkage. `asa` is the
    mean wait of all offered. `p_abandon` is None under Erlang C. Of several sessions at once, the figures are those
    of agents * concurrency slots.
    """

    agents: Figure
    scheduled: Figure
    p_wait: Figure
    service_level: Figure
    asa: Figure
    occupancy: Figure
    p_abandon: Figure


def erlang_b(traffic: ArrayLike, agents: ArrayLike) -> Figure:
    """Share of calls that find all agents busy and are lost; `traffic` in Erlangs."""
    a, n = np.broadcast_arrays(number("traffic", traffic, least=0), whole("agents", agents))
    return _shaped(queueing.blocked(a.ravel(), n.ravel()), a.shape)


def erlang_c(traffic: ArrayLike, agents: ArrayLike) -> Figure:
    """Share of calls that wait; 1 where agents do not exceed the traffic, 0 where there is none."""
    a, n = np.broadcast_arrays(number("traffic", traffic, least=0), whole("agents", agents))
    one = np.ones(a.size)
    load = Load(a.ravel(), one, one, one, None, DEFINITIONS[0])
    return _shaped(queueing.figures(load, n.ravel()).p_wait, a.shape)


def required_by_blocking(traffic: ArrayLike, max_blocking: ArrayLike) -> Figure:
    """The fewest agents, or lines, that lose at most a share `max_blocking` of the calls."""
    given = number("traffic", traffic, least=0), number("max_blocking", max_blocking, above=0, most=1)
    a, limit = (one.ravel() for one in np.broadcast_arrays(*given))
    busy = queueing.rising(a)
    busy = busy[limit[busy] < 1]
    found, most, one = np.zeros(a.size, np.int64), limit[busy], np.ones(busy.size, np.int64)
    found[busy], _ = queueing.walk(a[busy], one, one, lambda cells, _n, b: b <= most[cells])
    return _shaped(found, np.broadcast_shapes(*(one.shape for one in given)))


def evaluate(
    *,
    calls: ArrayLike,
    interval: ArrayLike,
    aht: ArrayLike,
    agents: ArrayLike,
    target: ArrayLike,
    patience: ArrayLike | None = None,
    sl_definition: str = DEFINITIONS[0],
    short: ArrayLike = 0,
) -> Staffing:
    """What `agents` make of `calls` in an interval, handled in `aht`, to be answered within `target` seconds.

    `patience` None is Erlang C, a mean patience Erlang A. `sl_definition` is the contract's, one of DEFINITIONS: those
    served in time are a share of all offered, of those not abandoned, or of all but those who abandoned within `short`
    or within `target` seconds; or who so abandoned counts as served. Nobody leaves under Erlang C: there all are one.
    """
    load, shape, n = _load(calls, interval, aht, target, patience, sl_definition, short, whole("agents", agents))
    return _staffing(load, n.astype(np.int64), n.astype(np.int64), queueing.figures(load, n.astype(np.int64)), shape)


def required_agents(
    *,
    calls: ArrayLike,
    interval: ArrayLike,
    aht: ArrayLike,
    service_level: ArrayLike,
    target: ArrayLike,
    patience: ArrayLike | None = None,
    sl_definition: str = DEFINITIONS[0],
    short: ArrayLike = 0,
    max_occupancy: ArrayLike | None = None,
    max_asa: ArrayLike | None = None,
    shrinkage: ArrayLike = 0.0,
    minimum: ArrayLike = 0,
    concurrency: ArrayLike = 1,
) -> Staffing:
    """The fewest agents with which a share `service_level` is answered within `target` seconds, and every cap holds.

    `max_occupancy` caps traffic by agent, `max_asa` the mean wait, `minimum` is there even without calls. With
    `concurrency` above 1, `aht` is that of a session while so many are open. The rest is as in `evaluate`.
    """
    caps = (
        number("service_level", service_level, above=0, below=1),
        number("max_occupancy", 1.0 if max_occupancy is None else max_occupancy, above=0, most=1),
        number("max_asa", np.inf if max_asa is None else max_asa, above=0, finite=False),
        number("shrinkage", shrinkage, least=0, below=1),
        whole("minimum", minimum),
        whole("concurrency", concurrency, least=1),
    )
    load, shape, level, occupancy, asa, shrunk, floor, each = _load(
        calls, interval, aht, target, patience, sl_definition, short, *caps
    )
    step, lowest = each.astype(np.int64), (floor * each).astype(np.int64)
    if max_occupancy is not None:
        lowest = np.maximum(lowest, ceiling(load.traffic / occupancy))
    search = _Search(load, level, asa, lowest, step)
    slots, b = search.patient() if patience is None else search.impatient()
    agents = slots // step
    return _staffing(load, agents, ceiling(agents / (1 - shrunk)), queueing.figures_of(load, slots, b), shape)


def ceiling(quotient: Floats) -> Ints:
    """Round up; a quotient that is whole but for rounding is that whole number."""
    return np.ceil(quotient * (1 - 1e-12)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Search:
    """The smallest number of slots of at least `lowest`, by `step`, with the level and the wait that are asked for."""

    load: Load
    level: Floats
    asa: Floats
    lowest: Ints
    step: Ints

    def patient(self) -> tuple[Ints, Floats]:
        """By one walk up the recurrence, begun above the traffic: with less the queue only grows."""
        slots, share = self._round_up(self.lowest), np.ones(len(self.lowest))
        busy = queueing.rising(self.load.traffic)
        traffic, rate = self.load.traffic[busy], self.load.target[busy] / self.load.aht[busy]
        late, slow = 1 - self.level[busy], self.asa[busy] / self.load.aht[busy]

        def good(cells: slice, n: int, b: Floats) -> NDArray[np.bool_]:
            a = traffic[cells]
            wait, spare = queueing.waiting(a, n, b), n - a
            right: NDArray[np.bool_] = wait * np.exp(-spare * rate[cells]) <= late[cells]
            return right & (wait <= slow[cells] * spare)

        first = np.maximum(self.lowest[busy], np.floor(traffic).astype(np.int64) + 1)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # of cells with too few agents as yet
            slots[busy], share[busy] = queueing.walk(traffic, first, self.step[busy], good)
        return slots, share

    def impatient(self) -> tuple[Ints, Floats]:
        """By doubling and halving, as a judgement costs far more than the recurrence."""
        low, high = self._round_up(self.lowest), self._round_up(np.maximum(self.lowest, ceiling(self.load.traffic)))
        stride = self.step * (1 + np.sqrt(self.load.traffic).astype(np.int64) // self.step)
        open_cells = np.flatnonzero(~self._good(high, np.arange(len(high))))
        while len(open_cells):
            low[open_cells] = high[open_cells] + self.step[open_cells]
            high[open_cells] += stride[open_cells]
            stride[open_cells] *= 2
            open_cells = open_cells[~self._good(high[open_cells], open_cells)]
        while len(cells := np.flatnonzero(low < high)):
            middle = low[cells] + (high[cells] - low[cells]) // self.step[cells] // 2 * self.step[cells]
            good = self._good(middle, cells)
            high[cells[good]] = middle[good]
            low[cells[~good]] = middle[~good] + self.step[cells[~good]]
        return high, queueing.blocked(self.load.traffic, high)

    def _good(self, slots: Ints, cells: Ints) -> NDArray[np.bool_]:
        found = queueing.figures(self.load[cells], slots)
        right: NDArray[np.bool_] = (found.service_level >= self.level[cells]) & (found.asa <= self.asa[cells])
        return right

    def _round_up(self, slots: Ints) -> Ints:
        return -(-slots // self.step) * self.step


def _load(
    calls: ArrayLike,
    interval: ArrayLike,
    aht: ArrayLike,
    target: ArrayLike,
    patience: ArrayLike | None,
    definition: str,
    short: ArrayLike,
    *more: NDArray[Any],
) -> tuple[Any, ...]:
    """The load, the shape of the answer, and `more` broadcast along: all flat."""
    given = [
        number("calls", calls, least=0),
        number("interval", interval, above=0),
        number("aht", aht, least=0),
        number("target", target, least=0),
        number("short", short, least=0),
        number("patience", 1.0 if patience is None else patience, above=0),
    ]
    one_of("sl_definition", definition, DEFINITIONS)
    cells = np.broadcast_arrays(*given, *more)
    shape = cells[0].shape
    count, length, handling, within, early, waits, *rest = (one.ravel() for one in cells)
    number("aht", handling[count > 0], above=0)
    if definition == "short_abandons_as_served" and (early > within).any():
        # Else fewer agents could do better: who would have been served late leaves early enough to count.
        raise ValueError("short must be at most target where short abandons count as served")
    load = Load(
        traffic=count * handling / length,
        aht=np.where(handling > 0, handling, 1.0),
        target=within,
        short=early,
        patience=None if patience is None else waits,
        definition=definition,
    )
    return load, shape, *rest


def _staffing(load: Load, agents: Ints, scheduled: Ints, found: queueing.Figures, shape: tuple[int, ...]) -> Staffing:
    return Staffing(
        agents=_shaped(agents, shape),
        scheduled=_shaped(scheduled, shape),
        p_wait=_shaped(found.p_wait, shape),
        service_level=_shaped(found.service_level, shape),
        asa=_shaped(found.asa, shape),
        occupancy=_shaped(found.occupancy, shape),
        p_abandon=None if found.p_abandon is None else _shaped(found.p_abandon, shape),
    )


def _shaped(flat: NDArray[Any], shape: tuple[int, ...]) -> Figure:
    return flat.reshape(shape) if shape else flat.item()
