"""A lead at the desk: an installation with calls in the queue and a browser that is signed in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bpo.actors import system
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Actor
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.qa.ground import NOW, calls

PASSWORD = "a long enough one"
LEAD = "lead@bpo.example"


@dataclass
class Desk:
    alpha: Any
    installation: Installation
    browser: Browser
    problems: list[str] = field(default_factory=list)

    def profile(self, *, width: int = 1440) -> BrowserContext:
        """A browser that has never been here, signed in as the lead."""
        context = self.browser.new_context(viewport={"width": width, "height": 900})
        page = context.new_page()
        page.goto(self.installation.url("ops"))
        page.get_by_label("E-mail").fill(LEAD)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Open").click()
        page.wait_for_url(re.compile(r"//alpha\.bpo\.test"))
        page.close()
        return context

    def page(self, context: BrowserContext, path: str = "") -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        if path:
            page.goto(self.installation.url("alpha", path))
        return page

    def first(self, context: BrowserContext) -> Page:
        """The next review in the queue, opened."""
        page = self.page(context, "/queue/")
        page.keyboard.press("o")
        at_work(page)
        return page


@contextmanager
def desk(alpha: Any, folder: Path, reviews: int) -> Iterator[Desk]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        for email, name, role in ((LEAD, "Grace Villamor", "team_lead"), ("a@bpo.example", "Maricel Santos", "agent")):
            open_account(
                email=email, name=name, password=PASSWORD, role=role, client=alpha, client_realm=False,
                by=system("tests"), now=NOW,
            )  # fmt: skip
    flags = [*FLAGS, "--autoplay-policy=no-user-gesture-required"]
    with installed(folder, beside=()) as installation, sync_playwright() as playwright:
        with override_settings(MEDIA_ROOT=folder / "files"), enter(alpha.ref()):
            calls(Actor.objects.get(display_name="Maricel Santos"), reviews)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        found = Desk(alpha, installation, browser)
        try:
            yield found
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
            browser.close()


def at_work(page: Page) -> None:
    """The form takes keys: its active question has the focus."""
    expect(page.locator(".question.is-active .answer:focus")).to_have_count(1)


def saved(page: Page) -> None:
    expect(page.locator("[data-saved-text]")).to_have_text("Saved")


def hear(page: Page) -> None:
    """Play the sound through at once, far faster than anybody could."""
    page.evaluate(
        """async () => {
            const audio = document.querySelector("[data-audio]");
            audio.muted = true;
            await audio.play();
            audio.playbackRate = 16;
            await new Promise((done) => audio.addEventListener("ended", done));
        }"""
    )
