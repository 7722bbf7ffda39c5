"""Files that hold somebody's words: sound and exports by their rows, files that were imported by what is in them."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from uuid import UUID
from xml.sax.saxutils import escape

from django.conf import settings

from bpo.files.models import StoredFile

CHUNK: Final = 1 << 20
ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "cp1250", "shift_jis")


def place_of(client_id: UUID, sha256: str) -> Path:
    """Where a client's bytes are, for who holds no client entered."""
    return Path(settings.MEDIA_ROOT) / str(client_id) / sha256[:2] / sha256


def holding(client_id: UUID, words: Iterable[str], *, most: int | None = None) -> list[StoredFile]:
    """The client's imported files, and files named so, that hold one of the words. Sound is not listened to.

    `most` bytes are read at most, the newest first, where somebody waits for a page.
    """
    wanted = tuple(words)
    needles = tuple({needle for word in wanted for needle in _needles(word)})
    if not needles:
        return []
    lower, left = tuple(word.casefold() for word in wanted), most
    found = []
    for one in StoredFile.objects.order_by("-pk"):
        look = one.purpose == "import" and (left is None or one.size <= left)
        if left is not None and look:
            left -= one.size
        if any(word in one.name.casefold() for word in lower) or (
            look and _holds(place_of(client_id, one.sha256), needles)
        ):
            found.append(one)
    return found


def _needles(word: str) -> Iterator[bytes]:
    """A word in every encoding that a file may have, and as a workbook writes it."""
    for written in {word, escape(word)}:
        for encoding in ENCODINGS:
            try:
                yield written.encode(encoding).lower()
            except UnicodeEncodeError:
                continue


def _holds(place: Path, needles: tuple[bytes, ...]) -> bool:
    if not place.exists():
        return False
    if zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as archive:
            return any(_found(_pieces_of(archive, name), needles) for name in archive.namelist())
    return _found(_pieces(place), needles)


def _found(pieces: Iterable[bytes], needles: tuple[bytes, ...]) -> bool:
    longest = max(len(needle) for needle in needles)
    tail = b""
    for piece in pieces:
        text = tail + piece.lower()
        if any(needle in text for needle in needles):
            return True
        tail = text[-longest:]
    return False


def _pieces(place: Path) -> Iterator[bytes]:
    with place.open("rb") as source:
        while piece := source.read(CHUNK):
            yield piece


def _pieces_of(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as source:
        while piece := source.read(CHUNK):
            yield piece


def remove(client_id: UUID, digests: Iterable[str]) -> None:
    """Take bytes away; those that are gone already are no matter."""
    for digest in digests:
        place_of(client_id, digest).unlink(missing_ok=True)
