"""What can be wrong with a file, a row or a cell, and the file that lists it for the person who sent it.

Each fault is two sentences: the problem names the thing and the reason, the remedy says what to do.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from .words import phrase as _

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


class ExplainedError(ValueError):
    """A problem with its remedy, each a sentence."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy


class FileError(ExplainedError):
    """The file as a whole cannot be read; `row` is where that showed, if it showed at a row."""

    def __init__(self, problem: str, remedy: str, row: int | None = None) -> None:
        super().__init__(problem if row is None else _("Row {row}: {problem}", row=row, problem=problem), remedy)
        self.problem = problem
        self.row = row

    def at(self, row: int) -> Self:
        """Return the same error, placed at a row."""
        return type(self)(self.problem, self.remedy, row)


class CellError(ExplainedError):
    """One value cannot be what its field needs."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.field = field


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row was rejected. `row` counts as a spreadsheet does, the header being row 1; `field` may be ""."""

    row: int
    field: str
    problem: str
    remedy: str

    @classmethod
    def of(cls, row: int, error: CellError) -> Self:
        """Place a cell's error at a row."""
        return cls(row, error.field, error.problem, error.remedy)


def safe_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: a leading quote is added, plain numbers stay."""
    if text.startswith(_FORMULA_STARTS) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def error_file(problems: Iterable[Problem]) -> Iterator[bytes]:
    """Yield a CSV file of problems line by line: UTF-8 with a byte-order mark, as spreadsheets like it."""
    yield "\ufeff".encode() + _line(("row", "field", "problem", "remedy"))
    for found in problems:
        yield _line((str(found.row), *map(safe_cell, (found.field, found.problem, found.remedy))))


def _line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()
