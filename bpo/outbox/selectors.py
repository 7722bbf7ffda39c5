"""How the outbox is doing."""

import os
import time
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, QuerySet

from bpo.outbox.models import Job

_broker: dict[str, Any] = {"at": 0.0, "ok": False}
BROKER_CHECK_SECONDS = 5.0


def relay_lag_seconds() -> float | None:
    """Age in seconds of the oldest due row nobody has handed over; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM now() - min(run_at)) FROM outbox_job "
            "WHERE state = 'ready' AND run_at <= now() AND published_at IS NULL AND (client_id IS NULL "
            "OR client_id IN (SELECT id FROM public.accounts_client WHERE status = 'active'))"
        )
        row = cursor.fetchone()
    return None if row is None or row[0] is None else round(float(row[0]), 1)


def broker_answers() -> bool:
    """Whether the broker took a connection within the last few seconds."""
    if time.monotonic() - _broker["at"] > BROKER_CHECK_SECONDS:
        _broker.update(at=time.monotonic(), ok=_ask_broker())
    return bool(_broker["ok"])


def _ask_broker() -> bool:
    if settings.CELERY_BROKER_URL.startswith("filesystem"):
        folder = settings.VAR / "broker"
        folder.mkdir(parents=True, exist_ok=True)
        return os.access(folder, os.W_OK)
    from bpo.celery import app

    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception:
        return False
    return True


def counts_by_state() -> dict[str, int]:
    """How many jobs are in each state, zero included."""
    found = dict(Job.objects.values_list("state").annotate(n=Count("pk")))
    return {state: found.get(state, 0) for state in Job.State.values}


def needing_attention() -> QuerySet[Job]:
    """Dead and uncertain jobs, newest first, with their client."""
    return Job.objects.filter(state__in=[Job.State.DEAD, Job.State.UNCERTAIN]).select_related("client").order_by("-id")
