"""HR's journey in a browser: a file of people, one of them found and leaving, the month's rate, its definition, a curve."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from attrition.models import Separation
from attrition.selectors import month, months_back
from attrition.services import record_separation
from bpo.actors import system
from bpo.ui.numbers import percent
from console.people import open_account
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.integration.attrition.build import BY, NOW, person
from workforce.models import Assignment, Employee, Employment, Enrolment, TrainingClass

PASSWORD = "a long enough one"
EMAIL = "hr@bpo.example"
LONG = "Venkata Satyanarayana Subrahmanyam Gollapudi-Wiśniewska-Kowalczyk"


@pytest.mark.browser
def test_somebody_leaves_and_the_rate_says_so(alpha: Any, beta: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        open_account(
            email=EMAIL, name="Hana Ruiz", password=PASSWORD, role="hr", client=None, client_realm=False,
            by=system("tests"), now=timezone.now(),
        )  # fmt: skip
    first, last = month(months_back(timezone.now().date(), 1))
    floor(alpha, beta, first)
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        try:
            sign_in(page, installation)
            bring_people(page, installation, tmp_path)
            rate(page, installation, first, last, name="attrition-before")
            leave(page, installation, first + timedelta(days=9))
            rate(page, installation, first, last, name="attrition")
            definition(page)
            curve(page)
            stay(page, installation)
            assert [one for one in problems if "422" not in one] == []  # the refused form is one
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def floor(alpha: Any, beta: Any, first: date) -> None:
    """Twenty-six people hired nine months ago, one for two clients; two have left, one of them last month."""
    start = months_back(first, 9)
    people = [person(f"P{n:02}", start, (alpha if n % 2 else beta, "1"), name=f"Person {n:02}") for n in range(24)]
    people += [person("P98", start, (alpha, "0.6"), (beta, "0.4"), name="Ana Reyes")]
    people += [person("P99", start, (alpha, "1"), name=LONG)]
    made = TrainingClass.objects.create(client=alpha, name="Spring class", starts_on=start)
    Enrolment.objects.bulk_create(Enrolment(training_class=made, employment=one) for one in people)
    for one, day, reason in ((people[0], first - timedelta(days=40), "study"), (people[1], first, "job_abandonment")):
        record_separation(employment=one, last_day=day, reason=reason, by=BY, now=NOW)


def sign_in(page: Page, installation: Installation) -> None:
    page.goto(installation.url("ops"))
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


def bring_people(page: Page, installation: Installation, folder: Path) -> None:
    source = folder / "people.csv"
    source.write_text("employee_no,hire_date,last_day,gender\nE1,2026-01-05,,m\nE2,never,,f\n", encoding="utf-8")
    page.goto(installation.url("ops", "/people/import/"))
    shoot(page, "people-import")
    page.locator("input[name=file]").set_input_files(source)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("Left out and not kept:")).to_be_visible()
    shoot(page, "people-import-preview")
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_role("heading", name="1 of 2 people imported")).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="1 row as CSV").click()
    assert "never" in Path(download.value.path()).read_text(encoding="utf-8-sig"), "the row comes back to be mended"
    shoot(page, "people-import-done")
    assert Employee.objects.filter(number="S-E1").exists()


def plain(first: date, last: date) -> tuple[int, float]:
    """Leavers of the month and the mean of its daily headcounts, by a loop over rows."""
    spells = list(Employment.objects.values_list("starts_on", "ends_on"))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    heads = [sum(1 for start, end in spells if start <= day and (end is None or day < end)) for day in days]
    leavers = sum(1 for _, end in spells if end is not None and end - timedelta(days=1) in days)
    return leavers, sum(heads) / len(days)


def rate(page: Page, installation: Installation, first: date, last: date, *, name: str) -> None:
    leavers, mean = plain(first, last)
    page.goto(installation.url("ops", "/attrition/"))
    expect(page.locator("#rate")).to_have_text(percent(leavers / mean))
    expect(page.locator("#leavers")).to_have_text(str(leavers))
    expect(page.get_by_text("leavers / daily-average headcount, by last day worked")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert {"Alpha", "Beta"} <= set(re.findall(r"[A-Z]\w+", text))
    shoot(page, name)


def leave(page: Page, installation: Installation, day: date) -> None:
    page.goto(installation.url("ops", "/people/"))
    shoot(page, "people")
    page.get_by_label("Name or number").fill("reyes")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_role("link", name="Ana Reyes").click()
    shoot(page, "person")
    page.get_by_text("Record a separation", exact=True).click()
    page.get_by_label("Last day worked").fill("2020-01-01")
    page.get_by_label("Reason").select_option("commute")
    page.get_by_role("button", name="Record the separation").click()
    expect(page.get_by_text("The last day is before the first")).to_be_visible()
    shoot(page, "person-refused")
    page.get_by_label("Last day worked").fill(day.isoformat())
    page.get_by_role("button", name="Record the separation").click()
    expect(page.get_by_text("Way to work, By choice")).to_be_visible()
    shoot(page, "person-left")
    made = Separation.objects.get(employment__employee__name="Ana Reyes")
    assert (made.last_day, made.reason, made.kind, made.recorded_by) == (day, "commute", "voluntary", "Hana Ruiz")
    ends = set(Assignment.objects.filter(employee=made.employment.employee_id).values_list("ends_on", flat=True))
    assert ends == {made.employment.ends_on} == {day + timedelta(days=1)}


def definition(page: Page) -> None:
    page.locator("#rate").click()
    panel = page.locator("#panel")
    expect(panel).to_contain_text("leavers / daily-average headcount, by last day worked")
    expect(panel).to_contain_text("Ana Reyes")
    shoot(page, "attrition-definition")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def curve(page: Page) -> None:
    page.get_by_label("Curve of").select_option(label="Spring class")
    page.get_by_role("button", name="Show", exact=True).click()
    section = page.locator("#curve")
    expect(section).to_contain_text("Spring class: 26 people, 3 left")
    expect(section.locator("path.band")).to_have_count(1)
    section.get_by_text("Show as table").click()
    rows = section.locator("#curve-table tbody tr")
    expect(rows).to_have_count(len(set(Separation.objects.values_list("last_day", flat=True))))
    expect(rows.first).to_contain_text(re.compile(r"%"))
    shoot(page, "attrition-class")


def stay(page: Page, installation: Installation) -> None:
    """The separation was a mistake: it is taken back, and with it the end of her assignments."""
    page.goto(installation.url("ops", f"/people/{Employee.objects.get(name='Ana Reyes').pk}/"))
    page.get_by_role("button", name="They stay after all").click()
    expect(page.get_by_text("Record a separation", exact=True)).to_be_visible()
    assert not Separation.objects.filter(employment__employee__name="Ana Reyes").exists()
    assert Employment.objects.get(employee__name="Ana Reyes").ends_on is None
