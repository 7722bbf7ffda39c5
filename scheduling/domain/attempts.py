"""Calls we make, week by week: what past attempts say of reach and time, and agents for a list of records."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import numpy as np

from scheduling.domain.checked import whole
from scheduling.domain.erlang import ceiling
from scheduling.domain.outbound import Step, by_attempts
from scheduling.domain.requirement import Figures, Required, take_parts
from scheduling.domain.weeks import is_open, place_of

LEAST: Final = 30  # attempts in an hour under which it has no reach of its own


@dataclass(frozen=True, slots=True)
class Tried:
    """Attempts of one hour of the local day: how many, how many reached somebody, and seconds they took.

    `talked` of the reached and `tried` of the others have a known time.
    """

    hour: int
    attempts: int = 0
    reached: int = 0
    talk: float = 0.0
    talked: int = 0
    idle: float = 0.0
    tried: int = 0

    @property
    def share(self) -> float | None:
        return self.reached / self.attempts if self.attempts else None


@dataclass(frozen=True, slots=True)
class Learned:
    """What a queue's past attempts say, all hours together and each; None where the data doesn't have it."""

    hours: tuple[Tried, ...] = ()

    @property
    def whole(self) -> Tried:
        columns = zip(*[(h.attempts, h.reached, h.talk, h.talked, h.idle, h.tried) for h in self.hours], strict=True)
        return Tried(-1, *[sum(column) for column in columns])

    @property
    def talk(self) -> float | None:
        """Mean seconds of an attempt that reached somebody, all work after it included."""
        return self.whole.talk / self.whole.talked if self.whole.talked else None

    @property
    def unanswered(self) -> float | None:
        """Mean seconds of the others."""
        return self.whole.idle / self.whole.tried if self.whole.tried else None

    def of(self, hour: int) -> Tried | None:
        return next((one for one in self.hours if one.hour == hour), None)

    def reach(self) -> tuple[tuple[int, float], ...]:
        """Hours with a reach of their own."""
        return tuple((one.hour, one.share or 0.0) for one in self.hours if one.attempts >= LEAST)


@dataclass(frozen=True, slots=True)
class OutboundTarget:
    """A list to work within the week: `records` customers, each tried up to `most` times until reached.

    `usual` is the share of attempts that reach somebody, `reach` the same of hours of the local day with one of
    their own. An attempt takes `talk` seconds, or `unanswered` where nobody is reached. The rest is as in DueTarget.
    """

    records: float
    most: int
    usual: float
    talk: float
    unanswered: float
    reach: tuple[tuple[int, float], ...] = ()
    opens: int = 540
    closes: int = 1140
    weekends: bool = False
    max_occupancy: float | None = None
    shrinkage: float = 0.0
    minimum: int = 0
    parts: tuple[tuple[str, float], ...] = ()
    learned: Learned = field(default_factory=Learned)  # what the figures were learned from; typed ones beside it

    def __post_init__(self) -> None:
        take_parts(self)

    def inputs(self) -> dict[str, Any]:
        return {
            "model": "attempts",
            "records": self.records,
            "attempts": self.most,
            "reach": self.usual,
            "reach_by_hour": [list(one) for one in self.reach],
            "talk": self.talk,
            "unanswered": self.unanswered,
            "opens": self.opens,
            "closes": self.closes,
            "weekends": self.weekends,
            "max_occupancy": self.max_occupancy,
            "shrinkage": self.shrinkage,
            "minimum": self.minimum,
        }

    def works(self, at: datetime, zone: str) -> bool:
        """Whether calls are made in the interval that begins then."""
        return is_open(at, zone, self.opens, self.closes, weekends=self.weekends)

    def reach_at(self, at: datetime, zone: str) -> float:
        """The share of attempts that reach somebody then."""
        return dict(self.reach).get(place_of(at, zone)[1] // 60, self.usual)

    @property
    def hours(self) -> range:
        """Hours of the local day that calls are made in."""
        return range(self.opens // 60, -(-self.closes // 60))


def required_by_attempts(
    instants: Sequence[datetime], target: OutboundTarget, *, interval: float, zone: str
) -> list[Required]:
    """Agents for each interval of `interval` seconds to work the list. ValueError names a bad value."""
    if not instants:
        return []
    whole("minimum", target.minimum, least=0)
    opened = [target.works(at, zone) for at in instants]
    if not any(opened):
        raise ValueError("opens and closes must leave some time to call")
    reach = [target.reach_at(at, zone) for at in instants]
    found = by_attempts(
        records=target.records,
        reach=reach,
        is_open=opened,
        interval=interval,
        talk=target.talk,
        unanswered=target.unanswered,
        most=target.most,
        occupancy=target.max_occupancy or 1.0,
        shrinkage=target.shrinkage,
    )
    return [
        _row(at, step, share, target, works)
        for at, step, share, works in zip(instants, found.steps, reach, opened, strict=True)
    ]


def _row(at: datetime, step: Step, share: float, target: OutboundTarget, works: bool) -> Required:
    """With the least number of agents, while calls are made; nothing is reached while none are."""
    took = share * target.talk + (1 - share) * target.unanswered
    agents = max(step.agents, target.minimum) if works else 0
    scheduled = int(ceiling(np.array(agents / (1 - target.shrinkage))))
    why = "attempts" if step.agents and step.agents >= agents else "minimum" if agents else ""
    staffing = Figures(agents, scheduled)
    return Required(at, step.attempts, took if works else 0.0, staffing, why, reach=share if works else None)
