"""Named reads of notices."""

from uuid import UUID

from django.db.models import QuerySet

from bpo.notices.models import Notice


def notices_of(actor_id: UUID) -> QuerySet[Notice]:
    """An actor's notices, newest first."""
    return Notice.objects.filter(actor_id=actor_id)


def unread_count(actor_id: UUID) -> int:
    return notices_of(actor_id).filter(read_at=None).count()


def actor_of_notice(notice_id: UUID) -> UUID | None:
    return Notice.objects.filter(pk=notice_id).values_list("actor_id", flat=True).first()
