"""Who may do what, at one client or at the operator: what the page of access shows, and giving somebody a role."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Client, Membership, User
from accounts.selectors import memberships_at, user_by_email
from accounts.services.invitations import invite
from accounts.services.memberships import grant
from bpo.actors import By
from bpo.permission_words import by_area
from bpo.roles import PASSING, ROLES, Role
from bpo.tenancy.context import enter
from console.people import copy_actor, seat_of
from workforce.models import Seat

STATES = ("holds", "ended", "all")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to."""

    text: str = ""
    role: str = ""
    state: str = "holds"


@dataclass(frozen=True, slots=True)
class InWords:
    """A role as it stands at a client, or at the operator."""

    role: Role
    allows: list[tuple[str, list[str]]]
    ends: bool  # it is only ever given for a time


def roles_of(client: Client | None) -> list[Role]:
    """The roles that mean something there: at the operator, those that may do more than pass through."""
    if client is None:
        return [role for role in ROLES.values() if role.on_operator - PASSING]
    return list(ROLES.values())


def in_words(client: Client | None) -> list[InWords]:
    return [
        InWords(role, by_area(role.on_operator if client is None else role.permissions), role.key == "third_party")
        for role in roles_of(client)
    ]


def access_at(client: Client | None, wanted: Wanted, *, now: datetime) -> QuerySet[Membership]:
    """Memberships there, narrowed, by name."""
    found = memberships_at(client.pk if client else None)
    over = Q(ends_at__lte=now)
    if wanted.state == "holds":
        found = found.exclude(over)
    elif wanted.state == "ended":
        found = found.filter(over)
    if wanted.role:
        found = found.filter(role=wanted.role)
    if wanted.text:
        found = found.filter(Q(user__name__icontains=wanted.text) | Q(user__email__icontains=wanted.text.lower()))
    return found


def give(
    *, client: Client | None, email: str, name: str, role: str, scope: str, last_day: date | None, by: By, now: datetime
) -> Membership:
    """Give a role to whoever signs in with this very address; at a client they get a seat, too.

    Nobody does: with a name they are invited by mail. Raises Refused naming the field.
    """
    realm = client if client and role in ROLES and ROLES[role].realm == "client" else None
    known = user_by_email(email, realm.pk if realm else None)
    if known is None and name.strip():
        ends_at = end_of(last_day, client)
        return invite_to(client, realm, email, name, role=role, scope=scope, ends_at=ends_at, by=by, now=now)
    if known is None:
        raise Refused(
            "email",
            _("Nobody signs in with %(email)s.") % {"email": email},
            _("Check the address, letter by letter, or write their name to invite them."),
        )
    return give_to(
        user=known, client=client, role=role, scope=scope, ends_at=end_of(last_day, client), by=by, now=now
    )  # fmt: skip


def give_to(
    *, user: User, client: Client | None, role: str, scope: str, ends_at: datetime | None, by: By, now: datetime
) -> Membership:
    """The same for a user at hand. The actor is copied into the client once the public rows are committed."""
    _check_served(client)
    with transaction.atomic():
        made = grant(user=user, client=client, role=role, scope=scope, ends_at=ends_at, by=by, now=now)
        seat = seat_of(user, client, now) if client else None
    _seated(client, seat, user.name)
    return made


def invite_to(
    client: Client | None, realm: Client | None, email: str, name: str, *, by: By, now: datetime, **terms: Any
) -> Membership:
    """The same for somebody who can't sign in yet: a link by mail lets them choose a password."""
    _check_served(client)
    with transaction.atomic():
        user = invite(email=email, name=name, client=client, realm=realm, by=by, now=now, **terms).user
        seat = seat_of(user, client, now) if client else None
    _seated(client, seat, user.name)
    return Membership.objects.select_related("user").get(user=user, client=client, role=terms["role"])


def _check_served(client: Client | None) -> None:
    if client is not None and not client.ref().enterable:
        raise Refused(
            "email", _("The client is %(status)s.") % {"status": client.get_status_display()}, _("Resume it first.")
        )


def _seated(client: Client | None, seat: Seat | None, name: str) -> None:
    if client is not None and seat is not None:
        with enter(client.ref()):
            copy_actor(seat, name)


def end_of(last_day: date | None, client: Client | None) -> datetime | None:
    """The moment after a last day, on the clock of the client; the operator's is UTC."""
    if last_day is None:
        return None
    return datetime.combine(last_day + timedelta(days=1), time(), ZoneInfo(client.zone if client else "UTC"))


def last_day_of(membership: Membership) -> date | None:
    """The last day somebody holds a role, on the same clock."""
    if membership.ends_at is None:
        return None
    zone = ZoneInfo(membership.client.zone if membership.client else "UTC")
    return (membership.ends_at.astimezone(zone) - timedelta(microseconds=1)).date()
