"""A table as the importers see it, whatever kind of file it came from."""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass
from types import MappingProxyType

from bpo.cards import masked

from .mapping import Mapping
from .problems import FileError, Problem
from .records import Record
from .words import nearest, quoted, shown
from .words import phrase as _


@dataclass(frozen=True, slots=True)
class Row:
    """One row under its headers, card numbers masked. `number` counts as a spreadsheet does, the first row being 1;
    `problems` are what the reader found wrong with the row itself."""

    number: int
    cells: MappingABC[str, str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Headers, and rows that can be read once. Reading on may raise FileError: the file is a stream."""

    headers: tuple[str, ...]
    rows: Iterator[Row]

    def __iter__(self) -> Iterator[Row]:
        return self.rows


def tabulate(found: Iterable[Record], mapping: Mapping, *, padded: bool = False) -> Table:
    """Take the first record that is not blank for the header and the others for rows; blank ones are no rows.

    `padded` tells that the file's kind leaves out empty cells at the end of a row. Raises FileError for an
    empty file, a header that occurs twice and a mapped header that is not there.
    """
    filled = (record for record in found if any(record.cells))
    kept = map(_refuse_cards, filled) if padded else filled
    first = next(kept, None)
    if first is None:
        raise FileError(_("The file is empty."), _("Send a file with a header row and at least one row below it."))
    headers = tuple(_without_empty_tail(first.cells))
    _check_unique(headers, first.number)
    _check_mapped(headers, mapping, first.number)
    return Table(headers, (_row(record, headers, padded) for record in kept))


def _refuse_cards(record: Record) -> Record:
    """A workbook is kept as it came, so it may hold no card number; a text file is kept with its cards masked."""
    for place, cell in enumerate(record.cells, start=1):
        if masked(cell) != cell:
            raise FileError(
                _("Cell {place} of the row holds a card number, which must not be kept.", place=place),
                _("Take it out of the workbook, or save the file as CSV: there it is masked."),
                record.number,
            )
    return record


def _without_empty_tail(cells: list[str]) -> list[str]:
    width = max(place for place, cell in enumerate(cells, start=1) if cell)
    return cells[:width]


def _check_unique(headers: tuple[str, ...], row: int) -> None:
    repeated = sorted({header for header in headers if header and headers.count(header) > 1})
    if repeated:
        raise FileError(
            _("Headers occur more than once: {names}.", names=quoted(repeated)),
            _("Give each column a name of its own."),
            row,
        )


def _check_mapped(headers: tuple[str, ...], mapping: Mapping, row: int) -> None:
    for header in (*mapping.columns, *([mapping.wide.date] if mapping.wide else ())):
        if header not in headers:
            raise FileError(
                _('There is no column "{header}".', header=shown(header)),
                _missing_remedy(header, headers, mapping),
                row,
            )


def _missing_remedy(header: str, headers: tuple[str, ...], mapping: Mapping) -> str:
    if len(headers) == 1:
        for other in {",", ";", "\t", "|"} - {mapping.delimiter}:
            if other in headers[0]:
                return _(
                    "The file seems to part its cells with {other}; set that as the delimiter.",
                    other=repr(other),
                )
    return nearest(header, [name for name in headers if name])


def _row(record: Record, headers: tuple[str, ...], padded: bool) -> Row:
    cells = [masked(cell) for cell in record.cells]
    named = {header: cell for header, cell in zip(headers, cells, strict=False) if header}
    if padded or len(cells) < len(headers):
        named = {header: named.get(header, "") for header in headers if header}
    return Row(record.number, MappingProxyType(named), tuple(_row_problems(record, len(headers), padded)))


def _row_problems(record: Record, width: int, padded: bool) -> Iterator[Problem]:
    count = len(record.cells)
    if record.stray:
        yield Problem(
            record.number,
            "",
            _("Text follows a closing quote."),
            _('Write "" for a quote inside a quoted cell.'),
        )
    if any(record.cells[width:]) or (count < width and not padded):
        yield Problem(
            record.number,
            "",
            _("The row has {count} cells, the header has {width}.", count=count, width=width),
            _("Add the missing cells, take out the extra ones, or put quotes around a cell that holds the delimiter."),
        )
