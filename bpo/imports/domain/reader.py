"""CSV files, read as a stream in bounded memory."""

from typing import BinaryIO

from .decoding import text_of
from .mapping import Mapping
from .records import records
from .table import Row, Table, tabulate

__all__ = ["Row", "Table", "read_csv"]


def read_csv(stream: BinaryIO, mapping: Mapping) -> Table:
    """Open a CSV file with the mapping's encoding and delimiter; the header is read at once, rows as asked for.

    A formula is text like any other, cells are trimmed, a UTF-8 byte-order mark and mixed line ends are fine.
    Raises FileError, here or while rows are read, for what makes the file as a whole unreadable.
    """
    return tabulate(records(text_of(stream, mapping.encoding), mapping.delimiter), mapping)
