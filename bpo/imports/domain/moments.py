"""Dates and times of day as files write them, and the instants they are in a zone.

Two local times need care where clocks change. A time the clocks skip never was, so it is refused with the
hour that is missing. A time the clocks show twice is taken for the first of the two (fold=0 of PEP 495), as
nothing in the file says which; a file that gives the offset with the time says it.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from .problems import CellError
from .words import phrase as _
from .words import quoted, shown

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2199

_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,6})?)?\s*([AaPp]\.?[Mm]\.?)?")


def local_date(field: str, raw: str, formats: Sequence[str]) -> date:
    """Read a date by the first format that fits, or else as ISO 8601 (2026-01-31)."""
    moment = _moment(field, raw, formats)
    if moment.time() != time():
        raise CellError(
            field,
            _('"{text}" is a date with a time.', text=shown(raw)),
            _("Map it as a date and time in one field."),
        )
    return moment.date()


def time_of_day(field: str, raw: str) -> time:
    """Read "h:mm", "h:mm:ss" or either with AM or PM."""
    parts = _TIME.fullmatch(raw)
    hour = _hour(parts) if parts else None
    if parts is None or hour is None or int(parts[2]) > 59 or int(parts[3] or 0) > 59:
        raise CellError(
            field,
            _('"{text}" is not a time of day.', text=shown(raw)),
            _("Write 14:05, 14:05:30 or 2:05 PM."),
        )
    micros = int((parts[4] or ".0")[1:].ljust(6, "0"))
    return time(hour, int(parts[2]), int(parts[3] or 0), micros)


def instant(field: str, raw: str, formats: Sequence[str], zone: ZoneInfo) -> datetime:
    """Read a date and time as an instant in UTC: by the first format that fits, or else as ISO 8601.

    An offset in the text counts; without one the time is local in `zone`.
    """
    moment = _moment(field, raw, formats)
    return moment.astimezone(UTC) if moment.tzinfo else to_utc(field, moment, zone)


def to_utc(field: str, local: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a local time; refuse one the clocks skip, take the first of one they show twice."""
    found = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    back = found.astimezone(zone).replace(tzinfo=None)
    if back != local:
        raise CellError(
            field,
            _(
                "{local} never was in {zone}: clocks went forward over that hour.",
                local=local.isoformat(" ", "minutes"),
                zone=zone.key,
            ),
            _("Correct the hour, check the zone, or give the time with its offset."),
        )
    return found


def _moment(field: str, raw: str, formats: Sequence[str]) -> datetime:
    found = _by_format(raw, formats) or _by_iso(raw)
    if found is None:
        shapes = quoted([*formats, "YYYY-MM-DD"])
        raise CellError(
            field,
            _('"{text}" is not a date in any expected form.', text=shown(raw)),
            _("Write it as {shapes}, or add its form to the mapping's dates.", shapes=shapes),
        )
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise CellError(
            field,
            _(
                "The year {year} is not within {low} to {high}.",
                year=found.year,
                low=FIRST_YEAR,
                high=LAST_YEAR,
            ),
            _("Correct the date, or its form in the mapping's dates."),
        )
    return found


def _by_format(raw: str, formats: Sequence[str]) -> datetime | None:
    for form in formats:
        try:
            return datetime.strptime(raw, form)  # noqa: DTZ007 - a wall clock, made an instant in `to_utc`
        except ValueError:
            continue
    return None


def _by_iso(raw: str) -> datetime | None:
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        return None


def _hour(parts: re.Match[str]) -> int | None:
    """Return the hour 0..23, None where there is no such hour."""
    hour, half = int(parts[1]), (parts[5] or "").lower()
    if not half:
        return hour if hour < 24 else None
    if not 1 <= hour <= 12:
        return None
    return hour % 12 + (12 if half.startswith("p") else 0)
