"""API tokens."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Client, Token, User
from accounts.selectors import roles_at
from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.permissions import Permission

LONGEST = 365  # days; a constraint holds it, too


def create_token(
    *, user: User, client: Client, name: str, scopes: Sequence[str], days: int, by: By, now: datetime
) -> tuple[Token, str]:
    """A token of `user` for one client; the clear text is returned once and never stored.

    Raises Refused for an empty name, an unknown scope, too many days, or a user without a role at the client.
    """
    if not name.strip():
        raise Refused("name", _("The name is empty."), _("Write what it is for."))
    if not 1 <= days <= LONGEST:
        raise Refused("days", _("A token is good for 1 to %(days)s days.") % {"days": LONGEST}, _("Write fewer days."))
    unknown = [scope for scope in scopes if scope not in set(Permission)]
    if unknown or not scopes:
        raise Refused(
            "scopes",
            _("Unknown scopes: %(scopes)s.") % {"scopes": ", ".join(unknown) or "-"},
            _("Choose from: %(known)s.") % {"known": ", ".join(Permission)},
        )
    if not roles_at(user.pk, client.pk, now=now):
        raise Refused("email", _("%(user)s has no role at this client.") % {"user": user}, _("Grant one first."))
    with transaction.atomic():
        token, clear = Token.objects.create(
            user=user, client=client, name=name.strip(), scopes=sorted(scopes), expiry=timedelta(days=days)
        )
        detail = {"client": client.key, "scopes": sorted(scopes), "days": days}
        record(action="token.created", target=token, by=by, now=now, detail=detail)
    return token, clear


def revoke_token(*, token: Token, by: By, now: datetime) -> None:
    """End a token: its next request is refused."""
    with transaction.atomic():
        record(action="token.revoked", target=token, by=by, now=now, detail={"client": token.client.key})
        token.delete()
