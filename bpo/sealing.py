"""Secrets that have to be read again, sealed at rest, and keyed hashes of those that need not.

The keys come from the installation's master key, one for each purpose. What is sealed is bound to what it belongs to:
moved to another row it can't be opened.
"""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12  # bytes, as AES-GCM wants them


class Unreadable(Exception):
    """Sealed under another key or for another row, or changed since."""


def _key(purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"seal:{purpose}".encode()).derive(settings.DB_MASTER_KEY.encode())


def seal(text: str, *, purpose: str, about: object) -> bytes:
    """`text` encrypted and authenticated, for `about` (an id) alone."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(_key(purpose)).encrypt(nonce, text.encode(), str(about).encode())


def unseal(sealed: bytes, *, purpose: str, about: object) -> str:
    """What was sealed for `about`. Raises Unreadable."""
    try:
        kept = bytes(sealed)
        return AESGCM(_key(purpose)).decrypt(kept[:NONCE], kept[NONCE:], str(about).encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable(f"A sealed {purpose} can't be opened. Has BPO_DB_MASTER_KEY changed?") from error


def keyed_hash(text: str, *, purpose: str, about: object) -> str:
    """A hash that compares and can't be tried out without the key; equal text differs from row to row."""
    return hashlib.blake2b(f"{about}:{text}".encode(), key=_key(purpose), digest_size=32).hexdigest()
