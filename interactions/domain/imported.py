"""An interaction as a file gave it: checked, typed, and not yet tied to anything in the database."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Final

from bpo.chain import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionRow:
    """One interaction. Instants are UTC, durations whole seconds; None or "" is what the file does not say.

    `queue`, `reason`, `disposition`, `agent`, `supervisor` and `manager` (each a name or an ACD login), `case_ref`
    and `callback_of` (another interaction's external id) are names still to be looked up. `business_date` is the date of the start in
    `zone`.
    """

    source: str
    external_id: str
    direction: str
    channel: str
    queue: str
    started_at: datetime
    business_date: date
    zone: str
    answered: bool
    abandoned: bool = False
    ended_at: datetime | None = None
    reason: str = ""
    disposition: str = ""
    agent: str = ""
    customer_ref: str = ""
    customer_name: str = ""
    customer_email: str = ""
    wait_seconds: int | None = None
    talk_seconds: int | None = None
    hold_seconds: int | None = None
    after_call_seconds: int | None = None
    transferred: bool = False
    escalated: bool = False
    resolved: bool | None = None
    case_ref: str = ""
    auth_method: str = ""
    auth_mode: str = ""
    auth_result: str = ""
    auth_seconds: int | None = None
    abusive: bool = False
    abusive_reason: str = ""
    callback_of: str = ""
    source_rating: int | None = None
    rated_on: date | None = None
    supervisor: str = ""
    manager: str = ""
    tenure_band: str = ""
    shift: str = ""
    consent: str = ""  # to being recorded


KEY_FIELDS: Final = tuple(one.name for one in fields(InteractionRow))


def key_of(row: InteractionRow, key: Sequence[str]) -> tuple[str, ...]:
    """Return the values of the key's fields as text, "" for what the row does not say."""
    return tuple(key_text(getattr(row, name)) for name in key)


def fingerprint(row: InteractionRow) -> str:
    """Return 64 hex digits that change when, and only when, the row says something else.

    What a row does not say is left out, so a field added later changes no fingerprint of older rows.
    """
    said = {one.name: value for one in fields(row) if (value := getattr(row, one.name)) != one.default}
    return hashlib.sha256(canonical(said)).hexdigest()


def key_text(value: object) -> str:
    """Write a value as part of a key."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
