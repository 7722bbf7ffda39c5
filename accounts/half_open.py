"""A session between the password and the second step, and what a whole one says of its proof.

Half open, it signs nobody in: it remembers for some minutes, and for this host alone, who gave the right password.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.middleware import binding
from accounts.models import User
from bpo.acting import host_client

HALF_OPEN = "half_open"
PROVEN = "second_step"  # what a session was proven with: app, code or passkey
FRESH = "proven_at"  # when the person last showed who they are
OWED = "owes_second_step"  # a client's own user who has to set one up before anything else


@dataclass(frozen=True, slots=True)
class HalfOpen:
    user: User
    next_path: str


def leave_half_open(request: HttpRequest, user: User, *, next_path: str, now: datetime) -> None:
    """Remember who gave the right password, in a new session that signs nobody in."""
    request.session.flush()
    request.session[HALF_OPEN] = {
        "user": str(user.pk),
        "bound": binding(host_client(request)),
        "until": now.timestamp() + settings.HALF_OPEN_SECONDS,
        "next": next_path,
    }


def half_open(request: HttpRequest, *, now: datetime) -> HalfOpen | None:
    """Whose second step this session waits for; nobody's once it is too old, on another host, or they may not."""
    kept: Any = request.session.get(HALF_OPEN)
    client = host_client(request)
    if kept is None or kept["until"] < now.timestamp() or kept["bound"] != binding(client):
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True, realm=client.id if client else None).first()
    return None if user is None else HalfOpen(user, kept["next"])


def note_proof(request: HttpRequest, proof: str, *, now: datetime) -> None:
    """Say in the open session what it was proven with."""
    request.session.pop(OWED, None)
    request.session[PROVEN] = proof
    request.session[FRESH] = now.timestamp()


def note_password(request: HttpRequest, *, now: datetime) -> None:
    """Say in the open session that the person has just shown who they are."""
    request.session[FRESH] = now.timestamp()


def is_fresh(request: HttpRequest, *, now: datetime) -> bool:
    """Whether the person showed who they are a moment ago; later, what signs them in changes only with the password."""
    return now.timestamp() - float(request.session.get(FRESH, 0)) < settings.FRESH_SECONDS
