"""One of our people in a browser: what is held of them, a copy of it, and its end once they have left."""

import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from attrition.services import record_separation
from bpo.actors import system
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Actor
from tests.e2e.installation import ALL, CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.e2e.privacy.test_a_customer_goes import PASSWORD
from tests.e2e.waiting import until
from workforce.models import Employee, Seat
from workforce.services import hire

NAME = "Ula Wendeltrop"
BY = system("tests")


@pytest.mark.browser
def test_a_person_is_looked_at_exported_and_erased(alpha: Any, tmp_path: Path) -> None:
    now = timezone.now()
    started = now.date() - timedelta(days=400)
    employment = hire(number="W-1", name=NAME, email="ula@bpo.example", starts_on=started, by=BY, now=now)
    seat = Seat.objects.create(client=alpha, employee=employment.employee)
    with enter(alpha.ref()):
        Actor.objects.create(pk=seat.actor_id, display_name=NAME, pseudonym="Agent 0007")
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        open_account(
            email="hannah@bpo.example", name="Hannah", password=PASSWORD, role="hr", client=None, client_realm=False,
            by=BY, now=now,
        )  # fmt: skip
    with installed(tmp_path, beside=ALL) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            looks(page, installation, employment.employee)
            takes(page, tmp_path)
            day = now.date() - timedelta(days=3)
            record_separation(employment=employment, last_day=day, reason="commute", by=BY, now=now)
            erases(page, alpha, seat)
        finally:
            connections.close_all()
        browser.close()


def looks(page: Page, installation: Installation, employee: Employee) -> None:
    page.goto(installation.url("ops", "/sign-in/"))
    page.get_by_label("E-mail").fill("hannah@bpo.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(installation.url("ops", f"/people/{employee.pk}/"))
    page.get_by_role("link", name="Everything we hold about this person").click()
    expect(page.get_by_text("They are employed here.")).to_be_visible()
    shoot(page, "person-works")


def takes(page: Page, folder: Path) -> None:
    page.get_by_role("button", name="Make an export").click()
    link = page.get_by_role("link", name="Download")
    until(page, link)
    with page.expect_download() as waiting:
        link.click()
    place = folder / "taken.zip"
    waiting.value.save_as(place)
    with zipfile.ZipFile(place) as archive:
        assert NAME in archive.read("employer/workforce.Employee.json").decode()
        assert NAME in archive.read("clients/alpha/interactions.Actor.json").decode()


def erases(page: Page, alpha: Any, seat: Seat) -> None:
    page.reload()
    shoot(page, "person-left")
    page.get_by_label("Why").select_option(label="We no longer need the data")
    page.get_by_label("Type the word").fill(page.locator("strong.code").inner_text())
    page.get_by_role("button", name="Erase").click()
    gone = page.get_by_text("This person was erased.")
    until(page, gone)
    shoot(page, "person-gone")
    assert NAME not in page.content()

    def known() -> str:
        with enter(alpha.ref()):
            return Actor.objects.get(pk=seat.actor_id).display_name

    for _ in range(60):
        if known() == "Agent 0007":
            break
        page.wait_for_timeout(500)
    assert known() == "Agent 0007"
