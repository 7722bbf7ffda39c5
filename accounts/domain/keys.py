"""A session's key outside the session."""

import hashlib


def hash_of(key: str | None) -> str:
    """What stands for the key in a table: the key has 160 bits of its own, so a plain SHA-256 does."""
    return hashlib.sha256((key or "").encode()).hexdigest()
