"""Everything a user can come in with, ended at once."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.errors import Refused
from accounts.models import HandOff, Membership, Token, User
from accounts.services.memberships import end
from accounts.services.sessions import end_sessions
from accounts.services.tokens import revoke_token
from bpo.actors import By

log = structlog.get_logger("accounts.leaving")


def end_all_access(*, user: User, by: By, now: datetime) -> int:
    """End every session, role, API token and hand-off of a user; how many there were. A second call finds none.

    The operator's last admin keeps that one role, which the database would not let go; the log says so.
    """
    with transaction.atomic():
        roles = _end_roles(user, by, now)
        tokens = _revoke_tokens(user, by, now)
        codes, _each = HandOff.objects.filter(
            user=user, used_at=None
        ).delete()  # good for seconds; their making is in the log
        sessions = end_sessions(user=user, by=by, now=now)
    return roles + tokens + codes + sessions


def _end_roles(user: User, by: By, now: datetime) -> int:
    ended = 0
    for held in Membership.objects.filter(user=user).exclude(ends_at__lte=now).order_by("pk"):
        try:
            ended += end(membership=held, by=by, now=now)
        except Refused:
            log.error("the last operator admin has left: make somebody else operator admin", user=str(user.pk))
    return ended


def _revoke_tokens(user: User, by: By, now: datetime) -> int:
    found = list(Token.objects.select_related("client").filter(user=user))
    for token in found:
        revoke_token(token=token, by=by, now=now)
    return len(found)
