"""Every address of both hosts with each method it answers, and the stamp of what answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver
from django.utils.module_loading import import_string

from bpo.permissions import OpenToAll, Permission, stamp_of

HOSTS = {"client": "bpo.urls_client", "operator": "bpo.urls_operator"}
STEPPED = "bpo.urls_stepped"  # a client's host for an operator who stepped in: what is there beside the client's own
ADMIN = "/admin/"
# What Django writes as regular expressions, which would change with each model.
IN_WORDS = {r"\^\(\?P<app_label>.*\)/\$$": "<app>/", r"\(\?P<url>\.\*\)\$$": "<anything>"}
NOBODYS = frozenset({"HEAD", "OPTIONS"})  # HEAD is GET without its body, OPTIONS tells methods; tested over all rows


@dataclass(frozen=True, slots=True)
class Action:
    """One method at one address."""

    host: str
    method: str
    route: str
    view: Any
    stamp: Permission | OpenToAll

    @property
    def key(self) -> tuple[str, str, str]:
        return self.host, self.method, self.route


def actions() -> list[Action]:
    """All of both hosts, in the order of the URL configurations."""
    found = [one for host, conf in HOSTS.items() for one in _walk(host, get_resolver(conf).url_patterns, "/")]
    return [*found, *_walk("stepped", import_string(f"{STEPPED}.inside"), "/")]


def _walk(host: str, patterns: Any, prefix: str) -> Iterator[Action]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(host, pattern.url_patterns, route)
            continue
        view = pattern.callback
        for written, plain in IN_WORDS.items():
            route = re.sub(written, plain, route)
        for method in methods(route, view):
            yield Action(host, method, route, view, _stamp(view, method))


def methods(route: str, view: Any) -> list[str]:
    """What the view says it answers. The admin says nothing: it looks and it changes, GET and POST."""
    if named := getattr(view, "actions", None):
        return sorted(method.upper() for method in named)
    allowed = _allowed(view)
    if route.startswith(ADMIN) and not allowed:
        return ["GET", "POST"]
    assert allowed, f"{route} answers every method: give {view.__module__}.{view.__qualname__} a @require_…"
    return sorted(set(allowed) - NOBODYS)


def _allowed(view: Any) -> list[str]:
    """The methods of Django's `require_http_methods`, looked up in what it wrapped."""
    while view is not None:
        names = view.__code__.co_freevars if hasattr(view, "__code__") else ()
        if "request_method_list" in names:
            found: list[str] = view.__closure__[names.index("request_method_list")].cell_contents
            return found
        view = getattr(view, "__wrapped__", None)
    return []


def _stamp(view: Any, method: str) -> Permission | OpenToAll:
    stamp: Any = stamp_of(view)
    if isinstance(stamp, dict):
        return stamp[view.actions[method.lower()]]  # type: ignore[no-any-return]
    assert stamp is not None, f"{view} has no stamp"
    return stamp  # type: ignore[no-any-return]
