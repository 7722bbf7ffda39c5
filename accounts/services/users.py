"""Users and their access."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Client, Membership, User
from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.permissions import ROLES, SCOPES


def create_user(
    *,
    email: str,
    name: str,
    password: str | None,
    role: str,
    client: Client | None,
    realm: Client | None,
    by: By,
    now: datetime,
    ends_at: datetime | None = None,
    scope: str = "all",
) -> User:
    """A user with one membership. `client` None makes an operator role; `realm` None a staff member.

    Without a password they can't sign in until they have chosen one. Creating a user who exists adds the membership
    and keeps the password. Raises Refused naming the field.
    """
    email = email.strip().lower()
    _check(email, role, client, realm)
    _check_until(role, scope, ends_at, now)
    with transaction.atomic():
        user = User.objects.filter(email=email, realm=realm).first()
        if user is None:
            user = User(email=email, name=name.strip() or email.split("@")[0], realm=realm, created_at=now)
            user.set_password(password)
            user.save(force_insert=True)
        membership, made = Membership.objects.get_or_create(
            user=user, client=client, role=role,
            defaults={"starts_at": now, "ends_at": ends_at, "scope": scope, "granted_by_id": by.user_id},
        )  # fmt: skip
        if not made and membership.ends_at is not None and membership.ends_at <= now:  # it had ended: given again
            Membership.objects.filter(pk=membership.pk).update(
                starts_at=now, ends_at=ends_at, scope=scope, granted_by_id=by.user_id, version=F("version") + 1
            )
            made = True
        if made:
            detail = {"role": role, "client": client.key if client else None}
            record(action="membership.granted", target=membership, by=by, now=now, detail=detail)
    return user


def _check(email: str, role: str, client: Client | None, realm: Client | None) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(
            "email", _("“%(email)s” is not an e-mail address.") % {"email": email}, _("Correct it.")
        ) from error
    if role not in ROLES:
        raise Refused("role", _("There is no role “%(role)s”.") % {"role": role}, ", ".join(ROLES))
    wanted = ROLES[role].realm
    if wanted == "client" and realm is None:
        raise Refused("role", _("“%(role)s” belongs to a client's users.") % {"role": role}, _("Give the client."))
    if wanted == "staff" and realm is not None:
        raise Refused("role", _("“%(role)s” is a staff role.") % {"role": role}, _("Create a staff user."))
    if realm is not None and client != realm:
        raise Refused("client", _("A client's user works for that client alone."), _("Give the same client."))


def _check_until(role: str, scope: str, ends_at: datetime | None, now: datetime) -> None:
    if scope not in SCOPES:
        raise Refused("scope", _("There is no reach “%(scope)s”.") % {"scope": scope}, ", ".join(SCOPES))
    if ends_at is not None and ends_at <= now:
        raise Refused("ends_at", _("That end is past."), _("Give a later one."))
    if role == "third_party" and ends_at is None:
        raise Refused("ends_at", _("A third-party evaluator's access has to end."), _("Give its last day."))
