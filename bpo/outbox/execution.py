"""Claiming one job, running it in its client, and recording how it ended.

The claim raises `attempts` and `fence` before the work starts, so work that kills its worker is dead after
`max_attempts` on any broker, and a worker that froze and woke writes nothing over its successor.
"""

import random
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction
from structlog.contextvars import bound_contextvars

from bpo.failpoints import failpoint
from bpo.outbox.registry import Kind, Permanent, Uncertain, load
from bpo.outbox.services import enqueue_when_dead
from bpo.tenancy.context import enter, leave_all
from bpo.tenancy.hosts import load_client

log = structlog.get_logger("bpo.outbox")
PLACE = re.compile(r"\b\w*c_[a-z]{12}\b")  # a client's schema, or its role, which ends with it

CLAIM = """
UPDATE outbox_job SET state = 'running', attempts = attempts + 1, fence = fence + 1,
       lease_until = now() + make_interval(secs => %(lease)s)
WHERE id = %(id)s AND attempts < max_attempts
  AND ((state = 'ready' AND run_at <= now()) OR (state = 'running' AND lease_until < now()))
RETURNING id, client_id, kind, payload::text, attempts, max_attempts, fence
"""
FINISH = """
UPDATE outbox_job SET state = %(state)s, attempts = attempts - %(returned)s, last_error = %(error)s, lease_until = NULL, published_at = NULL,
       run_at = CASE WHEN %(state)s = 'ready' THEN now() + make_interval(secs => %(delay)s) ELSE run_at END,
       finished_at = CASE WHEN %(state)s = 'ready' THEN NULL ELSE now() END
WHERE id = %(id)s AND fence = %(fence)s AND state = 'running'
"""


@dataclass(frozen=True, slots=True)
class End:
    """How an attempt ended; `delay` in seconds until the next, `returned` where it shall not count."""

    state: str
    error: str = ""
    delay: float = 0.0
    returned: bool = False


# A client that isn't served costs its jobs nothing: the attempt is given back, and the relay passes the row over
# until the client is active again.
WAITS = End("ready", "The client is not active; waiting.", returned=True)


@dataclass(frozen=True, slots=True)
class Claim:
    id: UUID
    client_id: UUID | None
    kind: str
    payload: dict[str, Any]
    attempts: int
    max_attempts: int
    fence: int


def claim(job_id: UUID, *, lease_seconds: int) -> Claim | None:
    """Take the job, or None when it is done, not due, or another worker's."""
    import json

    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"id": job_id, "lease": lease_seconds})
        row = cursor.fetchone()
    if row is None:
        return None
    ident, client_id, kind, payload, attempts, max_attempts, fence = row
    return Claim(ident, client_id, kind, json.loads(payload), attempts, max_attempts, fence)


def execute(job_id: UUID, kind_name: str) -> str:
    """Run one job to its end. Returns the state it ended in, or "skipped" when it was not ours to run."""
    kind = load().get(kind_name)
    lease = (kind.lease_seconds if kind else None) or settings.OUTBOX_LEASE_SECONDS
    taken = claim(job_id, lease_seconds=lease)
    if taken is None:
        return "skipped"
    kind = load().get(taken.kind)  # the row says what work it is; a message only wakes
    failpoint("outbox.claimed")
    about = {"job": str(taken.id), "kind": taken.kind, "client_id": str(taken.client_id), "attempt": taken.attempts}
    with bound_contextvars(**about):
        try:
            end = _run(taken, kind)
        finally:
            leave_all()
        _finish(taken, end)
    return end.state


def _run(taken: Claim, kind: Kind | None) -> End:
    if kind is None:
        return End("dead", f"This release knows no work called {taken.kind!r}.")
    try:
        if not _work(taken, kind):
            return WAITS
    except Uncertain as doubt:
        return End("uncertain", str(doubt))
    except Permanent as reason:
        return End("dead", str(reason))
    except Exception as error:
        log.exception("job failed")
        if taken.attempts >= taken.max_attempts:
            return End("dead", _words(error))
        return End("ready", _words(error), backoff(taken.attempts))
    return End("done")


def _work(taken: Claim, kind: Kind) -> bool:
    """Call the kind's function where it belongs. False when its client is suspended.

    The client comes from the row, which the database vouches for, never from the payload.
    """
    if (kind.scope == "operator") != (taken.client_id is None):
        raise Permanent(f"Work of scope {kind.scope} can't come from {'a client' if taken.client_id else 'no client'}.")
    if kind.scope == "operator":
        kind.work(**taken.payload)
        return True
    client = load_client(taken.client_id)
    if client is None or client.status == "dropped":
        raise Permanent("The client is gone.")
    if not client.enterable:
        return False
    if kind.scope == "crossing":
        kind.work(client=client, **taken.payload)
        return True
    with enter(client):
        kind.work(**taken.payload)
    return True


def _finish(taken: Claim, end: End) -> None:
    row: dict[str, Any] = {
        "id": taken.id, "fence": taken.fence, "state": end.state, "error": end.error[:1000], "delay": end.delay,
        "returned": int(end.returned),
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FINISH, row)
        if cursor.rowcount != 1:
            log.warning("lease lost, result not recorded", job=str(taken.id), state=end.state)
        elif end.state == "dead" and taken.attempts >= taken.max_attempts:
            enqueue_when_dead(
                kind=taken.kind,
                job_id=taken.id,
                fence=taken.fence,
                payload=taken.payload,
                client_id=taken.client_id,
            )
    log.info("job", state=end.state, error=end.error[:200])


def backoff(attempts: int) -> float:
    """Seconds until the next try: 5, 10, 20 … 600, half of it by chance so that retries spread."""
    full: float = min(600.0, 5.0 * 2.0 ** (attempts - 1))
    return full / 2 + random.uniform(0, full / 2)  # noqa: S311 - spreads load, guards nothing


def _words(error: Exception) -> str:
    """An error as the pages of jobs show it. What the database calls a client's place is for the log alone."""
    return PLACE.sub("…", f"{type(error).__name__}: {error}")
