"""Another master key: what a key before sealed, in public and at every client, is sealed by the one of now (ADR 36)."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Model

from accounts.models import AuthenticatorApp, Client, IdentityProvider, RecoveryCode
from accounts.oidc import SECRET as PROVIDER
from accounts.services.second_step import APP
from bpo.actors import By
from bpo.audit.services import record as record_in_client
from bpo.ops_audit.services import record
from bpo.sealing import Unreadable, reseal
from bpo.tenancy.context import as_owner
from bpo.webhooks.models import Endpoint
from bpo.webhooks.services import PURPOSE as WEBHOOK


@dataclass(frozen=True, slots=True)
class Sealed:
    """A model's sealed fields, for what purpose, and the field that says what they are bound to.

    `frozen` is a row whose secret a trigger keeps as it is: another one takes its place.
    """

    model: type[Model]
    fields: tuple[str, ...]
    purpose: str
    about: str = "pk"
    frozen: bool = False


IN_PUBLIC: Final = (
    Sealed(AuthenticatorApp, ("sealed_secret",), APP, "user_id", frozen=True),
    Sealed(IdentityProvider, ("sealed_secret",), PROVIDER),
)
AT_CLIENTS: Final = (Sealed(Endpoint, ("sealed_secret", "sealed_before"), WEBHOOK),)
State = str  # "anew", "already" or "unreadable"


def reseal_all(*, by: By, now: datetime) -> Counter[State]:
    """Seal every kept secret by the key of now, each row by itself; rows by what became of them.

    As the owner. Again after a crash it goes on where it stopped.
    """
    found: Counter[State] = Counter()
    with as_owner():
        found.update(_all(IN_PUBLIC, record, by, now))
    for client in Client.objects.exclude(status=Client.Status.DROPPED).order_by("key"):
        with as_owner(client.schema_name):
            found.update(_all(AT_CLIENTS, record_in_client, by, now))
    return found


def unused_codes() -> int:
    """Recovery codes that may be of any key: hashes can't be made anew."""
    return RecoveryCode.objects.filter(used_at=None).count()


def _all(kinds: Iterable[Sealed], note: Callable[..., Any], by: By, now: datetime) -> Iterable[State]:
    for kind in kinds:
        for key in list(kind.model._base_manager.order_by("pk").values_list("pk", flat=True)):
            with transaction.atomic():
                row: Any = kind.model._base_manager.select_for_update().filter(pk=key).first()
                state = _reseal(kind, row) if row else "already"
                if state == "anew":
                    note(action="secret.resealed", target=row, by=by, now=now)
            yield state


def _reseal(kind: Sealed, row: Any) -> State:
    about, changed = getattr(row, kind.about), False
    for name in kind.fields:
        kept = getattr(row, name)
        if kept is None:
            continue
        try:
            sealed = reseal(bytes(kept), purpose=kind.purpose, about=about)
        except Unreadable:
            return "unreadable"
        if sealed is not None:
            setattr(row, name, sealed)
            changed = True
    if changed and kind.frozen:
        kind.model._base_manager.filter(pk=row.pk).delete()
    if changed:
        row.save(force_insert=kind.frozen)
    return "anew" if changed else "already"
