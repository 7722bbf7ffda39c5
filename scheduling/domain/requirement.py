"""From a forecast to agents per interval, each number with all that went into it."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

import scheduling.domain.erlang as erlang
from scheduling.domain.measures import shrinkage
from scheduling.domain.stretches import whole_agents

ENGINE: Final = 2  # raise it with any change of what comes out
Point = tuple[datetime, float, float]  # instant, calls, AHT in seconds


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised and what is taken off. Shares are 0..1, times seconds.

    `shrinkage` is what keeps scheduled people from serving, other than the breaks drawn in their shifts; where its
    named `parts` are given it is what they come to, each taking its share of what the others leave. `patience` None
    is Erlang C, else the mean patience for Erlang A. `definition` is the contract's of a service level, with `short`
    where it names short abandons. `concurrency` is how many sessions one agent holds.
    """

    service_level: float
    seconds: float
    max_occupancy: float | None = None
    shrinkage: float = 0.0
    patience: float | None = None
    minimum: int = 0
    concurrency: int = 1
    max_asa: float | None = None
    definition: str = erlang.DEFINITIONS[0]
    short: float = 0.0
    parts: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        take_parts(self)

    def inputs(self) -> dict[str, Any]:
        """As the engine names them."""
        return {
            "service_level": self.service_level,
            "target": self.seconds,
            "max_occupancy": self.max_occupancy,
            "max_asa": self.max_asa,
            "shrinkage": self.shrinkage,
            "patience": self.patience,
            "sl_definition": self.definition,
            "short": self.short,
            "minimum": self.minimum,
            "concurrency": self.concurrency,
        }


def take_parts(target: Any) -> None:
    """Set a frozen target's shrinkage to what its named parts come to, where it has any."""
    if target.parts:
        object.__setattr__(target, "shrinkage", shrinkage(*(share for _name, share in target.parts)))


@dataclass(frozen=True, slots=True)
class Figures:
    """What the engine answers of one interval; shares 0..1, `asa` in seconds of all offered.

    Of work that is staffed by its due time nobody waits seconds: it has agents alone.
    """

    agents: int
    scheduled: int
    p_wait: float | None = None
    service_level: float | None = None
    asa: float | None = None
    occupancy: float | None = None


FIGURES = tuple(one.name for one in fields(Figures))


@dataclass(frozen=True, slots=True)
class Required:
    """One interval: what came in, what the engine answered, and which rule it was that asked for so many."""

    at: datetime
    calls: float
    aht: float
    staffing: Figures
    decided_by: str = ""  # level | wait | occupancy | minimum | due | attempts; empty where nobody is needed
    callback_load: float = 0.0  # Erlangs of callbacks at promised times, which wait in no queue
    callback_agents: int = 0  # that they take, of the agents
    left: float | None = None  # items open at its end, and overdue by then, of work staffed by due time
    late: float | None = None
    reach: float | None = None  # share of attempts that reach somebody, of calls we make


def required(points: Iterable[Point], target: Target, *, interval: float) -> list[Required]:
    """Agents for each (instant, calls, AHT in seconds) over `interval` seconds. ValueError names a bad value."""
    rows = list(points)
    if not rows:
        return []
    calls, aht = np.array([row[1] for row in rows], float), np.array([row[2] for row in rows], float)
    found = erlang.required_agents(calls=calls, interval=interval, aht=aht, **target.inputs())
    columns = [getattr(found, name) for name in FIGURES]
    deciding = _deciding(calls, aht, target, interval, found.agents)
    return [
        Required(at, many, long, Figures(int(agents), int(scheduled), *map(float, rest)), why)
        for (at, many, long), why, agents, scheduled, *rest in zip(rows, deciding, *columns, strict=True)
    ]


def _deciding(calls: Any, aht: Any, target: Target, interval: float, agents: Any) -> list[str]:
    """The rule that one agent fewer would break; where several, the promise to customers first."""
    fewer = np.maximum(agents - 1, 0)
    at = erlang.evaluate(
        calls=calls, interval=interval, aht=aht, agents=fewer * target.concurrency, target=target.seconds,
        patience=target.patience, sl_definition=target.definition, short=target.short,
    )  # fmt: skip
    wait = at.asa > (np.inf if target.max_asa is None else target.max_asa)
    slots = calls * aht / interval / (target.max_occupancy or 1.0)
    occupancy = (fewer * target.concurrency < slots * (1 - 1e-12)) & (target.max_occupancy is not None)
    found = np.select(
        [agents == 0, at.service_level < target.service_level, wait, occupancy],
        ["", "level", "wait", "occupancy"],
        "minimum",
    )
    return [str(one) for one in found]


def with_callbacks(
    rows: Sequence[Required], load: Sequence[float], *, most: float | None, shrinkage: float
) -> list[Required]:
    """With callbacks at promised times on top, `load` in Erlangs by interval: they wait in no queue, so they add.

    `most` of an agent's time goes into them; None is all of it.
    """
    more = whole_agents(load, most or 1.0)
    return [_added(*row, shrinkage) if row[1] or row[2] else row[0] for row in zip(rows, load, more, strict=True)]


def _added(row: Required, load: float, more: int, shrunk: float) -> Required:
    agents = row.staffing.agents + more
    scheduled = int(erlang.ceiling(np.array(agents / (1 - shrunk))))
    staffing = replace(row.staffing, agents=agents, scheduled=scheduled)
    return replace(row, staffing=staffing, callback_load=load, callback_agents=more)


def digest(points: Iterable[Point], inputs: dict[str, Any], *, interval: float) -> str:
    """A name of everything that a requirement is computed from, and of the version that computes it."""
    rows = [[at.isoformat(), repr(float(calls)), repr(float(aht))] for at, calls, aht in points]
    text = json.dumps(
        {"engine": ENGINE, "interval": interval, "inputs": inputs, "points": rows}, sort_keys=True, default=str
    )
    return hashlib.sha256(text.encode()).hexdigest()


def ladder(calls: float, aht: float, target: Target, *, interval: float, agents: int, each_side: int = 2) -> list[Any]:
    """What the engine says of a few agents fewer and more: why this number and not the next."""
    found = []
    for many in range(max(agents - each_side, 1), agents + each_side + 1):
        at = erlang.evaluate(
            calls=calls,
            interval=interval,
            aht=aht,
            agents=many * target.concurrency,
            target=target.seconds,
            patience=target.patience,
            sl_definition=target.definition,
            short=target.short,
        )
        found.append((many, at))
    return found
