"""XLSX workbooks from strangers: checked as an archive first, then read row by row."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from openpyxl import load_workbook

from bpo.archives import DAMAGED

from .convert import clock
from .mapping import Mapping
from .problems import FileError
from .records import MAX_CELL, MAX_COLUMNS, Record
from .table import Table, tabulate
from .words import phrase as _

MAX_INFLATED: Final = 200_000_000  # bytes, over all parts
MAX_PARTS: Final = 1_000
MAX_RATIO: Final = 100  # worksheets that people make shrink to a tenth or a twentieth
MAX_ROWS: Final = 1_048_576  # the format's own limit

_CHUNK: Final = 65_536
_RATIO_FROM: Final = 10_000_000  # bytes; below this a ratio does no harm
_OLD_OR_LOCKED: Final = b"\xd0\xcf\x11\xe0"  # the container of .xls, and of workbooks with a password


def read_xlsx(stream: BinaryIO, mapping: Mapping) -> Table:
    """Open the first visible sheet of a workbook; `stream` must be seekable and stay open while rows are read.

    Cells become the text a CSV file would have: dates as ISO 8601, times as h:mm:ss, whole numbers without a
    point, formulas as the value last calculated. Raises FileError, here or while rows are read, for what is
    no workbook and for an archive that is not safe to unpack.
    """
    _check_archive(stream)
    return tabulate(_records(stream), mapping, padded=True)


def _records(stream: BinaryIO) -> Iterator[Record]:
    """Yield the sheet's rows. Whatever the library stumbles over means a damaged workbook, so all is caught."""
    number = 0
    try:
        book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), book.worksheets[0])
        sheet.reset_dimensions()  # what a sheet says about its size may be wrong
        rows = sheet.iter_rows(min_row=1, max_row=MAX_ROWS, values_only=True)
        for number, values in enumerate(rows, start=1):
            if values:  # rows that a sheet leaves out come as nothing, up to a million of them
                yield Record(number, _cells(values))
    except FileError as error:
        raise error.at(number) from error
    except Exception as error:
        raise FileError(
            _("The workbook is damaged: {reason}.", reason=type(error).__name__),
            _("Open it in a spreadsheet program, save it again as .xlsx, or export it as CSV."),
            number or None,
        ) from error


def _cells(values: tuple[object, ...]) -> list[str]:
    width = max((place for place, value in enumerate(values, start=1) if value is not None), default=0)
    if width > MAX_COLUMNS:
        raise FileError(
            _("The row has more than {limit} cells.", limit=MAX_COLUMNS), _("Leave out the columns you do not need.")
        )
    cells = [cell_text(value).strip() for value in values[:width]]
    if any(len(cell) > MAX_CELL for cell in cells):
        raise FileError(_("A cell is longer than {limit} characters.", limit=MAX_CELL), _("Shorten the cell."))
    return cells


def cell_text(value: object) -> str:
    """Write a cell's value as a CSV file would have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(" ") if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, dt.timedelta):
        return clock(round(value.total_seconds()))
    return str(value)


def _check_archive(stream: BinaryIO) -> None:
    """Inflate every part once, counting the bytes that really come out, before anything is interpreted."""
    _check_kind(stream)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            _check_names(parts)
            left = MAX_INFLATED
            for part in parts:
                left -= _inflated(archive, part, left)
    except FileError:
        raise
    except DAMAGED as error:
        raise FileError(
            _("The file is no readable workbook."),
            _("Save it as .xlsx, without a password, or export it as CSV."),
        ) from error
    stream.seek(0)


def _check_kind(stream: BinaryIO) -> None:
    start = stream.read(4)
    stream.seek(0)
    if start == _OLD_OR_LOCKED:
        raise FileError(
            _("The file is an old .xls workbook or has a password."),
            _("Save it as .xlsx without a password."),
        )
    if not start:
        raise FileError(_("The file is empty."), _("Send a workbook with a header row and at least one row below it."))


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS:
        raise _unsafe(_("It has {count} parts; {limit} is the most.", count=len(parts), limit=MAX_PARTS))
    if len({part.filename for part in parts}) < len(parts):
        raise _unsafe(_("Two parts have one name."))
    for part in parts:
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _unsafe(_("A part is packed in a way workbooks do not use."))
        if _leaves_its_folder(part.orig_filename):
            raise _unsafe(_('A part is called "{name}", outside the workbook.', name=part.orig_filename[:50]))


def _leaves_its_folder(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts


def _inflated(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Return how many bytes a part inflates to, stopping at the first byte too many."""
    count, tail = 0, b""
    with archive.open(part) as content:
        while piece := content.read(_CHUNK):
            count += len(piece)
            if count > left:
                raise _unsafe(_("It unpacks to more than {limit} bytes.", limit=MAX_INFLATED))
            if count > _RATIO_FROM and count > MAX_RATIO * part.compress_size:
                raise _unsafe(_("A part unpacks to more than {ratio} times its size.", ratio=MAX_RATIO))
            window = tail + piece.replace(b"\0", b"")  # without zeros UTF-16 and UTF-32 read like ASCII
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                raise _unsafe(_("A part declares XML entities."))
            tail = window[-8:]
    return count


def _unsafe(reason: str) -> FileError:
    return FileError(
        _("The workbook is not safe to open. {reason}", reason=reason),
        _("Save it again in a spreadsheet program, or export it as CSV."),
    )
