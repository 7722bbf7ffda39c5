"""Which provider a realm trusts with its sign-in: set up, checked with the provider itself, switched on and off."""

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.domain.oidc import SECRET_BY, Endpoints, is_address
from accounts.errors import Refused, Stale
from accounts.models import Client, IdentityProvider
from accounts.models.identity import NEW_ROLES
from accounts.oidc import SECRET, NoAnswer, discover, has_keys, knows_us
from accounts.selectors import provider_in
from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.sealing import Unreadable, seal, unseal

# What a provider does wrong, by the code of NoAnswer, and what to do.
FAULTS: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "silent": (
        gettext_lazy("It doesn't answer as a provider does: nobody is there, or its certificate isn't trusted."),
        gettext_lazy("Check the address, and whether this server reaches it."),
    ),
    "status": (
        gettext_lazy("It doesn't answer as a provider does: it has no page under /.well-known/openid-configuration."),
        gettext_lazy("Give the issuer as the provider writes it, without that page."),
    ),
    "json": (
        gettext_lazy("It doesn't answer as a provider does: what came is no document of one."),
        gettext_lazy("Give the issuer as the provider writes it."),
    ),
    "issuer": (
        gettext_lazy("The document there is another issuer's."),
        gettext_lazy("Give the issuer letter by letter as the document says it, slash at the end included."),
    ),
    "endpoint": (
        gettext_lazy("One of its addresses is missing or not https."),
        gettext_lazy("Ask who runs the provider."),
    ),
    "response_types_supported": (
        gettext_lazy("It doesn't offer the code flow."),
        gettext_lazy("Have it allowed for this client."),
    ),
    "id_token_signing_alg_values_supported": (
        gettext_lazy("It signs by none of RS256, PS256 and ES256."),
        gettext_lazy("Have one of them chosen there."),
    ),
    "code_challenge_methods_supported": (
        gettext_lazy("It doesn't know PKCE with S256."),
        gettext_lazy("Have it allowed there."),
    ),
    SECRET_BY: (
        gettext_lazy("It takes no secret the way we give it."),
        gettext_lazy("Have “client_secret_basic” allowed there."),
    ),
    "keys": (gettext_lazy("It publishes no key to check its word by."), gettext_lazy("Ask who runs the provider.")),
    "token": (
        gettext_lazy("Its address for tokens doesn't answer."),
        gettext_lazy("Check whether this server reaches it."),
    ),
}  # fmt: skip


def set_provider(
    *, realm: Client | None, name: str, issuer: str, client_id: str, secret: str, new_role: str, by: By, now: datetime,
    on: bool | None = True, replaces: bool = True, version: int | None = None,
) -> IdentityProvider:  # fmt: skip
    """Trust a provider with the sign-in of a realm (None: staff), or change the name, secret and role of the one there.

    Another issuer or client id is another provider: the one before goes, with its identities, which `replaces` allows.
    An empty secret keeps the one there; `on` None leaves it on or off. `version` is what was read (0: none was there).
    The provider is asked first, outside any transaction. Raises Refused naming the field, and Stale.
    """
    kept = provider_in(realm.pk if realm else None)
    same = kept is not None and (kept.issuer, kept.client_id) == (issuer, client_id)
    secret = secret or (_kept_secret(kept) if kept and same else "")
    _check(realm, name, issuer, client_id, secret, new_role)
    endpoints = asked(issuer=issuer, client_id=client_id, secret=secret)
    with transaction.atomic():
        found = IdentityProvider.objects.select_for_update().filter(realm=realm).first()
        if version is not None and version != (found.version if found else 0):
            raise Stale
        if found and (found.issuer, found.client_id) != (issuer, client_id) and not replaces:
            _refuse_to_part(found)
        provider = _row(found, realm, issuer, client_id, now)
        before = _said(found) if found else {}
        provider.name, provider.new_role = name.strip(), new_role
        provider.is_active = provider.is_active if on is None else on
        _answers_at(provider, endpoints)
        renewed = not (found and same) or unsealed(found) != secret
        provider.sealed_secret = seal(secret, purpose=SECRET, about=provider.pk)
        provider.save()
        detail: dict[str, Any] = {
            "issuer": issuer,
            "client": realm.key if realm else None,
            "new_role": new_role or None,
        }
        after = _said(provider)
        changes = {field: [before.get(field), value] for field, value in after.items() if before.get(field) != value}
        record(
            action="identity.provider_set", target=provider, by=by, now=now,
            detail=detail | {"changes": changes, "new_secret": renewed},
        )  # fmt: skip
    return provider


