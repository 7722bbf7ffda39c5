"""The verbs of accounts."""

from accounts.services.clients import (
    archive_client,
    check_opening,
    keep_client,
    open_client,
    resume_client,
    suspend_client,
    trash_client,
)
from accounts.services.handoff import make_handoff, take_handoff
from accounts.services.tokens import create_token
from accounts.services.users import create_user

__all__ = [
    "archive_client",
    "check_opening",
    "create_token",
    "create_user",
    "keep_client",
    "make_handoff",
    "open_client",
    "resume_client",
    "suspend_client",
    "take_handoff",
    "trash_client",
]
