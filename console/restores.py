"""A client out of an export: under a name of its own, or into the place it came from. All of it, or nothing."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Client, User
from accounts.services import draft_client, save_client
from bpo.actors import By
from bpo.archives import DAMAGED
from bpo.files.services import folder_of, keep_bytes, place_in
from bpo.marker.services import mark, marked_as
from bpo.ops_audit.services import record
from bpo.tenancy import copying
from bpo.tenancy.context import as_owner
from bpo.tenancy.grants import grants_digest
from bpo.tenancy.hosts import cache
from bpo.tenancy.identities import ClientRef
from bpo.tenancy.pending import note_current, wanted
from bpo.tenancy.provisioning import new_names, provision
from console.domain.manifest import NAME, Manifest, Part, Unreadable, parse
from console.exports import CHUNK
from workforce.models import Employee, Seat

# Called in the restore's transaction, as the owner in the client's schema, once its rows are there: what was erased
# after the export was made is erased again before anybody can read it.
AFTER_RESTORE: Final[list[Callable[[ClientRef], None]]] = []


@dataclass(frozen=True, slots=True)
class Export:
    """An export whose every part was read and found to be what the manifest says."""

    path: Path
    manifest: Manifest

    def json(self, name: str) -> Any:
        with zipfile.ZipFile(self.path) as archive:
            return json.loads(archive.read(name))

    @contextmanager
    def opened(self, part: Part) -> Iterator[IO[bytes]]:
        with zipfile.ZipFile(self.path) as archive, archive.open(part.name) as source:
            yield source

    def pieces(self, part: Part) -> Iterator[bytes]:
        with self.opened(part) as source:
            while piece := source.read(CHUNK):
                yield piece


def opened(path: Path) -> Export:
    """Read an export through. Refused when it is damaged, or from a later release than this."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = parse(archive.read(NAME))
            names = sorted(archive.namelist())
            if names != sorted([NAME, *(part.name for part in manifest.parts)]):
                raise _damaged(_("its parts are not those it names"))
            for part in manifest.parts:
                _check(archive, part)
    except Unreadable as error:
        raise Refused("file", error.problem, error.remedy) from error
    except Refused:
        raise
    except DAMAGED as error:
        raise _damaged(str(error)[:100]) from error
    newer = copying.newer_than_ours(frozenset(manifest.migrations))
    if newer:
        raise Refused(
            "file",
            _("The export is of a later release: this one doesn't know %(name)s.") % {"name": newer[0]},
            _("Restore it with that release or a later one."),
        )
    return Export(path, manifest)


def _check(archive: zipfile.ZipFile, part: Part) -> None:
    digest, size = hashlib.sha256(), 0
    with archive.open(part.name) as source:
        while piece := source.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            if size > part.size:
                break
    if size != part.size or digest.hexdigest() != part.sha256:
        raise _damaged(_("%(name)s has another hash") % {"name": part.name})
    if part.name.startswith("tables/") and _table(part) in copying.left_out():
        raise _damaged(_("%(name)s is no part of an export") % {"name": part.name})


def _damaged(what: str) -> Refused:
    return Refused("file", _("The export is damaged: %(what)s.") % {"what": what}, _("Take another copy of it."))


def _table(part: Part) -> str:
    return part.name.removeprefix("tables/").removesuffix(".copy")


def restore_as(*, export: Export, key: str, name: str, by: By, now: datetime) -> Client:
    """A new client from an export. Raises Refused for a key that is malformed, reserved or taken; leaves nothing then.

    Nobody's access comes along: memberships, tokens and sessions are given anew, and no job that waited is sent.
    """
    about = export.json("client.json")
    client = draft_client(key=key, name=name, zone=about["zone"], colour=about["colour"], now=now)
    schema, role = new_names()

    def write_row() -> None:
        save_client(client, schema, role)
        _fill(export, client, now)
        _give_seats(export, client)
        detail = {"key": key, "made_at": export.manifest.made_at, "from": export.manifest.client_id}
        record(action="client.restored", target=client, by=by, now=now, detail=detail)

    with _files_of(export, client.pk):
        provision(schema, role, write_row)
    cache.clear()
    return client


def restore_into(*, export: Export, client: Client, by: By, now: datetime) -> None:
    """Put a closed client back to what an export of it says. Refused for another client's, by the schema's marker."""
    if client.status not in (Client.Status.SUSPENDED, Client.Status.ARCHIVED):
        raise Refused("client", _("The client is being served."), _("Suspend it first."))
    with as_owner(client.schema_name):
        marked = marked_as()
    if marked != client.pk or export.manifest.client_id != str(client.pk):
        raise Refused(
            "file", _("The export is another client's; nothing was changed."), _("Restore it under a key of its own.")
        )
    with _files_of(export, client.pk), copying.remade(client.ref()):
        _fill(export, client, now)
        detail = {"made_at": export.manifest.made_at, "into": client.key}
        record(action="client.restored", target=client, by=by, now=now, detail=detail)


def _fill(export: Export, client: Client, now: datetime) -> None:
    schema, manifest = client.schema_name, export.manifest
    copying.prepare(schema, frozenset(manifest.migrations))
    for part in manifest.tables:
        copying.write(schema, _table(part), part.columns, export.pieces(part))
    copying.settle(schema, client.role_name)
    mark(schema, client.pk)
    note_current(client.pk, wanted(), grants_digest(), now)
    for call in AFTER_RESTORE:
        call(client.ref())


def _give_seats(export: Export, client: Client) -> None:
    """Seats of people this installation knows by the same id; a copy elsewhere has none."""
    seats = export.json("seats.json")
    employees = _known(Employee, [seat["employee"] for seat in seats])
    users = _known(User, [seat["user"] for seat in seats], realm=None)
    Seat.objects.bulk_create(
        Seat(client=client, actor_id=UUID(seat["actor"]), employee_id=employees.get(seat["employee"]),
             user_id=users.get(seat["user"]))
        for seat in seats
        if seat["employee"] in employees or seat["user"] in users
    )  # fmt: skip


def _known(model: Any, idents: list[str | None], **only: Any) -> dict[str | None, UUID]:
    found = model.objects.filter(pk__in=[one for one in idents if one], **only).values_list("pk", flat=True)
    return {str(one): one for one in found}


class _files_of:  # noqa: N801 - used as a context manager
    """The export's files in the client's folder before its rows name them; gone again when the rows don't come."""

    def __init__(self, export: Export, client_id: UUID) -> None:
        self.export, self.folder = export, folder_of(client_id)
        self.made: list[Path] = []

    def __enter__(self) -> None:
        self.had_folder = self.folder.exists()
        try:
            for part in self.export.manifest.files:
                self._put(part)
        except BaseException:
            self._undo()
            raise

    def _put(self, part: Part) -> None:
        place = place_in(self.folder, part.sha256)
        if place.exists():
            return
        self.made.append(place)
        with self.export.opened(part) as content:
            keep_bytes(content, folder=self.folder)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._undo()

    def _undo(self) -> None:
        if not self.had_folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        for place in self.made:
            place.unlink(missing_ok=True)
