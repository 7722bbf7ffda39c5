"""Opening a client on a person's word: asked in the web, carried out by the provisioner (ADR 16).

The row is the request. A web process can insert one and nothing more; who holds the owner takes it, checks it again,
and makes role, schema, client and the row's end in one transaction.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Client, User
from accounts.services import check_opening, open_client
from accounts.services.terms import set_terms
from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.outbox.services import enqueue
from console.models import Opening

log = structlog.get_logger("console.openings")
MOST_ATTEMPTS = 3
AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 30


class Overtaken(RuntimeError):
    """Another provisioner finished this opening first; this one's work is rolled back."""


def ask_opening(*, key: str, name: str, zone: str, colour: int, by: By, now: datetime) -> Opening:
    """Ask for a client. Raises Refused naming the field, also when the same key is being opened already."""
    name = name.strip()
    check_opening(key=key, name=name, zone=zone)
    _check_rate(now)
    try:
        with transaction.atomic():
            opening = Opening.objects.create(
                key=key, name=name, zone=zone, colour=colour, asked_by_id=by.user_id, asked_name=by.name, asked_at=now
            )
            record(action="client.asked", target=opening, by=by, now=now, detail={"key": key, "zone": zone})
    except IntegrityError as error:
        raise _opened_now(key) from error
    return opening


def begin_opening(*, key: str, name: str, zone: str, colour: int, by: By, now: datetime) -> Opening:
    """Begin a client to be opened later. Nothing is asked for yet. Raises Refused as `ask_opening` does."""
    name = name.strip()
    check_opening(key=key, name=name, zone=zone)
    return Opening.objects.create(
        key=key, name=name, zone=zone, colour=colour, state=Opening.State.DRAFT, asked_by_id=by.user_id,
        asked_name=by.name[:120], asked_at=now,
    )  # fmt: skip


def change_draft(*, draft: Opening, **given: Any) -> None:
    """Write what a step of the wizard gave. Raises Refused for identity that can't be, or a draft that is none now."""
    if "key" in given:
        given["name"] = given["name"].strip()
        check_opening(key=given["key"], name=given["name"], zone=given["zone"])
    if not Opening.objects.filter(pk=draft.pk, state=Opening.State.DRAFT).update(**given):
        raise _no_draft()


def ask_draft(*, draft: Opening, by: By, now: datetime) -> None:
    """Ask for the client that was begun. Raises Refused as `ask_opening` does."""
    check_opening(key=draft.key, name=draft.name, zone=draft.zone)
    _check_rate(now)
    begun = Opening.objects.filter(pk=draft.pk, state=Opening.State.DRAFT)
    asked: dict[str, Any] = {"asked_by_id": by.user_id, "asked_name": by.name[:120], "asked_at": now}
    try:
        with transaction.atomic():
            if not begun.update(state=Opening.State.ASKED, **asked):
                raise _no_draft()
            detail = {"key": draft.key, "zone": draft.zone}
            record(action="client.asked", target=draft, by=by, now=now, detail=detail)
    except IntegrityError as error:
        raise _opened_now(draft.key) from error


def cancel_draft(*, draft: Opening) -> None:
    """Forget a client that was begun; nothing had come of it."""
    Opening.objects.filter(pk=draft.pk, state=Opening.State.DRAFT).delete()


def _no_draft() -> Refused:
    return Refused("key", _("This client was asked for or cancelled already."), _("Look at the list of clients."))


def _opened_now(key: str) -> Refused:
    return Refused("key", _("“%(key)s” is being opened now.") % {"key": key}, _("Wait a moment."))


def _check_rate(now: datetime) -> None:
    asked = Opening.objects.filter(asked_at__gt=now - AN_HOUR).exclude(state=Opening.State.DRAFT)
    if asked.count() >= MOST_AN_HOUR:
        raise Refused("key", _("Too many clients were asked for in the last hour."), _("Try again later."))


def next_asked() -> Opening | None:
    """The oldest opening that waits, taken for one attempt; None when none does."""
    found = Opening.objects.filter(state=Opening.State.ASKED).order_by("id").first()
    if found is not None:
        Opening.objects.filter(pk=found.pk).update(attempts=F("attempts") + 1)
        found.attempts += 1
    return found


def carry_out(opening: Opening, *, now: datetime) -> bool:
    """Open the client an opening asks for. False when it could not be; then the row says why, and nothing is left."""
    if opening.attempts > MOST_ATTEMPTS:
        return _refuse(opening, _gave_up(), now)
    by = By("operator", opening.asked_name, user_id=opening.asked_by_id)
    try:
        open_client(
            key=opening.key, name=opening.name, zone=opening.zone, colour=opening.colour, by=by, now=now,
            also=lambda client: _finish(opening, client, now),
        )  # fmt: skip
    except Refused as error:
        return _refuse(opening, error, now)
    except Overtaken:
        return False
    except DatabaseError:
        log.exception("opening failed", key=opening.key, attempt=opening.attempts)
        return _refuse(opening, _gave_up(), now) if opening.attempts >= MOST_ATTEMPTS else False
    return True


def _finish(opening: Opening, client: Client, now: datetime) -> None:
    """End the row in the transaction that made the client; one of two provisioners finds it ended already."""
    waiting = Opening.objects.filter(pk=opening.pk, state=Opening.State.ASKED)
    if waiting.update(state=Opening.State.OPENED, client=client, finished_at=now) != 1:
        raise Overtaken(opening.key)
    if opening.terms:
        by = By("operator", opening.asked_name, user_id=opening.asked_by_id)
        set_terms(client=client, agreed=agreed_from(opening.terms), reason=_("As opened"), by=by, now=now)
    if opening.asked_by_id is not None:
        ids = {"opening_id": str(opening.pk)}
        enqueue(kind="console.first_access", dedupe_key="first_access", payload=ids, client_id=client.pk)


def _refuse(opening: Opening, why: Refused, now: datetime) -> bool:
    end: dict[str, Any] = {"field": why.field, "problem": why.problem[:300], "remedy": why.remedy[:300]}
    waiting = Opening.objects.filter(pk=opening.pk, state=Opening.State.ASKED)
    waiting.update(state=Opening.State.REFUSED, finished_at=now, **end)
    return False


def _gave_up() -> Refused:
    return Refused(
        "key",
        _("The database refused %(n)s times; nothing was made.") % {"n": MOST_ATTEMPTS},
        _("The provisioner's log says why. Ask again once it is mended."),
    )


def agreed_from(kept: dict[str, Any]) -> dict[str, Any]:
    """Terms as a draft keeps them, in JSON, as they are."""
    target = "service_level_target"
    return {**kept, target: Decimal(kept[target])} if target in kept else dict(kept)


def kept_from(agreed: dict[str, Any]) -> dict[str, Any]:
    """The other way round."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in agreed.items()}


def asker_of(opening_id: UUID) -> User | None:
    """Who asked for an opening, if they are still there."""
    found = Opening.objects.filter(pk=opening_id).select_related("asked_by").first()
    return None if found is None else found.asked_by
