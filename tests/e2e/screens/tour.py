"""Which pages there are to look at in a state of the product, who can open each, and what is wrong before a look."""

import json
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.test import Client as Browser
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Client
from bpo.actors import system
from bpo.roles import ROLES
from bpo.tenancy.context import enter
from console.people import open_account
from tests.e2e.installation import ALL, installed
from tests.e2e.routes import HOSTS, NO_PAGE, Route, html_routes, note_screens
from tests.e2e.screens import living
from tests.e2e.screens.subjects import QUERIES, known, nothing, parameters
from tests.e2e.screens.visiting import PANELS, PARTS, Visit, cookies_of, kind_of, session, visit_all

SHOTS = Path(__file__).resolve().parents[3] / "var" / "screenshots" / "screens"
PASSWORD = "a long enough one"
Person = tuple[str, str, Any]  # role, host label, signed-in browser
# Pages that are full for one role alone; the others are a team lead's if they may open them, whose review is in hand.
OWNERS = {
    "interactions:today": "agent", "interactions:me": "agent", "scheduling:mine": "agent", "qa:mine": "agent",
    "scheduling:my_time_off": "agent",
}  # fmt: skip


def newcomer(role: str, client: Any) -> Person:
    """Somebody of that role where nothing has happened yet."""
    host = client.key if client else "ops"
    email = f"{role.replace('_', '-')}-{host}@newcomers.example"
    open_account(
        email=email, name=role.replace("_", " ").title(), password=PASSWORD, role=role, client=client,
        client_realm=bool(client) and ROLES[role].realm == "client", by=system("tests"), now=timezone.now(),
    )  # fmt: skip
    return role, host, session(host, email, PASSWORD)


def look_at_the_demo(state: str, key: str, folder: Path, *, stretched: bool = False) -> None:
    """One client of the demo and the operator's host, with the rows that work leaves behind; names as they are, or
    as long as they get."""
    # Where its web process finds the sounds, and where another walk beside this one clears nothing away.
    with override_settings(MEDIA_ROOT=folder / "files", EXPORT_ROOT=folder / "exports"):
        logins = _seeded()
        client = Client.objects.get(key=key)
        there = [_known(login, key) for login in logins if login.get("client") == key]
        if all(role != "operator_admin" for role, _, _ in there):
            there.append(newcomer("operator_admin", client))
        operators = [_known(login, "ops") for login in logins if not login.get("client")]
        living.worked_with(client, _by_role(there), _by_role(operators))
        if stretched:
            living.stretch(client)
        tour = Tour(state)
        tour.plan("client", there, client)
        tour.plan("operator", operators, None)
        tour.look(folder)


def _seeded() -> list[dict[str, Any]]:
    told = StringIO()
    with override_settings(DEMO=True):
        call_command("demo_seed", "--json", stdout=told)
    found: list[dict[str, Any]] = json.loads(told.getvalue().splitlines()[-1])["logins"]
    return found


def _known(login: dict[str, Any], host: str) -> Person:
    return login["role"], host, session(host, login["email"], login["password"])


def _by_role(people: list[Person]) -> dict[str, Any]:
    """The first of each role."""
    return {role: browser for role, _, browser in reversed(people)}


@dataclass
class Tour:
    """The pages to look at in one state, and what was wrong before any browser opened."""

    state: str
    visits: list[Visit] = field(default_factory=list)
    no_pages: list[Route] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def plan(self, host: str, people: list[Person], client: Any) -> None:
        """One visit to each page of that host that somebody here, or a stranger, can open."""
        label = people[0][1]
        stranger = Browser(raise_request_exception=False, HTTP_HOST=f"{label}.bpo.test")
        people = [*people, ("stranger", label, stranger)]
        for route in html_routes():
            if route.host != host or route.name in NO_PAGE:
                continue
            if only_takes_post(route, people):
                self.no_pages.append(route)
                continue
            self._add(route, people, label, client)

    def _add(self, route: Route, people: list[Person], label: str, client: Any) -> None:
        path = _path(route, client)
        if path is None:
            if self.state != "empty":
                self.wrong.append(f"{self.state} {route.name}: there is no row to open it on")
            return
        found = self._opened(route, path, people)
        if found is None:
            self.no_pages.append(route)
            return
        browser, kind = found
        shapes = ["page"] if kind == "page" else []
        shapes += [shape for shape, known in (("panel", PANELS), ("part", PARTS)) if route.name in known]
        assert shapes, f"add {route.name!r} to PANELS or PARTS: it answers a fragment"
        cookies = cookies_of(browser)
        self.visits += [
            Visit(self.state, route.host, route.name, label, path, cookies, shape=shape) for shape in shapes
        ]

    def _opened(self, route: Route, path: str, people: list[Person]) -> tuple[Any, str] | None:
        """Who can open it, and what it is; None for what is no page: actions, files, redirects."""
        kinds = {}
        owner = OWNERS.get(route.name, "team_lead")
        for role, _, browser in sorted(people, key=lambda person: person[0] != owner):
            kinds[role] = kind_of(browser.get(path))
            if kinds[role] in {"page", "fragment"}:
                return browser, kinds[role]
        del kinds["stranger"]  # is sent to sign in
        answers = set(kinds.values()) - {"403", "404"}  # refused, or hidden from a role whose rows these aren't
        if answers - {"action", "file", "elsewhere"} or not answers:
            self.wrong.append(f"{self.state} {route.name} at {path}: nobody can open it, it answered {kinds}")
        return None

    def look(self, folder: Path) -> None:
        """Open every page in a browser; fails with all that is wrong."""
        with installed(folder, beside=ALL) as installation:
            problems = visit_all(self.visits, installation.port, SHOTS)
            connections.close_all()
        note_screens(self.state, "seen", [(visit.kind, visit.name) for visit in self.visits])
        note_screens(self.state, "no-page", [(route.host, route.name) for route in self.no_pages])
        wrong = [*self.wrong, *problems]
        assert not wrong, "\n".join(wrong)


def only_takes_post(route: Route, people: list[Person]) -> bool:
    """Whether an address with parameters is an action: it refuses GET before it looks for a row."""
    if not route.parameters:
        return False
    path = reverse(route.name, urlconf=HOSTS[route.host], kwargs=nothing(dict(route.converters)))
    kinds = {role: kind_of(browser.get(path)) for role, _, browser in people}
    if "action" in kinds.values() or {kind for role, kind in kinds.items() if role != "stranger"} == {"elsewhere"}:
        return True
    assert known(route.name, route.parameters), f"add {route.name!r} to SUBJECTS, or its {route.parameters} to ROWS"
    return False


def _path(route: Route, client: Any) -> str | None:
    if client is None:
        values = parameters(route.name, route.parameters)
    else:
        with enter(client.ref()):
            values = parameters(route.name, route.parameters)
    if values is None:
        return None
    return reverse(route.name, urlconf=HOSTS[route.host], kwargs=values) + QUERIES.get(route.name, "")
