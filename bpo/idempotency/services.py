"""Answering a repeated write instead of repeating it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bpo.idempotency.models import Key
from bpo.tenancy.context import current_client

MAX_KEY = 200

KEPT_DAYS = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write answered: an HTTP status and plain JSON."""

    status: int
    body: Any
    replayed: bool = False


class KeyProblem(Exception):
    """The key can't be used for this request."""

    status = 422
    code = "idempotency-key-reused"


class KeyBusy(KeyProblem):
    """The first request with this key is still running."""

    status = 409
    code = "idempotency-key-busy"


def once(*, principal: str, key: str, body: bytes, now: datetime, work: Callable[[], Answer]) -> Answer:
    """Run `work` and keep its answer under the key, in one transaction; a repetition gets the kept answer.

    Raises KeyProblem (422) for the same key with another body or a key that is no key, KeyBusy (409) while the
    first request runs. A `work` that raises leaves no key behind, so it may be tried again.
    """
    if not key or len(key) > MAX_KEY or not key.isprintable():
        raise KeyProblem(_("Idempotency-Key must have 1 to %(most)s printable characters.") % {"most": MAX_KEY})
    digest = hashlib.sha256(body).hexdigest()
    with transaction.atomic():
        _claim(principal, key)
        known = Key.objects.filter(principal=principal, key=key).first()
        if known is not None:
            return _replay(known, digest)
        answer = work()
        Key.objects.create(
            principal=principal,
            key=key,
            request_hash=digest,
            status=answer.status,
            answer=answer.body,
            created_at=now,
        )
    return answer


def _replay(known: Key, digest: str) -> Answer:
    if known.request_hash != digest:
        raise KeyProblem(_("This Idempotency-Key was used with another body. Send a new key with a new request."))
    return Answer(known.status or 200, known.answer, replayed=True)


def _claim(principal: str, key: str) -> None:
    """Hold the key until the transaction ends, without waiting for somebody who holds it."""
    text = "\x1f".join((str(current_client().id), principal, key))
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    if not row or not row[0]:
        raise KeyBusy(_("The first request with this Idempotency-Key is still running. Ask again in a moment."))


def forget_old(*, now: datetime) -> int:
    """Remove answers older than KEPT_DAYS; a key sent again after that is a new one. Returns how many went."""
    return Key.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)).delete()[0]
