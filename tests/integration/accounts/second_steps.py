"""People with a second step, as they come by it: through the pages."""

import re
from datetime import UTC, datetime
from typing import Any

import pyotp
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import User
from bpo.actors import system
from console.people import open_account
from tests.people import PASSWORD

OPS, ALPHA, BETA = "ops.bpo.test", "alpha.bpo.test", "beta.bpo.test"
MINE = "/security/second-step/"


def person(role: str, client: Any, email: str = "lead@bpo.example", *, client_realm: bool = False) -> User:
    return open_account(
        email=email, name="Maricel", password=PASSWORD, role=role, client=client, client_realm=client_realm,
        by=system("tests"), now=timezone.now(),
    )  # fmt: skip


def give_password(host: str, email: str = "lead@bpo.example", *, next_path: str = "/") -> tuple[Browser, Any]:
    browser = Browser(HTTP_HOST=host)
    answer = browser.post("/sign-in/", {"email": email, "password": PASSWORD, "next": next_path})
    return browser, answer


def enrolled(browser: Browser) -> tuple[str, list[str]]:
    """Set up an app by the page: its secret, and the recovery codes shown."""
    shown = browser.get(f"{MINE}app/").content.decode()
    secret = re.search(r'class="secret"[^>]*>([A-Z2-7 ]+)<', shown)
    assert secret is not None
    plain = secret[1].replace(" ", "")
    answer = browser.post(f"{MINE}app/", {"code": code_at(plain)})
    return plain, re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", answer.content.decode())


def code_at(secret: str, *, steps: int = 0) -> str:
    """The app's code of now, or of so many steps later: a code is taken once, and the next one is taken early."""
    return str(pyotp.HOTP(secret).at(int(datetime.now(UTC).timestamp()) // 30 + steps))
