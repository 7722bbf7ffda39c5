"""Toasts: what just happened, in one place, with an undo instead of "are you sure"."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

_UNDO = "undo="
LEVELS = {"success": messages.SUCCESS, "info": messages.INFO, "warning": messages.WARNING, "error": messages.ERROR}


def toast(request: HttpRequest, text: str | Promise, *, level: str = "success", undo: str = "") -> None:
    """Say `text` on the next page. `undo` is an address a POST to which takes it back.

    Raises ValueError for an unknown level and for an undo address with white space.
    """
    if level not in LEVELS:
        raise ValueError(f"No toast level {level!r}. There are: {', '.join(LEVELS)}.")
    if undo.split() != [undo] and undo:
        raise ValueError(f"The undo address {undo!r} has white space.")
    messages.add_message(request, LEVELS[level], str(text), extra_tags=_UNDO + undo if undo else "")


def undo_of(message: Message) -> str:
    """The undo address a toast was given, or an empty text."""
    tags = message.extra_tags or ""
    return tags.removeprefix(_UNDO) if tags.startswith(_UNDO) else ""


def toast_now(response: HttpResponse, text: str | Promise, *, level: str = "success", undo: str = "") -> HttpResponse:
    """Say `text` with this htmx response; the page stays. Keeps events other code put on the response."""
    if level not in LEVELS:
        raise ValueError(f"No toast level {level!r}. There are: {', '.join(LEVELS)}.")
    events: dict[str, Any] = json.loads(response.headers.get("HX-Trigger", "{}"))
    events["toast"] = {"text": str(text), "level": level, "undo": undo}
    response.headers["HX-Trigger"] = json.dumps(events)
    return response
