"""Tokens that links carry: made again from a key whenever a mail is sent again, and never stored."""

import base64
import hashlib
import hmac
from typing import Final

KEY_BYTES: Final = 32


def derived(key: bytes, said: bytes, *, size: int) -> str:
    """`size` bytes of HMAC-SHA-256 over what the token is for, URL-safe and without padding. ValueError for a short key."""
    if len(key) < KEY_BYTES:
        raise ValueError(f"key has {len(key)} bytes, it needs {KEY_BYTES}")
    return base64.urlsafe_b64encode(hmac.digest(key, said, hashlib.sha256)[:size]).rstrip(b"=").decode()


def hash_of(token: str | None) -> str:
    """What is stored and looked up instead of a link's token, a session's key or a hand-off's code: SHA-256 in hex.

    Each has 128 bits or more of its own, so the hash needs neither salt nor stretching.
    """
    return hashlib.sha256((token or "").encode()).hexdigest()
