"""Signing in and out in a browser: one session ended from another, a new password by mail, an invitation accepted."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from accounts.services import invite
from bpo.actors import system
from tests.e2e.console.test_console import REFUSED_FORM
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.integration.accounts.test_hosts_and_sessions import person
from tests.processes import wait_for

OLD, NEW, EMAIL = "a long enough one", "quite another long one 9", "astrid@alpha.example"
EXPECTED = (REFUSED_FORM, "status of 404")  # forms that come back, and the link used twice


@pytest.mark.browser
def test_a_session_is_ended_from_another_and_a_password_set_by_mail(alpha: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        person("client_user", alpha, EMAIL, client_realm=True)
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        try:
            desk, laptop = (fresh(browser, problems) for _ in range(2))
            for page in (desk, laptop):
                sign_in(page, installation, OLD)
            ends_the_other(desk, laptop, installation)
            sets_a_new_password(desk, laptop, installation)
            ends_all_others_and_changes_the_password(desk, laptop, installation)
            accepts_an_invitation(fresh(browser, problems), installation, alpha)
            assert [text for text in problems if not any(one in text for one in EXPECTED)] == [], "\n".join(problems)
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def fresh(browser: Browser, problems: list[str]) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    return page


def sign_in(page: Page, installation: Installation, password: str) -> None:
    page.goto(installation.url("alpha", "/sign-in/"))
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_have_count(0)


def ends_the_other(desk: Page, laptop: Page, installation: Installation) -> None:
    desk.goto(installation.url("alpha", "/security/"))
    expect(desk.get_by_role("heading", level=1)).to_have_text("You are signed in 2 times")
    shoot(desk, "security")
    desk.locator("tbody tr").filter(has_not_text="this one").get_by_role("button").click()
    expect(desk.get_by_text("That session has ended.")).to_be_visible()
    expect(desk.get_by_role("heading", level=1)).to_have_text("You are signed in once")
    laptop.goto(installation.url("alpha", "/notices/"))
    expect(laptop).to_have_url(re.compile(r"/sign-in/\?next="))


def mailed(installation: Installation, address: str, path: str) -> str:
    """The link of the newest mail to somebody."""

    def there() -> list[Any]:
        return [one for one in installation.sink.messages() if one.to == [address]]

    wait_for(there, seconds=30, what=lambda: installation.running.log("worker") + installation.running.log("relay"))
    text = (installation.sink.folder / there()[-1].file).read_bytes().decode()
    found = re.search(rf"http://\S+/{path}/[\w-]{{32}}/", text)
    assert found, text
    return found.group()


def sets_a_new_password(desk: Page, laptop: Page, installation: Installation) -> None:
    laptop.get_by_role("link", name="Forgotten your password?").click()
    shoot(laptop, "forgotten")
    laptop.get_by_label("E-mail").fill(EMAIL)
    laptop.get_by_role("button", name="Mail me a link").click()
    expect(laptop.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    shoot(laptop, "forgotten-sent")
    link = mailed(installation, EMAIL, "reset")
    laptop.goto(link)
    laptop.get_by_label("New password", exact=True).fill("short")
    laptop.get_by_label("New password once more").fill("short")
    laptop.get_by_role("button", name="Change my password").click()
    expect(laptop.get_by_text("too short")).to_be_visible()
    shoot(laptop, "new-password")
    laptop.get_by_label("New password", exact=True).fill(NEW)
    laptop.get_by_label("New password once more").fill(NEW)
    laptop.get_by_role("button", name="Change my password").click()
    expect(laptop).to_have_url(re.compile(r"/sign-in/$"))
    desk.goto(installation.url("alpha", "/notices/"))
    expect(desk).to_have_url(re.compile(r"/sign-in/\?next="))
    sign_in(laptop, installation, NEW)
    desk.goto(link)
    expect(desk.get_by_role("heading", level=1)).to_have_text("This link opens nothing any more")
    shoot(desk, "no-link")


def ends_all_others_and_changes_the_password(desk: Page, laptop: Page, installation: Installation) -> None:
    sign_in(desk, installation, NEW)
    change_password(desk, installation.url("alpha", "/security/"), NEW, OLD + " still")
    laptop.goto(installation.url("alpha", "/notices/"))
    expect(laptop).to_have_url(re.compile(r"/sign-in/\?next="))


def change_password(page: Page, address: str, old: str, new: str) -> None:
    """End all other sessions, then change the password; on either host."""
    page.goto(address)
    page.get_by_role("button", name="End all others").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed in once")
    page.get_by_label("Password you have now").fill(old)
    page.get_by_label("New password", exact=True).fill(new)
    page.get_by_label("New password once more").fill(new)
    page.get_by_role("button", name="Change my password").click()
    expect(page.locator("#toasts")).to_contain_text("password")


def accepts_an_invitation(page: Page, installation: Installation, alpha: Any) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):
        invite(
            email="new@bpo.example", name="Maricel", role="team_lead", client=alpha, realm=None, by=system("tests"),
            now=timezone.now(),
        )  # fmt: skip
    page.goto(mailed(installation, "new@bpo.example", "join"))
    shoot(page, "join")
    page.get_by_label("Name").fill("Maricel Santos")
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password once more").fill(NEW)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where do you work now?")
