"""Work that falls due at a local time. Beat only ticks; a unique row claims each slot."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Q

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


@dataclass(frozen=True, slots=True)
class Weekly:
    """A job for each client, once each local week, on Monday at or after `at` on the client's clock."""

    kind: str
    at: time


DAILY: list[Daily] = []
WEEKLY: list[Weekly] = []
HOURLY: list[str] = []  # jobs of the operator, once each hour


def daily(kind: str, *, at: time) -> None:
    """Register a job for the tick; called beside the job's registration."""
    if all(known.kind != kind for known in DAILY):
        DAILY.append(Daily(kind, at))


def weekly(kind: str, *, at: time) -> None:
    """Register a job for each Monday of each client."""
    if all(known.kind != kind for known in WEEKLY):
        WEEKLY.append(Weekly(kind, at))


def hourly(kind: str) -> None:
    """Register an operator's job for each full hour."""
    if kind not in HOURLY:
        HOURLY.append(kind)


def due_slot(at: time, zone: str, now: datetime) -> str:
    """The newest local day whose slot has come, as its date. A clock change moves the hour, never the count."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() if local.time() >= at else local.date() - timedelta(days=1)
    return day.isoformat()


def due_week(at: time, zone: str, now: datetime) -> str:
    """The newest local Monday whose slot has come, as its date."""
    day = date.fromisoformat(due_slot(at, zone, now))
    return (day - timedelta(days=day.weekday())).isoformat()


def tick(*, now: datetime) -> int:
    """Claim and enqueue every slot that has come; returns how many this tick won. Two ticks at once share them."""
    load()
    model = apps.get_model(settings.TENANT_MODEL)
    clients = [row.ref() for row in model.objects.filter(status="active")]
    due = [(job.kind, client, due_slot(job.at, client.zone, now)) for job in DAILY for client in clients]
    due += [(job.kind, client, due_week(job.at, client.zone, now)) for job in WEEKLY for client in clients]
    hour = now.astimezone(UTC).strftime("%Y-%m-%dT%H")
    return sum(_claim_or_say(*one) for one in [*due, *((kind, None, hour) for kind in HOURLY)])


def _claim_or_say(kind: str, client: ClientRef | None, slot: str) -> int:
    """One client that can't be ticked costs the others nothing; the next tick tries it again."""
    try:
        return _claim(kind, client.id if client else None, slot)
    except Exception:
        log.exception("slot not claimed", client=client.key if client else None, kind=kind)
        return 0


def _claim(kind: str, client_id: UUID | None, slot: str) -> int:
    whose = Q(client=client_id) if client_id else Q(client=None)
    if Slot.objects.filter(whose, name=kind, local_slot=slot).exists():
        return 0
    with transaction.atomic():
        Slot.objects.bulk_create([Slot(client_id=client_id, name=kind, local_slot=slot)], ignore_conflicts=True)
        enqueue(kind=kind, dedupe_key=f"{kind}:{slot}", client_id=client_id)
    return 1
