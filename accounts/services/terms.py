"""The terms of a client: set at its opening, changed later with a reason."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Client, Terms
from accounts.selectors import terms_of
from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.outbox.services import enqueue
from bpo.service_levels import LevelDefinition

COPY = "console.copy_terms"  # takes the newest to the client's own schema


def set_terms(*, client: Client, agreed: Mapping[str, Any], reason: str, by: By, now: datetime) -> Terms:
    """Agree on something from now on. `agreed` holds what `Terms.AGREED` names; what it leaves out stays.

    Raises Refused for an empty reason, where nothing would change, and for a definition without what it asks for.
    Joins the caller's transaction, if there is one.
    """
    if not reason.strip():
        raise Refused("reason", _("The reason is empty."), _("Write why, for those who read it later."))
    with transaction.atomic():
        Client.objects.select_for_update().get(pk=client.pk)
        before = terms_of(client.pk)
        values = _whole({name: agreed.get(name, getattr(before, name)) for name in Terms.AGREED})
        changes = {
            name: [_plain(getattr(before, name)), _plain(value)]
            for name, value in values.items()
            if getattr(before, name) != value
        }
        first = before.client_id is None
        if not changes and not first:
            raise Refused("reason", _("Nothing was changed."), _("Change a term, or leave the page."))
        made = Terms.objects.create(
            client=client, number=1 if first else before.number + 1, reason=reason.strip()[:300],
            set_by_user_id=by.user_id, set_by=by.name[:120], set_at=now, **values,
        )  # fmt: skip
        detail = {"number": made.number, "reason": made.reason, "changes": changes}
        record(action="terms.set", target=made, by=by, now=now, detail=detail)
        enqueue(kind=COPY, dedupe_key=f"terms:{made.number}", client_id=client.pk)
    return made


def _whole(values: dict[str, Any]) -> dict[str, Any]:
    """With the seconds of a short abandon only where the definition asks for them. Raises Refused where they lack."""
    if values["service_level_definition"] != LevelDefinition.SHORT_ABANDONS_EXCLUDED:
        return values | {"short_abandon_seconds": None}
    if values["short_abandon_seconds"] is None:
        raise Refused(
            "short_abandon_seconds", _("This definition leaves short abandons out."), _("Say how long short is.")
        )
    return values


def _plain(value: Any) -> Any:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value
