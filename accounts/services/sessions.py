"""Open sessions: noted when they open, seen while they are used, ended by hand or by a limit."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.domain.limits import worth_noting
from accounts.models import Client, OpenSession, User
from bpo.actors import By, system
from bpo.ops_audit.services import record
from bpo.tokens import hash_of


def note_session(
    *, user: User, client_id: UUID | None, key: str, replaces: str | None, agent: str, address: str | None,
    now: datetime,
) -> OpenSession:  # fmt: skip
    """Note a session just opened on a host. `replaces` is the key the same browser held before."""
    with transaction.atomic():
        if replaces:
            OpenSession.objects.filter(key_hash=hash_of(replaces)).delete()
        return OpenSession.objects.create(
            key_hash=hash_of(key), user=user, client_id=client_id, agent=agent, address=address, opened_at=now,
            seen_at=now, ends_at=now + timedelta(hours=settings.SESSION_HOURS),
        )  # fmt: skip


def note_use(*, opened: OpenSession, now: datetime) -> None:
    """Write that a session is used, once a minute at most."""
    if worth_noting(seen_at=opened.seen_at, now=now):
        OpenSession.objects.filter(pk=opened.pk, seen_at__lt=now).update(seen_at=now)


def note_new_key(*, before: str | None, after: str | None) -> None:
    """The same session goes on under another key."""
    OpenSession.objects.filter(key_hash=hash_of(before)).update(key_hash=hash_of(after))


def close_session(*, key: str | None) -> None:
    """Forget a session its owner signed out of, or that a limit ended."""
    OpenSession.objects.filter(key_hash=hash_of(key)).delete()


def end_session(*, session_id: UUID, user: User, by: By, now: datetime) -> OpenSession | None:
    """End one session of `user`; None when they have no such session. It is refused at its next request."""
    with transaction.atomic():
        found = OpenSession.objects.filter(pk=session_id, user=user).first()
        if found is None or not _end(OpenSession.objects.filter(pk=found.pk), user, by, now):
            return None
    return found


def end_sessions(*, user: User, by: By, now: datetime, keep: str | None = None) -> int:
    """End every session of `user` on every host, but the one whose key is `keep`; how many there were."""
    with transaction.atomic():
        mine = OpenSession.objects.filter(user=user)
        return _end(mine.exclude(key_hash=hash_of(keep)) if keep else mine, user, by, now)


def _end(sessions: QuerySet[OpenSession], user: User, by: By, now: datetime) -> int:
    gone, _each = sessions.delete()
    if gone:
        record(action="session.ended", target=user, by=by, now=now, detail={"sessions": gone})
    return gone


def note_replay(*, opened: OpenSession, shown_to: UUID | None, now: datetime) -> None:
    """A session was shown to a host it wasn't opened for: it ends, and the operator's log has a line."""
    hosts = dict(Client.objects.filter(pk__in=[opened.client_id, shown_to]).values_list("pk", "key"))
    detail = {"opened_for": hosts.get(opened.client_id, "ops"), "shown_to": hosts.get(shown_to, "ops")}
    with transaction.atomic():
        if OpenSession.objects.filter(pk=opened.pk).delete()[0]:
            record(action="session.replayed", target=opened.user, by=system("sign-in"), now=now, detail=detail)
