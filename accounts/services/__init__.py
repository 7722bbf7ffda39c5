"""The verbs of accounts."""

from accounts.services.clients import check_opening, open_client, resume_client, suspend_client
from accounts.services.handoff import make_handoff, take_handoff
from accounts.services.tokens import create_token
from accounts.services.users import create_user

__all__ = [
    "check_opening",
    "create_token",
    "create_user",
    "make_handoff",
    "open_client",
    "resume_client",
    "suspend_client",
    "take_handoff",
]
