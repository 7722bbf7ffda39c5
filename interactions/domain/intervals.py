"""Counts by interval out of somebody's export: a row an interval, or a wide table with a row a day.

Times are local in the mapping's zone. A time that the clocks skip never was: a wide table's column for it must be
empty or 0 on that day and is left out; any other count there rejects the day. A time that the clocks show twice is
taken for the first of the two, as nothing in the file says which, so a day's sum is the file's in every case. An
empty cell is not known and makes no interval; 0 is a count.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final, TypeVar

from bpo.imports.domain.convert import choice, integer, text
from bpo.imports.domain.mapping import Mapping as ColumnMapping
from bpo.imports.domain.mapping import MappingError
from bpo.imports.domain.moments import instant, local_date, time_of_day, to_utc
from bpo.imports.domain.problems import CellError, FileError, Problem
from bpo.imports.domain.table import Row
from bpo.imports.domain.words import phrase as _
from bpo.imports.domain.words import shown
from interactions.domain.fields import CHANNELS

T = TypeVar("T")
MOST: Final = 1_000_000
COUNTS: Final = ("offered", "answered", "in_target", "abandoned", "handle_seconds")
NAMES: Final[Mapping[str, Callable[[str, str], str]]] = {
    "queue": partial(text, limit=60),
    "source": partial(text, limit=60),
    "channel": partial(choice, options=CHANNELS),
}
FIELDS: Final = (*NAMES, "starts_at", "date", "time", "minutes", *COUNTS)
DEFAULTS: Final = {"source": "file", "channel": "voice"}
ALIASES: Final[Mapping[str, tuple[str, ...]]] = dict.fromkeys(FIELDS, ()) | {
    "queue": ("queue name", "skill", "skill group"),
    "starts_at": ("interval", "interval start", "start", "timestamp"),
    "date": ("day", "business date"),
    "time": ("time of day", "start time"),
    "minutes": ("interval minutes", "length"),
    "offered": ("calls", "calls offered", "arrivals", "volume", "contacts offered"),
    "answered": ("calls answered", "handled"),
    "in_target": ("answered in target", "answered within target"),
    "abandoned": ("calls abandoned", "abandons"),
    "handle_seconds": ("handle time", "total handle time"),
}


@dataclass(frozen=True, slots=True)
class Count:
    """What is known of one interval. None is not known."""

    starts_at: datetime
    minutes: int
    offered: int
    answered: int | None = None
    in_target: int | None = None
    abandoned: int | None = None
    handle_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """One row: the counts of a queue on a day, or of one interval of it."""

    queue: str
    source: str
    channel: str
    zone: str
    date: date
    counts: tuple[Count, ...]

    @property
    def starts_at(self) -> datetime:
        return self.counts[0].starts_at

    @property
    def minutes(self) -> int:
        return self.counts[0].minutes

    @property
    def intervals(self) -> int:
        return len(self.counts)

    @property
    def offered(self) -> int:
        return sum(count.offered for count in self.counts)


def read_mapping(loaded: object, *, zone: str | None = None) -> ColumnMapping:
    """Check a mapping for intervals; `zone` is its default. Raises MappingError, also for a word no field takes."""
    mapping = ColumnMapping.from_dict(loaded, fields=FIELDS, zone=zone)
    fed = {field for field in FIELDS if mapping.feeds(field)}
    if mapping.wide is not None:
        _check_wide(mapping.wide.field, fed)
    else:
        _check_long(fed)
    if "queue" not in fed:
        raise MappingError(
            "columns",
            _('Nothing fills "{field}".', field="queue"),
            _("Map a column to it, or name it under constants."),
        )
    for field in NAMES.keys() & mapping.constants.keys():
        _try(f"constants.{field}", field, mapping.constants[field])
    return mapping


def parse_rows(rows: Iterable[Row], mapping: ColumnMapping) -> Iterator[tuple[int, IntervalRow | list[Problem]]]:
    """Yield each row's number with its counts or its problems; a day or interval seen before is a problem too.

    Raises FileError at the first row of a wide table with a column that is neither mapped nor a time of day.
    """
    counts_of = _wide_counts(mapping) if mapping.wide else partial(_long_counts, mapping)
    first_rows: dict[tuple[object, ...], int] = {}
    for row in rows:
        found = list(row.problems) or _parsed(row, mapping, counts_of)
        if isinstance(found, IntervalRow):
            when = found.date if mapping.wide else found.starts_at
            first = first_rows.setdefault((found.queue.casefold(), found.source, when), row.number)
            if first != row.number:
                found = [_repeated(row.number, first, mapping)]
        yield row.number, found


Counted = tuple[date, list[Count]]
Read = Callable[[Row, dict[str, str], list[CellError]], Counted | None]


def _parsed(row: Row, mapping: ColumnMapping, counts_of: Read) -> IntervalRow | list[Problem]:
    texts = DEFAULTS | {field: word for field, word in mapping.fields_of(row.cells).items() if word}
    wrong: list[CellError] = []
    names = {field: _attempt(wrong, convert, field, texts.get(field, "")) for field, convert in NAMES.items()}
    if not names["queue"]:
        wrong.append(CellError("queue", _("This is empty and must not be."), _("Fill the cell, or leave the row out.")))
    found = counts_of(row, texts, wrong)
    if found and not wrong:
        day, counts = found
        fixed: dict[str, Any] = {**names, "zone": mapping.zone.key}
        return IntervalRow(**fixed, date=day, counts=tuple(counts))
    return [Problem.of(row.number, error) for error in wrong]


def _wide_counts(mapping: ColumnMapping) -> Read:
    wide = mapping.wide
    assert wide is not None  # noqa: S101 - asked for only then
    times: dict[str, Any] = {}

    def counts(row: Row, texts: dict[str, str], wrong: list[CellError]) -> Counted | None:
        if not times:
            times.update(_times(row.cells, {wide.date, *mapping.columns}, wide.minutes))
        day = _attempt(wrong, lambda field, raw: local_date(field, raw, mapping.dates), wide.date, row.cells[wide.date])
        if day is None:
            return None
        found = []
        for header, time in times.items():
            value = _attempt(wrong, partial(integer, low=0, high=MOST), header, row.cells.get(header, ""))
            if value is None:
                continue
            try:
                found.append(Count(to_utc(header, datetime.combine(day, time), mapping.zone), wide.minutes, value))
            except CellError as error:
                wrong += [error] if value else []
        if not found and not wrong:
            wrong.append(CellError(wide.field, _("The day has no count."), _("Fill its cells, or leave the row out.")))
        return day, found

    return counts


def _times(headers: Iterable[str], named: set[str], minutes: int) -> dict[str, Any]:
    """The columns that hold counts, by the time of day they are headed with."""
    found = {}
    for header in headers:
        if header in named:
            continue
        try:
            time = time_of_day(header, header)
        except CellError as error:
            raise FileError(
                _('The column "{header}" is neither mapped nor a time of day.', header=shown(header)),
                _("Head it with the time its intervals start, as in 09:30, map it, or take it out."),
            ) from error
        if (time.hour * 60 + time.minute) % minutes or time.second:
            raise FileError(
                _('No interval of {minutes} minutes starts at "{header}".', minutes=minutes, header=shown(header)),
                _("Correct the header, or the minutes in the mapping's wide."),
            )
        found[header] = time
    return found


def _long_counts(mapping: ColumnMapping, row: Row, texts: dict[str, str], wrong: list[CellError]) -> Counted | None:
    starts = _start(mapping, texts, wrong)
    minutes = _attempt(wrong, partial(integer, low=1, high=1440), "minutes", texts.get("minutes", ""))
    counts: dict[str, Any] = {
        field: _attempt(wrong, partial(integer, low=0, high=MOST * 1000), field, texts.get(field, ""))
        for field in COUNTS
    }
    for field, value in (("starts_at", starts), ("minutes", minutes), ("offered", counts["offered"])):
        if value is None and not wrong:
            wrong.append(
                CellError(field, _("This is empty and must not be."), _("Fill the cell, or leave the row out."))
            )
    if wrong or starts is None or minutes is None:
        return None
    wall = starts.astimezone(mapping.zone)
    if 1440 % minutes or (wall.hour * 60 + wall.minute) % minutes or wall.second:
        wrong.append(
            CellError(
                "minutes",
                _("No interval of {minutes} minutes starts at {time}.", minutes=minutes, time=f"{wall:%H:%M:%S}"),
                _("Intervals start at midnight and fill the day; correct the start or the length."),
            )
        )
    wrong += _parts_exceeding(counts)
    return wall.date(), [Count(starts, minutes, **counts)]


def _parts_exceeding(counts: dict[str, Any]) -> Iterator[CellError]:
    for part, whole in (("answered", "offered"), ("abandoned", "offered"), ("in_target", "answered")):
        if counts[part] is not None and (counts[whole] is None or counts[part] > counts[whole]):
            yield CellError(
                part,
                _("{part} is {count}, more than {whole}.", part=part, count=counts[part], whole=whole),
                _("Correct one of the two, or fill in the whole."),
            )


def _start(mapping: ColumnMapping, texts: dict[str, str], wrong: list[CellError]) -> datetime | None:
    if texts.get("starts_at"):
        return _attempt(
            wrong, lambda field, raw: instant(field, raw, mapping.dates, mapping.zone), "starts_at", texts["starts_at"]
        )
    day = _attempt(wrong, lambda field, raw: local_date(field, raw, mapping.dates), "date", texts.get("date", ""))
    time = _attempt(wrong, time_of_day, "time", texts.get("time", ""))
    if day is None or time is None:
        return None
    return _attempt(wrong, lambda field, _raw: to_utc(field, datetime.combine(day, time), mapping.zone), "time", "at")


def _attempt(wrong: list[CellError], convert: Callable[[str, str], T], field: str, raw: str) -> T | None:
    """Convert a text; None where it is empty or can't be, which `wrong` then tells."""
    try:
        return convert(field, raw) if raw else None
    except CellError as error:
        wrong.append(error)
        return None


