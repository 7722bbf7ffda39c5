"""Addresses of sounds: sealed tickets that say what they open and until when, and open nothing for anybody else."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from bpo.sealing import Unreadable, seal, unseal

PURPOSE = "sound"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One version of one recording, until a moment."""

    recording_id: UUID
    version: str
    until: datetime


def issue(ticket: Ticket, *, about: str) -> str:
    """The ticket as a part of an address. Nothing in it can be read, and none is like another."""
    text = f"{ticket.recording_id.hex} {ticket.version} {int(ticket.until.timestamp())}"
    return urlsafe_b64encode(seal(text, purpose=PURPOSE, about=about)).rstrip(b"=").decode()


def read(token: str, *, about: str, now: datetime) -> Ticket | None:
    """The ticket again; None for one that is over, was issued about somebody else, or isn't ours."""
    try:
        text = unseal(urlsafe_b64decode(token + "=" * (-len(token) % 4)), purpose=PURPOSE, about=about)
    except (Unreadable, ValueError):
        return None
    recording_id, version, until = text.split(" ")
    found = Ticket(UUID(recording_id), version, datetime.fromtimestamp(int(until), UTC))
    return found if now < found.until else None
