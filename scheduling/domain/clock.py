"""From a shift as people say it, a date and a time on the wall, to the instants it lasts from and to."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scheduling.domain.checked import one_of

POLICIES: Final = ("keep_duration", "keep_local_end")


def shift_bounds(
    date: dt.date, start: dt.time, minutes: int, zone: str | ZoneInfo, policy: str = "keep_duration"
) -> tuple[dt.datetime, dt.datetime]:
    """Start and end in UTC of a shift that starts on `date` at `start` local and is meant to last `minutes`.

    Where clocks change during it, "keep_duration" keeps the minutes and lets the local end move; "keep_local_end"
    keeps the end on the wall and lets the minutes change. A local time that the clocks show twice is the first of
    the two; one that they skip is as much later as they jump. ValueError names a value that cannot be, among them
    minutes that a change of clocks leaves nothing of.
    """
    one_of("policy", policy, POLICIES)
    if start.tzinfo is not None:
        raise ValueError(f"start must be a time without a zone, not {start!r}")
    if minutes <= 0:
        raise ValueError(f"minutes must be above 0, not {minutes!r}")
    place, wall = _zone(zone), dt.datetime.combine(date, start)
    begins, lasts = _utc(wall, place), dt.timedelta(minutes=minutes)
    ends = begins + lasts if policy == "keep_duration" else _utc(wall + lasts, place)
    if ends <= begins:
        raise ValueError(f"minutes must outlast the change of clocks on {date}, not be {minutes!r}")
    return begins, ends


def _utc(wall: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return wall.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)


def _zone(zone: str | ZoneInfo) -> ZoneInfo:
    try:
        return zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"zone must be an IANA name, not {zone!r}") from error
