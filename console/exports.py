"""A client as one file: every table of its schema, its files, and what public says of it. ADR 0021 has the format."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Client, Domain
from bpo.files.services import folder_of, place_in
from bpo.ops_audit.services import record
from bpo.tenancy import copying
from console.domain.manifest import NAME, Manifest, Part
from console.lives import LEASE_SECONDS, by_of, finish
from console.models import Change
from workforce.models import Seat

CHUNK: Final = 1 << 20
A_DAY: Final = 86_400
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # the archive tells its time in the manifest, and is else the same twice
Progress = Callable[[int, int], None]


def quietly(done: int, of: int) -> None:
    """No progress to show."""


@dataclass
class Writer:
    """Writes parts one after the other and remembers what each was."""

    archive: zipfile.ZipFile
    parts: list[Part] = field(default_factory=list)

    def add(self, name: str, pieces: Iterable[bytes], columns: tuple[str, ...] | None = None) -> None:
        digest, size, lines = hashlib.sha256(), 0, 0
        with self.archive.open(_member(name), "w", force_zip64=True) as target:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                lines += piece.count(b"\n")
                target.write(piece)
        rows = None if columns is None else lines
        self.parts.append(Part(name, size, digest.hexdigest(), rows, columns or ()))


def write_export(client: Client, path: Path, *, now: datetime, progress: Progress = quietly) -> Manifest:
    """Write a client's export. The file appears whole or not at all; runs as the owner and reads one moment."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(draft, "wb", opener=_private) as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            manifest = _write(client, Writer(archive), now, progress)
            with archive.open(_member(NAME), "w") as target:
                target.write(manifest.to_bytes())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write(client: Client, writer: Writer, now: datetime, progress: Progress) -> Manifest:
    for name, content in _public(client).items():
        writer.add(name, [content])
    schema = client.schema_name
    with copying.owner_session(schema) as raw:
        with copying.one_moment(raw):
            migrations = copying.migrations_of(raw, schema)
            tables = copying.tables_of(raw, schema)
            digests = [row[0] for row in raw.execute("SELECT DISTINCT sha256 FROM files_storedfile ORDER BY 1")]
            every = len(tables) + len(digests)
            for number, table in enumerate(tables):
                progress(number, every)
                writer.add(f"tables/{table.name}.copy", copying.read(raw, schema, table), table.columns)
    missing = []
    for number, digest in enumerate(digests, start=len(tables)):
        progress(number, every)
        place = place_in(folder_of(client.pk), digest)
        if place.exists():
            writer.add(f"files/{digest}", _pieces(place))
        else:
            missing.append(digest)
    progress(every, every)
    made_at = now.astimezone(UTC).isoformat()
    return Manifest(str(client.pk), client.key, made_at, tuple(migrations), tuple(writer.parts), tuple(missing))


def _public(client: Client) -> dict[str, bytes]:
    """What public says of a client and it needs elsewhere. People stay: a seat goes along by opaque ids alone."""
    seats = Seat.objects.filter(client=client, user__realm=None).exclude(employee=None, user=None)
    return {
        "client.json": _json({"zone": client.zone, "colour": client.colour}),
        "identity.json": _json(
            {
                "key": client.key,
                "name": client.name,
                "opened_at": client.created_at.astimezone(UTC).isoformat(),
                "domains": sorted(Domain.objects.filter(tenant=client).values_list("domain", flat=True)),
            }
        ),
        "seats.json": _json(
            [
                {"actor": str(seat.actor_id), "employee": _text(seat.employee_id), "user": _text(seat.user_id)}
                for seat in seats.order_by("actor_id")
            ]
        ),
    }


def _text(ident: UUID | None) -> str | None:
    return None if ident is None else str(ident)


def _json(plain: Any) -> bytes:
    return json.dumps(plain, sort_keys=True, indent=1, ensure_ascii=False).encode() + b"\n"


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, date_time=LONG_AGO)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    return member


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _pieces(place: Path) -> Iterator[bytes]:
    with place.open("rb") as source:
        while piece := source.read(CHUNK):
            yield piece


# --- Asked for in the console -------------------------------------------------------------------


def place_of(change: Change) -> Path:
    """Where the file of an export asked for is, while it can be downloaded."""
    return Path(settings.EXPORT_ROOT) / f"{change.pk}.zip"


def carry_out_export(change: Change, now: datetime) -> None:
    """Write the export a change asks for; the row tells how far it is and, at its end, until when it stays."""
    place = place_of(change)
    write_export(change.client, place, now=now, progress=_told(change))
    with place.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    done_at = timezone.now()
    expires = done_at + timedelta(hours=settings.EXPORT_HOURS)
    size = place.stat().st_size
    with transaction.atomic():
        finish(change, done_at, size=size, sha256=digest, expires_at=expires)
        detail = {"change": str(change.pk), "sha256": digest, "size": size}
        record(action="client.exported", target=change.client, by=by_of(change), now=done_at, detail=detail)


def _told(change: Change) -> Progress:
    """Write progress to the row at most twice a second, and hold the lease by it."""
    last = [timezone.now() - timedelta(seconds=1)]

    def tell(done: int, of: int) -> None:
        now = timezone.now()
        if done < of and now - last[0] < timedelta(seconds=0.5):
            return
        last[0] = now
        Change.objects.filter(pk=change.pk, state=Change.State.RUNNING, attempts=change.attempts).update(
            done_parts=done, all_parts=of, lease_until=now + timedelta(seconds=LEASE_SECONDS)
        )

    return tell


def remove_expired(*, now: datetime) -> bool:
    """Take away files of exports that can't be downloaded any more. True when there was one."""
    root = Path(settings.EXPORT_ROOT)
    for draft in root.glob(".*.zip.*"):  # of a process that was killed
        if now.timestamp() - draft.stat().st_mtime > A_DAY:
            draft.unlink(missing_ok=True)
    places = list(root.glob("*.zip"))
    if not places:
        return False
    exports = Change.objects.filter(kind=Change.Kind.EXPORT, pk__in=[place.stem for place in places])
    kept = {str(one.pk) for one in exports if one.waits or one.downloadable(now)}
    old = [place for place in places if place.stem not in kept]
    for place in old:
        place.unlink(missing_ok=True)
    return bool(old)
