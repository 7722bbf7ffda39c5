"""Opening a file as a table, guessing its mapping, and looking at its first rows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bpo.imports.domain.mapping import Mapping, MappingError
from bpo.imports.domain.problems import FileError, Problem
from bpo.imports.domain.reader import read_csv
from bpo.imports.domain.suggest import suggest_mapping, suggest_wide
from bpo.imports.domain.table import Table
from bpo.imports.domain.xlsx import read_xlsx
from bpo.imports.registry import Importer

PRESETS: Final = Path(__file__).parent / "mappings"
DELIMITERS: Final = (",", ";", "\t", "|")
WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX, and the old or locked kind that is refused by name


def open_table(stream: BinaryIO, mapping: Mapping) -> Table:
    """Read a CSV file or a workbook, told apart by their first bytes. Raises FileError."""
    return read_xlsx(stream, mapping) if is_workbook(stream) else read_csv(stream, mapping)


def is_workbook(stream: BinaryIO) -> bool:
    """Whether a stream at its start begins as a workbook does; it is at its start again afterwards."""
    start = stream.read(4)
    stream.seek(0)
    return start in WORKBOOKS


def count_rows(stream: BinaryIO, mapping: Mapping) -> int:
    """Read a file to its end without writing anything, so that a damaged file changes nothing. Raises FileError."""
    return sum(1 for _row in open_table(stream, mapping))


def presets(importer: Importer, zone: str) -> dict[str, dict[str, Any]]:
    """Mappings that come with the product and fit this importer, by name."""
    found = {}
    for path in sorted(PRESETS.glob("*.json")):
        loaded = json.loads(path.read_text(encoding="utf-8"))
        try:
            importer.read_mapping(loaded, zone=zone)
        except MappingError:
            continue
        found[path.stem] = loaded
    return found


def headers_of(stream: BinaryIO, *, zone: str, delimiter: str = ",", encoding: str = "utf-8") -> tuple[str, ...]:
    """The first row that is not blank. Raises FileError."""
    return open_table(stream, bare_mapping(zone, delimiter, encoding)).headers


def bare_mapping(zone: str, delimiter: str, encoding: str) -> Mapping:
    """A mapping that reads a file's rows and makes nothing of them."""
    return Mapping(
        version=1,
        encoding=encoding,
        delimiter=delimiter,
        zone=ZoneInfo(zone),
        dates=(),
        columns={},
        values={},
        constants={},
        key=(),
        create_missing=frozenset(),
        wide=None,
    )


def guess(stream: BinaryIO, importer: Importer, *, zone: str, encoding: str = "utf-8") -> dict[str, Any]:
    """A mapping for a file that came without one: a known export's, or one by the names of its columns.

    It may leave fields unfilled; a person completes it. Raises FileError.
    """
    headers, delimiter = _split_best(stream, zone, encoding)
    for loaded in presets(importer, zone).values():
        if _is_of(loaded, headers) and loaded.get("delimiter", ",") == delimiter:
            return loaded
    columns = suggest_mapping(headers, importer.aliases)
    constants = {name: word for name, word in importer.defaults.items() if name not in columns.values()}
    wide = suggest_wide(headers) if importer.wide_field else None
    if wide:
        return {
            "version": 1,
            "encoding": encoding,
            "delimiter": delimiter,
            "zone": zone,
            "columns": {},
            "constants": constants,
            "wide": {**wide, "field": importer.wide_field},
        }
    return {
        "version": 1,
        "encoding": encoding,
        "delimiter": delimiter,
        "zone": zone,
        "columns": columns,
        "constants": constants,
    }


def _is_of(loaded: dict[str, Any], headers: tuple[str, ...]) -> bool:
    """Whether a packaged mapping is made for such a file: it has the columns, or is the same kind of wide table."""
    wide = loaded.get("wide")
    if not wide:
        return set(loaded["columns"]) <= set(headers)
    return {"date": wide["date"], "minutes": wide["minutes"]} == suggest_wide(headers)


def _split_best(stream: BinaryIO, zone: str, encoding: str) -> tuple[tuple[str, ...], str]:
    """The delimiter that gives most columns."""
    found = []
    for delimiter in DELIMITERS:
        stream.seek(0)
        found.append((headers_of(stream, zone=zone, delimiter=delimiter, encoding=encoding), delimiter))
    stream.seek(0)
    return max(found, key=lambda pair: len(pair[0]))


@dataclass(frozen=True, slots=True)
class Look:
    """One of the first rows as it will be read."""

    number: int
    cells: tuple[str, ...]
    problems: tuple[Problem, ...]


def first_rows(
    stream: BinaryIO, importer: Importer, mapping: Mapping, fields: list[str], *, most: int = 10
) -> list[Look]:
    """The first rows with what each of the fields becomes; instants are shown in the file's zone. Raises FileError."""
    parsed = islice(importer.parse(open_table(stream, mapping), mapping), most)
    return [_look(number, found, fields, mapping.zone) for number, found in parsed]


def _look(number: int, found: Any, fields: list[str], zone: ZoneInfo) -> Look:
    if isinstance(found, list):
        return Look(number, (), tuple(found))
    return Look(number, tuple(_shown(_value(found, name), zone) for name in fields), ())


def _value(found: Any, name: str) -> object:
    """A field's value; the halves of an instant show as the instant they make."""
    for half in ("_date", "_time"):
        name = name.removesuffix(half) + "_at" if name.endswith(half) and not hasattr(found, name) else name
    return getattr(found, name, None)


def _shown(value: object, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return "" if value is None else str(value)


def explained(error: FileError | MappingError) -> tuple[str, str]:
    """The problem and the remedy of what stops a whole file, each within its column."""
    problem = str(error).removesuffix(f" {error.remedy}")
    return problem[:500], error.remedy[:500]


def numbered(rows: Iterator[tuple[int, Any]], size: int) -> Iterator[list[tuple[int, Any]]]:
    """Rows in batches of `size`."""
    while batch := list(islice(rows, size)):
        yield batch
