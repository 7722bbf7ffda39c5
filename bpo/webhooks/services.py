"""Telling other systems: endpoints made and kept, events turned into deliveries, each tried until it is taken."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.failpoints import failpoint
from bpo.ids import uuid7
from bpo.outbox.services import enqueue
from bpo.sealing import seal, unseal
from bpo.tenancy.context import current_client
from bpo.webhooks.events import EVENTS, PING
from bpo.webhooks.guarding import Refused, target_of
from bpo.webhooks.models import Delivery, Endpoint
from bpo.webhooks.sending import Answered, post
from bpo.webhooks.signing import HEADER, new_secret, signature

JOB: Final = "webhooks.deliver"
PURPOSE: Final = "webhook"
# Seconds from one attempt to the next; after the last it is given up: a bit over a day in all.
BACKOFF: Final = (10, 60, 300, 1_800, 7_200, 21_600, 57_600)
TRIES: Final = len(BACKOFF) + 1
OVERLAP: Final = timedelta(hours=24)  # in which a secret that was changed is still signed with
GIVE_UPS: Final = 10  # deliveries given up in a row, after which an endpoint is switched off
MOST_ENDPOINTS: Final = 20
MOST_TRIES: Final = 50  # kept of one delivery, the newest


def create_endpoint(*, url: str, events: list[str], by: By, now: datetime) -> tuple[Endpoint, str]:
    """An endpoint and its secret in clear, this once. Raises Refused for an address or an event that can't be."""
    target_of(url)
    wanted = sorted(set(events))
    if not wanted or set(wanted) - EVENTS.keys():
        raise Refused(_("No event, or one that nobody knows."), _("Choose what it is told of."))
    secret, ident = new_secret(), uuid7()
    with transaction.atomic():
        if Endpoint.objects.exclude(state=Endpoint.State.DISABLED).count() >= MOST_ENDPOINTS:
            raise Refused(_("There are %(n)s already.") % {"n": MOST_ENDPOINTS}, _("Switch one off first."))
        made = Endpoint.objects.create(
            pk=ident, url=url, events=wanted, made_at=now, sealed_secret=seal(secret, purpose=PURPOSE, about=ident)
        )  # fmt: skip
        record(action="webhook.made", target=made, by=by, now=now, detail={"events": wanted})
    return made, secret


def rotate_secret(*, endpoint_id: UUID, by: By, now: datetime) -> str:
    """A new secret in clear, this once; for a day both sign. Raises Endpoint.DoesNotExist."""
    secret = new_secret()
    with transaction.atomic():
        one = _locked(endpoint_id)
        one.sealed_before, one.before_until = one.sealed_secret, now + OVERLAP
        one.sealed_secret = seal(secret, purpose=PURPOSE, about=one.pk)
        _save(one)
        record(action="webhook.secret_changed", target=one, by=by, now=now)
    return secret


def set_state(*, endpoint_id: UUID, state: str, by: By, now: datetime) -> Endpoint:
    """Pause, resume or switch off. What waited while it was paused is sent on resuming; switched off, it is given up.

    Raises Endpoint.DoesNotExist, ValueError for a strange state.
    """
    if state not in Endpoint.State.values:
        raise ValueError(f"state {state!r} is none of {Endpoint.State.values}")
    with transaction.atomic():
        one = _locked(endpoint_id)
        if one.state == state:
            return one
        was, one.state = one.state, Endpoint.State(state)
        if state == Endpoint.State.ACTIVE:
            one.failures = 0
            for delivery in one.deliveries.filter(state=Delivery.State.WAITING):
                _plan(delivery, now, again=was == Endpoint.State.PAUSED)
        elif state == Endpoint.State.DISABLED:
            _drop_waiting(one, now)
        _save(one)
        record(action="webhook.state_set", target=one, by=by, now=now, detail={"was": was, "to": str(state)})
    return one


def announce(*, event: str, event_id: UUID, data: Mapping[str, Any], now: datetime) -> int:
    """Tell every endpoint that wants this event, in the transaction in which it happened. Returns how many.

    `data` holds ids and figures, never a name or a text. The same event again adds nothing.
    """
    if event not in EVENTS:
        raise KeyError(event)
    told = 0
    for one in Endpoint.objects.exclude(state=Endpoint.State.DISABLED):
        if event in one.events:
            told += _deliver(one, event, event_id, data, now) is not None
    return told


def ping(*, endpoint_id: UUID, by: By, now: datetime) -> Delivery:
    """Send an endpoint a test. Raises Refused while it takes nothing, Endpoint.DoesNotExist."""
    with transaction.atomic():
        one = _locked(endpoint_id)
        if one.state != Endpoint.State.ACTIVE:
            raise Refused(_("Nothing is sent there now."), _("Resume it first."))
        made = _deliver(one, PING, uuid7(), {}, now)
        assert made is not None  # noqa: S101 - a fresh id can't be there already
        record(action="webhook.pinged", target=one, by=by, now=now)
    return made


def replay(*, delivery_id: UUID, by: By, now: datetime) -> Delivery:
    """Send a delivery that ended once more, with the same event id. One that waits is left alone.

    Raises Refused where its endpoint takes nothing, Delivery.DoesNotExist.
    """
    with transaction.atomic():
        one = Delivery.objects.select_for_update(of=("self",)).select_related("endpoint").get(pk=delivery_id)
        if one.endpoint.state != Endpoint.State.ACTIVE:
            raise Refused(_("Nothing is sent there now."), _("Resume the endpoint first."))
        if one.state != Delivery.State.WAITING:
            one.state, one.ended_at, one.left = Delivery.State.WAITING, None, TRIES
            _plan(one, now)
            record(action="webhook.replayed", target=one.endpoint, by=by, now=now, detail={"delivery": str(one.pk)})
    return one


