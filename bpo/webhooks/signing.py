"""Signing a body, so that who receives it knows whose it is and that it is fresh. Plain Python; docs/webhooks.md has
the other side."""

import hmac
from collections.abc import Sequence
from secrets import token_urlsafe
from typing import Final

HEADER: Final = "Bpo-Signature"


def new_secret() -> str:
    """32 random bytes, as people copy them."""
    return f"whsec_{token_urlsafe(32)}"


def signature(body: bytes, *, at: int, secrets: Sequence[str]) -> str:
    """ "t=1764410000,v1=…": HMAC-SHA256 of "t.body" under each secret that is good now, the newest first."""
    signed = f"{at}.".encode() + body
    parts = [f"v1={hmac.new(secret.encode(), signed, 'sha256').hexdigest()}" for secret in secrets]
    return ",".join([f"t={at}", *parts])
