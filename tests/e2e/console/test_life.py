"""A client's life in a browser: opened in steps with its terms, named, suspended, resumed, exported, taken home, marked for deletion and kept."""

import hashlib
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from accounts.models import Claim, Client
from bpo.actors import system
from bpo.ops_audit.models import Entry
from bpo.tenancy.context import enter
from console.models import Change
from console.people import open_account
from surveys.models import Survey
from tests.e2e.console.test_console import EMAIL, PASSWORD, REFUSED_FORM, sign_in
from tests.e2e.installation import ALL, CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.own_domains import own_domain
from tests.processes import wait_for

WHY = "They have not paid since August"


@pytest.mark.browser
def test_a_clients_life(db: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        open_account(
            email=EMAIL, name="Ewelina Nowicka", password=PASSWORD, role="operator_admin", client=None,
            client_realm=False, by=system("tests"), now=timezone.now(),
        )  # fmt: skip
    with installed(tmp_path, beside=ALL) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        try:
            sign_in(page, installation)
            opened(page)
            suspended_and_resumed(page, installation)
            taken_home(page)
            named(page)
            agreed(page)
            deleted_and_kept(page, installation)
            # Chromium logs a form that came back with errors, and the two hosts that were closed when we looked.
            expected = (REFUSED_FORM, "status of 503", "status of 404")
            assert [text for text in problems if not any(one in text for one in expected)] == [], "\n".join(problems)
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def opened(page: Page) -> None:
    page.get_by_role("link", name="New client").click()
    page.locator("#id_name").fill("Acme Energia")
    page.locator("#id_zone").select_option("Europe/Warsaw")
    shoot(page, "wizard-identity")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("The client's people see satisfaction").uncheck()
    page.get_by_label("Days before the same address is asked again").fill("60")
    page.get_by_label("Service level promised").fill("0")
    shoot(page, "wizard-terms")
    page.get_by_label("Service level promised").fill("90")
    page.get_by_role("button", name="Keep for later").click()
    page.get_by_role("link", name="New client").click()
    page.get_by_role("link", name="Acme Energia").click()
    expect(page.get_by_label("Days before the same address is asked again")).to_have_value("60")
    page.get_by_role("link", name="Who it is").click()
    expect(page.locator("#id_key")).to_have_value("acme-energia")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Open client").click()
    expect(page.get_by_role("button", name="Open Acme Energia")).to_be_visible()
    expect(page.get_by_role("button", name="Import interactions")).to_be_visible()
    shoot(page, "wizard-opened")
    client = Client.objects.get(key="acme-energia")
    assert list(client.terms.values_list("sees_satisfaction", "survey_rest_days")) == [(False, 60)]

    def copied() -> bool:
        with enter(client.ref()):
            return Survey.objects.filter(rest_days=60).exists()

    wait_for(copied, seconds=40, what=lambda: "the terms are not in the client")
    page.get_by_role("link", name="Clients", exact=True).first.click()
    page.get_by_role("link", name="Acme Energia", exact=True).click()
    page.get_by_role("link", name="Life").click()
    expect(page.get_by_role("heading", name="Served")).to_be_visible()
    shoot(page, "life-served")


def ask(page: Page, step: str, *, before: Callable[[Any], None] = lambda panel: None) -> None:
    """Open a step's panel, give the reason, and go on."""
    page.locator(".life-step").get_by_role("link", name=step, exact=True).click()
    panel = page.locator("#panel")
    panel.get_by_label("Reason").fill(WHY)
    before(panel)
    panel.get_by_role("button", name=step, exact=True).click()


def suspended_and_resumed(page: Page, installation: Installation) -> None:
    ask(page, "Suspend", before=lambda panel: shoot(page, "life-suspend"))
    expect(page.get_by_role("heading", name="Suspended")).to_be_visible()
    expect(page.locator("#life")).to_contain_text(WHY)
    shoot(page, "life-suspended")
    there = page.context.new_page()
    closed = there.goto(installation.url("acme-energia", "/sign-in/"))
    assert closed is not None
    assert closed.status == 503
    ask(page, "Resume")
    expect(page.get_by_role("heading", name="Served")).to_be_visible()
    there.wait_for_timeout(1_100)  # how long a web process remembers that a client is closed
    served = there.goto(installation.url("acme-energia", "/sign-in/"))
    assert served is not None
    assert served.status == 200
    there.close()


def taken_home(page: Page) -> None:
    ask(page, "Export")
    link = page.get_by_role("link", name="Download")
    expect(link).to_be_visible(timeout=60_000)
    shoot(page, "life-exported")
    with page.expect_download() as download:
        link.click()
    path = Path(download.value.path())
    assert re.fullmatch(r"acme-energia-\d{4}-\d\d-\d\d\.zip", download.value.suggested_filename)
    made = Change.objects.get(kind="export")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == made.sha256
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert "manifest.json" in archive.namelist()
    assert Entry.objects.filter(action="client.export_taken", detail__sha256=made.sha256).count() == 1


def named(page: Page) -> None:
    page.get_by_role("link", name="Domains").click()
    page.get_by_label("Host name").fill("https://care.acme.example")
    page.get_by_role("button", name="Claim").click()
    expect(page.locator(".field .error")).to_contain_text("That is no host name.")
    page.get_by_label("Host name").fill("care.acme.example")
    page.get_by_role("button", name="Claim").click()
    claim = Claim.objects.get()
    expect(page.get_by_text(claim.record_value)).to_be_visible()
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("status").filter(has_text="DNS did not answer")).to_be_visible()
    shoot(page, "domains-waiting")
    own_domain(Client.objects.get(key="acme-energia"), "help.acme.example")  # as DNS would have it proven
    page.reload()
    page.get_by_role("button", name="Make primary").click()
    expect(page.get_by_text("Links in mail lead to the primary host name from now on.")).to_be_visible()
    shoot(page, "domains")
    page.get_by_role("button", name="Make primary").click()  # the built-in one's; the other has none then
    expect(page.locator("li", has_text="acme-energia.bpo.test")).to_contain_text("Primary")
    page.get_by_role("button", name="Make primary").click()
    expect(page.locator("li", has_text="help.acme.example")).to_contain_text("Primary")
    page.locator("li", has_text="help.acme.example").get_by_role("link", name="Leave").click()
    panel = page.locator("#panel")
    panel.get_by_label("Reason").fill("They renamed it")
    panel.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="Left")).to_be_visible()
    assert Client.objects.get(key="acme-energia").primary_host == "acme-energia.bpo.test"


