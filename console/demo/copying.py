"""Many rows at once: PostgreSQL's COPY from columns of text, on whatever connection is entered."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
from django.db import connection, models

from console.demo.plans import Numbers

NULL: Final = "\\N"
BATCH: Final = 4000  # rows a write
Column = Sequence[str]


def copy(model: type[models.Model], size: int, columns: Mapping[str, Column | Any]) -> None:
    """Insert `size` rows. A column is a list of encoded texts, one a row, or one value for all rows.

    Fields without a column take the model's default. KeyError for a column that is no field, ValueError for one of
    another length.
    """
    if not size:
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    if unknown := set(columns) - set(fields):
        raise KeyError(f"{model.__name__} has no field {', '.join(sorted(unknown))}")
    cells = [_cells(field, columns, size) for field in fields.values()]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields.values())
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as target:
            for start in range(0, size, BATCH):
                rows = zip(*(column[start : start + BATCH] for column in cells), strict=True)
                target.write("\n".join(map("\t".join, rows)) + "\n")


def _cells(field: "models.Field[Any, Any]", columns: Mapping[str, Column | Any], size: int) -> Column:
    if field.attname not in columns:
        return [encoded(field.get_default())] * size
    given = columns[field.attname]
    if not isinstance(given, list):
        return [encoded(given)] * size
    if len(given) != size:
        raise ValueError(f"{field.attname} has {len(given)} cells for {size} rows")
    return given


def encoded(value: Any) -> str:
    """One value as COPY's text format wants it."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dict | list):
        value = json.dumps(value)
    return str(value).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def texts(values: Iterable[Any]) -> list[str]:
    return [encoded(value) for value in values]


def ids(raw: Numbers) -> list[str]:
    """UUIDs from their bytes, (n, 16)."""
    whole = raw.tobytes().hex()
    return [whole[start : start + 32] for start in range(0, len(whole), 32)]


def moments(seconds: Numbers) -> list[str]:
    """Instants from UTC seconds; a negative one is NULL."""
    written = np.datetime_as_string(np.asarray(seconds, dtype="datetime64[s]")).tolist()
    return [f"{text}Z" if known else NULL for text, known in zip(written, (seconds >= 0).tolist(), strict=True)]


def days(ordinals: Numbers) -> list[str]:
    return looked_up(ordinals, lambda ordinal: date.fromordinal(ordinal).isoformat())


def numbers(values: Numbers) -> list[str]:
    """Whole numbers; a negative one is NULL."""
    return [str(value) if value >= 0 else NULL for value in values.tolist()]


def flags(values: Numbers) -> list[str]:
    return ["t" if value else "f" for value in values.tolist()]


def looked_up(values: Numbers, of: Callable[[int], Any]) -> list[str]:
    """What stands behind each number, asked once a number; a negative one is NULL."""
    known = {value: encoded(of(value)) if value >= 0 else NULL for value in np.unique(values).tolist()}
    return [known[value] for value in values.tolist()]
