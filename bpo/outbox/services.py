"""Adding work, in the transaction that causes it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from bpo.outbox.models import Job
from bpo.outbox.registry import load
from bpo.tenancy.context import current_client, inside_client

Work = tuple[str, dict[str, Any]]


def enqueue(
    *,
    kind: str,
    dedupe_key: str,
    payload: dict[str, Any] | None = None,
    client_id: UUID | None = None,
    run_at: datetime | None = None,
) -> None:
    """Add a piece of work once. Inside a client it is that client's; outside, `client_id`'s or the operator's.

    A second call with the same key in the same client adds nothing. RuntimeError outside a transaction, KeyError for
    an unknown kind: both are mistakes of the caller.
    """
    enqueue_many(kind=kind, work=[(dedupe_key, payload or {})], client_id=client_id, run_at=run_at)


def enqueue_many(
    *, kind: str, work: Iterable[Work], client_id: UUID | None = None, run_at: datetime | None = None
) -> None:
    """Add many pieces of one kind, as `enqueue` does, in one statement. Each is a dedupe key and a payload of ids."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"Work {kind!r} belongs to the transaction that causes it. Call enqueue inside atomic().")
    known, now = load()[kind], timezone.now()
    jobs = [
        Job(
            client_id=current_client().id if inside_client() else client_id,
            kind=kind,
            dedupe_key=dedupe_key,
            payload=payload,
            max_attempts=known.max_attempts,
            run_at=run_at or now,
            created_at=now,
        )
        for dedupe_key, payload in work
    ]
    # No target and no RETURNING: the client's role may not read the table it writes to.
    Job.objects.bulk_create(jobs, ignore_conflicts=True)


def enqueue_when_dead(*, kind: str, job_id: UUID, fence: int, payload: dict[str, Any], client_id: UUID | None) -> None:
    """Add what a kind wants done once a job of it is given up. Many kinds want nothing, and an unknown one can't."""
    known = load().get(kind)
    if known is not None and known.when_dead:
        enqueue(kind=known.when_dead, dedupe_key=f"dead:{job_id}:{fence}", payload=payload, client_id=client_id)


def replay(*, job_id: UUID) -> bool:
    """Make a dead or uncertain job ready again, on a person's word. False when it is neither."""
    changed = Job.objects.filter(pk=job_id, state__in=[Job.State.DEAD, Job.State.UNCERTAIN]).update(
        state=Job.State.READY, attempts=0, run_at=timezone.now(), published_at=None, finished_at=None
    )
    return changed == 1
