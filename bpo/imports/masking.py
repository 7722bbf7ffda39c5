"""A text file on its way into storage, without the card numbers in its cells."""

import codecs
import re
from collections.abc import Iterator
from typing import Final

from bpo.cards import masked
from bpo.files.services import Readable

CHUNK: Final = 65_536
LONGEST: Final = 1_000_000  # characters of one cell; what is longer is looked at in parts


class WithoutCards:
    """Reads as the stream does, but for card numbers: each cell is masked by itself, as numbers side by side are none.

    Bytes that the encoding does not know pass as they are; reading the file will name them.
    """

    def __init__(self, stream: Readable, *, encoding: str, delimiter: str) -> None:
        self._stream = stream
        errors = "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)
        self._encoder = codecs.getincrementalencoder(encoding)(errors)
        self._ends = re.compile(f"([{re.escape(delimiter)}\r\n])")
        self._pieces = self._masked()

    def read(self, _size: int = -1, /) -> bytes:
        """The next bytes, about as many as the stream gives at once; empty at its end."""
        return next((piece for piece in self._pieces if piece), b"")

    def _masked(self) -> Iterator[bytes]:
        rest, final = "", False
        while not final:
            piece = self._stream.read(CHUNK)
            final = not piece
            *whole, rest = self._ends.split(rest + self._decoder.decode(piece, final=final))
            if final or len(rest) > LONGEST:
                whole, rest = [*whole, rest], ""
            yield self._encoder.encode("".join(masked(cell) for cell in whole), final=final)
