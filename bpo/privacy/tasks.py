"""Work of exports of a person. Erasures need the owner: the console hands them to the provisioner."""

from datetime import UTC, datetime, time
from uuid import UUID

from bpo.outbox.registry import job
from bpo.outbox.slots import daily
from bpo.privacy.services import build_export, export_failed, remove_expired


@job("privacy.export", scope="client", queue="reports", max_attempts=3, lease_seconds=900, when_dead="privacy.failed")
def export(*, request_id: str) -> None:
    build_export(request_id=UUID(request_id), now=datetime.now(UTC))


@job("privacy.failed", scope="client")
def failed(*, request_id: str) -> None:
    export_failed(request_id=UUID(request_id), now=datetime.now(UTC))


@job("privacy.forget_exports", scope="client")
def forget_exports() -> None:
    remove_expired(now=datetime.now(UTC))


daily("privacy.forget_exports", at=time(3, 20))
