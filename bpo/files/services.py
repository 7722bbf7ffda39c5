"""Storing a client's files by content, and opening them again."""

import hashlib
import os
import re
import tempfile
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.files.models import StoredFile
from bpo.tenancy.context import current_client

CHUNK: Final = 65_536
KINDS: Final = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
}


class Readable(Protocol):
    """What gives bytes piece by piece: a file, an upload, a stream."""

    def read(self, size: int = ..., /) -> bytes: ...


class TooLarge(ValueError):
    """The stream holds more bytes than this purpose allows."""

    def __init__(self, limit: int) -> None:
        self.problem = _("The file is larger than %(limit)s bytes.") % {"limit": limit}
        self.remedy = _("Split it, or leave out the columns you do not need.")
        super().__init__(f"{self.problem} {self.remedy}")


def store_file(
    *, stream: Readable, name: str, purpose: str, by: By, now: datetime, limit: int, content_type: str = ""
) -> StoredFile:
    """Keep a stream's bytes under their SHA-256 and write the row that names them.

    The bytes are on disk and synced before the row exists; equal content is kept once. Who knows what the content is
    says so; otherwise its type is what the name claims. Raises TooLarge past `limit` bytes, NoClient outside a client.
    """
    digest, size = keep_bytes(stream, folder=folder_of(current_client().id), limit=limit)
    plain = plain_name(name)
    return StoredFile.objects.create(
        sha256=digest,
        size=size,
        name=plain,
        content_type=content_type or KINDS.get(Path(plain).suffix.lower(), "application/octet-stream"),
        purpose=purpose,
        actor_id=by.actor_id,
        created_at=now,
    )


def plain_name(name: str) -> str:
    """A file's name without folders, and without what controls a terminal, a line or the direction of writing."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(one for one in unicodedata.normalize("NFC", last) if unicodedata.category(one)[0] != "C")
    return plain.strip(" .")[:255] or "file"


def delete_bytes(digest: str) -> None:
    """Take the bytes with this SHA-256 away; whoever calls knows that nothing names them. Gone already is no matter."""
    place_in(folder_of(current_client().id), digest).unlink(missing_ok=True)


def path_of(stored: StoredFile) -> Path:
    """Where a file's bytes are. The name a person gave is no part of it."""
    return place_in(folder_of(current_client().id), stored.sha256)


def open_file(stored: StoredFile) -> BinaryIO:
    """Open a stored file for reading. FileNotFoundError when the bytes are gone."""
    return path_of(stored).open("rb")


def stored_file(file_id: UUID) -> StoredFile | None:
    return StoredFile.objects.filter(pk=file_id).first()


def folder_of(client_id: UUID) -> Path:
    """Where a client's files are."""
    return Path(settings.MEDIA_ROOT) / str(client_id)


def place_in(folder: Path, digest: str) -> Path:
    """Where the content with this SHA-256 is in a client's folder."""
    return folder / digest[:2] / digest


def keep_bytes(stream: Readable, *, folder: Path, limit: int | None = None) -> tuple[str, int]:
    """Keep a stream's bytes in a client's folder, synced to disk; returns their SHA-256 and size.

    Raises TooLarge past `limit` bytes and keeps nothing then.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as target:
            digest, size = copy_bytes(stream, target, limit)
            target.flush()
            os.fsync(target.fileno())
        _move(Path(temporary), place_in(folder, digest))
    finally:
        Path(temporary).unlink(missing_ok=True)
    return digest, size


def copy_bytes(stream: Readable, target: BinaryIO, limit: int | None) -> tuple[str, int]:
    """Copy a stream piece by piece; its SHA-256 and size. Raises TooLarge past `limit` bytes."""
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(CHUNK):
        size += len(piece)
        if limit is not None and size > limit:
            raise TooLarge(limit)
        digest.update(piece)
        target.write(piece)
    return digest.hexdigest(), size


def _move(temporary: Path, place: Path) -> None:
    """Rename into place and sync the folder, so that a row never names bytes a power cut took."""
    place.parent.mkdir(exist_ok=True, mode=0o700)
    temporary.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
