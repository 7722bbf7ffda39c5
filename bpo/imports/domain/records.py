"""CSV text to records, exact at every boundary of a piece and bounded in memory.

The standard reader is not used here: it takes a quote left open for one huge cell, its size limit is a
setting of the whole process, and it cannot say in which row that quote opened.
"""

import enum
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from .problems import FileError
from .words import phrase as _

MAX_CELL: Final = 1_000_000  # characters
MAX_ROW: Final = 4_000_000  # characters
MAX_COLUMNS: Final = 2_000  # a day by the minute is 1,440

_LINE_ENDS: Final = ("\n", "\r\n", "\r")


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `number` counts as a spreadsheet does: a line break inside quotes starts no new row, an
    empty line counts. `stray` tells that text followed a closing quote."""

    number: int
    cells: list[str]
    stray: bool = False


class _At(enum.Enum):
    PLAIN = "in a cell without quotes"
    QUOTED = "between quotes"
    CLOSED = "after a quote that closes the cell, or is the first of two"


def records(pieces: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Yield the records of CSV text that comes in pieces cut anywhere.

    Line ends may be mixed. A quote inside a cell that does not start with one is an ordinary character.
    Raises FileError with its row for a cell, a row or a header beyond the limits and for a quote left open.
    """
    token = re.compile(rf'[^"\r\n{re.escape(delimiter)}]+|"|{re.escape(delimiter)}|\r\n|\r|\n')
    splitter = _Splitter(delimiter)
    try:
        for piece in _whole_line_ends(pieces):
            for found in token.finditer(piece):
                done = splitter.take(found[0])
                if done:
                    yield done
    except FileError as error:
        if error.row is not None:
            raise
        raise error.at(splitter.row) from error
    yield from splitter.finish()


def _whole_line_ends(pieces: Iterable[str]) -> Iterator[str]:
    """Pass pieces on so that no CR LF is cut in two."""
    held = ""
    for piece in pieces:
        text = held + piece
        held = "\r" if text.endswith("\r") else ""
        yield text.removesuffix("\r")
    yield held


@dataclass
class _Splitter:
    """Where the reading stands: the row's finished cells, the open cell's parts, and the kind of place."""

    delimiter: str
    row: int = 1
    at: _At = _At.PLAIN
    cells: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    blank: bool = True  # nothing but white space in the open cell so far
    stray: bool = False
    cell_size: int = 0
    row_size: int = 0

    def take(self, bit: str) -> Record | None:
        if bit == '"':
            self._quote()
        elif self.at is _At.QUOTED:
            self._add(bit)
        elif bit == self.delimiter:
            self._end_cell()
        elif bit in _LINE_ENDS:
            return self._end_row()
        elif self.at is _At.PLAIN:
            self._add(bit)
        else:
            self.stray = self.stray or not bit.isspace()
        return None

    def finish(self) -> Iterator[Record]:
        if self.at is _At.QUOTED:
            raise FileError(
                _(
                    "A quote opened in row {row}, cell {cell}, is never closed.",
                    row=self.row,
                    cell=len(self.cells) + 1,
                ),
                _('Close it, or write "" for a quote inside a cell.'),
                self.row,
            )
        if self.cells or self.parts or self.at is _At.CLOSED:
            yield self._end_row()

    def _quote(self) -> None:
        if self.at is _At.QUOTED:
            self.at = _At.CLOSED
        elif self.at is _At.CLOSED:
            self._add('"')
            self.at = _At.QUOTED
        elif self.blank:
            self.parts.clear()
            self.at = _At.QUOTED
        else:
            self._add('"')

    def _add(self, text: str) -> None:
        self.parts.append(text)
        self.blank = self.blank and text.isspace()
        self.cell_size += len(text)
        self.row_size += len(text)
        if self.cell_size > MAX_CELL:
            raise self._too_long()
        if self.row_size > MAX_ROW:
            raise FileError(
                _("The row is longer than {limit} characters.", limit=MAX_ROW),
                _("Leave out the columns you do not need."),
            )

    def _end_cell(self) -> None:
        self.cells.append("".join(self.parts).strip())
        self.parts.clear()
        self.at, self.blank, self.cell_size = _At.PLAIN, True, 0
        if len(self.cells) > MAX_COLUMNS:
            raise FileError(
                _("The row has more than {limit} cells.", limit=MAX_COLUMNS),
                _("Leave out the columns you do not need."),
            )

    def _end_row(self) -> Record:
        self._end_cell()
        done = Record(self.row, self.cells, self.stray)
        self.row += 1
        self.cells, self.stray, self.row_size = [], False, 0
        return done

    def _too_long(self) -> FileError:
        cell = len(self.cells) + 1
        problem = _("Cell {cell} is longer than {limit} characters.", cell=cell, limit=MAX_CELL)
        if self.at is _At.QUOTED:
            return FileError(
                problem, _("It starts with a quote that may never be closed; close it, or shorten the cell.")
            )
        return FileError(problem, _("Shorten the cell, or check the delimiter setting."))
