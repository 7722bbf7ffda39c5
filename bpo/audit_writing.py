"""Appending to an audit log and checking it, for either chain."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from django.db import connection, models

from bpo.actors import By
from bpo.audit_models import AuditCheckpoint, AuditEntry, AuditHead
from bpo.cards import masked_all
from bpo.chain import GENESIS, Break, Link, link, verify

Entry = TypeVar("Entry", bound=AuditEntry)
FIELDS = ("id", "seq", "at", "actor_kind", "actor_id", "actor_name", "action", "target_type", "target_id", "detail")


def append(
    entry_model: type[Entry],
    head_model: type[AuditHead],
    *,
    action: str,
    target: models.Model,
    by: By,
    now: datetime,
    detail: dict[str, Any] | None,
) -> Entry:
    """Write one line in the caller's transaction. Writers queue on the head row until the one before commits."""
    if not connection.in_atomic_block:
        raise RuntimeError("An audit line belongs to the transaction it describes. Call it inside atomic().")
    head = hold(head_model)
    entry = entry_model(
        seq=head.seq + 1,
        at=now,
        actor_kind=by.kind,
        actor_id=by.actor_id or by.user_id,
        actor_name=lasting_name(by),
        action=action,
        target_type=target._meta.label,
        target_id=id_of(target),
        detail=masked_all(detail or {}),
        prev_hash=head.hash,
    )
    entry.hash = link(head.hash, content(entry))
    entry.save(force_insert=True)
    head_model._base_manager.filter(pk=1).update(seq=entry.seq, hash=entry.hash)
    return entry


def id_of(target: models.Model) -> str:
    """The id a line is about; "" for one about a kind of thing as a whole, whose target has no id."""
    ident = getattr(target, "audit_id", target.pk)
    return "" if ident is None else str(ident)


def lasting_name(by: By) -> str:
    """What a line keeps of who acted, beside the id. A person's name would outlive their erasure here, hashed in."""
    return by.name[:120] if by.kind in ("system", "customer") else ""


def hold(head_model: type[AuditHead]) -> AuditHead:
    """The chain's end, until this transaction is over; other writers wait for it."""
    heads = head_model._base_manager
    head = heads.select_for_update(no_key=True).filter(pk=1).first()
    if head is None:
        heads.bulk_create([head_model(id=1, seq=0, hash=GENESIS)], ignore_conflicts=True)
        head = heads.select_for_update(no_key=True).get(pk=1)
    return head


def content(entry: AuditEntry) -> dict[str, Any]:
    """The fields the hash covers."""
    return {name: getattr(entry, name) for name in FIELDS}


Kept = Iterable[tuple[int, str]]


def check(
    entry_model: type[AuditEntry],
    head_model: type[AuditHead],
    checkpoint_model: type[AuditCheckpoint] | None = None,
    kept: Kept = (),
) -> tuple[int, list[Break]]:
    """How many lines there are, and where the chain breaks (nowhere, if all is well).

    `kept` are ends of the chain noted elsewhere. A chain whose oldest lines are past their retention begins at its
    newest checkpoint; ends noted before it say nothing any more.
    """
    head = head_model._base_manager.filter(pk=1).first()
    begun = checkpoint_model._base_manager.order_by("-seq").first() if checkpoint_model else None
    start = (begun.seq, begun.hash) if begun else (0, GENESIS)
    count = 0

    def links() -> Iterator[Link]:
        nonlocal count
        for entry in entry_model._base_manager.order_by("seq").iterator(chunk_size=2000):
            count += 1
            yield Link(entry.seq, entry.prev_hash, entry.hash, content(entry))

    known = [one for one in kept if one[0] >= start[0]]
    breaks = verify(links(), (head.seq, head.hash) if head else None, start=start, kept=known)
    return count, breaks
