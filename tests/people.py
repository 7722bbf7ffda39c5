"""People of a client for tests, signed in through the pages a person uses."""

from typing import Any
from urllib.parse import urlsplit

from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Client
from bpo.actors import system
from bpo.permissions import ROLES
from console.people import open_account

PASSWORD = "a long enough one"


def sign_in(client_key: str, role: str, *, email: str = "") -> Browser:
    """A browser on the client's host, signed in as a new person of that role: staff come by the hand-off."""
    client = Client.objects.get(key=client_key)
    address = email or f"{role.replace('_', '-')}@{client_key}.example"
    own_realm = ROLES[role].realm == "client"
    open_account(
        email=address, name=role.replace("_", " ").title(), password=PASSWORD, role=role, client=client,
        client_realm=own_realm, by=system("tests"), now=timezone.now(),
    )  # fmt: skip
    browser = Browser(HTTP_HOST=f"{client_key}.bpo.test")
    if own_realm:
        browser.post("/sign-in/", {"email": address, "password": PASSWORD})
    else:
        _cross(browser, client_key, address)
    return browser


def _cross(browser: Browser, client_key: str, address: str) -> None:
    operator: Any = Browser(HTTP_HOST="ops.bpo.test")
    operator.post("/sign-in/", {"email": address, "password": PASSWORD})
    there = urlsplit(operator.post(f"/cross/{client_key}/")["Location"])
    answer = browser.get(f"{there.path}?{there.query}")
    assert answer.status_code == 302, answer.status_code
