"""Bytes to text, a bounded piece at a time, naming what the bytes really are when they are not as said."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO, Final

from .problems import FileError
from .words import phrase as _

CHUNK_BYTES: Final = 65_536
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text_of(stream: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield the stream's text in bounded pieces, a UTF-8 byte-order mark left off.

    Raises FileError without a row, once everything before the bad place has been yielded: the reader of the
    pieces knows which row it has come to.
    """
    piece = stream.read(CHUNK_BYTES)
    _check_start(piece, encoding)
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)()
    while True:
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            yield error.object[: error.start].decode(encoding, errors="ignore")
            raise _undecodable(error, encoding) from error
        yield from _without_nul(text)
        if not piece:
            return
        piece = stream.read(CHUNK_BYTES)


def _check_start(start: bytes, encoding: str) -> None:
    if encoding == "utf-16" and start and not start.startswith(_UTF16_MARKS):
        raise FileError(
            _("The file is UTF-16 without a byte-order mark, or not UTF-16."),
            _('Set the encoding to "utf-16-le" or "utf-16-be", or save the file as "CSV UTF-8".'),
        )
    if encoding.startswith("utf-16"):
        return
    if start.startswith(_UTF16_MARKS) or _looks_like_utf16(start):
        raise FileError(
            _("The file is UTF-16, not {encoding}.", encoding=encoding),
            _('Set the encoding to "utf-16", or save the file as "CSV UTF-8".'),
        )
    if start.startswith(codecs.BOM_UTF8) and not encoding.startswith("utf-8"):
        raise FileError(_("The file is UTF-8, not {encoding}.", encoding=encoding), _('Set the encoding to "utf-8".'))


def _looks_like_utf16(start: bytes) -> bool:
    """Western text in UTF-16 has a zero in nearly every other byte; a stray NUL does not look like that."""
    pairs = len(start) // 2
    zeros = max(start[0 : 2 * pairs : 2].count(0), start[1 : 2 * pairs : 2].count(0))
    return pairs > 1 and zeros > 0.4 * pairs


def _undecodable(error: UnicodeDecodeError, encoding: str) -> FileError:
    byte = error.object[error.start]
    problem = _("The byte 0x{byte:02X} is not {encoding}.", byte=byte, encoding=encoding)
    as_windows = bytes([byte]).decode("cp1252", errors="ignore")
    if encoding.startswith("utf-8") and as_windows:
        return FileError(
            problem,
            _(
                'Set the encoding to "cp1252" if it should read "{letter}" (Excel on Windows writes that), '
                'or save the file as "CSV UTF-8".',
                letter=as_windows,
            ),
        )
    return FileError(problem, _("Set the encoding the file was saved with, or save it as UTF-8."))


def _without_nul(text: str) -> Iterator[str]:
    before, nul, _after = text.partition("\0")
    yield before
    if nul:
        raise FileError(
            _("There is a NUL character."),
            _("The file is damaged or not a text file. Export it again as CSV."),
        )
