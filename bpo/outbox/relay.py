"""Handing due rows to Celery, fairly over clients, and re-driving what a dead worker left.

Publishing happens inside the transaction that marks the rows: if the broker refuses, nothing is marked; if the commit
fails after the broker took it, the message is one wake-up too many, which the claim ignores.
"""

import json
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from kombu.exceptions import OperationalError

from bpo.celery import app
from bpo.outbox.registry import load
from bpo.outbox.services import enqueue_when_dead
from bpo.tenancy.context import leave_all

log = structlog.get_logger("bpo.relay")

# Of a client that is served; ready and due, or running past its lease; not handed over within the last sweep interval. `place` deals the clients
# in turn, and a client with `cap` jobs in flight waits.
PICK = """
WITH busy AS (
    SELECT client_id, count(*) AS n FROM outbox_job
    WHERE state = 'running' AND lease_until >= now() GROUP BY client_id
), due AS (
    SELECT j.id, row_number() OVER (PARTITION BY j.client_id ORDER BY j.run_at, j.id) + COALESCE(b.n, 0) AS place
    FROM outbox_job j LEFT JOIN busy b ON b.client_id IS NOT DISTINCT FROM j.client_id
    WHERE ((j.state = 'ready' AND j.run_at <= now()) OR (j.state = 'running' AND j.lease_until < now()))
      AND j.attempts < j.max_attempts
      AND (j.client_id IS NULL OR j.client_id IN (SELECT id FROM public.accounts_client WHERE status = 'active'))
      AND (j.published_at IS NULL OR j.published_at < now() - make_interval(secs => %(sweep)s))
), picked AS (
    SELECT j.id FROM outbox_job j JOIN due ON due.id = j.id
    WHERE due.place <= %(cap)s ORDER BY due.place, j.run_at LIMIT %(batch)s FOR UPDATE OF j SKIP LOCKED
)
UPDATE outbox_job j SET published_at = now() FROM picked WHERE j.id = picked.id RETURNING j.id, j.kind
"""
BURY = """
UPDATE outbox_job SET state = 'dead', lease_until = NULL, finished_at = now(),
       last_error = 'Its worker died ' || attempts || ' times in the middle of it.'
WHERE state = 'running' AND lease_until < now() AND attempts >= max_attempts
RETURNING id, kind, client_id, payload::text, fence
"""


def publish(job_id: UUID, kind: str) -> None:
    queue = load()[kind].queue if kind in load() else "default"
    app.send_task("bpo.outbox.run", [str(job_id), kind], queue=queue, retry=False)


def relay_once(*, batch: int = 100, send: Callable[[UUID, str], None] = publish) -> int:
    """Hand over one batch; returns how many. Raises what the broker raises, with nothing marked."""
    limits: dict[str, Any] = {
        "sweep": settings.OUTBOX_SWEEP_SECONDS,
        "cap": settings.OUTBOX_IN_FLIGHT,
        "batch": batch,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        bury(cursor)
        cursor.execute(PICK, limits)
        rows = cursor.fetchall()
        for job_id, kind in rows:
            send(job_id, kind)
    return len(rows)


def bury(cursor: Any) -> None:
    """Give up the jobs whose last attempt killed its worker, and add what their kinds want done then."""
    cursor.execute(BURY)
    for job_id, kind, client_id, payload, fence in cursor.fetchall():
        enqueue_when_dead(kind=kind, job_id=job_id, fence=fence, payload=json.loads(payload), client_id=client_id)


def run_relay(stop: threading.Event, *, pause: float = 0.2) -> None:
    """Relay until told to stop. A lost broker or database costs latency: the loop waits and goes on."""
    wait = pause
    while not stop.is_set():
        try:
            moved = relay_once()
            wait = pause
        except (DatabaseError, OperationalError, OSError) as error:
            log.warning("relay waits", error=str(error)[:300], seconds=wait)
            leave_all()
            connection.close()
            moved, wait = 0, min(wait * 2, 10.0)
        if not moved:
            stop.wait(wait)
