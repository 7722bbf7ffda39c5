"""Ratings that another survey collected, one a row, each about an interaction that is known here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from bpo.imports.domain.convert import integer, text
from bpo.imports.domain.mapping import Mapping as ColumnMapping
from bpo.imports.domain.mapping import MappingError
from bpo.imports.domain.moments import instant, local_date
from bpo.imports.domain.problems import CellError, Problem
from bpo.imports.domain.table import Row
from bpo.imports.domain.words import phrase as _

FIELDS: Final = ("source", "external_id", "score", "answered_at", "answered_on")
NEEDED: Final = ("source", "external_id", "score")
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "source": (),
    "external_id": ("call id", "ticket id", "interaction id", "conversation id", "id", "reference"),
    "score": ("rating", "satisfaction", "satisfaction rating", "csat", "csat score", "answer"),
    "answered_at": ("answered", "response time", "submitted at", "timestamp"),
    "answered_on": ("survey date", "response date", "date"),
}
_score = partial(integer, low=1, high=5)


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One rating from 1 to 5 of the interaction with this source and external id; `rated_on` is a local day."""

    source: str
    external_id: str
    score: int
    rated_on: date | None


def read_mapping(loaded: object, *, zone: str | None = None) -> ColumnMapping:
    """Check a mapping for answers; `zone` is its default. Raises MappingError."""
    mapping = ColumnMapping.from_dict(loaded, fields=FIELDS, zone=zone)
    for field in NEEDED:
        if not mapping.feeds(field):
            raise MappingError(
                "columns",
                _('Nothing fills "{field}".', field=field),
                _("Map a column to it, or give it one value for the whole file under constants."),
            )
    if mapping.feeds("answered_at") and mapping.feeds("answered_on"):
        raise MappingError("columns", _("Both answered_at and answered_on are mapped."), _("Keep one of the two."))
    return mapping


def parse_rows(rows: Iterable[Row], mapping: ColumnMapping) -> Iterator[tuple[int, ResponseRow | list[Problem]]]:
    """Yield each row's number with its rating or its problems; a second rating of an interaction is a problem."""
    first_rows: dict[tuple[str, str], int] = {}
    for row in rows:
        found = list(row.problems) or _parsed(row, mapping)
        if isinstance(found, ResponseRow):
            first = first_rows.setdefault((found.source, found.external_id), row.number)
            if first != row.number:
                problem = _("Row {first} rates the same interaction.", first=first)
                found = [Problem(row.number, "external_id", problem, _("Keep one of the two rows."))]
        yield row.number, found


def _parsed(row: Row, mapping: ColumnMapping) -> ResponseRow | list[Problem]:
    texts = mapping.fields_of(row.cells)
    problems: list[Problem] = []
    values: dict[str, object] = {}
    for field in FIELDS:
        try:
            values[field] = _value(field, texts.get(field, ""), mapping)
        except CellError as error:
            problems.append(Problem.of(row.number, error))
    if problems:
        return problems
    day = values["answered_at"] or values["answered_on"]
    return ResponseRow(
        source=str(values["source"]),
        external_id=str(values["external_id"]),
        score=int(str(values["score"])),
        rated_on=day if isinstance(day, date) else None,
    )


def _value(field: str, raw: str, mapping: ColumnMapping) -> object:
    if not raw:
        if field in NEEDED:
            raise CellError(field, _("This is empty and must not be."), _("Fill the cell, or leave the row out."))
        return None
    if field == "answered_at":
        return instant(field, raw, mapping.dates, mapping.zone).astimezone(mapping.zone).date()
    if field == "answered_on":
        return local_date(field, raw, mapping.dates)
    return _score(field, raw) if field == "score" else text(field, raw, 60 if field == "source" else 200)
