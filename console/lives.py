"""A client's life on a person's word: asked in the web, carried out by the provisioner (ADR 16).

The row is the request. A web process can insert one and nothing more; who holds the owner takes it, checks it again,
and ends it in the transaction that changes the client.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Client
from accounts.services import archive_client, keep_client, resume_client, suspend_client, trash_client
from bpo.actors import By, system
from bpo.ops_audit.services import record
from console.models import Change

log = structlog.get_logger("console.lives")
MOST_ATTEMPTS = 3
LEASE_SECONDS = 60

Kind, Status = Change.Kind, Client.Status
FROM: dict[str, frozenset[str]] = {
    Kind.SUSPEND: frozenset({Status.ACTIVE}),
    Kind.RESUME: frozenset({Status.SUSPENDED, Status.ARCHIVED}),
    Kind.ARCHIVE: frozenset({Status.ACTIVE, Status.SUSPENDED}),
    Kind.EXPORT: frozenset({Status.ACTIVE, Status.SUSPENDED, Status.ARCHIVED, Status.TRASHED}),
    Kind.TRASH: frozenset({Status.ACTIVE, Status.SUSPENDED, Status.ARCHIVED}),
    Kind.KEEP: frozenset({Status.TRASHED}),
    Kind.DROP: frozenset({Status.TRASHED}),
}


class Overtaken(RuntimeError):
    """Another provisioner ended this change first; this one's work is rolled back."""


def ask(*, client: Client, kind: str, reason: str, by: By, now: datetime, typed: str = "") -> Change:
    """Ask for a change. Raises Refused naming the field: no reason, a step there is none of, a key typed wrong."""
    reason = reason.strip()
    if not reason:
        raise Refused("reason", _("The reason is empty."), _("Write why, for those who read it later."))
    if kind == Kind.TRASH and typed != client.key:
        raise Refused(
            "typed", _("That is not the client's key."), _("Type “%(key)s” to delete it.") % {"key": client.key}
        )
    _check_step(client, kind)
    try:
        with transaction.atomic():
            change = Change.objects.create(
                client=client, kind=kind, reason=reason[:300], asked_by_id=by.user_id, asked_name=by.name[:120],
                asked_at=now,
            )  # fmt: skip
            record(action=f"client.{kind}_asked", target=client, by=by, now=now, detail={"change": str(change.pk)})
    except IntegrityError as error:
        raise Refused(
            "kind", _("Another change of this client is being carried out."), _("Wait until it is done.")
        ) from error
    return change


def _check_step(client: Client, kind: str) -> None:
    if client.status not in FROM[kind]:
        raise Refused(
            "kind",
            _("The client is %(status)s; that can't follow.") % {"status": client.get_status_display()},
            _("Look at its page for what can."),
        )


CLAIM = """
UPDATE console_change SET state = 'running', attempts = attempts + 1,
       lease_until = now() + make_interval(secs => %(lease)s)
WHERE id = (
    SELECT id FROM console_change
    WHERE (%(only)s::uuid IS NULL OR id = %(only)s)
      AND (state = 'asked' OR (state = 'running' AND lease_until < now()))
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


def next_asked(only: Change | None = None) -> Change | None:
    """The oldest change that waits, or `only`, taken under a lease for one attempt; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"lease": LEASE_SECONDS, "only": only.pk if only else None})
        row = cursor.fetchone()
    return None if row is None else Change.objects.select_related("client").get(pk=row[0])


def carry_out(change: Change, *, now: datetime) -> bool:
    """Do what a change asks for. False when it could not be done; the row says why, and nothing is half done."""
    if change.attempts > MOST_ATTEMPTS:
        return _refuse(change, _gave_up(), now)
    try:
        if not _done_already(change):
            _check_step(change.client, change.kind)
        DOING[change.kind](change, now)
    except Refused as error:
        return _refuse(change, error, now)
    except Overtaken:
        return False
    except (DatabaseError, OSError):
        log.exception("change failed", client=change.client.key, kind=change.kind, attempt=change.attempts)
        return _refuse(change, _gave_up(), now) if change.attempts >= MOST_ATTEMPTS else _put_back(change)
    return True


def _done_already(change: Change) -> bool:
    """A deletion whose rows are gone and whose files may not be: it is taken up there."""
    return change.kind == Kind.DROP and change.client.status == Status.DROPPED


def finish(change: Change, now: datetime, **more: Any) -> None:
    """End the row in the transaction of its work; one of two provisioners finds it ended already."""
    waiting = Change.objects.filter(pk=change.pk, state=Change.State.RUNNING, attempts=change.attempts)
    if waiting.update(state=Change.State.DONE, lease_until=None, finished_at=now, **more) != 1:
        raise Overtaken(str(change.pk))


def _refuse(change: Change, why: Refused, now: datetime) -> bool:
    running = Change.objects.filter(pk=change.pk, state=Change.State.RUNNING, attempts=change.attempts)
    running.update(
        state=Change.State.REFUSED, lease_until=None, finished_at=now, field=why.field[:20],
        problem=why.problem[:300], remedy=why.remedy[:300],
    )  # fmt: skip
    return False


def _put_back(change: Change) -> bool:
    running = Change.objects.filter(pk=change.pk, state=Change.State.RUNNING, attempts=change.attempts)
    running.update(state=Change.State.ASKED, lease_until=None)
    return False


def _gave_up() -> Refused:
    return Refused(
        "kind",
        _("It failed %(n)s times; nothing was changed.") % {"n": MOST_ATTEMPTS},
        _("The provisioner's log says why. Ask again once it is mended."),
    )


def by_of(change: Change) -> By:
    return By("operator", change.asked_name, user_id=change.asked_by_id)


def _step(service: Callable[..., None]) -> Callable[[Change, datetime], None]:
    def doing(change: Change, now: datetime) -> None:
        service(client=change.client, reason=change.reason, by=by_of(change), now=now, also=lambda: finish(change, now))

    return doing


def _trash(change: Change, now: datetime) -> None:
    trash_client(
        client=change.client, drops_at=now + timedelta(days=settings.GRACE_DAYS), reason=change.reason,
        by=by_of(change), now=now, also=lambda: finish(change, now),
    )  # fmt: skip


DOING: dict[str, Callable[[Change, datetime], None]] = {
    Kind.SUSPEND: _step(suspend_client),
    Kind.RESUME: _step(resume_client),
    Kind.ARCHIVE: _step(archive_client),
    Kind.KEEP: _step(keep_client),
    Kind.TRASH: _trash,
}


def register(kind: str, doing: Callable[[Change, datetime], None]) -> None:
    """Name what carries out a kind of change; for those that stand on this module."""
    DOING[kind] = doing


def at_once(*, client: Client, kind: str, reason: str, now: datetime, typed: str = "", name: str) -> Change:
    """Ask and carry out in one go: a command run by whoever holds the owner. Raises Refused with what stands against."""
    change = ask(client=client, kind=kind, reason=reason, by=system(name), now=now, typed=typed)
    taken = next_asked(change)
    if taken is not None:  # a provisioner that runs beside may have been quicker
        carry_out(taken, now=now)
    change.refresh_from_db()
    if change.state == Change.State.REFUSED:
        raise Refused(change.field, change.problem, change.remedy)
    client.refresh_from_db()
    return change
