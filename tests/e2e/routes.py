"""Every HTML route of both hosts, what each answers to a GET, and which ones the journeys came by."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import Resolver404, get_resolver, resolve

HOSTS = {"operator": "bpo.urls_operator", "client": "bpo.urls_client"}
NOT_HTML = ("api/", "static/")  # the API has a reader page and samples of its own
# Pages of the stock admin that change what the product changes through services are refused, and one row's page is
# the stock one, walked without a browser by the admin's own tests; its lists and its start are looked at here.
LEFT_TO_THE_ADMIN = ("_add", "_delete", "_history", "_change")

# Addresses that are no page of their own, each with the reason.
NO_PAGE = {
    "arrive": "the hand-off's landing; it only redirects",
    "company": "off to a company's own sign-in; it only redirects",
    "company-back": "back from there; it only redirects",
    "sign-out": "it only redirects",
    "home": "it leads to the first place of a role's rail",
    "interactions:sound": "the sound of a recording, a file",
    "interactions:sound_again": "another address of the same, as JSON",
    "scheduling:move_shift": "what would come of a move, as JSON",
    "qa:review_ahead": "the page of a review, fetched by the one before it",
}


@dataclass(frozen=True, slots=True)
class Route:
    """A named address of one host: the name to reverse and the parameters it takes."""

    host: str
    name: str
    pattern: str
    converters: tuple[tuple[str, str], ...]

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.converters)


def html_routes() -> list[Route]:
    """The named routes of both hosts that may answer HTML, in the order of the URL configurations."""
    return [route for host, conf in HOSTS.items() for route in _walk(host, get_resolver(conf).url_patterns, "", "")]


def _walk(host: str, patterns: Any, prefix: str, namespace: str) -> Iterator[Route]:
    for one in patterns:
        path = prefix + str(one.pattern)
        if hasattr(one, "url_patterns"):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _walk(host, one.url_patterns, path, inner)
        elif one.name and not path.startswith(NOT_HTML) and not _refused(namespace, one.name):
            kinds = {
                name: type(kind).__name__.removesuffix("Converter").lower()
                for name, kind in one.pattern.converters.items()
            }
            yield Route(host, namespace + one.name, path, tuple(kinds.items()))


def _refused(namespace: str, name: str) -> bool:
    return namespace == "admin:" and (name.endswith(LEFT_TO_THE_ADMIN) or name in {"autocomplete", "app_list"})


def name_of(host: str, path: str) -> str | None:
    try:
        return resolve(path, urlconf=HOSTS[host]).view_name
    except Resolver404:
        return None


def note_visits(web_log: Path) -> None:
    """Remember the addresses a web process answered, for the check at the end of the suite."""
    if web_log.exists():
        with web_log.open(errors="replace") as lines:
            _note(line for line in lines if " path=" in line)


def note_screens(state: str, what: str, routes: Iterable[tuple[str, str]]) -> None:
    """Remember which pages were looked at in a state (`seen`), and which addresses are none there (`no-page`)."""
    _note(f"screen {state} {what} {host} {name}\n" for host, name in routes)


def _note(lines: Iterable[str]) -> None:
    notebook = os.environ.get("BPO_E2E_VISITED")
    if notebook:
        with Path(notebook).open("a") as kept:
            kept.writelines(lines)


def visited_names(notebook: Path) -> set[tuple[str, str]]:
    """(host, name) of each route that the journeys reached and that answered with more than a refusal."""
    found = set()
    for line in notebook.read_text().splitlines():
        said = dict(word.split("=", 1) for word in line.split() if "=" in word)
        if "path" in said and int(said.get("status", 500)) < 400:
            found |= {(host, name) for host in HOSTS if (name := name_of(host, said["path"].strip("'\"")))}
    return found


def screens_noted(notebook: Path) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """(state, seen or no-page) → (host, name) of the routes the tours noted."""
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for line in notebook.read_text().splitlines():
        if line.startswith("screen "):
            _, state, what, host, name = line.split()
            found.setdefault((state, what), set()).add((host, name))
    return found