def agreed(page: Page) -> None:
    page.get_by_role("link", name="Terms").click()
    page.get_by_label("The client's people see reports").uncheck()
    page.get_by_label("Reason").fill("They read them elsewhere")
    page.get_by_role("button", name="Change terms").click()
    expect(page.get_by_text("Version 2")).to_be_visible()
    shoot(page, "terms")
    page.get_by_role("link", name="Life").click()


def deleted_and_kept(page: Page, installation: Installation) -> None:
    def typed(panel: Any) -> None:
        button = panel.get_by_role("button", name="Delete", exact=True)
        expect(button).to_be_disabled()
        panel.get_by_label("Type acme-energia to go on").fill("acme-energia")
        expect(button).to_be_enabled()
        shoot(page, "life-delete")

    ask(page, "Delete", before=typed)
    expect(page.get_by_role("heading", name="Being deleted")).to_be_visible()
    shoot(page, "life-deleting")
    page.goto(installation.url("ops"))
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("closed")
    expect(page.get_by_role("link", name="Acme Energia", exact=True)).to_have_count(0)
    page.get_by_role("link", name=re.compile("^Closed")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 client is closed")
    shoot(page, "console-closed")
    page.get_by_role("link", name="Acme Energia", exact=True).click()
    page.get_by_role("link", name="Life").click()
    ask(page, "Keep after all")
    expect(page.get_by_role("heading", name="Suspended")).to_be_visible()
    shoot(page, "life-kept")
    assert Client.objects.get(key="acme-energia").status == "suspended"
