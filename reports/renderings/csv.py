"""The report as one flat table: UTF-8, a header, a line for every figure and for every week of a series."""

import csv
import io
from dataclasses import astuple, fields
from decimal import Decimal
from typing import Any

from reports.renderings.table import Cell, Row, rows

REPORT = ("report", "revision", "sha256")


def as_csv(content: dict[str, Any], sha256: str) -> bytes:
    """The bytes of the file. Shares are in per cent, as on screen; an empty value means too few to state."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*REPORT, *(one.name for one in fields(Row) if one.name != "digits")])
    about = (content["period"]["start"], content["revision"], sha256)
    for row in rows(content):
        names = [one.name for one in fields(Row)]
        cells = {name: _cell(row, name, cell) for name, cell in zip(names, astuple(row), strict=True)}
        writer.writerow([*about, *(cells[name] for name in names if name != "digits")])
    return out.getvalue().encode()


def _cell(row: Row, name: str, cell: Cell) -> Cell:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return str((cell * 100).quantize(Decimal(1).scaleb(-row.digits)) if row.unit == "%" else cell)
    return harmless(cell) if isinstance(cell, str) else cell


def harmless(text: str) -> str:
    """Text a spreadsheet doesn't take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
