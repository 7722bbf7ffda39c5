"""One row of an HR export to one spell of employment, or to the list of what is wrong with it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from bpo.imports.domain.convert import text
from bpo.imports.domain.mapping import Mapping, MappingError
from bpo.imports.domain.moments import local_date
from bpo.imports.domain.problems import CellError, Problem
from bpo.imports.domain.table import Row
from bpo.imports.domain.words import phrase as _
from bpo.imports.domain.words import quoted

KEY: Final = ("number", "starts_on")
FIELDS: Final = ("number", "prefix", "name", "email", "site", "starts_on", "last_day")
ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "number": ("employee number", "employee no", "employee id", "staff number", "personnel number"),
    "prefix": (),
    "name": ("full name", "employee name"),
    "email": ("e-mail", "mail", "email address"),
    "site": ("location", "office"),
    "starts_on": ("hire date", "hired on", "start date", "first day", "date of joining"),
    "last_day": ("last day", "last day worked", "end date", "leaving date", "date of leaving"),
}
# Nothing that reads like one of these may fill a field: it is no factor of anything here.
PROTECTED: Final = frozenset(
    [
        "sex",
        "gender",
        "geschlecht",
        "sexe",
        "sexo",
        "age",
        "birth",
        "birthdate",
        "birthday",
        "dob",
        "religion",
        "race",
        "ethnicity",
        "nationality",
    ]
)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A spell of employment as the file says it; None is what it does not say."""

    number: str
    starts_on: date
    last_day: date | None = None
    name: str | None = None
    email: str | None = None
    site: str | None = None


def read_mapping(loaded: object, *, zone: str | None = None) -> Mapping:
    """Check a mapping for people. Raises MappingError, also for a protected column that would fill a field."""
    mapping = Mapping.from_dict(loaded, fields=FIELDS, zone=zone)
    for header in mapping.columns:
        if is_protected(header):
            raise MappingError(
                f"columns.{header}",
                _("Sex, age, origin and belief are never kept here."),
                _("Leave the column out of the mapping."),
            )
    for field in KEY:
        if not mapping.feeds(field):
            raise MappingError("columns", _('Nothing fills "{field}".', field=field), _("Map a column to it."))
    if mapping.key and set(mapping.key) != set(KEY):
        raise MappingError("key", _("A spell of employment has one key."), _("Use {names}.", names=quoted(KEY)))
    return mapping


def is_protected(header: str) -> bool:
    """Whether a column's name speaks of what must not be kept."""
    return bool(PROTECTED & set(re.findall(r"[^\W\d_]+", header.casefold())))


def parse_rows(rows: Iterable[Row], mapping: Mapping) -> Iterator[tuple[int, PersonRow | list[Problem]]]:
    """Yield each row's number with its spell or its problems; a key seen before is a problem too."""
    first: dict[tuple[str, date], int] = {}
    for row in rows:
        found = list(row.problems) or parse_row(row, mapping)
        if isinstance(found, PersonRow):
            seen = first.setdefault((found.number, found.starts_on), row.number)
            if seen != row.number:
                found = [
                    Problem(row.number, "number", _("Row {n} has the same key.", n=seen), _("Keep one of the two."))
                ]
        yield row.number, found


def parse_row(row: Row, mapping: Mapping) -> PersonRow | list[Problem]:
    """Read one row; every cell that can't be read is a problem of its own."""
    texts = mapping.fields_of(row.cells)
    problems: list[Problem] = []

    def take(field: str, convert: Callable[[str, str], Any], *, needed: bool = False) -> Any:
        try:
            if texts.get(field):
                return convert(field, texts[field])
            if needed:
                raise CellError(field, _("This is empty and must not be."), _("Fill the cell, or leave the row out."))
        except CellError as error:
            problems.append(Problem.of(row.number, error))
        return None

    day = partial(local_date, formats=mapping.dates)
    number = take("number", partial(text, limit=30), needed=True)
    starts_on, last_day = take("starts_on", day, needed=True), take("last_day", day)
    prefix = take("prefix", partial(text, limit=10)) or ""
    more = {
        name: take(name, partial(text, limit=limit)) for name, limit in (("name", 120), ("email", 254), ("site", 80))
    }
    if starts_on and last_day and last_day < starts_on:
        error = CellError(
            "last_day",
            _("The last day {last} is before the first, {first}.", last=str(last_day), first=str(starts_on)),
            _("Correct one of the two."),
        )
        problems.append(Problem.of(row.number, error))
    return problems or PersonRow(f"{prefix}{number}", starts_on, last_day, **more)
