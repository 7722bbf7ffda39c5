"""Invitations: a user without a password, their first role, and a link by mail that lets them choose one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Client, Membership, SignInLink, User
from accounts.services.links import find_link, make_link, spend
from accounts.services.memberships import end
from accounts.services.passwords import check_password_rules
from accounts.services.users import create_user
from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.outbox.services import enqueue

INVITATION = SignInLink.Purpose.INVITATION
COPY_NAME = "console.copy_name"  # takes it to the client's own actor


@dataclass(frozen=True, slots=True)
class Invited:
    """Who was invited. `link` is None for somebody who can sign in already: they just have the role."""

    user: User
    link: SignInLink | None


def invite(
    *, email: str, name: str, role: str, client: Client | None, realm: Client | None, by: By, now: datetime,
    ends_at: datetime | None = None, scope: str = "all",
) -> Invited:  # fmt: skip
    """Give somebody a role, and mail a link to whoever can't sign in yet. `realm` None is staff, whose host is ours.

    Raises Refused naming the field, as `create_user` does, and for somebody whose access was ended.
    """
    with transaction.atomic():
        user = create_user(
            email=email, name=name, password=None, role=role, client=client, realm=realm, by=by, now=now,
            ends_at=ends_at, scope=scope,
        )  # fmt: skip
        if not user.is_active:
            raise Refused("email", _("This person's access was ended."), _("Give it back first."))
        if user.has_usable_password():
            return Invited(user, None)
        return Invited(user, _send(user, by, now))


def invite_again(*, user: User, by: By, now: datetime) -> SignInLink:
    """Mail a new link, good for as long as the first was; the one before opens nothing any more.

    Raises Refused when they have accepted meanwhile, or were never invited.
    """
    with transaction.atomic():
        _waiting(user)
        return _send(user, by, now)


def revoke_invitation(*, user: User, by: By, now: datetime) -> None:
    """Take an invitation back, with every role that waited for it. Raises Refused when it was accepted meanwhile."""
    with transaction.atomic():
        _waiting(user)
        SignInLink.objects.filter(user=user, purpose=INVITATION, used_at=None, ended_at=None).update(ended_at=now)
        for held in Membership.objects.filter(user=user).exclude(ends_at__lte=now):
            end(membership=held, by=by, now=now)
        record(action="invitation.revoked", target=user, by=by, now=now)


def accept_invitation(*, token: str, realm_id: UUID | None, name: str, password: str, now: datetime) -> User:
    """Spend the link, and let its user have this name and password.

    Raises NoLink for a link that opens nothing here, Refused for an empty name or a password that is too weak.
    """
    link = find_link(token=token, purpose=INVITATION, realm_id=realm_id, now=now)
    assert link.user is not None  # noqa: S101 - a constraint: who is invited is somebody
    before, link.user.name = link.user.name, name.strip()[:120]
    if not link.user.name:
        raise Refused("name", _("The name is empty."), _("Write how people call you."))
    check_password_rules(password, link.user)
    with transaction.atomic():
        user = spend(link, now=now)
        user.set_password(password)
        user.save(update_fields=["name", "password"])
        by = By("person", user.name, user_id=user.pk)
        record(action="invitation.accepted", target=user, by=by, now=now)
        if user.name != before:
            _take_to_clients(user, link)
    return user


def _take_to_clients(user: User, link: SignInLink) -> None:
    """The name somebody gives themselves, in place of the inviter's for them, at each client they have a role at."""
    clients = Membership.objects.filter(user=user, client__isnull=False).values_list("client_id", flat=True)
    for client_id in sorted(set(clients)):
        enqueue(kind=COPY_NAME, dedupe_key=f"name:{link.pk}", payload={"user_id": str(user.pk)}, client_id=client_id)


def _send(user: User, by: By, now: datetime) -> SignInLink:
    link = make_link(purpose=INVITATION, user=user, realm_id=user.realm_id, email=user.email, now=now)
    record(action="invitation.sent", target=user, by=by, now=now)
    return link


def _waiting(user: User) -> None:
    """Refused unless the newest word of this person is an invitation not accepted yet."""
    known = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    invited = SignInLink.objects.filter(user=user, purpose=INVITATION, ended_at=None).order_by("-pk").first()
    if known.has_usable_password() or invited is None or invited.used_at is not None:
        raise Refused("user", _("There is no invitation of this person that waits."), _("Look at the list again."))
