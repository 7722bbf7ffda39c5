"""When somebody may be asked: a daily window on the wall clock of the zone they live in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

TimeOfDay = time | str | int

_DAY: Final = timedelta(days=1)
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")


def next_allowed(instant: datetime, zone: str | tzinfo, start: TimeOfDay, end: TimeOfDay) -> datetime:
    """Return the first instant, `instant` or later, whose local time is within [start, end); in UTC.

    `start` and `end` are times of day, texts such as "09:00" or whole hours; 24 and "24:00" are the end of the
    day, and a start after the end is a window over midnight. Where the clocks skip the start, the window
    opens as they go forward. Raises ValueError naming a bad value.
    """
    if instant.utcoffset() is None:
        raise ValueError(f"instant {instant} has no zone")
    window = _Window(_zone(zone), _since_midnight("start", start), _since_midnight("end", end))
    if window.start == window.end:
        raise ValueError(f"end {end} is the same as start, which leaves no time at all")
    moment = instant.astimezone(UTC)
    return moment if window.holds(moment) else window.opening_after(moment)


@dataclass(frozen=True, slots=True)
class _Window:
    zone: tzinfo
    start: timedelta  # since local midnight
    end: timedelta

    def holds(self, moment: datetime) -> bool:
        local = moment.astimezone(self.zone)
        passed = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
        if self.start < self.end:
            return self.start <= passed < self.end
        return passed >= self.start or passed < self.end

    def opening_after(self, moment: datetime) -> datetime:
        today = moment.astimezone(self.zone).date()
        openings = (at for days in range(8) for at in self._openings(today + days * _DAY))
        found = next((at for at in openings if at >= moment and self.holds(at)), None)
        if found is None:
            raise ValueError(f"start: the window never opens in the week after {moment}")
        return found

    def _openings(self, day: date) -> Iterator[datetime]:
        """Yield when the local clock comes to the start on a day: twice where it goes back over it."""
        local = datetime.combine(day, time()) + self.start
        first, second = (local.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        if first <= second:
            yield from (first, second)
        else:
            yield _change_between(second, first, self.zone)  # skipped: PEP 495 then has fold 1 before fold 0


def _change_between(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """Return the second at which the zone's offset changes, given an instant on either side."""
    old = before.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def _zone(zone: str | tzinfo) -> tzinfo:
    if not isinstance(zone, str):
        return zone
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"zone {zone!r} is not an IANA time zone") from error


def _since_midnight(name: str, value: TimeOfDay) -> timedelta:
    hour, minute, second = _parts(name, value)
    if not (hour < 24 and minute < 60) and (hour, minute) != (24, 0):
        raise ValueError(f"{name} {value!r} is not a time of day")
    if hour == 24 and name == "start":
        raise ValueError(f"{name} {value!r} is the end of the day, where no window starts")
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _parts(name: str, value: TimeOfDay) -> tuple[int, int, int]:
    if isinstance(value, time):
        return value.hour, value.minute, value.second
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value, 0, 0
    clock = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if clock is None:
        raise ValueError(f"{name} {value!r} is not a time of day")
    return int(clock[1]), int(clock[2]), 0
