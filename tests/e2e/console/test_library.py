"""A template in a browser: kept by the operator, offered, begun from at a client, followed, taken out and in as a file."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from bpo.actors import system
from bpo.tenancy.context import enter
from console.people import open_account
from qa.domain.documents import Document, read, write
from qa.models import Scorecard, ScorecardDraft, TemplateCopy
from qa.presets import PRESETS
from tests.e2e.console.test_console import EMAIL, PASSWORD, sign_in
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.e2e.qa.test_review import signed_in
from tests.processes import wait_for

ANALYST = "analyst@bpo.example"
TEXT = write(Document("voice", "Voice calls, all sites", "voice", PRESETS["nested"].content()))


@pytest.mark.browser
def test_a_template_from_the_library_to_a_clients_draft(alpha: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        for email, name, role, client in (
            (EMAIL, "Ewelina Nowicka", "operator_admin", None),
            (ANALYST, "Ana Lim", "qa_analyst", alpha),
        ):
            open_account(
                email=email, name=name, password=PASSWORD, role=role, client=client, client_realm=False,
                by=system("tests"), now=timezone.now(),
            )  # fmt: skip
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        try:
            sign_in(page, installation)
            kept_and_offered(page)
            copied(alpha, installation, 1)
            analyst = signed_in(browser, installation, ANALYST, problems)
            begun_from_it(analyst, installation, alpha)
            another_version(page)
            copied(alpha, installation, 2)
            followed(analyst, installation, alpha)
            out_in_and_gone(analyst, installation, alpha, tmp_path)
            assert problems == []
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def kept_and_offered(page: Page) -> None:
    page.get_by_role("link", name="Library").click()
    shoot(page, "library-empty")
    page.get_by_role("main").get_by_role("link", name="New template").click()
    page.get_by_label("or its text").fill(TEXT)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".table.diff")).to_contain_text("Did the agent greet with name and brand?")
    page.get_by_label("What it is for, or what changed").fill("To start a voice line from")
    shoot(page, "library-look")
    page.get_by_role("button", name="Keep it in the library").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Voice calls, all sites")
    offered(page)
    with page.expect_download() as download:
        page.get_by_role("main").get_by_role("link", name="JSON").first.click()
    assert read(Path(download.value.path()).read_text()).content == PRESETS["nested"].content()
    page.get_by_role("link", name="Library").click()
    expect(page.locator("main tbody tr")).to_have_count(1)
    shoot(page, "library")
    page.get_by_role("link", name="Voice calls, all sites").click()


def offered(page: Page) -> None:
    page.get_by_label("Alpha").check()
    page.get_by_role("button", name="Offer it").click()
    expect(page.locator("#toasts")).to_contain_text("Offered to 1 client.")


def copied(alpha: Any, installation: Installation, count: int) -> None:
    """The worker has made the copy inside the client."""

    def there() -> bool:
        with enter(alpha.ref()):
            return TemplateCopy.objects.count() == count

    wait_for(there, seconds=40, what=lambda: installation.running.log("worker"))


def begun_from_it(page: Page, installation: Installation, alpha: Any) -> None:
    page.goto(installation.url("alpha", "/scorecards/new/"))
    page.get_by_label("Name").fill("Our voice line")
    page.get_by_label("Voice calls, all sites, from the operator").check()
    shoot(page, "scorecard-from-template")
    page.get_by_role("button", name="Begin the draft").click()
    page.wait_for_load_state("networkidle")
    page.locator("#f-text").fill("Did the agent say our name?")
    page.keyboard.press("Tab")
    expect(page.locator("[data-saved-text]")).to_contain_text("Saved")
    page.wait_for_load_state("networkidle")
    with enter(alpha.ref()):
        assert Scorecard.objects.get().template is not None


def another_version(page: Page) -> None:
    page.get_by_role("link", name="New version").click()
    changed = TEXT.replace('"pass_mark": 80', '"pass_mark": 85').replace("name and brand?", "name, brand and site?")
    page.get_by_label("or its text").fill(changed)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("main")).to_contain_text("2 things would change")
    page.get_by_label("What it is for, or what changed").fill("Higher mark, site named")
    page.get_by_role("button", name="Keep it in the library").click()
    offered(page)
    shoot(page, "library-template")


def followed(page: Page, installation: Installation, alpha: Any) -> None:
    with enter(alpha.ref()):
        card = Scorecard.objects.get()
    page.goto(installation.url("alpha", f"/scorecards/{card.pk}/draft/template/"))
    expect(page.get_by_role("main")).to_contain_text("it stays as it is here: Question 1.")
    expect(page.locator(".table.diff")).to_contain_text("85")
    shoot(page, "scorecard-follow")
    page.get_by_role("button", name="Take it into the draft").click()
    expect(page.locator("#toasts")).to_contain_text("Version 2 of the template is in the draft.")
    with enter(alpha.ref()):
        content = ScorecardDraft.objects.get().content
        assert content["pass_mark"] == 85
        assert content["sections"][0]["questions"][0]["text"] == "Did the agent say our name?"


def out_in_and_gone(page: Page, installation: Installation, alpha: Any, folder: Path) -> None:
    page.get_by_text("More", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as JSON").click()
    file = folder / "draft.json"
    file.write_text(Path(download.value.path()).read_text().replace('"pass_mark": 85', '"pass_mark": 60'))
    page.get_by_role("link", name="Replace by a JSON file").click()  # the menu is open still: nothing was left
    page.get_by_label("JSON file").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("main")).to_contain_text("1 thing of the draft would change")
    page.get_by_role("button", name="Replace the draft").click()
    expect(page.locator(".formula")).to_contain_text("Pass mark 60")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.locator("#toasts")).to_contain_text("The draft is discarded.")
    with enter(alpha.ref()):
        assert not Scorecard.objects.exists()
