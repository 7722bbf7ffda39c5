"""Named reads of notices."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from bpo.notices.kinds import KINDS
from bpo.notices.models import Notice, Preference


def notices_of(actor_id: UUID) -> QuerySet[Notice]:
    """An actor's notices, newest first."""
    return Notice.objects.filter(actor_id=actor_id)


def unread_count(actor_id: UUID) -> int:
    return notices_of(actor_id).filter(read_at=None).count()


def actor_of_notice(notice_id: UUID) -> UUID | None:
    return Notice.objects.filter(pk=notice_id).values_list("actor_id", flat=True).first()


def preferences_of(actor_id: UUID) -> list[tuple[str, str | Promise, Preference]]:
    """Each kind of notice, its name, and how the actor wants it; the usual way where they never chose."""
    chosen = {wish.kind: wish for wish in Preference.objects.filter(actor_id=actor_id)}
    return [(kind, label, chosen.get(kind, Preference(kind=kind))) for kind, label in KINDS.items()]
