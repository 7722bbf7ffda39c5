"""Named reads of sessions, invitations, failed sign-ins, and where and how people come in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.models import AuthenticatorApp, Domain, Membership, OpenSession, Passkey, SignInLink, User
from bpo.tokens import hash_of


def session_by(key: str) -> OpenSession | None:
    """The open session a session's key stands for, with its user: one query."""
    return OpenSession.objects.select_related("user").filter(key_hash=hash_of(key)).first()


def sessions_of(user_id: UUID, *, now: datetime) -> QuerySet[OpenSession]:
    """A user's sessions that no limit has ended, with their clients, the last used first."""
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    live = OpenSession.objects.filter(user_id=user_id, ends_at__gt=now, seen_at__gt=now - idle)
    return live.select_related("client").order_by("-seen_at", "-pk")


def open_invitations(*, client_id: UUID | None = None) -> QuerySet[SignInLink]:
    """Invitations nobody has accepted or taken back, those that ran out included, oldest first: of people with a role
    at one client, or all of them. Each with its user."""
    waiting = SignInLink.objects.filter(purpose=SignInLink.Purpose.INVITATION, used_at=None, ended_at=None)
    if client_id is not None:
        waiting = waiting.filter(user__in=Membership.objects.filter(client_id=client_id).values("user"))
    return waiting.select_related("user").order_by("pk")


@dataclass(frozen=True, slots=True)
class People:
    """How many sign in to a client as its own people, and how many of them have nothing but a password."""

    there: int
    without: int


def own_people(client_id: UUID) -> People:
    """One statement."""
    proofs = (one.objects.filter(user=OuterRef("pk")) for one in (AuthenticatorApp, Passkey))
    bare = ~Q(Exists(next(proofs))) & ~Q(Exists(next(proofs)))
    found = User.objects.filter(realm_id=client_id, is_active=True)
    counted = found.aggregate(there=Count("pk"), without=Count("pk", filter=bare))
    return People(counted["there"], counted["without"])


def hosts_of(realm_id: UUID | None) -> list[str]:
    """Where a realm's people (None: staff) sign in."""
    if realm_id is None:
        return [settings.OPERATOR_HOST]
    return list(
        Domain.objects.filter(tenant_id=realm_id).order_by("-is_primary", "domain").values_list("domain", flat=True)
    )


def failures_from(address: str, *, since: datetime) -> int:
    """Sign-ins that failed from one network address, whoever they were for."""
    tried = AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=since)
    return int(tried.aggregate(n=Sum("failures_since_start"))["n"] or 0)
