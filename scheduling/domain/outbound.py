"""Calls we make: staffed by how many are to be tried, how often, and how many of them reach somebody."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduling.domain.checked import number, whole
from scheduling.domain.erlang import ceiling


@dataclass(frozen=True, slots=True)
class Step:
    """One interval: calls made, customers reached, agents for both."""

    attempts: float
    reached: float
    agents: int
    scheduled: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """What it takes to work a list: expected attempts and reached customers in all, and by interval."""

    attempts: float
    reached: float
    steps: tuple[Step, ...]


def by_attempts(
    *,
    records: float,
    reach: Sequence[float],
    is_open: Sequence[bool],
    interval: float,
    talk: float,
    unanswered: float,
    most: int = 1,
    occupancy: float = 1.0,
    shrinkage: float = 0.0,
) -> Campaign:
    """Agents for each interval of `interval` seconds to try `records` customers up to `most` times.

    `reach` is the share of attempts in an interval that reach somebody; those take `talk` seconds with all work after
    them, the others `unanswered`. A record is tried until it is reached, each time at a chance hour of those open,
    so attempts spread evenly over them. `occupancy` is the most of an agent's time that goes into calls.
    """
    share = number("reach", reach, least=0, most=1)
    opened = np.asarray(is_open, bool)
    if len(opened) != len(share):
        raise ValueError(f"is_open must be as long as reach, {len(share)}, not {len(opened)}")
    number("records", records, least=0)
    number("interval", interval, above=0)
    number("talk", talk, above=0)
    number("unanswered", unanswered, above=0)
    number("occupancy", occupancy, above=0, most=1)
    number("shrinkage", shrinkage, least=0, below=1)
    whole("most", most, least=1)
    if records and not opened.any():
        raise ValueError("is_open must be open in some interval where there are records")
    hours = int(opened.sum())
    usual = float(share[opened].mean()) if hours else 0.0
    attempts = records * _tries(usual, most)
    each = np.where(opened, attempts / max(hours, 1), 0.0)
    agents = ceiling(each * (share * talk + (1 - share) * unanswered) / (interval * occupancy))
    scheduled = ceiling(agents / (1 - shrinkage))
    steps = (
        Step(*row)
        for row in zip(each.tolist(), (each * share).tolist(), agents.tolist(), scheduled.tolist(), strict=True)
    )
    return Campaign(attempts, records * (1 - (1 - usual) ** most), tuple(steps))


def _tries(reach: float, most: int) -> float:
    """Expected attempts at one record that is left alone once reached."""
    return (1 - (1 - reach) ** most) / reach if reach else float(most)
