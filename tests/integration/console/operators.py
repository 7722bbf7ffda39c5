"""People of the operator's host for tests."""

from django.test import Client as Browser
from django.utils import timezone

from bpo.actors import system
from console.people import open_account
from tests.people import PASSWORD


def operator(*, email: str = "ewelina@bpo.example", role: str = "operator_admin", name: str = "Ewelina") -> Browser:
    """A browser on the operator's host, signed in as a person of that role."""
    open_account(
        email=email, name=name, password=PASSWORD, role=role, client=None, client_realm=False,
        by=system("tests"), now=timezone.now(),
    )  # fmt: skip
    browser = Browser(HTTP_HOST="ops.bpo.test")
    browser.post("/sign-in/", {"email": email, "password": PASSWORD})
    return browser
