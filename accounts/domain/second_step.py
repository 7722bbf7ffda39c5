"""Codes of an authenticator app (RFC 6238) and recovery codes: what is right, and how they are written."""

import re
from collections.abc import Sequence
from datetime import datetime

import pyotp

SECONDS = 30  # a code's step
DRIFT = 1  # steps a phone's clock may be off, either way
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that are read as another
CODE_LETTERS = 10
CODES = 10


def step_at(now: datetime) -> int:
    """The number of the step that a moment falls in."""
    return int(now.timestamp()) // SECONDS


def matching_step(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """The step whose code this is, near `now` and later than `after`, the last one that was used. None otherwise."""
    app = pyotp.HOTP(secret)
    here = step_at(now)
    found = [
        step
        for step in range(here - DRIFT, here + DRIFT + 1)
        if step > after and pyotp.utils.strings_equal(app.at(step), code)
    ]
    return found[0] if found else None


def address_of(secret: str, *, person: str, issuer: str) -> str:
    """What an authenticator app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=person, issuer_name=issuer)


def spoken(secret: str) -> str:
    """A secret in groups of four, for typing."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def cleaned(code: str) -> str:
    """A code as it is compared: people type spaces, hyphens and capitals."""
    return re.sub(r"[\s-]", "", code).lower()


def is_app_code(code: str) -> bool:
    """Whether a cleaned code is of an app rather than a recovery code, which is longer."""
    return bool(re.fullmatch(r"[0-9]{6}", code))


def recovery_code(picks: Sequence[int]) -> str:
    """Ten letters, picked by numbers below the count of letters, in two groups."""
    text = "".join(LETTERS[pick] for pick in picks)
    return f"{text[: CODE_LETTERS // 2]}-{text[CODE_LETTERS // 2 :]}"
