"""An audit history in a browser: a case is resolved, its history opens beside it, and the log is searched."""

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
from interactions.models import Case
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed

PASSWORD = "a long enough one"
ADMIN = "ewelina@bpo.example"


@pytest.mark.browser
def test_what_happened_to_a_case_is_told_beside_it(alpha: Any, tmp_path: Path) -> None:
    with enter(alpha.ref()):
        case = Case.objects.create(reference="K-1", opened_at=timezone.now())
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        for client in (None, alpha):
            open_account(
                email=ADMIN, name="Ewelina Nowak", password=PASSWORD, role="operator_admin", client=client,
                client_realm=False, by=system("tests"), now=timezone.now(),
            )  # fmt: skip
    with installed(tmp_path, beside=()) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            page = browser.new_context().new_page()
            operator_reads(page, installation, alpha)
            a_case_is_resolved_and_its_history_read(page, installation, case)
            the_log_is_searched(page)
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def operator_reads(page: Page, installation: Installation, alpha: Any) -> None:
    page.goto(installation.url("ops", "/sign-in/"))
    page.get_by_label("E-mail").fill(ADMIN)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(installation.url("ops", "/audit/?action=client.opened"))
    expect(page.get_by_role("heading", name="Who did what")).to_be_visible()
    page.get_by_role("link", name="Client", exact=True).first.click()
    expect(page.locator("#panel-body")).to_contain_text("Client opened")
    page.goto(installation.url("ops", f"/audit/of/accounts.Client/{alpha.pk}/"))
    expect(page.get_by_role("heading", name="History")).to_be_visible()


def a_case_is_resolved_and_its_history_read(page: Page, installation: Installation, case: Case) -> None:
    page.goto(installation.url("ops", "/"))
    page.locator('form[action="/cross/alpha/"] button').first.click()
    page.goto(installation.url("alpha", f"/cases/{case.pk}/"))
    page.get_by_role("button", name="Resolve case").click()
    expect(page.get_by_role("button", name="Reopen case")).to_be_visible()
    page.get_by_role("link", name="History").click()
    told = page.locator("#panel-body")
    for words in ("Case resolved", "Ewelina Nowak", "open → resolved"):
        expect(told).to_contain_text(words)
    page.goto(installation.url("alpha", f"/audit/interactions.Case/{case.pk}/"))
    expect(page.get_by_role("heading", name="History")).to_be_visible()


def the_log_is_searched(page: Page) -> None:
    page.get_by_role("link", name="Audit").first.click()
    page.get_by_label("Who").fill("ewelina")
    page.get_by_label("What").select_option(label="Case resolved")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("row", name="Case resolved")).to_have_count(1)
    page.get_by_label("Who").fill("nobody")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_text("Nothing matches")).to_be_visible()
