"""What a request says about who sends it."""

from django.conf import settings
from django.http import HttpRequest

from accounts.domain.addresses import came_from
from accounts.domain.agents import in_words

AUTOMATIC = "X-Automatic"  # our own pages say so of what they ask by the clock: it keeps no session alive


def address_of(request: HttpRequest) -> str | None:
    """The asker's network address. X-Forwarded-For counts only behind proxies named by BPO_PROXIES."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return came_from(request.META.get("REMOTE_ADDR", ""), forwarded, settings.PROXIES) or None


def agent_of(request: HttpRequest) -> str:
    """The browser in words, such as "Firefox · Windows"; empty when it isn't one we know."""
    return in_words(request.headers.get("User-Agent", ""))


def is_automatic(request: HttpRequest) -> bool:
    return AUTOMATIC in request.headers
