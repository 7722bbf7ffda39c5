"""An operator admin makes a webhook, tries it, sees one given up, sends it again, changes its secret, pauses it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Page, expect, sync_playwright

from bpo.actors import system
from bpo.tenancy.context import enter
from bpo.webhooks.models import Delivery
from console.people import open_account
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.e2e.qa.ground import NOW
from tests.e2e.qa.test_review import PASSWORD, signed_in
from tests.integration.webhooks.receiver import Receiver, receiver
from tests.integration.webhooks.test_webhooks import verifier
from tests.processes import wait_for

EMAIL = "admin@bpo.example"


@pytest.mark.browser
def test_a_webhook_from_its_making_to_its_end(alpha: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPO_WEBHOOK_NETWORKS", "127.0.0.0/8")
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        open_account(
            email=EMAIL, name="Ada Min", password=PASSWORD, role="operator_admin", client=alpha, client_realm=False,
            by=system("tests"), now=NOW,
        )  # fmt: skip
    with receiver() as hook, installed(tmp_path) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        try:
            page = signed_in(browser, installation, EMAIL, problems)
            secret = make(page, installation, hook)
            tried(page, installation, alpha, hook, secret)
            given_up_and_sent_again(page, installation, alpha, hook)
            changed_paused_and_switched_off(page)
            assert [one for one in problems if "422" not in one] == []  # the browser notes the refusal
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def make(page: Page, installation: Installation, hook: Receiver) -> str:
    page.goto(installation.url("alpha", "/webhooks/"))
    expect(page.locator("main")).to_contain_text("No webhook yet")
    page.get_by_role("link", name="New webhook").click()
    page.get_by_label("Address").fill("https://169.254.169.254/latest/meta-data/")
    page.get_by_label("An evaluation is released").check()
    page.get_by_role("button", name="Make the webhook").click()
    expect(page.locator("main")).to_contain_text("inside a network")
    shoot(page, "webhook-refused")
    page.get_by_label("Address").fill(hook.url)
    page.get_by_role("button", name="Make the webhook").click()
    expect(page.locator("#clear-secret")).to_contain_text("whsec_")
    shoot(page, "webhook-made")
    return page.locator("#clear-secret").inner_text().strip()


def tried(page: Page, installation: Installation, alpha: Any, hook: Receiver, secret: str) -> None:
    page.get_by_role("button", name="Send a test").click()
    expect(page.locator("#toasts")).to_contain_text("A test is on its way.")
    log = installation.running
    wait_for(lambda: bool(hook.came), seconds=40, what=lambda: log.log("worker") + log.log("relay"))
    assert verifier()(secret, hook.came[0]["headers"]["Bpo-Signature"], hook.came[0]["body"])
    assert json.loads(hook.came[0]["body"])["type"] == "ping"
    wait_for(lambda: state(alpha) == "delivered", seconds=20, what=lambda: log.log("worker"))
    page.reload()
    expect(page.locator("main table")).to_contain_text("delivered")
    assert "whsec_" not in page.content()


def state(alpha: Any) -> str:
    with enter(alpha.ref()):
        return Delivery.objects.latest("pk").state


def given_up_and_sent_again(page: Page, installation: Installation, alpha: Any, hook: Receiver) -> None:
    hook.answers = [500]
    page.get_by_role("button", name="Send a test").click()
    wait_for(lambda: len(hook.came) == 2, seconds=40, what=lambda: installation.running.log("worker"))

    def noted() -> bool:
        with enter(alpha.ref()):
            return Delivery.objects.latest("pk").attempts == 1

    wait_for(noted, seconds=20, what=lambda: installation.running.log("worker"))
    with enter(alpha.ref()):
        Delivery.objects.filter(state="waiting").update(state="given_up", left=0, ended_at=NOW)
    hook.answers = [200]
    page.reload()
    shoot(page, "webhook")
    page.locator("main table tbody a").first.click()
    expect(page.locator("main")).to_contain_text("It answered 500.")
    shoot(page, "delivery")
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator("#toasts")).to_contain_text("with the same event id")
    wait_for(lambda: len(hook.came) == 3, seconds=40, what=lambda: installation.running.log("worker"))
    assert hook.came[1]["headers"]["Bpo-Event-Id"] == hook.came[2]["headers"]["Bpo-Event-Id"]


def changed_paused_and_switched_off(page: Page) -> None:
    page.get_by_role("button", name="Change the secret").click()
    expect(page.locator("main")).to_contain_text("Until tomorrow the one before")
    page.get_by_role("link", name="Webhooks").first.click()
    page.locator("main table tbody a").first.click()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#toasts")).to_contain_text("Paused.")
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#toasts")).to_contain_text("Resumed.")
    page.get_by_role("button", name="Switch it off").click()
    expect(page.locator("main")).to_contain_text("Nothing is sent and nothing is kept.")
    page.get_by_role("link", name="Webhooks").first.click()
    expect(page).to_have_url(re.compile("/webhooks/$"))
    shoot(page, "webhooks")
