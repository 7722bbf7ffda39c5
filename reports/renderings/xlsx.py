"""The report as a workbook: figures, series and definitions, numbers as numbers."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.renderings.table import Cell, Row, rows

NUMBERS: Final = ("value", "low", "high", "target", "change")


def as_xlsx(content: dict[str, Any], sha256: str) -> bytes:
    """The bytes of the file; the same content gives the same bytes."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    built = datetime.fromisoformat(content["built_at"]).replace(tzinfo=None)
    book.set_properties({"title": f"{content['client']['name']} {content['period']['start']}", "created": built})
    every = list(rows(content))
    _figures(_Sheet(book, _("Figures")), content, sha256, [row for row in every if row.kind == "figure"])
    _series(_Sheet(book, _("Series")), [row for row in every if row.kind == "series"])
    _definitions(_Sheet(book, _("Definitions")), content["figures"])
    book.close()
    return out.getvalue()


class _Sheet:
    """A worksheet written row by row."""

    def __init__(self, book: Workbook, name: str) -> None:
        self.sheet: Worksheet = book.add_worksheet(name)
        self.book, self.line = book, 0
        self.bold: Format = book.add_format({"bold": True})
        self.day: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        self.formats: dict[str, Format] = {}

    def head(self, names: Sequence[str], widths: Iterable[int]) -> None:
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.write(names, [self.bold] * len(names))
        self.sheet.freeze_panes(self.line, 0)

    def write(self, cells: Sequence[Cell | date], formats: Sequence[Format | None] = ()) -> None:
        for column, cell in enumerate(cells):
            how = formats[column] if formats else None
            if isinstance(cell, date):
                self.sheet.write_datetime(self.line, column, cell, self.day)
            elif isinstance(cell, str):
                self.sheet.write_string(self.line, column, cell, how)
            elif cell is not None:
                self.sheet.write_number(self.line, column, float(cell), how)
        self.line += 1

    def number(self, pattern: str) -> Format:
        if pattern not in self.formats:
            self.formats[pattern] = self.book.add_format({"num_format": pattern})
        return self.formats[pattern]


def _pattern(row: Row) -> str:
    decimals = f".{'0' * row.digits}" if row.digits else ""
    return f"0{decimals}%" if row.unit == "%" else f"#,##0{decimals}"


def _figures(sheet: _Sheet, content: dict[str, Any], sha256: str, found: list[Row]) -> None:
    period = content["period"]
    about: tuple[tuple[str, Cell | date], ...] = (
        (_("Account"), content["client"]["name"]),
        (_("Week"), f"{period['start']} / {period['end']}"),
        (_("Revision"), content["revision"]),
        (_("Data to"), content["data_to"]),
        (_("SHA-256"), sha256),
    )
    for label, value in about:
        sheet.write([label, value], [sheet.bold, None])
    sheet.line += 1
    names = (_("Ref"), _("Measure"), _("Value"), _("Unit"), _("Numerator"), _("Denominator"), _("n"), _("Low 95 %"),
             _("High 95 %"), _("Target"), _("Direction"), _("Result"), _("Change"), _("Verdict"))  # fmt: skip
    sheet.head(names, (16, 44, 10, 8, 12, 12, 10, 10, 10, 10, 12, 12, 10, 14))
    for row in found:
        plain = sheet.number(_pattern(row))
        cells: list[Cell | date] = [row.ref, row.measure, row.value, row.unit, row.numerator, row.denominator, row.n]
        cells += [row.low, row.high, row.target, row.direction, row.result, row.change, row.verdict]
        numeric = {2, 7, 8, 9, 12}
        sheet.write(cells, [plain if column in numeric else None for column in range(len(cells))])


def _series(sheet: _Sheet, found: list[Row]) -> None:
    names = (_("Ref"), _("Measure"), _("Week of"), _("Value"), _("Unit"), _("Numerator"), _("Denominator"), _("n"),
             _("Low 95 %"), _("High 95 %"))  # fmt: skip
    sheet.head(names, (16, 32, 12, 10, 8, 12, 12, 10, 10, 10))
    for row in found:
        plain = sheet.number(_pattern(row))
        start = date.fromisoformat(row.week_start)
        cells: list[Cell | date] = [row.ref, row.measure, start, row.value, row.unit, row.numerator, row.denominator]
        cells += [row.n, row.low, row.high]
        sheet.write(cells, [plain if column in (3, 8, 9) else None for column in range(len(cells))])


def _definitions(sheet: _Sheet, figures: list[dict[str, Any]]) -> None:
    names = (_("Ref"), _("Measure"), _("Version"), _("Formula"), _("Numerator"), _("Denominator"), _("Left out"),
             _("Interval"), _("Least n"))  # fmt: skip
    sheet.head(names, (8, 28, 8, 60, 60, 60, 60, 50, 8))
    for one in (figure for figure in figures if figure["queue"] is None):
        words = one["definition"]
        sheet.write(
            [
                one["code"],
                words["name"],
                words["version"],
                words["formula"],
                words["numerator"],
                words["denominator"],
                "; ".join(words["exclusions"]),
                words["interval_words"],
                words["needs"],
            ]
        )
