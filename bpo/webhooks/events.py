"""The kinds of event other systems can be told of, with their names. An app adds its own in `ready()`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PING = "ping"  # sent by hand, to try an endpoint
EVENTS: dict[str, str | Promise] = {}


def words_of(event: str) -> str:
    """An event in words; its code where this release doesn't know it."""
    return str(_("Test ping")) if event == PING else str(EVENTS.get(event, event))
