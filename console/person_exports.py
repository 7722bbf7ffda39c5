"""Everything held of one person as one ZIP: public, and each client they have a seat at."""

import os
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.privacy.exporting import as_json, parts_of
from bpo.privacy.rows import find
from bpo.tenancy.context import enter
from console.models import PersonRequest
from console.person_erasures import FOLDER, Held, held_of, place_of
from console.persons import Person, asked_about
from workforce.models import Seat

State = PersonRequest.State


def build(*, request_id: UUID, now: datetime) -> None:
    """Write the archive a request asks for. It appears whole or not at all."""
    asked = PersonRequest.objects.select_related("employee", "user").filter(
        pk=request_id, kind=PersonRequest.Kind.EXPORT, state=State.ASKED
    ).first()  # fmt: skip
    if asked is None:
        return
    place = place_of(asked)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    someone = asked_about(asked)
    held = held_of(someone)
    try:
        with open(draft, "wb", opener=_private) as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            _write(archive, someone, held, now)
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
    by = By("operator", "export", user_id=asked.asked_by_id)
    with transaction.atomic():
        PersonRequest.objects.filter(pk=asked.pk).update(
            state=State.DONE, finished_at=now, counts=[list(one) for one in held.counts],
            expires_at=now + timedelta(hours=settings.EXPORT_HOURS),
        )  # fmt: skip
        record(action="person.exported", target=someone.row, by=by, now=now)


def _write(archive: zipfile.ZipFile, someone: Person, held: Held, now: datetime) -> None:
    for name, text in parts_of(held.person) if held.person else ():
        archive.writestr(f"employer/{name}", text)
    for number, found in enumerate(held.logins, start=1):
        for name, text in parts_of(found):
            archive.writestr(f"sign-in {number}/{name}", text)
    left_out = [seat.client.key for seat in someone.seats() if not _add_client(archive, seat)]
    about: dict[str, Any] = {
        "made_at": now,
        "employee": someone.employee and someone.employee.pk,
        "sign_in": someone.user and someone.user.pk,
        "clients_not_served_now": left_out,
        "quoted_in": {label: len(keys) for label, keys in sorted(held.quoting.quoting.items())},
    }
    archive.writestr("about.json", as_json(about))


def _add_client(archive: zipfile.ZipFile, seat: Seat) -> bool:
    """A client's part. False for one that isn't served, whose schema nobody enters."""
    ref = seat.client.ref()
    if not ref.enterable:
        return False
    with enter(ref):
        for name, text in parts_of(find("person", seat.actor_id)):
            archive.writestr(f"clients/{seat.client.key}/{name}", text)
    return True


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def remove_expired(*, now: datetime) -> bool:
    """Take away archives that can't be downloaded any more. True when there was one."""
    places = list((Path(settings.EXPORT_ROOT) / FOLDER).glob("*.zip"))
    if not places:
        return False
    kept = {str(one.pk) for one in PersonRequest.objects.filter(expires_at__gt=now)}
    old = [place for place in places if place.stem not in kept]
    for place in old:
        place.unlink(missing_ok=True)
    return bool(old)


def note_download(asked: PersonRequest, *, by: By, now: datetime) -> None:
    with transaction.atomic():
        record(action="person.export_downloaded", target=asked_about(asked).row, by=by, now=now)
