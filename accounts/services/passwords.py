"""Passwords: a new one by mail, another one by hand. Either ends the sessions opened with the old one."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from axes.utils import reset as forget_failures
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.backends import account_of
from accounts.errors import Refused
from accounts.models import SignInLink, User
from accounts.services.links import address_hash, find_link, make_link, spend
from accounts.services.sessions import end_sessions
from accounts.services.telling import PASSWORD_CHANGED, PASSWORD_RESET, tell
from bpo.actors import By
from bpo.ops_audit.services import record

RESET = SignInLink.Purpose.RESET
HOUR = timedelta(hours=1)
MOST_MAILS: Final = 3  # to one address in an hour
MOST_ASKED: Final = 30  # by one network address in an hour


class TooMany(Exception):
    """This network address asked too often. Whom for isn't said."""


def ask_reset(*, email: str, realm_id: UUID | None, asked_from: str | None, now: datetime) -> None:
    """Mail a link to whoever may have a new password here. Does the same work, and says as little, for everybody else.

    Raises TooMany when one network address asks too often.
    """
    email, lately = email.strip().lower(), SignInLink.objects.filter(purpose=RESET, created_at__gt=now - HOUR)
    if asked_from and lately.filter(asked_from=asked_from).count() >= MOST_ASKED:
        raise TooMany
    if lately.filter(address_hash=address_hash(realm_id, email)).count() >= MOST_MAILS:
        return
    with transaction.atomic():
        user = User.objects.filter(email=email, realm_id=realm_id).first()
        able = user is not None and user.is_active and user.has_usable_password()
        make_link(
            purpose=RESET, user=user if able else None, realm_id=realm_id, email=email, now=now, asked_from=asked_from
        )


def reset_password(*, token: str, realm_id: UUID | None, password: str, now: datetime) -> User:
    """Spend a link for a new password. Every session ends and a lock-out is lifted; nobody is signed in by it.

    Raises NoLink for a link that opens nothing here, Refused for a password that is too weak.
    """
    link = find_link(token=token, purpose=RESET, realm_id=realm_id, now=now)
    assert link.user is not None  # noqa: S101 - found by its user being active
    check_password_rules(password, link.user)
    with transaction.atomic():
        user = spend(link, now=now)
        _set(user, password, action="password.reset", now=now)
        tell(user=user, what=PASSWORD_RESET, now=now)
    return user


def change_password(*, user: User, password: str, keep: str | None, now: datetime) -> None:
    """Set another password of somebody who just proved the old one. Their other sessions end; `keep` is the key of this.

    Raises Refused for a password that is too weak.
    """
    check_password_rules(password, user)
    with transaction.atomic():
        _set(user, password, action="password.changed", now=now, keep=keep)
        tell(user=user, what=PASSWORD_CHANGED, now=now)


def check_password_rules(password: str, user: User) -> None:
    """Raises Refused with what is wrong with a password; the rules are AUTH_PASSWORD_VALIDATORS."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("password", " ".join(error.messages), _("Choose another.")) from error


def _set(user: User, password: str, *, action: str, now: datetime, keep: str | None = None) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    by = By("person", user.name, user_id=user.pk)
    record(action=action, target=user, by=by, now=now)
    end_sessions(user=user, by=by, now=now, keep=keep)
    SignInLink.objects.filter(user=user, purpose=RESET, used_at=None, ended_at=None).update(ended_at=now)
    forget_failures(username=account_of(user.realm_id, user.email))
