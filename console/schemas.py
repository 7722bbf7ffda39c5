"""How far each client's schema is: current, behind or failed, from what the owner's process wrote down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.db.models import Count, Q

from accounts.models import Client
from bpo.tenancy.models import ReadySchema, SchemaState
from bpo.tenancy.pending import digest_of, wanted
from bpo.tenancy.pool import current_digest

State = Literal["failed", "behind", "unknown", "current"]  # in the order they need somebody
ORDER: tuple[State, ...] = ("failed", "behind", "unknown", "current")


@dataclass(frozen=True, slots=True)
class Schema:
    """One client's schema as last seen."""

    client: Client
    state: State
    missing: int = 0
    problem: str = ""
    failed_at: datetime | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """Ready schemas: those an opening may claim, those that wait to be replaced, and how many there ought to be."""

    ready: int
    stale: int
    size: int


def schemas() -> list[Schema]:
    """Every client that has a schema, who needs somebody first. Two statements."""
    seen = {state.client_id: state for state in SchemaState.objects.all()}
    clients = Client.objects.exclude(status=Client.Status.DROPPED).order_by("name")
    target = wanted()
    digest = digest_of(target)
    found = [_schema(client, seen.get(client.pk), digest, len(target)) for client in clients]
    return sorted(found, key=lambda one: ORDER.index(one.state))


def counts(found: Iterable[Schema]) -> dict[State, int]:
    states = [one.state for one in found]
    return {state: states.count(state) for state in ORDER}


def pool() -> Pool:
    """The pool now, by one statement."""
    fresh = Q(digest=current_digest())
    found = ReadySchema.objects.aggregate(ready=Count("pk", filter=fresh), stale=Count("pk", filter=~fresh))
    return Pool(found["ready"], found["stale"], settings.POOL_SIZE)


def _schema(client: Client, seen: SchemaState | None, digest: str, target: int) -> Schema:
    if seen is None:
        return Schema(client, "unknown")
    missing = max(0, target - seen.recorded)
    if seen.problem:
        return Schema(client, "failed", missing, seen.problem, seen.failed_at, seen.seen_at)
    state: State = "current" if seen.migrations == digest else "behind"
    return Schema(client, state, missing, seen_at=seen.seen_at)
