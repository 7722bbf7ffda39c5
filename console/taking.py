"""Taking an export: by who asked for it, while it is there, and never without a line in the log."""

from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from bpo.actors import By
from bpo.ops_audit.services import record
from console.exports import place_of
from console.models import Change


def take_export(*, key: str, change_id: UUID, by: By, now: datetime) -> tuple[Change, BinaryIO] | None:
    """Open an export for its asker and log that it was taken. None for everything else: there is no such export.

    A file holds all that a client has, so it is given to nobody on another's word: who wants one gives a reason of
    their own.
    """
    change = Change.objects.select_related("client").filter(pk=change_id, client__key=key).first()
    if change is None or change.asked_by_id is None or change.asked_by_id != by.user_id:
        return None
    if change.state != Change.State.DONE or not change.downloadable(now):
        return None
    try:
        content = place_of(change).open("rb")
    except FileNotFoundError:
        return None
    with transaction.atomic():
        detail = {"change": str(change.pk), "sha256": change.sha256, "size": change.size}
        record(action="client.export_taken", target=change.client, by=by, now=now, detail=detail)
    return change, content
