"""Housekeeping of kept answers."""

from datetime import UTC, datetime, time

from bpo.idempotency.services import forget_old
from bpo.outbox.registry import job
from bpo.outbox.slots import daily


@job("idempotency.forget", scope="client")
def forget() -> None:
    forget_old(now=datetime.now(UTC))


daily("idempotency.forget", at=time(3, 10))
