"""A customer's data in a browser: looked at from their case, taken as a file, and erased for good."""

import zipfile
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
from interactions.models import Case, Customer
from tests.e2e.installation import ALL, CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.e2e.waiting import until
from tests.integration.privacy.canary import WORD, plant, rows_with

PASSWORD = "a long enough one"
ADMIN = "ewelina@bpo.example"


@pytest.mark.browser
def test_a_customer_is_looked_at_exported_and_erased(alpha: Any, tmp_path: Path) -> None:
    with override_settings(MEDIA_ROOT=tmp_path / "files"):  # as the installation has it
        ident = plant(alpha)
    with enter(alpha.ref()):
        case = Case.objects.get(customer_id=ident)
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        for client in (None, alpha):
            open_account(
                email=ADMIN, name="Ewelina Nowak", password=PASSWORD, role="operator_admin", client=client,
                client_realm=False, by=system("tests"), now=timezone.now(),
            )  # fmt: skip
    with installed(tmp_path, beside=ALL) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            comes_in(page, installation)
            looks(page, installation, case)
            takes(page, tmp_path)
            erases(page, alpha, ident)
        finally:
            connections.close_all()
        browser.close()


def comes_in(page: Page, installation: Installation) -> None:
    page.goto(installation.url("ops", "/sign-in/"))
    page.get_by_label("E-mail").fill(ADMIN)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(installation.url("ops", "/"))
    page.locator('form[action="/cross/alpha/"] button').first.click()


def looks(page: Page, installation: Installation, case: Case) -> None:
    page.goto(installation.url("alpha", f"/cases/{case.pk}/"))
    page.get_by_role("link", name="Everything we hold about this customer").click()
    row = page.get_by_role("row", name="Answer to a survey")
    expect(row).to_contain_text("the comment goes, the score stays")
    shoot(page, "there")


def takes(page: Page, folder: Path) -> None:
    page.get_by_role("button", name="Make an export").click()
    link = page.get_by_role("link", name="Download")
    until(page, link)
    shoot(page, "made")
    with page.expect_download() as waiting:
        link.click()
    place = folder / "taken.zip"
    waiting.value.save_as(place)
    with zipfile.ZipFile(place) as archive:
        assert WORD in archive.read("interactions.Customer.json").decode()


def erases(page: Page, alpha: Any, ident: Any) -> None:
    page.get_by_label("Why").select_option(label="They asked for it")
    page.get_by_label("Type the word").fill("something")
    page.get_by_role("button", name="Erase").click()
    expect(page.get_by_text("That is not the word.")).to_be_visible()
    shoot(page, "refused")
    page.get_by_label("Type the word").fill(page.locator("strong.code").inner_text())
    page.get_by_role("button", name="Erase").click()
    gone = page.get_by_text("This customer was erased.")
    until(page, gone)
    shoot(page, "gone")
    with enter(alpha.ref()):
        assert Customer.objects.get(pk=ident).name == ""
    assert rows_with(WORD, alpha.schema_name) == []
