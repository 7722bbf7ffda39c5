"""A year of counts in a browser: a planner uploads a wide table, sees what it is, and reads a day of it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.models import Sum
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from bpo.actors import system
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Interval
from tests.arrivals import Counted, bank_file, counted
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot

PASSWORD = "a long enough one"
EMAIL = "planner@bpo.example"
DAY = "1999-03-28"


@pytest.mark.browser
def test_a_planner_brings_a_year_of_counts_in(alpha: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        open_account(
            email=EMAIL, name="Rowena Cruz", password=PASSWORD, role="planner", client=alpha, client_realm=False,
            by=system("tests"), now=timezone.now(),
        )  # fmt: skip
    source = bank_file(tmp_path)
    plain = counted(source)
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        try:
            cross(page, installation)
            upload(page, installation, source, plain)
            read(page, installation, plain)
            assert problems == []
            refuse(page, installation)
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()
    with enter(alpha.ref()):
        assert Interval.objects.count() == plain.values
        assert Interval.objects.aggregate(calls=Sum("offered"))["calls"] == plain.calls


def cross(page: Page, installation: Installation) -> None:
    page.goto(installation.url("ops"))
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(re.compile(r"//alpha\.bpo\.test"))


def upload(page: Page, installation: Installation, source: Path, plain: Counted) -> None:
    page.goto(installation.url("alpha", "/intervals/"))
    shoot(page, "intervals-empty")
    page.get_by_role("link", name="Import counts").first.click()
    page.locator("input[name=file]").set_input_files(source)
    page.get_by_role("button", name="Read the file").click()
    start = page.get_by_role("button", name=f"Import {plain.rows} rows")
    expect(start).to_be_visible()
    expect(page.get_by_text("240 columns hold counts of 6 minutes each.")).to_be_visible()
    shoot(page, "intervals-preview")
    start.click()
    done = page.get_by_role("heading", name=f"{plain.rows} of {plain.rows} rows of counts imported")
    expect(done).to_be_visible(timeout=90_000)
    expect(page.get_by_text(f"Values in them: {plain.values:,} created")).to_be_visible()
    shoot(page, "intervals-imported")


def read(page: Page, installation: Installation, plain: Counted) -> None:
    page.goto(installation.url("alpha", "/intervals/"))
    last = max(plain.days)
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=re.compile("31 Dec 1999")))
    expect(row).to_contain_text(f"{sum(plain.days[last]):,}")
    shoot(page, "intervals")
    page.get_by_label("Minutes").fill("60")
    page.get_by_label("Date").fill(DAY)
    page.get_by_role("button", name="Show").click()
    figures = page.locator("section").first.locator("tbody td.value").all_inner_texts()
    assert figures == [f"{one:,}" for one in plain.summed(DAY, 60)]
    shoot(page, "intervals-day")


def refuse(page: Page, installation: Installation) -> None:
    """The browser notes the answer's status on its console, so this comes last."""
    page.goto(installation.url("alpha", "/intervals/?minutes=15"))
    expect(page.get_by_role("alert")).to_contain_text(
        "15 minutes can’t be summed from the 6-minute counts of bank_6min"
    )
    shoot(page, "intervals-refused")
