"""Writing the audit log of the client entered."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models, transaction

from bpo.actors import By
from bpo.audit.models import Entry, Head
from bpo.audit_writing import append, hold, id_of

ONCE_IN: Final = timedelta(minutes=10)  # what somebody reads piece by piece is one line for so long


def record(*, action: str, target: models.Model, by: By, now: datetime, detail: dict[str, Any] | None = None) -> Entry:
    """One line, in the transaction of what it describes. Put personal facts in the target, not in `detail`."""
    return append(Entry, Head, action=action, target=target, by=by, now=now, detail=detail)


def record_read(
    *, action: str, target: models.Model, by: By, now: datetime, detail: dict[str, Any] | None = None
) -> Entry | None:
    """One line for a read, committed before anything is sent; None where the same was read by the same just before.

    A player asks for a sound piece by piece and a browser sends a request again, so one object, actor, action and
    detail is one line in ten minutes. Whoever comes at the same moment waits for the chain and finds the line there.
    """
    seen = Entry.objects.filter(
        action=action, target_type=target._meta.label, target_id=id_of(target), actor_kind=by.kind,
        actor_id=by.actor_id or by.user_id, at__gt=now - ONCE_IN, detail=detail or {},
    )  # fmt: skip
    if seen.exists():
        return None
    with transaction.atomic():
        hold(Head)
        if seen.exists():
            return None
        return record(action=action, target=target, by=by, now=now, detail=detail)
