"""The verbs of accounts."""

from accounts.services.clients import (
    archive_client,
    check_opening,
    draft_client,
    keep_client,
    open_client,
    resume_client,
    save_client,
    suspend_client,
    trash_client,
)
from accounts.services.handoff import make_handoff, take_handoff
from accounts.services.invitations import Invited, accept_invitation, invite, invite_again, revoke_invitation
from accounts.services.second_step import require_second_step, reset_second_step
from accounts.services.sessions import end_sessions
from accounts.services.tokens import create_token
from accounts.services.users import create_user

__all__ = [
    "Invited",
    "accept_invitation",
    "archive_client",
    "check_opening",
    "create_token",
    "create_user",
    "draft_client",
    "end_sessions",
    "invite",
    "invite_again",
    "keep_client",
    "make_handoff",
    "open_client",
    "require_second_step",
    "reset_second_step",
    "resume_client",
    "revoke_invitation",
    "save_client",
    "suspend_client",
    "take_handoff",
    "trash_client",
]
