"""Survey links: 22 characters that say nothing, cannot be guessed, and are never stored.

A token is made again from the key whenever a mail is sent again; the database keeps only its hash. It carries
no score, no person and no id, and one client's invitation gives another token than another client's.
"""

import base64
import hashlib
import hmac
from typing import Final
from uuid import UUID

KEY_BYTES: Final = 32
_PURPOSE: Final = b"survey invitation v1\0"  # the same key may serve other purposes without meeting this one


def make_token(key: bytes, client: UUID, invitation: UUID) -> str:
    """Return the token of a client's invitation: HMAC-SHA-256 cut to 128 bits, URL-safe, 22 characters.

    Raises ValueError for a key shorter than 32 bytes.
    """
    if len(key) < KEY_BYTES:
        raise ValueError(f"key has {len(key)} bytes, it needs {KEY_BYTES}")
    digest = hmac.digest(key, _PURPOSE + client.bytes + invitation.bytes, hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def token_hash(token: str) -> str:
    """Return what is stored and looked up instead of the token: its SHA-256 in hex.

    A token has 128 bits of its own, so the hash needs neither salt nor stretching.
    """
    return hashlib.sha256(token.encode()).hexdigest()
