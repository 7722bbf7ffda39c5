"""A planning week: from one local Monday's midnight to the next, cut into steps of real time.

The week of a clock change has 167 or 169 hours, and so many steps more or fewer; nothing here adds a date to a time.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = 7
SATURDAY = 5  # as `date.weekday` counts


def at_local(day: date, clock: time, zone: str) -> datetime:
    """The instant, in UTC, that a local day's clock shows `clock`, the first time it does."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def midnight(day: date, zone: str) -> datetime:
    """The instant a local day begins, in UTC."""
    return at_local(day, time(), zone)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Week:
    """Seven business dates of one zone. `start` is a Monday; ValueError for another day."""

    start: date
    zone: str

    def __post_init__(self) -> None:
        if self.start.weekday():
            raise ValueError(f"start {self.start} is no Monday")

    @property
    def begins(self) -> datetime:
        return midnight(self.start, self.zone)

    @property
    def ends(self) -> datetime:
        return midnight(self.start + timedelta(days=DAYS), self.zone)

    @property
    def dates(self) -> list[date]:
        return [self.start + timedelta(days=number) for number in range(DAYS)]

    def steps(self, minutes: int) -> list[datetime]:
        """The beginning of each interval of the week, in UTC."""
        length = (self.ends - self.begins) // timedelta(minutes=minutes)
        return [self.begins + timedelta(minutes=minutes * number) for number in range(length)]

    def minute(self, instant: datetime) -> int:
        """Minutes of real time from the week's beginning; below zero before it."""
        return int((instant - self.begins).total_seconds() // 60)

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(ZoneInfo(self.zone))


def is_open(at: datetime, zone: str, opens: int, closes: int, *, weekends: bool) -> bool:
    """Whether an instant lies between two minutes of its local day, on a day that is worked."""
    weekday, minute = place_of(at, zone)
    return opens <= minute < closes and (weekends or weekday < SATURDAY)


def place_of(instant: datetime, zone: str) -> tuple[int, int]:
    """Weekday (Monday 0) and minute of the local day: what recurs from week to week."""
    local = instant.astimezone(ZoneInfo(zone))
    return local.weekday(), local.hour * 60 + local.minute
