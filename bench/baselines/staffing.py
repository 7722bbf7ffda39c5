"""Agents by Erlang C as others do it: one cell at a time in plain Python, and a whole grid by one numpy recursion."""

import math

import numpy as np
from numpy.typing import NDArray

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
