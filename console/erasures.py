"""Erasing people from a client's schema, frozen rows too, which only the owner may change; and again after a restore.

The client's request says whom; the row in public only says that there is one. So a web or worker process that was
taken over can have nobody erased for whom no request stands in the client's own log.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Client
from bpo.actors import By, system
from bpo.audit.services import record
from bpo.privacy.declared import KINDS, Kind
from bpo.privacy.erasing import Erased, erase
from bpo.privacy.files import remove
from bpo.privacy.models import SubjectRequest
from bpo.privacy.services import subject_of, subjects_among
from bpo.tenancy.context import as_owner, leave_all
from bpo.tenancy.identities import ClientRef
from console.exports import place_of
from console.models import Change, Erasure

log = structlog.get_logger("console.erasures")
LEASE_SECONDS: Final = 600
MOST_ATTEMPTS: Final = 5
PAUSE_SECONDS: Final = 2
State = Erasure.State

CLAIM = """
UPDATE console_erasure SET attempts = attempts + 1, lease_until = now() + make_interval(secs => %(lease)s)
WHERE id = (
    SELECT id FROM console_erasure
    WHERE state IN ('asked', 'removing') AND (lease_until IS NULL OR lease_until < now())
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


def note_asked(*, client: ClientRef, request_id: UUID) -> None:
    """Make a client's request known here. A second time changes nothing."""
    Erasure.objects.get_or_create(request_id=request_id, defaults={"client_id": client.id, "asked_at": timezone.now()})


def carry_out_next(*, now: datetime) -> bool:
    """Carry out the erasure that waits longest. False when none does."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"lease": LEASE_SECONDS})
        row = cursor.fetchone()
    if row is None:
        return False
    erasure = Erasure.objects.select_related("client").get(pk=row[0])
    if erasure.attempts > MOST_ATTEMPTS:
        _give_up(erasure, now)
    elif _busy(erasure.client):
        _again(erasure, now, attempts=erasure.attempts - 1)
    else:
        _try(erasure, now)
    return True


def _try(erasure: Erasure, now: datetime) -> None:
    try:
        _carry_out(erasure, now)
    except (DatabaseError, OSError):
        log.exception("erasure failed", client_id=str(erasure.client_id), attempt=erasure.attempts)
        leave_all()
        _again(erasure, now)


def _again(erasure: Erasure, now: datetime, **more: int) -> None:
    """Look at it again in a moment, where it stands then."""
    mine = Erasure.objects.filter(pk=erasure.pk, attempts=erasure.attempts)
    mine.update(lease_until=now + timedelta(seconds=PAUSE_SECONDS), **more)


def _give_up(erasure: Erasure, now: datetime) -> None:
    """Say so where it was asked for. Rows that are gone stay gone; hashes of bytes that could not be removed stay too."""
    if erasure.client.status != Client.Status.DROPPED:
        with as_owner(erasure.client.schema_name), transaction.atomic():
            waits = SubjectRequest.objects.filter(pk=erasure.request_id, state=SubjectRequest.State.ASKED)
            waits.update(state=SubjectRequest.State.FAILED, finished_at=now)
    _refuse(erasure, now)


def _refuse(erasure: Erasure, now: datetime) -> None:
    """Another provisioner may have done it meanwhile; what it did stands."""
    mine = Erasure.objects.filter(pk=erasure.pk, attempts=erasure.attempts).exclude(state=State.DONE)
    mine.filter(Q(state=State.ASKED) | Q(attempts__gt=MOST_ATTEMPTS)).update(
        state=State.REFUSED, lease_until=None, finished_at=now
    )


def _busy(client: Client) -> bool:
    """An export of the client under way read its rows before; it has to end, so that it can be taken away."""
    return Change.objects.filter(client=client, kind=Change.Kind.EXPORT, state=Change.State.RUNNING).exists()


def _carry_out(erasure: Erasure, now: datetime) -> None:
    client = erasure.client
    if erasure.state == State.ASKED and not _rows(erasure, now):
        _refuse(erasure, now)
        return
    erasure.refresh_from_db()
    remove(client.pk, erasure.leftover)
    _remove_exports(client, now)
    Erasure.objects.filter(pk=erasure.pk).update(state=State.DONE, lease_until=None, leftover=[], finished_at=now)
    log.info("erased", client_id=str(client.pk), request=str(erasure.request_id))


def _rows(erasure: Erasure, now: datetime) -> bool:
    """The rows of the subject, the client's log and both requests, in one transaction as the owner."""
    client = erasure.client
    if client.status == Client.Status.DROPPED:
        return False
    with as_owner(client.schema_name), transaction.atomic():
        asked = (
            SubjectRequest.objects.select_for_update()
            .filter(pk=erasure.request_id, kind="erase", state=SubjectRequest.State.ASKED)
            .first()
        )
        if asked is None:
            return False
        done = erase(kind=_kind(asked), subject_id=asked.subject_id, client_id=client.pk, now=now)
        asked.state, asked.counts, asked.finished_at = SubjectRequest.State.DONE, _plain(done), now
        asked.save(update_fields=["state", "counts", "finished_at"])
        by = By("person" if asked.actor_id else "system", "erasure", actor_id=asked.actor_id)
        _record("subject.erased", asked.subject_kind, asked.subject_id, asked, by, now, done)
        Erasure.objects.filter(pk=erasure.pk).update(
            state=State.REMOVING, subject_kind=asked.subject_kind, subject_id=asked.subject_id,
            leftover=list(done.digests),
        )  # fmt: skip
    return True


def _kind(asked: SubjectRequest) -> Kind:
    return "customer" if asked.subject_kind == "customer" else "person"


def _plain(done: Erased) -> list[list[Any]]:
    return [list(one) for one in done.counts]


def _record(action: str, kind: str, subject_id: UUID, target: Any, by: By, now: datetime, done: Erased) -> None:
    """Counts and ids; nothing that was erased is in the log."""
    counts = {label: number for label, _action, number in done.counts}
    record(action=action, target=target, by=by, now=now, detail={"kind": kind, "id": str(subject_id), "rows": counts})


def _remove_exports(client: Client, now: datetime) -> None:
    """Exports of the whole client hold the person still."""
    for change in Change.objects.filter(client=client, kind=Change.Kind.EXPORT, state=Change.State.DONE):
        place_of(change).unlink(missing_ok=True)
        if change.expires_at and change.expires_at > now:
            Change.objects.filter(pk=change.pk).update(expires_at=now)


def erase_again(client: ClientRef) -> None:
    """After a restore: who was erased since the export was made, here or in the client it was made of.

    Requests that still waited when it was made end here, for their jobs did not come along.
    """
    now, digests = timezone.now(), set[str]()
    for kind, subject_id in _come_back():
        done = erase(kind=kind, subject_id=subject_id, client_id=client.id, now=now)
        target = subject_of(kind, subject_id)
        _record("subject.erased_again", kind, subject_id, target, system("restore"), now, done)
        digests |= set(done.digests)
    SubjectRequest.objects.filter(state=SubjectRequest.State.ASKED).update(
        state=SubjectRequest.State.FAILED, finished_at=now
    )
    transaction.on_commit(lambda: remove(client.id, digests))


def _come_back() -> list[tuple[Kind, UUID]]:
    """Subjects in the schema entered who are known here as erased."""
    found: list[tuple[Kind, UUID]] = []
    for kind in KINDS:
        done = Erasure.objects.filter(state__in=[State.DONE, State.REMOVING], subject_kind=kind)
        ids = list(done.values_list("subject_id", flat=True))
        found += [(kind, one) for one in subjects_among(kind, ids)]
    return found
