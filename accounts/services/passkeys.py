"""Passkeys (WebAuthn): made, shown, renamed and removed. Each is good on the one host it was made for."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.errors import Refused
from accounts.models import Passkey, User
from accounts.services.second_step import first_codes, forget_codes_of_nothing, lock, refuse_the_last
from accounts.services.telling import PASSKEY_ADDED, PASSKEY_REMOVED, tell
from bpo.actors import By
from bpo.ops_audit.services import record

MOST = 10  # of one person
# What reading a forged or broken answer raises, besides the library's own ValueError.
BROKEN: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, struct.error)
Answer = Mapping[str, Any]
State = dict[str, Any]  # the challenge, as the session keeps it


@dataclass(frozen=True, slots=True)
class Site:
    """The host that asks, as a browser knows it. A passkey for another host, or shown to another, is refused."""

    host: str
    origin: str
    name: str

    def server(self) -> Fido2Server:
        entity = PublicKeyCredentialRpEntity(id=self.host, name=self.name)
        return Fido2Server(entity, verify_origin=lambda origin: origin == self.origin)


def begin_making(*, user: User, site: Site) -> tuple[dict[str, Any], State]:
    """What the browser is asked to make a passkey with, and the state to keep until it answers."""
    who = PublicKeyCredentialUserEntity(id=user.pk.bytes, name=user.email, display_name=user.name)
    options, state = site.server().register_begin(
        who,
        credentials=_known(user, site),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return plain(options)["publicKey"], plain(state)


def add_passkey(*, user: User, name: str, site: Site, state: State, answer: Answer, by: By, now: datetime) -> list[str]:
    """Keep the passkey the browser made. Returns new recovery codes when there were none. Raises Refused."""
    name = _named(name)
    try:
        made = site.server().register_complete(state, answer)
        credential = made.credential_data
        if credential is None:
            raise ValueError("no key")
    except BROKEN as error:
        raise Refused("credential", _("That passkey can't be used here."), _("Try again, on this page.")) from error
    with transaction.atomic():
        lock(user)
        if user.passkeys.count() >= MOST:
            raise Refused("name", _("You have ten passkeys."), _("Remove one you don't use."))
        _keep(user, name, site, credential, made.counter, now)
        record(action="second_step.made", target=user, by=by, now=now, detail={"kind": "passkey"})
        tell(user=user, what=PASSKEY_ADDED, now=now)
        return first_codes(user=user, by=by, now=now)


def _named(name: str) -> str:
    if not name.strip():
        raise Refused("name", _("The passkey has no name."), _("Name the device or the app that keeps it."))
    return name.strip()


def _keep(user: User, name: str, site: Site, key: AttestedCredentialData, counter: int, now: datetime) -> None:
    try:
        with transaction.atomic():
            Passkey.objects.create(
                user=user, name=name, rp_id=site.host, credential_id=key.credential_id, credential=bytes(key),
                sign_count=counter, made_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused("credential", _("That passkey is known already."), _("Make another one.")) from error


def begin_showing(*, user: User | None, site: Site) -> tuple[dict[str, Any], State]:
    """What the browser is asked to show. Without `user` the passkey alone signs in, so it must verify the person."""
    wanted = UserVerificationRequirement.REQUIRED if user is None else UserVerificationRequirement.PREFERRED
    known = None if user is None else _known(user, site)
    options, state = site.server().authenticate_begin(known, user_verification=wanted)
    return plain(options)["publicKey"], plain(state)


def whose_passkey(*, realm_id: UUID | None, site: Site, answer: Answer) -> User | None:
    """Whose passkey an answer claims to be, among the active people who sign in on this host."""
    try:
        claimed = AuthenticationResponse.from_dict(answer).raw_id
    except BROKEN:
        return None
    found = Passkey.objects.filter(
        credential_id=claimed, rp_id=site.host, user__realm_id=realm_id, user__is_active=True
    )
    passkey = found.select_related("user").first()
    return None if passkey is None else passkey.user


def check_passkey(*, user: User, site: Site, state: State, answer: Answer, now: datetime) -> bool:
    """Whether the answer shows a passkey of `user` for this host and challenge, with a counter that has risen.

    A counter that hasn't tells of a copied key. Keys that don't count stay at zero.
    """
    try:
        shown = site.server().authenticate_complete(state, _known(user, site), answer)
        counter = AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    except BROKEN:
        return False
    rows = Passkey.objects.filter(user=user, credential_id=shown.credential_id)
    risen = rows.filter(sign_count__lt=counter) if counter else rows.filter(sign_count=0)
    return risen.update(sign_count=counter, last_used_at=now) == 1


def remove_passkey(*, user: User, passkey_id: UUID, by: By, now: datetime) -> None:
    """Forget one passkey of `user`. Raises Passkey.DoesNotExist, and Refused for the last one of who must have one."""
    with transaction.atomic():
        lock(user)
        passkey = user.passkeys.get(pk=passkey_id)
        refuse_the_last(user, now)
        passkey.delete()
        record(action="second_step.removed", target=user, by=by, now=now, detail={"kind": "passkey"})
        tell(user=user, what=PASSKEY_REMOVED, now=now)
        forget_codes_of_nothing(user)


def rename_passkey(*, user: User, passkey_id: UUID, name: str, by: By, now: datetime) -> None:
    """Call one passkey of `user` something else. Raises Passkey.DoesNotExist, and Refused for an empty name."""
    name = _named(name)
    with transaction.atomic():
        lock(user)
        passkey = user.passkeys.get(pk=passkey_id)
        if passkey.name == name:
            return
        passkey.name = name
        passkey.save(update_fields=["name"])
        record(action="second_step.renamed", target=user, by=by, now=now, detail={"kind": "passkey"})


def passkeys_here(user: User, site: Site) -> int:
    """How many of somebody's passkeys are good on this host."""
    return Passkey.objects.filter(user=user, rp_id=site.host).count()


def _known(user: User, site: Site) -> list[AttestedCredentialData]:
    rows = Passkey.objects.filter(user=user, rp_id=site.host)
    return [AttestedCredentialData(bytes(kept)) for kept in rows.values_list("credential", flat=True)]


def plain(value: Any) -> Any:
    """The library's objects as JSON has them."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return str(value) if isinstance(value, str) else value
