"""Receiving many recordings at once: as one archive, or as files that are made into one."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, BinaryIO, Final, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.files.services import plain_name, store_file
from bpo.imports.domain.problems import FileError
from bpo.imports.models import ImportRun
from bpo.imports.registry import IMPORTERS
from bpo.imports.services import create_run
from bpo.permissions import Reach
from interactions.recording_archive import entries
from interactions.recording_import import KIND, PURPOSE, reach_as

ARCHIVE: Final = b"PK\x03\x04"


class File(Protocol):
    """What was sent: its bytes, and what it was called."""

    @property
    def name(self) -> Any: ...

    def read(self, size: int = ..., /) -> bytes: ...

    def seek(self, offset: int, /) -> Any: ...


def receive_recordings(files: Sequence[File], *, reach: Reach | None, by: By, now: datetime) -> ImportRun:
    """Keep what was sent and make a run of it. Raises FileError and TooLarge before anything is kept."""
    with as_archive(files) as (stream, name):
        rows = sum(1 for _one in entries(stream))
        stream.seek(0)
        stored = store_file(
            stream=stream, name=name, purpose=PURPOSE, by=by, now=now, limit=settings.MAX_IMPORT_BYTES,
            content_type="application/zip",
        )  # fmt: skip
    mapping = {"version": 1, "constants": reach_as(reach)}
    return create_run(kind=IMPORTERS[KIND].key, file=stored, mapping=mapping, by=by, now=now, file_rows=rows)


@contextmanager
def as_archive(files: Sequence[File]) -> Iterator[tuple[BinaryIO, str]]:
    """One archive with everything, and its name. An archive that comes alone is taken as it is. Raises FileError."""
    archives = [one for one in files if _is_archive(one)]
    if archives and len(files) > 1:
        raise FileError(
            _("An archive came together with other files."), _("Send one archive alone, or the recordings without it.")
        )
    if archives:
        yield archives[0], plain_name(archives[0].name)  # type: ignore[misc]  # it reads and seeks, which is all
        return
    with tempfile.TemporaryFile() as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
            for one in files:
                undated = zipfile.ZipInfo(plain_name(one.name))  # equal files make an equal archive
                with made.open(undated, "w", force_zip64=True) as member:
                    shutil.copyfileobj(one, member)
        target.seek(0)
        first = plain_name(files[0].name)
        yield target, first if len(files) == 1 else _("%(n)s recordings") % {"n": len(files)}


def _is_archive(one: File) -> bool:
    head = one.read(4)
    one.seek(0)
    return head == ARCHIVE
