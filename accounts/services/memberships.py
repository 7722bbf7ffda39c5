"""Giving, changing and ending access. A membership counts from its row, so each of these holds at the next request."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.errors import Refused, Stale
from accounts.models import Client, Membership, User
from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.roles import ROLES, SCOPES

ADMIN = "operator_admin"


def grant(
    *, user: User, client: Client | None, role: str, scope: str, ends_at: datetime | None, by: By, now: datetime
) -> Membership:
    """Give somebody a role at a client, or at the operator (client None); a role that ended is given again.

    Raises Refused naming the field: a role of the other realm, an end that is past or, for a third party, missing, a
    role they hold already.
    """
    _check_role(user, client, role)
    check_reach(role, scope, ends_at, now)
    with transaction.atomic():
        known = Membership.objects.select_for_update().filter(user=user, client=client, role=role).first()
        if known is not None and (known.ends_at is None or known.ends_at > now):
            raise Refused("role", _("%(user)s has this role already.") % {"user": user}, _("Change it instead."))
        if known is None:
            made = Membership.objects.create(
                user=user, client=client, role=role, scope=scope, starts_at=now, ends_at=ends_at,
                granted_by_id=by.user_id,
            )  # fmt: skip
            record(action="membership.granted", target=made, by=by, now=now, detail=_said(made))
            return made
        before = _terms(known)
        known.scope, known.starts_at, known.ends_at, known.granted_by_id = scope, now, ends_at, by.user_id
        _save(known)
        detail = {**_said(known), "changes": _changes(before, _terms(known))}
        record(action="membership.granted", target=known, by=by, now=now, detail=detail)
    return known


def change(
    *, membership: Membership, version: int, scope: str, ends_at: datetime | None, by: By, now: datetime
) -> Membership:
    """Another reach or another end. Raises Refused naming the field, or Stale when somebody changed it meanwhile."""
    check_reach(membership.role, scope, ends_at, now)
    with transaction.atomic():
        known = _locked(membership)
        if known.version != version:
            raise Stale
        if known.ends_at is not None and known.ends_at <= now:
            raise Refused("last_day", _("This role has ended."), _("Give it again instead."))
        if ends_at is not None:
            _check_not_last(known)
        before = _terms(known)
        known.scope, known.ends_at = scope, ends_at
        changed = _changes(before, _terms(known))
        if changed:
            _save(known)
            record(
                action="membership.changed", target=known, by=by, now=now, detail=_said(known) | {"changes": changed}
            )
    return known


def end(*, membership: Membership, by: By, now: datetime) -> bool:
    """End a role now. False when it had ended already. Raises Refused for the operator's last admin."""
    with transaction.atomic():
        known = _locked(membership)
        if known.ends_at is not None and known.ends_at <= now:
            return False
        _check_not_last(known)
        before = _terms(known)
        known.ends_at = now
        detail = {**_said(known), "changes": _changes(before, _terms(known))}
        if known.starts_at >= now:  # it never began: there is no stretch of time to keep
            record(action="membership.ended", target=known, by=by, now=now, detail=detail)
            known.delete()
            return True
        _save(known)
        record(action="membership.ended", target=known, by=by, now=now, detail=detail)
    return True


def is_last_admin(membership: Membership) -> bool:
    """Whether without this one nobody would run the operator for good: a trigger holds the same (migration 0006)."""
    if membership.role != ADMIN or membership.client_id is not None or membership.ends_at is not None:
        return False
    others = Membership.objects.filter(role=ADMIN, client=None, ends_at=None, user__is_active=True)
    return not others.exclude(pk=membership.pk).exists()


def _locked(membership: Membership) -> Membership:
    """The row as it is now. Whoever touches an operator admin waits for others who do: the last one has to stay."""
    if membership.role == ADMIN and membership.client_id is None:
        admins = Membership.objects.select_for_update().filter(role=ADMIN, client=None)
        list(admins.order_by("pk").values_list("pk", flat=True))
    return Membership.objects.select_for_update(of=("self",)).select_related("user", "client").get(pk=membership.pk)


def _check_not_last(membership: Membership) -> None:
    if is_last_admin(membership):
        raise Refused(
            "last_day",
            _("%(user)s is the last operator admin whose access has no end.") % {"user": membership.user},
            _("Make somebody else operator admin first."),
        )


def _check_role(user: User, client: Client | None, role: str) -> None:
    if role not in ROLES:
        raise Refused("role", _("There is no role “%(role)s”.") % {"role": role}, ", ".join(ROLES))
    if not user.is_active:
        raise Refused("email", _("%(user)s is switched off.") % {"user": user}, _("Choose somebody else."))
    own = ROLES[role].realm == "client"
    if own != (user.realm_id is not None):
        raise Refused(
            "role",
            _("“%(role)s” is for a client's own people.") % {"role": ROLES[role].label}
            if own
            else _("“%(role)s” is for staff.") % {"role": ROLES[role].label},
            _("Choose another role."),
        )
    if user.realm_id is not None and (client is None or client.pk != user.realm_id):
        raise Refused("email", _("%(user)s works for another client.") % {"user": user}, _("Choose somebody else."))


def check_reach(role: str, scope: str, ends_at: datetime | None, now: datetime) -> None:
    """Raises Refused for a scope there is none of, and an end that is past or, for a third party, missing."""
    if scope not in SCOPES:
        raise Refused("scope", _("There is no reach “%(scope)s”.") % {"scope": scope}, ", ".join(SCOPES))
    if ends_at is None and role == "third_party":
        raise Refused(
            "last_day", _("A third-party evaluator's access has to end."), _("Choose the last day of their work.")
        )
    if ends_at is not None and ends_at <= now:
        raise Refused("last_day", _("That day is past."), _("Choose a later day, or end the role now."))


def _save(membership: Membership) -> None:
    membership.version += 1
    Membership.objects.filter(pk=membership.pk).update(
        scope=membership.scope, starts_at=membership.starts_at, ends_at=membership.ends_at,
        granted_by_id=membership.granted_by_id, version=F("version") + 1,
    )  # fmt: skip


def _said(membership: Membership) -> dict[str, Any]:
    return {"role": membership.role, "client": membership.client.key if membership.client else None}


def _terms(membership: Membership) -> dict[str, Any]:
    return {
        "scope": membership.scope,
        "starts_at": membership.starts_at.isoformat(),
        "ends_at": membership.ends_at.isoformat() if membership.ends_at else None,
    }


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    return {key: [before[key], value] for key, value in after.items() if before[key] != value}
