"""The fields an import of interactions can fill, what each takes, and what other people call them."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from bpo.imports.domain.convert import choice, duration, integer, text, yes_no
from bpo.imports.domain.problems import CellError
from bpo.imports.domain.words import phrase as _
from bpo.imports.domain.words import shown

DIRECTIONS: Final = ("in", "out", "back_office")
CHANNELS: Final = ("voice", "chat", "email", "messaging", "back_office")
WAY: Final = "channel_and_direction"  # one column that says both, as "email in"
WAYS: Final = tuple(f"{channel} {direction}" for channel in CHANNELS for direction in DIRECTIONS)
AUTH_MODES: Final = ("passive", "active")
CONSENTS: Final = ("unknown", "given", "refused")
AUTH_RESULTS: Final = ("passed", "failed", "not_tried")

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")


def _email(field: str, raw: str) -> str:
    found = text(field, raw, 254)
    if not _EMAIL.fullmatch(found):
        raise CellError(
            field, _('"{text}" is not a mail address.', text=shown(found)), _("Correct it or leave it empty.")
        )
    return found


def _rating(field: str, raw: str) -> int:
    try:
        return integer(field, raw, low=1, high=5)
    except CellError as error:
        raise CellError(
            field,
            error.problem,
            _("Ratings go from 1 to 5; translate another scale in the mapping's values."),
        ) from error


CONVERTERS: Final[Mapping[str, Callable[[str, str], object]]] = {
    "source": partial(text, limit=60),
    "external_id": text,
    "direction": partial(choice, options=DIRECTIONS),
    "channel": partial(choice, options=CHANNELS),
    "queue": partial(text, limit=60),
    "reason": partial(text, limit=80),
    "disposition": partial(text, limit=80),
    "agent": partial(text, limit=80),
    "customer_ref": partial(text, limit=120),
    "customer_name": partial(text, limit=120),
    "customer_email": _email,
    "wait_seconds": duration,
    "talk_seconds": duration,
    "hold_seconds": duration,
    "after_call_seconds": duration,
    "answered": yes_no,
    "abandoned": yes_no,
    "transferred": yes_no,
    "escalated": yes_no,
    "resolved": yes_no,
    "case_ref": partial(text, limit=120),
    "auth_method": partial(text, limit=40),
    "auth_mode": partial(choice, options=AUTH_MODES),
    "auth_result": partial(choice, options=AUTH_RESULTS),
    "auth_seconds": duration,
    "abusive": yes_no,
    "abusive_reason": text,
    "callback_of": text,
    "source_rating": _rating,
    "supervisor": partial(text, limit=80),
    "manager": partial(text, limit=80),
    "tenure_band": partial(text, limit=30),
    "shift": partial(text, limit=30),
    "consent": partial(choice, options=CONSENTS),
    WAY: partial(choice, options=WAYS),
}
MOMENTS: Final = ("started_at", "started_date", "started_time", "ended_at", "ended_date", "ended_time", "rated_on")
FIELDS: Final = (*CONVERTERS, *MOMENTS)
ALWAYS: Final = ("source", "external_id", "direction", "channel", "queue")  # and a start

ALIASES: Final[Mapping[str, tuple[str, ...]]] = dict.fromkeys(FIELDS, ()) | {
    "external_id": ("call id", "ticket id", "interaction id", "conversation id", "id", "reference"),
    "direction": ("call direction", "inbound or outbound"),
    "queue": ("queue name", "skill", "skill group"),
    "reason": ("topic", "category", "contact reason", "issue type"),
    "disposition": ("outcome", "wrap up code"),
    "agent": ("agent name", "agent login", "acd login", "handled by"),
    "customer_ref": ("customer id", "customer number", "account number"),
    "customer_name": ("customer",),
    "customer_email": ("email", "email address"),
    "started_at": ("start", "start time", "start date time", "created at", "timestamp"),
    "started_date": ("date", "call date", "start date"),
    "started_time": ("time", "call time", "time of day"),
    "ended_at": ("end", "end time", "closed at"),
    "wait_seconds": ("wait time", "queue time", "speed of answer", "speed of answer in seconds"),
    "talk_seconds": ("talk time", "talk duration", "avg talk duration"),
    "hold_seconds": ("hold time", "hold duration"),
    "after_call_seconds": ("after call work", "wrap up time", "acw"),
    "case_ref": ("case", "case id", "case number", "ticket"),
    "source_rating": ("rating", "satisfaction", "satisfaction rating", "csat", "csat score"),
    "rated_on": ("survey date", "rating date"),
    "supervisor": ("team leader", "team lead"),
    "tenure_band": ("tenure", "tenure bucket"),
    "shift": ("agent shift",),
    "consent": ("recording consent", "consent to recording"),
}
