"""From a forecast to agents per interval, each number with all that went into it."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import scheduling.domain.erlang as erlang


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised and what is taken off. Shares are 0..1, times seconds.

    `shrinkage` is what keeps scheduled people from serving, other than the breaks drawn in their shifts. `patience`
    None is Erlang C, else the mean patience for Erlang A. `concurrency` is how many sessions one agent holds.
    """

    service_level: float
    seconds: float
    max_occupancy: float | None = None
    shrinkage: float = 0.0
    patience: float | None = None
    minimum: int = 0
    concurrency: int = 1

    def inputs(self) -> dict[str, Any]:
        """As the engine names them."""
        return {
            "service_level": self.service_level,
            "target": self.seconds,
            "max_occupancy": self.max_occupancy,
            "shrinkage": self.shrinkage,
            "patience": self.patience,
            "minimum": self.minimum,
            "concurrency": self.concurrency,
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """What the engine answers of one interval; shares 0..1, `asa` in seconds of all offered."""

    agents: int
    scheduled: int
    p_wait: float
    service_level: float
    asa: float
    occupancy: float


FIGURES = tuple(one.name for one in fields(Figures))


@dataclass(frozen=True, slots=True)
class Required:
    """One interval: what came in, and what the engine answered."""

    at: datetime
    calls: float
    aht: float
    staffing: Figures


def required(points: Iterable[tuple[datetime, float, float]], target: Target, *, interval: float) -> list[Required]:
    """Agents for each (instant, calls, AHT in seconds) over `interval` seconds. ValueError names a bad value."""
    rows = list(points)
    if not rows:
        return []
    calls, aht = [row[1] for row in rows], [row[2] for row in rows]
    found = erlang.required_agents(calls=calls, interval=interval, aht=aht, **target.inputs())
    columns = [getattr(found, name) for name in FIGURES]
    return [
        Required(at, many, long, Figures(int(agents), int(scheduled), *map(float, rest)))
        for (at, many, long), agents, scheduled, *rest in zip(rows, *columns, strict=True)
    ]


def ladder(calls: float, aht: float, target: Target, *, interval: float, agents: int, each_side: int = 2) -> list[Any]:
    """What the engine says of a few agents fewer and more: why this number and not the next."""
    found = []
    for number in range(max(agents - each_side, 1), agents + each_side + 1):
        slots = number * target.concurrency
        found.append(
            (
                number,
                erlang.evaluate(
                    calls=calls,
                    interval=interval,
                    aht=aht,
                    agents=slots,
                    target=target.seconds,
                    patience=target.patience,
                ),
            )
        )
    return found
