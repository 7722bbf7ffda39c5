"""Secrets that have to be read again, sealed at rest, and keyed hashes of those that need not.

The keys come from the installation's master key, one for each purpose. What is sealed is bound to what it belongs to:
moved to another row it can't be opened. Keys that were the master key before (BPO_DB_MASTER_KEY_FALLBACKS) open what
they sealed and compare what they hashed; the first one alone seals and hashes (ADR 36).
"""

import hashlib
import os
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12  # bytes, as AES-GCM wants them


class Unreadable(Exception):
    """Sealed under another key or for another row, or changed since."""


def _keys(purpose: str) -> Iterator[bytes]:
    """The key of now, then those before it."""
    for master in (settings.DB_MASTER_KEY, *settings.DB_MASTER_KEY_FALLBACKS):
        yield HKDF(SHA256(), 32, salt=None, info=f"seal:{purpose}".encode()).derive(master.encode())


def seal(text: str, *, purpose: str, about: object) -> bytes:
    """`text` encrypted and authenticated, for `about` (an id) alone."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(next(_keys(purpose))).encrypt(nonce, text.encode(), str(about).encode())


def unseal(sealed: bytes, *, purpose: str, about: object) -> str:
    """What was sealed for `about`. Raises Unreadable."""
    for key in _keys(purpose):
        found = _opened(bytes(sealed), key, about)
        if found is not None:
            return found
    raise Unreadable(f"A sealed {purpose} can't be opened. Has BPO_DB_MASTER_KEY changed?")


def reseal(sealed: bytes, *, purpose: str, about: object) -> bytes | None:
    """The same under the key of now; None where it is already. Raises Unreadable."""
    if _opened(bytes(sealed), next(_keys(purpose)), about) is not None:
        return None
    return seal(unseal(sealed, purpose=purpose, about=about), purpose=purpose, about=about)


def _opened(kept: bytes, key: bytes, about: object) -> str | None:
    try:
        return AESGCM(key).decrypt(kept[:NONCE], kept[NONCE:], str(about).encode()).decode()
    except (InvalidTag, ValueError):
        return None


def keyed_hash(text: str, *, purpose: str, about: object) -> str:
    """A hash that compares and can't be tried out without the key; equal text differs from row to row."""
    return keyed_hashes(text, purpose=purpose, about=about)[0]


def keyed_hashes(text: str, *, purpose: str, about: object) -> list[str]:
    """The same under the key of now, then under those before it: to compare with what is kept."""
    kept = f"{about}:{text}".encode()
    return [hashlib.blake2b(kept, key=key, digest_size=32).hexdigest() for key in _keys(purpose)]
