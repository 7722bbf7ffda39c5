"""Counts of short intervals summed to longer ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

SUMMED: Final = ("offered", "answered", "in_target", "abandoned", "handle_seconds")
DAY: Final = 1440


class Grained(Protocol):
    """An interval at the grain of its source; what is None is not known."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def minutes(self) -> int: ...
    @property
    def offered(self) -> int: ...
    @property
    def answered(self) -> int | None: ...
    @property
    def in_target(self) -> int | None: ...
    @property
    def abandoned(self) -> int | None: ...
    @property
    def handle_seconds(self) -> int | None: ...


class GrainError(ValueError):
    """The source's intervals can't be summed to this length."""

    def __init__(self, minutes: int, source: int) -> None:
        super().__init__(f"minutes must be a multiple of the source's {source} that fills a day, not {minutes}")
        self.minutes = minutes
        self.source = source


@dataclass(frozen=True, slots=True)
class Bucket:
    """One longer interval: from `starts_at`, which is `wall` on the clock there, made of `parts` shorter ones.

    A figure that is not known for one of the parts is not known for the whole. Fewer parts than fit are those the
    source has; what it lacks is not taken for 0.
    """

    starts_at: datetime
    wall: datetime
    minutes: int
    parts: int
    offered: int
    answered: int | None
    in_target: int | None
    abandoned: int | None
    handle_seconds: int | None


def regrain(intervals: Iterable[Grained], minutes: int, zone: ZoneInfo) -> list[Bucket]:
    """Sum intervals to `minutes`, counted from midnight on the clock in `zone`, in order of time.

    An hour that the clocks show twice stays two. Raises GrainError unless `minutes` divides a day and is a multiple
    of every interval's.
    """
    groups: dict[tuple[datetime, timedelta | None], list[Grained]] = {}
    for one in intervals:
        if minutes < 1 or minutes % one.minutes or DAY % minutes:
            raise GrainError(minutes, one.minutes)
        wall = one.starts_at.astimezone(zone)
        past = timedelta(minutes=(wall.hour * 60 + wall.minute) % minutes)
        groups.setdefault((wall.replace(tzinfo=None) - past, wall.utcoffset()), []).append(one)
    found = [_bucket(wall, minutes, parts) for (wall, _offset), parts in groups.items()]
    return sorted(found, key=lambda bucket: bucket.starts_at)


def lengths(source: int, offered: Sequence[int] = (5, 6, 10, 12, 15, 20, 30, 60, 120, 240, 1440)) -> list[int]:
    """The lengths that intervals of `source` minutes can be summed to, their own first."""
    return sorted({source, *(minutes for minutes in offered if minutes % source == 0)})


def _bucket(wall: datetime, minutes: int, parts: list[Grained]) -> Bucket:
    sums = {name: _sum([getattr(part, name) for part in parts]) for name in SUMMED}
    return Bucket(min(part.starts_at for part in parts), wall, minutes, len(parts), **sums)  # type: ignore[arg-type]


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
