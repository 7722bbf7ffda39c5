"""Company sign-ins: who somebody is whom a provider sends. Nobody is found by an address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.domain.oidc import address_in
from accounts.errors import Refused
from accounts.models import ExternalIdentity, IdentityProvider, User
from accounts.services.memberships import grant
from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.outbox.services import enqueue


def who_is(*, provider: IdentityProvider, subject: str, claims: Mapping[str, Any], by: By, now: datetime) -> User:
    """The user of a provider's subject; a new one, in the provider's realm, if it makes users. Raises Refused.

    An address the provider asserts is written down for a new user and looked up nowhere: somebody of this realm who
    has it already stays who they are, and the sign-in is refused.
    """
    known = ExternalIdentity.objects.select_related("user").filter(provider=provider, subject=subject).first()
    if known is not None:
        if not known.user.is_active:
            raise Refused("subject", _("Your access has ended."), _("Ask your administrator."))
        ExternalIdentity.objects.filter(pk=known.pk).update(last_used_at=now)
        return known.user
    if not provider.new_role:
        raise Refused(
            "subject", _("Nobody here is connected to that sign-in."),
            _("Sign in with your password and connect it under “Second step”, or ask your administrator."),
        )  # fmt: skip
    return _new_user(provider, subject, claims, by, now)


def _new_user(provider: IdentityProvider, subject: str, claims: Mapping[str, Any], by: By, now: datetime) -> User:
    email = address_in(claims).strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused("email", _("Your provider gave no e-mail address."), _("Ask your administrator.")) from error
    user = User(email=email, name=str(claims.get("name") or email.split("@")[0])[:120], realm=provider.realm)
    user.created_at = now
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            _connect(provider, subject, user, now)
            client = provider.realm
            assert client is not None  # noqa: S101 - a constraint: a provider of staff makes nobody
            grant(user=user, client=client, role=provider.new_role, scope="all", ends_at=None, by=by, now=now)
            record(action="identity.user_made", target=user, by=by, now=now, detail={"client": client.key})
            ids = {"user_id": str(user.pk)}
            enqueue(kind="console.seat", dedupe_key=f"seat {user.pk}", payload=ids, client_id=client.pk)
    except IntegrityError as error:
        raise Refused(
            "email", _("Somebody here has that e-mail address already."),
            _("If that is you, sign in with your password and connect the sign-in under “Second step”."),
        ) from error  # fmt: skip
    return user


def connect(*, user: User, provider: IdentityProvider, subject: str, by: By, now: datetime) -> None:
    """Let a provider's subject sign in as `user`, who is signed in and asked for it. Raises Refused."""
    try:
        with transaction.atomic():
            _connect(provider, subject, user, now)
            record(action="identity.connected", target=user, by=by, now=now)
    except IntegrityError as error:
        raise Refused(
            "subject", _("That sign-in is connected already, or you have another one."),
            _("Disconnect the other one first."),
        ) from error  # fmt: skip


def _connect(provider: IdentityProvider, subject: str, user: User, now: datetime) -> None:
    ExternalIdentity.objects.create(provider=provider, subject=subject, user=user, made_at=now, last_used_at=now)


def disconnect(*, user: User, by: By, now: datetime) -> None:
    """Sign in with the password alone again. Refused for whoever has none."""
    if not user.has_usable_password():
        raise Refused("subject", _("You have no password."), _("It is your only way in: ask your administrator."))
    with transaction.atomic():
        if ExternalIdentity.objects.filter(user=user).delete()[0]:
            record(action="identity.disconnected", target=user, by=by, now=now)
