"""Passwords of database roles: derived, never stored; the server sees a SCRAM verifier only."""

import base64
import hashlib
import hmac
import os

from django.conf import settings

from bpo.tenancy.identities import Identity

# The password holds 256 bits of entropy, so stretching adds login time and no strength.
ITERATIONS = 1


def password_for(role: str) -> str:
    """HMAC of the role name under the master key (RFC 2104), 43 characters."""
    return _derived(role, settings.DB_MASTER_KEY)


def passwords_before(role: str) -> list[str]:
    """The passwords a role may still have, of master keys before: until `rotate_master_key` has run."""
    if settings.DB_AUTH == "peer":
        return []
    return [_derived(role, key) for key in settings.DB_MASTER_KEY_FALLBACKS]


def _derived(role: str, key: str) -> str:
    digest = hmac.new(key.encode(), f"role:{role}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def password_of(identity: Identity) -> str | None:
    """What to send when connecting; None under peer authentication or when the owner has none."""
    if identity.kind == "owner":
        return (settings.OWNER or {}).get("PASSWORD") or None
    return None if settings.DB_AUTH == "peer" else password_for(identity.role)


def scram_verifier(password: str) -> str:
    """A SCRAM-SHA-256 verifier as PostgreSQL stores it (RFC 5803), so no clear text reaches its log."""
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)

    def key(label: bytes) -> bytes:
        return hmac.new(salted, label, hashlib.sha256).digest()

    stored = hashlib.sha256(key(b"Client Key")).digest()
    parts = (salt, stored, key(b"Server Key"))
    encoded = [base64.b64encode(part).decode() for part in parts]
    return f"SCRAM-SHA-256${ITERATIONS}:{encoded[0]}${encoded[1]}:{encoded[2]}"