def _try(path: str, field: str, word: str) -> None:
    try:
        NAMES[field](field, word)
    except CellError as error:
        raise MappingError(path, error.problem, error.remedy) from error


def _check_wide(field: str, fed: set[str]) -> None:
    if field not in ("offered", *ALIASES["offered"]):
        raise MappingError(
            "wide.field",
            _('A wide table cannot hold "{field}".', field=field),
            _("It holds offered; send the others as one row an interval."),
        )
    for other in ("starts_at", "time", "minutes", *COUNTS):
        if other in fed:
            raise MappingError(
                "columns", _('A wide table has "{field}" in its cells.', field=other), _("Leave it out of the mapping.")
            )


def _check_long(fed: set[str]) -> None:
    missing = [field for field in ("offered", "minutes") if field not in fed]
    if not ("starts_at" in fed or {"date", "time"} <= fed):
        missing.insert(0, "starts_at")
    if missing:
        raise MappingError(
            "columns",
            _('Nothing fills "{field}".', field=missing[0]),
            _("Map a column to it; for a table with a row a day and a column an interval give wide."),
        )


def _repeated(row: int, first: int, mapping: ColumnMapping) -> Problem:
    field = mapping.wide.date if mapping.wide else "starts_at"
    return Problem(row, field, _("Row {first} counts the same time.", first=first), _("Keep one of the two rows."))
