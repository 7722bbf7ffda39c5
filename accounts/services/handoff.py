"""Crossing from the operator host to a client by a code that works once, for seconds, at one client."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Client, HandOff, User
from accounts.selectors import open_step_ins, roles_at
from bpo.actors import By
from bpo.ops_audit.services import record
from bpo.tokens import hash_of


class NoHandOff(Exception):
    """The code is unknown, used, expired or meant for another client. One answer for all four."""


def _stays_here(path: str) -> bool:
    """Whether a browser that is sent to a path stays on the host: no //host, nor the backslash forms of it."""
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)


def _steps_in(user: User, client: Client, now: datetime) -> bool:
    return open_step_ins(user.pk, client.pk, now=now).exists()


def make_handoff(*, user: User, client: Client, next_path: str = "/") -> str:
    """The code that takes `user` to `client`. NoHandOff when they have no role there and haven't stepped in."""
    now = timezone.now()
    if not client.ref().enterable or not (roles_at(user.pk, client.pk, now=now) or _steps_in(user, client, now)):
        raise NoHandOff
    code = secrets.token_urlsafe(24)
    with transaction.atomic():
        handoff = HandOff.objects.create(
            code_hash=hash_of(code),
            user=user,
            client=client,
            next_path=next_path if _stays_here(next_path) else "/",
            expires_at=Now() + timedelta(seconds=settings.HANDOFF_SECONDS),
        )
        by = By("person", user.name, user_id=user.pk)
        record(action="client.crossed", target=handoff, by=by, now=now, detail={"client": client.key})
    return code


def take_handoff(*, code: str, client_id: UUID) -> tuple[User, str]:
    """Spend a code at a client: the user and the path to go to. The database's clock decides; NoHandOff otherwise."""
    won = HandOff.objects.filter(
        code_hash=hash_of(code), client_id=client_id, used_at=None, expires_at__gt=Now(), user__is_active=True
    ).update(used_at=Now())
    if won != 1:
        raise NoHandOff
    handoff = HandOff.objects.select_related("user").get(code_hash=hash_of(code))
    return handoff.user, handoff.next_path
