"""Rows of files that planners bring: forecasts made elsewhere, and callbacks that were promised."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final, TypeVar

from bpo.imports.domain.convert import choice, decimal, duration, integer, text
from bpo.imports.domain.mapping import Mapping as ColumnMapping
from bpo.imports.domain.mapping import MappingError
from bpo.imports.domain.moments import instant
from bpo.imports.domain.problems import CellError, Problem
from bpo.imports.domain.table import Row
from bpo.imports.domain.words import phrase as _

T = TypeVar("T")
Convert = Callable[[str, str], Any]
MOST: Final = Decimal(1_000_000)
STATES: Final = ("due", "done", "cancelled")
NAME: Final[Convert] = partial(text, limit=60)
FORECAST: Final[Mapping[str, Convert | None]] = {  # None is an instant, which needs the mapping's zone
    "queue": NAME,
    "source": NAME,
    "starts_at": None,
    "minutes": partial(integer, low=5, high=1440),
    "volume": partial(decimal, low=Decimal(0), high=MOST),
    "aht_seconds": partial(decimal, low=Decimal(1), high=Decimal(86_400)),
}
CALLBACKS: Final[Mapping[str, Convert | None]] = {
    "queue": NAME,
    "source": NAME,
    "external_id": partial(text, limit=100),
    "window_start": None,
    "window_end": None,
    "handle_seconds": duration,
    "state": partial(choice, options=STATES),
}
DEFAULTS: Final = {"source": "file", "state": "due"}
NEEDED: Final = {
    "forecast": ("queue", "source", "starts_at", "minutes", "volume"),
    "callbacks": ("queue", "source", "external_id", "window_start", "window_end"),
}
ALIASES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "forecast": dict.fromkeys(FORECAST, ())
    | {
        "queue": ("queue name", "skill"),
        "starts_at": ("interval", "interval start", "start", "timestamp"),
        "minutes": ("interval minutes", "length"),
        "volume": ("forecast", "calls", "contacts", "offered"),
        "aht_seconds": ("aht", "handle time", "average handle time"),
    },
    "callbacks": dict.fromkeys(CALLBACKS, ())
    | {
        "queue": ("queue name", "skill"),
        "external_id": ("id", "callback id"),
        "window_start": ("from", "promised from"),
        "window_end": ("until", "to", "promised until"),
        "handle_seconds": ("handle time", "expected duration"),
    },
}
FIELDS: Final = {"forecast": FORECAST, "callbacks": CALLBACKS}


@dataclass(frozen=True, slots=True)
class ForecastRow:
    queue: str
    source: str
    starts_at: datetime
    minutes: int
    volume: Decimal
    aht_seconds: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CallbackRow:
    queue: str
    source: str
    external_id: str
    window_start: datetime
    window_end: datetime
    handle_seconds: int | None = None
    state: str = "due"


def read_mapping(kind: str, loaded: object, *, zone: str | None = None) -> ColumnMapping:
    """Check a mapping for one of the kinds. Raises MappingError."""
    mapping = ColumnMapping.from_dict(loaded, fields=FIELDS[kind], zone=zone)
    for field in NEEDED[kind]:
        if not mapping.feeds(field) and field not in DEFAULTS:
            raise MappingError(
                "columns",
                _('Nothing fills "{field}".', field=field),
                _("Map a column to it, or give it one value for the whole file under constants."),
            )
    for field, word in mapping.constants.items():
        convert = FIELDS[kind].get(field)
        try:
            if convert:
                convert(field, word)
        except CellError as error:
            raise MappingError(f"constants.{field}", error.problem, error.remedy) from error
    return mapping


def parse_rows(kind: str, rows: Iterable[Row], mapping: ColumnMapping) -> Iterator[tuple[int, Any]]:
    """Yield each row's number with its value or its problems; what a row before named already is a problem too."""
    first_rows: dict[tuple[object, ...], int] = {}
    for row in rows:
        found = list(row.problems) or _parsed(kind, row, mapping)
        if not isinstance(found, list):
            first = first_rows.setdefault(_key(found), row.number)
            if first != row.number:
                found = [Problem.of(row.number, _repeated(first))]
        yield row.number, found


def _parsed(kind: str, row: Row, mapping: ColumnMapping) -> ForecastRow | CallbackRow | list[Problem]:
    texts = DEFAULTS | {field: word for field, word in mapping.fields_of(row.cells).items() if word}
    wrong: list[CellError] = []
    values: dict[str, Any] = {}
    for field, convert in FIELDS[kind].items():
        raw = texts.get(field, "")
        if not raw:
            if field in NEEDED[kind]:
                empty = _("This is empty and must not be.")
                wrong.append(CellError(field, empty, _("Fill the cell, or leave the row out.")))
            continue
        try:
            values[field] = convert(field, raw) if convert else instant(field, raw, mapping.dates, mapping.zone)
        except CellError as error:
            wrong.append(error)
    if not wrong and kind == "callbacks" and values["window_end"] <= values["window_start"]:
        wrong.append(CellError("window_end", _("The window ends before it begins."), _("Correct one of the two.")))
    if wrong:
        return [Problem.of(row.number, error) for error in wrong]
    return ForecastRow(**values) if kind == "forecast" else CallbackRow(**values)


def _key(row: ForecastRow | CallbackRow) -> tuple[object, ...]:
    if isinstance(row, ForecastRow):
        return row.queue.casefold(), row.source, row.starts_at
    return row.source, row.external_id


def _repeated(first: int) -> CellError:
    return CellError("row", _("Row {row} says the same already.", row=first), _("Leave one of the two out."))
