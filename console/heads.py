"""Ends of the audit chains, copied hourly to where who could rewrite a chain can't reach.

One copy is a row of the operator's (a client's role has no access to it), one a line of a file, one a line of the
process's log. `verify_audit` compares each chain with the first two.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import Q

from accounts.models import Client
from bpo.audit.models import Head
from bpo.ops_audit.models import Head as OperatorHead
from bpo.ops_audit.models import HeadCopy
from bpo.tenancy.context import enter

log = structlog.get_logger("bpo.audit")
End = tuple[int, str]


def heads_file() -> Path:
    return Path(settings.VAR) / "audit-heads.jsonl"


def note_heads(*, now: datetime) -> int:
    """Copy the end of every chain; returns how many were copied."""
    ends: list[tuple[Client | None, End]] = []
    own = OperatorHead._base_manager.filter(pk=1).first()
    if own:
        ends.append((None, (own.seq, own.hash)))
    for client in Client.objects.filter(status=Client.Status.ACTIVE).order_by("key"):
        with enter(client.ref()):
            found = Head._base_manager.filter(pk=1).first()
        if found:
            ends.append((client, (found.seq, found.hash)))
    HeadCopy.objects.bulk_create(
        HeadCopy(client=client, seq=seq, hash=hash_, noted_at=now) for client, (seq, hash_) in ends
    )
    _write([(str(client.pk) if client else None, *end) for client, end in ends], now)
    return len(ends)


def kept_ends(client_id: UUID | None) -> list[End]:
    """Every end of one chain that was copied, from the table and the file."""
    whose = Q(client=client_id) if client_id else Q(client=None)
    rows = list(HeadCopy.objects.filter(whose).values_list("seq", "hash"))
    wanted = str(client_id) if client_id else None
    return [*rows, *((seq, hash_) for chain, seq, hash_ in _read() if chain == wanted)]


def _write(ends: list[tuple[str | None, int, str]], now: datetime) -> None:
    with heads_file().open("a") as kept:
        for client, seq, hash_ in ends:
            line = {"at": now.isoformat(), "client": client, "seq": seq, "hash": hash_}
            kept.write(json.dumps(line) + "\n")
            log.info("audit.head", chain=client or "operator", seq=seq, hash=hash_)


def _read() -> Iterator[tuple[str | None, int, str]]:
    if not heads_file().exists():
        return
    with heads_file().open() as kept:
        for line in kept:
            try:
                found = json.loads(line)
                yield found["client"], int(found["seq"]), str(found["hash"])
            except (ValueError, KeyError, TypeError):
                continue  # a line cut short by a full disk says nothing of the chain
