"""Telling somebody by mail that how they sign in was changed, for the day it wasn't them."""

from datetime import datetime
from typing import Final

from accounts.models import User
from bpo.ids import uuid7
from bpo.outbox.services import enqueue

PASSWORD_CHANGED: Final = "password_changed"  # noqa: S105 - what happened
PASSWORD_RESET: Final = "password_reset"  # noqa: S105 - the same
APP_ADDED: Final = "app_added"
APP_REMOVED: Final = "app_removed"
PASSKEY_ADDED: Final = "passkey_added"
PASSKEY_REMOVED: Final = "passkey_removed"
CODES_MADE: Final = "codes_made"
STEPS_RESET: Final = "steps_reset"
KIND: Final = "accounts.mail_change"


def tell(*, user: User, what: str, now: datetime) -> None:
    """A mail about one change, in the transaction that makes it: a change that fails is told to nobody."""
    mail_id = str(uuid7())
    payload = {"mail_id": mail_id, "user_id": str(user.pk), "what": what, "at": now.isoformat()}
    enqueue(kind=KIND, dedupe_key=f"change:{mail_id}", payload=payload)