def _row(
    found: IdentityProvider | None, realm: Client | None, issuer: str, client_id: str, now: datetime
) -> IdentityProvider:
    """The row to write: the one there, or another one in its place that goes on counting its versions."""
    if found is not None and (found.issuer, found.client_id) == (issuer, client_id):
        found.version += 1
        return found
    version, was_on = (found.version + 1, found.is_active) if found else (1, False)
    if found is not None:
        IdentityProvider.objects.filter(pk=found.pk).delete()
    return IdentityProvider(
        realm=realm, issuer=issuer, client_id=client_id, made_at=now, version=version, is_active=was_on
    )


def _refuse_to_part(found: IdentityProvider) -> None:
    connected = found.identities.count()
    if connected:
        raise Refused(
            "replaces", _("Who was connected there (%(n)s) is not any more.") % {"n": connected},
            _("Tick it if that is meant."),
        )  # fmt: skip


def _said(provider: IdentityProvider) -> dict[str, Any]:
    return {
        "name": str(provider.name), "issuer": provider.issuer, "client_id": provider.client_id,
        "new_role": provider.new_role or None, "on": provider.is_active,
    }  # fmt: skip


def _answers_at(provider: IdentityProvider, endpoints: Endpoints) -> None:
    provider.authorisation_endpoint = endpoints.authorisation
    provider.token_endpoint, provider.keys_endpoint = endpoints.token, endpoints.keys


def _check(realm: Client | None, name: str, issuer: str, client_id: str, secret: str, new_role: str) -> None:
    for field, value in (("name", name), ("client_id", client_id), ("secret", secret)):
        if not value.strip():
            raise Refused(field, _("It is empty."), _("Write what the provider gave you."))
    if not is_address(issuer, plain=settings.SCHEME == "http") or "?" in issuer or "#" in issuer:
        raise Refused("issuer", _("“%(text)s” is no issuer.") % {"text": issuer}, _("Give its https address."))
    if new_role and (realm is None or new_role not in NEW_ROLES):
        raise Refused(
            "new_role", _("A provider can't make that kind of user."),
            _("Leave it empty, or for a client's choose one of: %(roles)s.") % {"roles": ", ".join(NEW_ROLES)},
        )  # fmt: skip


def asked(*, issuer: str, client_id: str, secret: str) -> Endpoints:
    """Where a provider answers, once it has shown that it would sign somebody in for us. Raises Refused by field."""
    try:
        endpoints = discover(issuer)
        if not has_keys(endpoints):
            raise NoAnswer("keys")
        if not knows_us(endpoints, client_id=client_id, secret=secret):
            raise Refused(
                "secret", _("The provider doesn't take this client id with this secret."),
                _("Copy both from there again; a secret may have run out."),
            )  # fmt: skip
    except NoAnswer as error:
        problem, remedy = FAULTS[str(error)]
        raise Refused("issuer", str(problem), str(remedy)) from error
    return endpoints


def switch_on(*, provider: IdentityProvider, version: int | None = None, by: By, now: datetime) -> bool:
    """Trust a provider that is set up, once it has been asked again. Raises Refused by field, and Stale."""
    endpoints = asked(issuer=provider.issuer, client_id=provider.client_id, secret=_kept_secret(provider))
    with transaction.atomic():
        found = _locked(provider, version)
        _answers_at(found, endpoints)
        found.save()
        return _switch(found, True, by, now)


def switch_off(*, provider: IdentityProvider, version: int | None = None, by: By, now: datetime) -> bool:
    """Trust a provider no longer; its identities stay for the day it is switched on again. Raises Stale."""
    with transaction.atomic():
        return _switch(_locked(provider, version), False, by, now)


def _locked(provider: IdentityProvider, version: int | None) -> IdentityProvider:
    found = IdentityProvider.objects.select_for_update().filter(pk=provider.pk).first()
    if found is None or (version is not None and version != found.version):
        raise Stale
    return found


def _switch(found: IdentityProvider, on: bool, by: By, now: datetime) -> bool:
    """Whether that changed anything; who switches twice leaves one line."""
    switched = IdentityProvider.objects.filter(pk=found.pk, is_active=not on)
    if switched.update(is_active=on, version=F("version") + 1) != 1:
        return False
    record(action="identity.provider_on" if on else "identity.provider_off", target=found, by=by, now=now)
    return True


def unsealed(provider: IdentityProvider) -> str | None:
    """A provider's secret; None when it can't be opened any more."""
    try:
        return unseal(bytes(provider.sealed_secret), purpose=SECRET, about=provider.pk)
    except Unreadable:
        return None


def _kept_secret(provider: IdentityProvider) -> str:
    found = unsealed(provider)
    if found is None:
        raise Refused("secret", _("The secret that was kept can't be read any more."), _("Type it again."))
    return found
