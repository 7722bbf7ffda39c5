"""From a forecast of mail or back-office work to agents per interval: everything done when it is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduling.domain.deferred import Pile, Step, by_due_time
from scheduling.domain.requirement import Figures, Point, Required, take_parts
from scheduling.domain.weeks import is_open


@dataclass(frozen=True, slots=True)
class DueTarget:
    """What is promised of work that waits: all of it within `seconds`, worked between two minutes of the local day.

    `backlog` items are open when the week begins; they are taken to fall due evenly over the time promised, as in a
    queue that keeps up. The rest is as in `Target`.
    """

    seconds: float
    opens: int = 0
    closes: int = 1440
    weekends: bool = True
    max_occupancy: float | None = None
    shrinkage: float = 0.0
    minimum: int = 0
    backlog: float = 0.0
    parts: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        take_parts(self)

    def inputs(self) -> dict[str, Any]:
        return {
            "due": self.seconds,
            "opens": self.opens,
            "closes": self.closes,
            "weekends": self.weekends,
            "max_occupancy": self.max_occupancy,
            "shrinkage": self.shrinkage,
            "minimum": self.minimum,
            "backlog": self.backlog,
        }

    def works(self, at: datetime, zone: str) -> bool:
        """Whether anybody works in the interval that begins then."""
        return is_open(at, zone, self.opens, self.closes, weekends=self.weekends)


def required_by_due(points: Sequence[Point], target: DueTarget, *, interval: float, zone: str) -> list[Required]:
    """Agents for each (instant, items, AHT in seconds). ValueError names a bad value."""
    if not points:
        return []
    opened = [target.works(at, zone) for at, _items, _aht in points]
    if not any(opened):
        raise ValueError("opens and closes must leave some time to work")
    usual = next((aht for _at, items, aht in points if items and aht), 300.0)
    steps = by_due_time(
        arrivals=[items for _at, items, _aht in points],
        aht=[aht or usual for _at, _items, aht in points],
        is_open=opened,
        interval=interval,
        due=target.seconds,
        backlog=_piles(target, interval, len(points)),
        occupancy=target.max_occupancy or 1.0,
        shrinkage=target.shrinkage,
        minimum=target.minimum,
    )
    return [_row(point, step, target) for point, step in zip(points, steps, strict=True)]


def _piles(target: DueTarget, interval: float, steps: int) -> list[Pile]:
    within = min(int(target.seconds // interval), steps)
    if not target.backlog or not within:
        return []
    return [Pile(target.backlog / within, number) for number in range(within)]


def _row(point: Point, step: Step, target: DueTarget) -> Required:
    at, items, aht = point
    if not step.agents:
        why = ""
    elif step.agents > target.minimum:
        why = "due"
    else:
        why = "minimum"
    return Required(at, items, aht, Figures(step.agents, step.scheduled), why, left=step.left, late=step.late)