def attempt(*, delivery_id: UUID, number: int, now: datetime) -> bool | None:
    """Try a delivery once: whether it was taken. None where there is nothing to do: ended, paused, or tried meanwhile.

    The request is made outside any transaction. A worker that dies after it and before it is noted sends again, with
    the same ids: at least once.
    """
    one = Delivery.objects.select_related("endpoint").filter(pk=delivery_id).first()
    if one is None or one.attempts + 1 != number or one.state != Delivery.State.WAITING:
        return None
    if one.endpoint.state != Endpoint.State.ACTIVE:
        return None
    body = one.body.encode()
    answered = post(one.endpoint.url, body, headers_of(one, body, now))
    failpoint("webhook.answered")
    with transaction.atomic():
        return _noted(one.pk, number, answered, now)


def headers_of(one: Delivery, body: bytes, now: datetime) -> dict[str, str]:
    """What goes with a body: whose it is, which event, and the signature of this moment."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "bpo-webhooks/1",
        "Bpo-Event": one.event,
        "Bpo-Event-Id": str(one.event_id),
        "Bpo-Delivery-Id": str(one.pk),
        HEADER: signature(body, at=int(now.timestamp()), secrets=secrets_of(one.endpoint, now)),
    }


def secrets_of(endpoint: Endpoint, now: datetime) -> list[str]:
    """The secrets that are good at a moment, the newest first."""
    sealed = [endpoint.sealed_secret]
    if endpoint.sealed_before is not None and endpoint.before_until is not None and endpoint.before_until > now:
        sealed.append(endpoint.sealed_before)
    return [unseal(bytes(one), purpose=PURPOSE, about=endpoint.pk) for one in sealed]


def give_up(*, delivery_id: UUID, number: int, now: datetime) -> None:
    """End a delivery whose attempt killed its worker again and again."""
    with transaction.atomic():
        one = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id, attempts=number - 1).first()
        if one is not None and one.state == Delivery.State.WAITING:
            _end(one, Delivery.State.GIVEN_UP, now)


def _noted(delivery_id: UUID, number: int, answered: Answered, now: datetime) -> bool | None:
    one = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    if one.attempts + 1 != number or one.state != Delivery.State.WAITING:
        return None  # somebody else's attempt of the same number came first
    tried = {"at": now.isoformat(), "ms": answered.milliseconds, "status": answered.status, "problem": answered.problem}
    one.tries = [*one.tries, tried][-MOST_TRIES:]
    one.attempts, one.left = number, one.left - 1
    if answered.ok:
        _end(one, Delivery.State.DELIVERED, now)
    elif one.left == 0:
        _end(one, Delivery.State.GIVEN_UP, now)
    else:
        _plan(one, now + timedelta(seconds=BACKOFF[TRIES - one.left - 1]))
    return answered.ok


def _end(one: Delivery, state: str, now: datetime) -> None:
    one.state, one.ended_at, one.next_at = Delivery.State(state), now, None
    one.save(update_fields=["state", "ended_at", "next_at", "attempts", "left", "tries"])
    endpoint = _locked(one.endpoint_id)
    if state == Delivery.State.DELIVERED:
        endpoint.failures = 0
    else:
        endpoint.failures += 1
        if endpoint.failures >= GIVE_UPS and endpoint.state == Endpoint.State.ACTIVE:
            endpoint.state = Endpoint.State.DISABLED
            _drop_waiting(endpoint, now)
    _save(endpoint)


def _drop_waiting(endpoint: Endpoint, now: datetime) -> None:
    waiting = endpoint.deliveries.filter(state=Delivery.State.WAITING)
    waiting.update(state=Delivery.State.GIVEN_UP, ended_at=now, next_at=None)


def _deliver(one: Endpoint, event: str, event_id: UUID, data: Mapping[str, Any], now: datetime) -> Delivery | None:
    """A delivery with its body, and the work that sends it. None where the endpoint has this event already."""
    whole = {
        "id": str(event_id), "type": event, "created_at": now.isoformat(), "client": current_client().key,
        "data": dict(data),
    }  # fmt: skip
    body = json.dumps(whole, separators=(",", ":"), ensure_ascii=False)
    values = {"event": event, "body": body, "created_at": now, "left": TRIES}
    made, new = Delivery.objects.get_or_create(endpoint=one, event_id=event_id, defaults=values)
    if not new:
        return None
    if one.state == Endpoint.State.ACTIVE:
        _plan(made, now)
    return made


def _plan(one: Delivery, at: datetime, *, again: bool = False) -> None:
    """The next attempt as work of the outbox, which doesn't run it before its time."""
    one.next_at = at
    one.save(update_fields=["next_at", "state", "ended_at", "left", "attempts", "tries"])
    number = one.attempts + 1
    key = f"webhook:{one.pk}:{number}" + (f":{at.timestamp():.0f}" if again else "")
    enqueue(kind=JOB, dedupe_key=key, payload={"delivery_id": str(one.pk), "number": number}, run_at=at)


def _locked(endpoint_id: UUID) -> Endpoint:
    return Endpoint.objects.select_for_update(of=("self",)).get(pk=endpoint_id)


def _save(one: Endpoint) -> None:
    one.version += 1
    one.save(update_fields=["state", "sealed_secret", "sealed_before", "before_until", "failures", "version"])
