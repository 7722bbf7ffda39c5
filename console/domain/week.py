"""A client's week as the console knows it: six measures, each with what it is made of, Monday to Sunday."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

WEEKS: Final = 8  # shown, and kept fresh
DAYS: Final = 7
LEAVING_DAYS: Final = 28  # attrition is of four weeks: one week of a small client has nobody leave


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its parts. Shares are 0..1, QA points 0..100; None where nothing was measured."""

    value: float | None
    num: float
    den: float
    n: int
    low: float | None = None
    high: float | None = None


NOTHING: Final = Figure(None, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class QueueLevel:
    """One queue's service level beside its promise; num of den were served in time."""

    name: str
    num: int
    den: int
    target: float

    @property
    def value(self) -> float | None:
        return self.num / self.den if self.den else None

    @property
    def under(self) -> bool:
        return self.value is not None and self.value < self.target


@dataclass(frozen=True, slots=True)
class Week:
    """What happened from Monday `start` on, on the client's clock. `people` is the weight at the week's end."""

    start: date
    people: float
    interactions: int
    service: Figure = NOTHING
    target: float | None = None  # of all queues together, weighed by what each was offered
    queues: tuple[QueueLevel, ...] = ()
    quality: Figure = NOTHING
    satisfaction: Figure = NOTHING
    attrition: Figure = NOTHING  # leavers of the 28 days to the week's end, over their mean headcount
    days: tuple[int, ...] = ()  # interactions by day, Monday first
    counted_by: str = ""  # the definition of a service level that was agreed on; each_queue where queues differ
    short: int | None = None  # seconds under which an abandon is short, where that definition asks

    @property
    def end(self) -> date:
        """The Sunday."""
        return self.start + timedelta(days=DAYS - 1)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON, without the start, which is the row's own."""
        found = asdict(self)
        del found["start"]
        return found

    @classmethod
    def from_dict(cls, start: date, kept: Mapping[str, Any]) -> "Week":
        """The week from what `as_dict` gave. Raises KeyError for one that lacks a measure."""
        return cls(
            start=start,
            people=float(kept["people"]),
            interactions=int(kept["interactions"]),
            service=Figure(**kept["service"]),
            target=kept["target"],
            queues=tuple(QueueLevel(**one) for one in kept["queues"]),
            quality=Figure(**kept["quality"]),
            satisfaction=Figure(**kept["satisfaction"]),
            attrition=Figure(**kept["attrition"]),
            days=tuple(kept["days"]),
            counted_by=kept.get("counted_by", ""),  # a week kept before contracts could say had none
            short=kept.get("short"),
        )


def last_full_week(now: datetime, zone: str) -> date:
    """The Monday of the newest week that is over on that zone's clock."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return today - timedelta(days=today.weekday() + DAYS)


def weeks_to(newest: date, count: int = WEEKS) -> list[date]:
    """The Mondays of `count` weeks up to `newest`, oldest first."""
    return [newest - timedelta(days=DAYS * back) for back in range(count - 1, -1, -1)]


def target_of(queues: tuple[QueueLevel, ...]) -> float | None:
    """The promise of all queues together, weighed by what each was offered; None where nothing was."""
    offered = sum(queue.den for queue in queues)
    return sum(queue.target * queue.den for queue in queues) / offered if offered else None
