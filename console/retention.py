"""Data past its term ends each night: asked for by a client's daily job, worked off in batches by the provisioner."""

from collections import Counter
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from accounts.errors import Refused
from accounts.models import Client
from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.privacy.domain.retention import TERMS, Term, terms_with
from bpo.privacy.erasing import Counts
from bpo.privacy.files import remove
from bpo.privacy.retaining import due, end_batch
from bpo.tenancy.context import as_owner, enter
from bpo.tenancy.identities import ClientRef
from console.models import RetentionRun, RetentionTerm

LEASE_SECONDS: Final = 300
MOST_BATCHES: Final = 400  # of one night; what is left is due again the next

CLAIM = """
UPDATE console_retentionrun SET batches = batches + 1, lease_until = now() + make_interval(secs => %(lease)s)
WHERE id = (
    SELECT id FROM console_retentionrun
    WHERE finished_at IS NULL AND (lease_until IS NULL OR lease_until < now())
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


def terms_of(client: Client) -> dict[str, Term]:
    """How long this client's data is kept, by kind."""
    agreed = dict(RetentionTerm.objects.filter(client=client).values_list("kind", "days"))
    return terms_with(agreed)


def set_term(*, client: Client, kind: str, days: int, by: By, now: datetime) -> None:
    """Keep one kind of data as long as a contract says. Refused for a kind there is none of and for no days."""
    if kind not in TERMS:
        raise Refused("kind", f"There is no kind “{kind}”.", f"Take one of {', '.join(TERMS)}.")
    if not 1 <= days <= 3660:
        raise Refused("days", f"{days} days can't be kept.", "Give 1 to 3660.")
    with transaction.atomic():
        before = RetentionTerm.objects.filter(client=client, kind=kind).values_list("days", flat=True).first()
        RetentionTerm.objects.update_or_create(client=client, kind=kind, defaults={"days": days})
        detail = {"kind": kind, "changes": {"days": [before, days]}}
        record(action="retention.term_set", target=client, by=by, now=now, detail=detail)


def foreseen(client: Client, *, now: datetime) -> Counts:
    """What would go now, read as the client itself. ClientUnavailable for one that isn't served."""
    terms = terms_of(client)
    with enter(client.ref()):
        return due(terms, client_id=client.pk, now=now, zone=client.zone)


def note_night(*, client: ClientRef, now: datetime) -> None:
    """Make the client's night known to who holds the owner; once a local day."""
    day = now.astimezone(ZoneInfo(client.zone)).date()
    RetentionRun.objects.get_or_create(client_id=client.id, day=day, defaults={"asked_at": now})


def carry_on(*, now: datetime) -> bool:
    """One batch of the night that waits longest. False when none does. A killed one is taken up where it stood."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"lease": LEASE_SECONDS})
        row = cursor.fetchone()
    if row is None:
        return False
    run = RetentionRun.objects.select_related("client").get(pk=row[0])
    client = run.client
    if client.status == Client.Status.DROPPED or run.batches > MOST_BATCHES:
        _finish(run, now)
        return True
    terms = terms_of(client)
    with as_owner(client.schema_name), transaction.atomic():
        done = end_batch(terms, client_id=client.pk, now=run.asked_at, zone=client.zone, after=run.looked)
        run.counts = dict(Counter(run.counts) + Counter({label: number for label, _action, number in done.counts}))
        RetentionRun.objects.filter(pk=run.pk).update(counts=run.counts, looked=done.looked, lease_until=None)
    remove(client.pk, done.digests)
    if not done.counts and not done.more:
        _finish(run, now)
    return True


def _finish(run: RetentionRun, now: datetime) -> None:
    with transaction.atomic():
        RetentionRun.objects.filter(pk=run.pk).update(finished_at=now, lease_until=None)
        if run.counts:
            by = By("system", "retention")
            record(action="retention.ended", target=run.client, by=by, now=now, detail={"rows": run.counts})
