"""Every page of the product in a browser: empty, full, and with names of 60 characters; at a desk and on a phone; by
day and by night. Each is looked at by axe, must fit its window, and may make the browser complain of nothing."""

import json
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client as Browser
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Client
from bpo.actors import system
from bpo.permissions import ROLES
from bpo.tenancy.context import enter
from console.people import open_account
from tests.e2e.installation import installed
from tests.e2e.routes import HOSTS, NO_PAGE, Route, html_routes
from tests.e2e.screens import living
from tests.e2e.screens.subjects import known, nothing, parameters
from tests.e2e.screens.visiting import Visit, cookies_of, kind_of, session, visit_all

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).resolve().parents[3] / "var" / "screenshots" / "screens"
PASSWORD = "a long enough one"
FULL, LONGEST = "norvik", "alder"
Person = tuple[str, str, Any]  # role, host label, signed-in browser


def test_every_screen_is_sound(alpha: Any, tmp_path: Path) -> None:
    tour = Tour()
    tour.plan("nobody-yet", "operator", [("operator_admin", "ops", _newcomer("operator_admin", None))], None)
    logins = _seeded()
    newcomers = [(role, "alpha", _newcomer(role, alpha)) for role in ROLES if role != "third_party"]
    tour.plan("empty", "client", newcomers, alpha)
    for state, key in (("full", FULL), ("longest", LONGEST)):
        client = Client.objects.get(key=key)
        there = [_known(login, key) for login in logins if login.get("client") == key]
        [lead, *_] = [browser for role, _host, browser in there if role == "team_lead"]
        living.import_calls(lead, client)
        living.claim(lead)
        if state == "longest":
            living.stretch(client)
            living.stretch_people(client)
        tour.plan(state, "client", there, client)
    operators = [_known(login, "ops") for login in logins if not login.get("client")]
    by_role = {role: browser for role, _host, browser in operators}
    living.import_people(by_role["hr"])
    living.open_another(by_role["operator_admin"])
    tour.plan("full", "operator", operators, None)
    tour.every_page_is_in()
    with installed(tmp_path) as installation:
        problems = visit_all(tour.visits, installation.port, SHOTS)
        connections.close_all()
    if wrong := [*tour.wrong, *problems]:
        pytest.fail("\n".join(wrong))


def _newcomer(role: str, client: Any) -> Any:
    """Somebody of that role where nothing has happened yet."""
    host = client.key if client else "ops"
    email = f"{role.replace('_', '-')}-{host}@newcomers.example"
    open_account(
        email=email, name=role.replace("_", " ").title(), password=PASSWORD, role=role, client=client,
        client_realm=bool(client) and ROLES[role].realm == "client", by=system("tests"), now=timezone.now(),
    )  # fmt: skip
    return session(host, email, PASSWORD)


def _seeded() -> list[dict[str, Any]]:
    told = StringIO()
    with override_settings(DEMO=True):
        call_command("demo_seed", "--json", stdout=told)
    found: list[dict[str, Any]] = json.loads(told.getvalue().splitlines()[-1])["logins"]
    return found


def _known(login: dict[str, Any], host: str) -> Person:
    return login["role"], host, session(host, login["email"], login["password"])


@dataclass
class Tour:
    """The pages to look at, and what was wrong before any browser opened."""

    visits: list[Visit] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def plan(self, state: str, host: str, people: list[Person], client: Any) -> None:
        """One visit to each page of that host that somebody here, or a stranger, can open."""
        label = people[0][1]
        stranger = Browser(raise_request_exception=False, HTTP_HOST=f"{label}.bpo.test")
        people = [*people, ("stranger", label, stranger)]
        for route in html_routes():
            if route.host != host or route.name in NO_PAGE or only_takes_post(route, people):
                continue
            path = _path(route, client)
            found = self._opened(state, route, path, people) if path else None
            if path and found:
                browser, kind = found
                fragment = kind == "fragment"
                self.visits.append(Visit(state, route.name, label, path, cookies_of(browser), fragment=fragment))

    def _opened(self, state: str, route: Route, path: str, people: list[Person]) -> tuple[Any, str] | None:
        """Who can open it, and what it is; None for what is no page: actions, files, redirects."""
        kinds = {}
        for role, _, browser in people:
            kinds[role] = kind_of(browser.get(path))
            if kinds[role] in {"page", "fragment"}:
                return browser, kinds[role]
        del kinds["stranger"]  # is sent to sign in
        if set(kinds.values()) - {"403"} - {"action", "file", "elsewhere"} or set(kinds.values()) == {"403"}:
            self.wrong.append(f"{state} {route.name} at {path}: nobody can open it, it answered {kinds}")
        return None

    def every_page_is_in(self) -> None:
        """A page seen in one state of a client is seen in the others too, unless an empty client lacks its row.

        The operator's pages show a client's rows beside another's, whose names are as long as they get: one look
        is both full and longest.
        """
        names: dict[str, set[str]] = {}
        for visit in self.visits:
            names.setdefault(visit.state, set()).add(visit.name)
        plain = {route.name for route in html_routes() if not route.parameters}
        here = names["empty"] | names["nobody-yet"]
        at_the_operator = {visit.name for visit in self.visits if visit.host == "ops"}
        for what, missing in {
            "seen empty and not full": names["empty"] - names["full"],
            "seen full and not empty": (names["full"] & plain) - here,
            "seen full and not with long names": names["full"] - names["longest"] - at_the_operator,
        }.items():
            self.wrong += [f"{name}: {what}" for name in sorted(missing)]


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
    return None if values is None else reverse(route.name, urlconf=HOSTS[route.host], kwargs=values)
