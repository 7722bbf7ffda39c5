"""Work that falls due at a local time. Beat only ticks; a unique row claims each slot."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.apps import apps
from django.conf import settings
from django.db import transaction

from bpo.outbox.models import Slot
from bpo.outbox.registry import load
from bpo.outbox.services import enqueue
from bpo.tenancy.identities import ClientRef

log = structlog.get_logger("bpo.slots")


@dataclass(frozen=True, slots=True)
class Daily:
    """A job for each client, once each local day, at or after `at` on the client's clock."""

    kind: str
    at: time


DAILY: list[Daily] = []


def daily(kind: str, *, at: time) -> None:
    """Register a job for the tick; called beside the job's registration."""
    if all(known.kind != kind for known in DAILY):
        DAILY.append(Daily(kind, at))


def due_slot(at: time, zone: str, now: datetime) -> str:
    """The newest local day whose slot has come, as its date. A clock change moves the hour, never the count."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() if local.time() >= at else local.date() - timedelta(days=1)
    return day.isoformat()


def tick(*, now: datetime) -> int:
    """Claim and enqueue every slot that has come; returns how many this tick won. Two ticks at once share them."""
    load()
    model = apps.get_model(settings.TENANT_MODEL)
    clients = [row.ref() for row in model.objects.filter(status="active")]
    return sum(_claim_or_say(job, client, now) for job in DAILY for client in clients)


def _claim_or_say(job: Daily, client: ClientRef, now: datetime) -> int:
    """One client that can't be ticked costs the others nothing; the next tick tries it again."""
    try:
        return _claim(job, client, now)
    except Exception:
        log.exception("slot not claimed", client=client.key, kind=job.kind)
        return 0


def _claim(job: Daily, client: ClientRef, now: datetime) -> int:
    slot = due_slot(job.at, client.zone, now)
    if Slot.objects.filter(client_id=client.id, name=job.kind, local_slot=slot).exists():
        return 0
    with transaction.atomic():
        Slot.objects.bulk_create([Slot(client_id=client.id, name=job.kind, local_slot=slot)], ignore_conflicts=True)
        enqueue(kind=job.kind, dedupe_key=f"{job.kind}:{slot}", client_id=client.id)
    return 1
