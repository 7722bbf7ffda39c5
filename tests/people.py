"""People of a client for tests, signed in by its own pages; staff come with a code, as from the operator's host."""

from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Client, User
from accounts.services import make_handoff
from bpo.actors import system
from bpo.roles import ROLES
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
    user, client = User.objects.get(realm=None, email=address), Client.objects.get(key=client_key)
    code = make_handoff(user=user, client=client, next_path="/")
    answer = browser.get("/arrive/", {"code": code})
    assert answer.status_code == 302, answer.status_code
