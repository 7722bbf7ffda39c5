"""The two Celery tasks there are: run one job, and the tick."""

from typing import Any
from uuid import UUID

from celery.signals import worker_process_init
from django.utils import timezone

from bpo.celery import app
from bpo.outbox.execution import execute
from bpo.outbox.slots import tick


@app.task(name="bpo.outbox.run", scope="operator")
def run(job_id: str, kind: str) -> None:
    """Claim the job and run it in its client. A message for a job already done does nothing."""
    execute(UUID(job_id), kind)


@app.task(name="bpo.outbox.tick", scope="operator")
def beat_tick() -> None:
    tick(now=timezone.now())


@worker_process_init.connect
def forget_parents_connections(**_: Any) -> None:
    """A forked worker opens connections of its own; its parent's sockets stay the parent's."""
    from django.db import connections

    for wrapper in connections.all(initialized_only=True):
        wrapper.connection = None
