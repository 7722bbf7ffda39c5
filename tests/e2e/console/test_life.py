"""A client's life in a browser: opened, suspended, resumed, exported, taken home, marked for deletion and kept."""

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

from accounts.models import Client
from bpo.actors import system
from bpo.ops_audit.models import Entry
from console.models import Change
from console.people import open_account
from tests.e2e.console.test_console import EMAIL, PASSWORD, REFUSED_FORM, shoot, sign_in
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed

WHY = "They have not paid since August"


@pytest.mark.browser
def test_a_clients_life(db: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        open_account(
            email=EMAIL, name="Ewelina Nowicka", password=PASSWORD, role="operator_admin", client=None,
            client_realm=False, by=system("tests"), now=timezone.now(),
        )  # fmt: skip
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.set_default_timeout(20_000)
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        expect.set_options(timeout=30_000)  # the provisioner of a busy machine takes its time
        try:
            sign_in(page, installation)
            opened(page)
            suspended_and_resumed(page, installation)
            taken_home(page)
            deleted_and_kept(page, installation)
            # Chromium logs a form that came back with errors, and the two hosts that were closed when we looked.
            expected = (REFUSED_FORM, "status of 503", "status of 404")
            assert [text for text in problems if not any(one in text for one in expected)] == [], "\n".join(problems)
        finally:
            expect.set_options(timeout=5_000)
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def opened(page: Page) -> None:
    page.get_by_role("link", name="New client").click()
    page.locator("#id_name").fill("Acme Energia")
    page.locator("#id_zone").select_option("Europe/Warsaw")
    page.get_by_role("button", name="Open client").click()
    expect(page.get_by_role("button", name="Open Acme Energia")).to_be_visible()
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
