"""Telling people things."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bpo.notices.models import Notice, Preference
from bpo.outbox.services import enqueue


def tell(*, actor_id: UUID, kind: str, text: str, path: str, dedupe_key: str, now: datetime) -> None:
    """One notice to one actor, as they prefer it: in the product, by mail, both or neither. Told once a key.

    A notice not wanted in the product is kept as read, so that the mail has something to say.
    """
    wish = Preference.objects.filter(actor_id=actor_id, kind=kind).first() or Preference(actor_id=actor_id, kind=kind)
    if not (wish.in_app or wish.by_mail):
        return
    with transaction.atomic():
        notice, made = Notice.objects.get_or_create(
            actor_id=actor_id,
            dedupe_key=dedupe_key,
            defaults={
                "kind": kind,
                "text": text[:300],
                "path": path,
                "created_at": now,
                "read_at": None if wish.in_app else now,
            },
        )
        if made and wish.by_mail:
            enqueue(kind="notices.mail_notice", dedupe_key=f"notice:{notice.pk}", payload={"notice_id": str(notice.pk)})


def mark_read(*, actor_id: UUID, notice_id: UUID, now: datetime) -> bool:
    """Mark one's own notice as read. False when it is not there or not one's own."""
    return Notice.objects.filter(pk=notice_id, actor_id=actor_id, read_at=None).update(read_at=now) == 1


def mark_all_read(*, actor_id: UUID, now: datetime) -> int:
    """Mark all of one's own notices as read; returns how many were not."""
    return Notice.objects.filter(actor_id=actor_id, read_at=None).update(read_at=now)


def prefer(*, actor_id: UUID, kind: str, in_app: bool, by_mail: bool) -> None:
    """Set how one actor wants one kind of notice."""
    Preference.objects.update_or_create(actor_id=actor_id, kind=kind, defaults={"in_app": in_app, "by_mail": by_mail})
