"""Users and their access."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Client, Membership, User
from accounts.services.memberships import check_reach, grant
from bpo.actors import By


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
    _check_address(email)
    check_reach(role, scope, ends_at, now)
    with transaction.atomic():
        user = User.objects.filter(email=email, realm=realm).first()
        if user is None:
            user = User(email=email, name=name.strip() or email.split("@")[0], realm=realm, created_at=now)
            user.set_password(password)
            user.save(force_insert=True)
        held = Membership.objects.filter(user=user, client=client, role=role).exclude(ends_at__lte=now)
        if not held.exists():
            grant(user=user, client=client, role=role, scope=scope, ends_at=ends_at, by=by, now=now)
    return user


def _check_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(
            "email", _("“%(email)s” is not an e-mail address.") % {"email": email}, _("Correct it.")
        ) from error
