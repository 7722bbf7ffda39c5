"""A table of figures as a file: CSV that a spreadsheet program opens without taking a name for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from bpo.imports.domain.problems import safe_cell


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """UTF-8 with a byte-order mark; numbers unrounded, None empty. Nobody keeps a copy on the way."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(map(_cell, row) for row in rows)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _cell(value: object) -> object:
    if isinstance(value, str):
        return safe_cell(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
