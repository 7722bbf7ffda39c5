"""Survey links: 22 characters that say nothing, cannot be guessed, and are never stored.

A token is made again from the key whenever a mail is sent again; the database keeps only its hash. It carries
no score, no person and no id, and one client's invitation gives another token than another client's.
"""

from typing import Final
from uuid import UUID

from bpo.tokens import derived

_PURPOSE: Final = b"survey invitation v1\0"  # the same key may serve other purposes without meeting this one


def make_token(key: bytes, client: UUID, invitation: UUID) -> str:
    """Return the token of a client's invitation: 128 bits, 22 characters. Raises ValueError for a short key."""
    return derived(key, _PURPOSE + client.bytes + invitation.bytes, size=16)
