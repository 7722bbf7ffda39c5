"""Agents for every quarter of an hour of a year in twenty queues, beside the ways others compute them."""

import math
import statistics
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from bench.baselines import staffing
from bench.lines import say
from scheduling.domain.erlang import required_agents

QUEUES, DAYS, QUARTERS = 20, 365, 96
SAMPLE, ROUNDS = 2000, 5
INTERVAL, LEVEL, TARGET = 900.0, 0.8, 20.0
CELLS: Final = f"{QUEUES} x {DAYS} x {QUARTERS} cells"
WHAT: Final = f"{CELLS} by Erlang C"
PATIENCE, CHAINS = 180.0, 300  # mean seconds; cells that a plain chain computes too


def load() -> tuple[staffing.Floats, staffing.Floats]:
    """Calls and handling time of each cell: small and large queues, a day's and a week's shape, chance on top."""
    chance = np.random.default_rng(2026)
    peak = np.geomspace(4, 250, QUEUES)[:, None, None]
    week = np.array([1.15, 1.05, 1, 1, 0.95, 0.55, 0.4])[np.arange(DAYS) % 7][:, None]
    hour = np.arange(QUARTERS) / 4
    day = 0.03 + np.exp(-(((hour - 10.5) / 3) ** 2)) + 0.8 * np.exp(-(((hour - 16) / 3) ** 2))
    calls = chance.poisson(peak * week * day / day.max()).astype(float)
    return calls, np.broadcast_to(np.geomspace(150, 480, QUEUES)[:, None, None], calls.shape)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds, all threads, and what was made in them."""
    started = time.process_time()
    made = work()
    return time.process_time() - started, made


def main() -> None:
    calls, aht = load()
    ours, plain = [], []
    for _ in range(ROUNDS):
        seconds, found = timed(
            lambda: required_agents(calls=calls, interval=INTERVAL, aht=aht, service_level=LEVEL, target=TARGET)
        )
        ours.append(seconds)
        seconds, same = timed(lambda: staffing.grid(calls, INTERVAL, aht, LEVEL, TARGET))
        plain.append(seconds)
    best = statistics.median(ours)
    busy = np.flatnonzero(calls.ravel())
    cells = np.random.default_rng(7).choice(busy, SAMPLE, replace=False).tolist()
    one_by_one, alone = timed(lambda: [_cell(calls.ravel()[cell], aht.ravel()[cell]) for cell in cells])
    _same(found, same, [found.agents.ravel()[cell] for cell in cells], [answer[0] for answer in alone])
    size, traffic = calls.size, calls * aht / INTERVAL
    facts = {"erlangs": [round(float(traffic.mean()), 1), round(float(traffic.max()), 1)]}
    say(
        WHAT,
        best / size * 1e6,
        "us CPU/cell",
        f"pyworkforce's loop in our plain Python, {SAMPLE} of the cells",
        one_by_one / SAMPLE * 1e6,
        0.01,
        **facts,
    )
    say(WHAT, best, "s CPU", "a plain numpy recursion over the same grid", statistics.median(plain), 1.2, **facts)
    _leaving(calls, aht, facts)


def _leaving(calls: staffing.Floats, aht: staffing.Floats, facts: dict[str, Any]) -> None:
    """The same grid with customers who leave, beside the chain of states as others sum it, and within a minute."""
    seconds, found = timed(
        lambda: required_agents(
            calls=calls, interval=INTERVAL, aht=aht, service_level=LEVEL, target=TARGET, patience=PATIENCE
        )
    )
    cells = np.random.default_rng(8).choice(np.flatnonzero(calls.ravel()), CHAINS, replace=False).tolist()
    spent, alone = timed(lambda: [_chain(calls.ravel()[cell], aht.ravel()[cell]) for cell in cells])
    for cell, (agents, waits, gone) in zip(cells, alone, strict=True):
        mine = [getattr(found, name).ravel()[cell] for name in ("agents", "p_wait", "p_abandon")]
        if mine[0] != agents or abs(mine[1] - waits) > 1e-9 or abs(mine[2] - gone) > 1e-9:
            raise SystemExit("the ways to compute agents with patience disagree")
    what, chain = f"{CELLS} by Erlang A", f"a chain of states in plain Python, {CHAINS} of the cells"
    say(what, seconds / calls.size * 1e6, "us CPU/cell", chain, spent / CHAINS * 1e6, 0.01, **facts)
    say(what, seconds, "s CPU", "a minute", 60.0, 1.0, **facts)


def _chain(calls: float, aht: float) -> tuple[int, float, float]:
    return staffing.patient_cell(float(calls), INTERVAL, float(aht), LEVEL, TARGET, PATIENCE)


def _cell(calls: float, aht: float) -> tuple[int, float, float, float]:
    return staffing.cell(float(calls), INTERVAL, float(aht), LEVEL, TARGET)


def _same(found: Any, same: staffing.Answer, ours: list[int], alone: list[int]) -> None:
    """Figures that differ would make the times worth nothing."""
    agents, waits, level, asa, occupancy = same
    apart = max(
        float(np.abs(a - b).max())
        for a, b in ((found.p_wait, waits), (found.service_level, level), (found.occupancy, occupancy))
    )
    if (found.agents != agents).any() or ours != alone or apart > 1e-9 or not math.isclose(asa.sum(), found.asa.sum()):
        raise SystemExit("the ways to compute agents disagree")
