"""Agents by Erlang C as others do it: one cell at a time in plain Python, and a whole grid by one numpy recursion."""

import math
import operator

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Answer = tuple[NDArray[np.int64], Floats, Floats, Floats, Floats]  # agents, p_wait, service level, asa, occupancy


def cell(calls: float, interval: float, aht: float, level: float, target: float) -> tuple[int, float, float, float]:
    """Plain Python for one cell, as pyworkforce's `required_positions` goes about it.

    From just above the traffic one agent more at a time, and for each number tried the recursion starts again at
    one agent; then once more for the share that waits. (The package itself does not install on Python 3.11.)
    """
    traffic = calls / interval * aht
    agents = round(traffic + 1)
    reached = _level(traffic, agents, aht, target)
    while reached < level:
        agents += 1
        reached = _level(traffic, agents, aht, target)
    return agents, _waits(traffic, agents), reached, traffic / agents


def _level(traffic: float, agents: int, aht: float, target: float) -> float:
    return max(0, 1 - _waits(traffic, agents) * math.exp(-(agents - traffic) * (target / aht)))


def _waits(traffic: float, agents: int) -> float:
    inverse = 1.0
    for number in range(1, agents + 1):
        inverse = 1 + inverse * number / traffic
    blocked = 1 / inverse
    return agents * blocked / (agents - traffic * (1 - blocked))


def patient_cell(
    calls: float, interval: float, aht: float, level: float, target: float, patience: float
) -> tuple[int, float, float]:
    """Plain Python for one cell with customers who leave: agents, share that waits, share that leaves.

    One agent more at a time from one on, each time the whole chain of states again; the share served in time from
    the incomplete beta function of every number that may wait before.
    """
    traffic, agents = calls / interval * aht, 0
    while True:
        agents += 1
        shares = _states(traffic, agents, aht / patience)
        waiting = shares[agents:]
        c = agents * patience / aht
        inside = [
            c / (c + k + 1) * special.betainc(k + 1, c + 1, -math.expm1(-target / patience))
            for k in range(len(waiting))
        ]
        if math.fsum(shares[:agents]) + math.fsum(map(operator.mul, waiting, inside)) >= level:
            queue = math.fsum(k * share for k, share in enumerate(waiting))
            return agents, math.fsum(waiting), queue * aht / traffic / patience


def _states(traffic: float, agents: int, leaving: float) -> list[float]:
    logs, state = [0.0], 0
    while state < max(agents, traffic) + 1 or logs[-1] > max(logs) - 45:
        state += 1
        logs.append(logs[-1] + math.log(traffic / (min(state, agents) + max(state - agents, 0) * leaving)))
    top = max(logs)
    weights = [math.exp(one - top) for one in logs]
    whole = math.fsum(weights)
    return [one / whole for one in weights]


def grid(calls: Floats, interval: float, aht: Floats, level: float, target: float) -> Answer:
    """Plain numpy for all cells: a recursion over the agents, and out goes each cell that is served well enough."""
    traffic = (calls * aht / interval).ravel()
    rate = np.broadcast_to(target / aht, calls.shape).ravel()
    agents = np.zeros(traffic.size, np.int64)
    waits, reached = np.zeros(traffic.size), np.ones(traffic.size)
    left = np.flatnonzero(traffic > 0)
    blocked, number = np.ones(left.size), 0
    while left.size:
        number += 1
        a = traffic[left]
        blocked = a * blocked / (number + a * blocked)
        spare = number - a
        wait = number * blocked / (number - a * (1 - blocked))
        served = np.where(spare > 0, 1 - wait * np.exp(-spare * rate[left]), 0)
        done = served >= level
        ready = left[done]
        agents[ready], waits[ready], reached[ready] = number, wait[done], served[done]
        left, blocked = left[~done], blocked[~done]
    asa = np.divide(waits * (target / rate), agents - traffic, out=np.zeros(traffic.size), where=agents > 0)
    occupancy = np.divide(traffic, agents, out=np.zeros(traffic.size), where=agents > 0)
    shape = calls.shape
    return (
        agents.reshape(shape),
        waits.reshape(shape),
        reached.reshape(shape),
        asa.reshape(shape),
        occupancy.reshape(shape),
    )
