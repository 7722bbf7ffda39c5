"""Links that let somebody in: a token that is made again whenever the mail is sent, and is never stored."""

import base64
import hashlib
import hmac
from typing import Final
from uuid import UUID

KEY_BYTES: Final = 32
EVERYBODY: Final = UUID(int=0)  # stands for the realm of staff


def make_token(key: bytes, purpose: str, realm: UUID | None, link: UUID) -> str:
    """192 bits of HMAC-SHA-256 over purpose, realm and link, URL-safe, 32 characters. ValueError for a short key."""
    if len(key) < KEY_BYTES:
        raise ValueError(f"key has {len(key)} bytes, it needs {KEY_BYTES}")
    said = f"sign-in link v1\0{purpose}\0".encode() + (realm or EVERYBODY).bytes + link.bytes
    return base64.urlsafe_b64encode(hmac.digest(key, said, hashlib.sha256)[:24]).decode()


def token_hash(token: str) -> str:
    """What is stored and looked up instead: a token has 192 bits of its own, so a plain SHA-256 does."""
    return hashlib.sha256(token.encode()).hexdigest()
