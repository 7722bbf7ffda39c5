"""The planner plans a week of calls to make in a browser: no forecast, learned, planned, opened, asked."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from bpo.actors import system
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Queue
from scheduling.domain.weeks import monday_of
from scheduling.models import Requirement
from tests.e2e.installation import CHROMIUM, FLAGS, installed
from tests.e2e.scheduling.test_plan import BARRIERS, WHO, arrive, shoot
from tests.e2e.test_path import PASSWORD
from tests.integration.scheduling.build import Floor, employ, floor
from tests.integration.scheduling.test_outbound import tried

NAMES = ("Agnieszka Wiśniewska-Kowalczyk", "Tomasz Szczepański", "Maricel Santos", "Imran Shaikh")


@pytest.mark.browser
def test_from_a_list_to_agents(alpha: Any, tmp_path: Path) -> None:
    story, query = told(alpha)
    BARRIERS.clear()
    with installed(tmp_path, beside=()) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        try:
            page = arrive(browser, installation, "planner", problems)
            page.goto(installation.url("alpha", f"/forecast/?{query}"))
            named(page, story)
            turned(page, story)
            planned(page)
            opened(page, story)
            asked(page)
            assert BARRIERS == []
            assert [one for one in problems if "422 (Unprocessable" not in one] == []  # of a what-if half typed
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def told(alpha: Any) -> tuple[Floor, str]:
    """An inbound queue as an import makes it, whose interactions are attempts of the last weeks."""
    now = timezone.now()
    week = monday_of(now.astimezone(ZoneInfo(alpha.zone)).date()) + timedelta(weeks=1)
    found = floor(alpha, employ(*NAMES), starts=())
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        open_account(
            email=WHO["planner"], name="Planner", password=PASSWORD, role="planner", client=alpha, client_realm=False,
            by=system("tests"), now=now,
        )  # fmt: skip
    with enter(alpha.ref()):
        tried(found, now=now)
    return found, f"queue=billing&week={week.isoformat()}"


def named(page: Page, story: Floor) -> None:
    """A queue for work that hasn't begun: misspelt, renamed; one too many, removed; one that exists, refused."""
    page.get_by_role("link", name="Add or rename queues").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Queues")
    shoot(page, "queues")
    for name in ("Refnuds", "Refunds by mail"):
        page.get_by_role("textbox", name="Name").fill(name)
        page.get_by_role("button", name="Add queue").click()
        expect(page.get_by_role("status").get_by_text(f"{name} is there.")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("refnuds")
    page.get_by_label("Channel").select_option("chat")
    page.get_by_role("button", name="Add queue").click()
    expect(page.get_by_text("A queue is called “refnuds” already.")).to_be_visible()
    expect(page.get_by_label("Channel")).to_have_value("chat")
    shoot(page, "queues-refused")
    page.get_by_role("link", name="Rename Refnuds").click()
    page.get_by_role("textbox", name="Name").fill("Refunds and returns of everything that was bought at a fair")
    shoot(page, "queues-renaming")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("link", name="Refunds and returns of", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Remove Refunds by mail").click()
    expect(page.get_by_role("status").get_by_text("Refunds by mail is gone.")).to_be_visible()
    expect(page.get_by_role("button", name="Remove Billing EN")).to_have_count(0)
    shoot(page, "queues-full")
    page.get_by_role("link", name="Billing EN", exact=True).click()
    with enter(story.client.ref()):
        assert set(Queue.objects.values_list("key", flat=True)) == {
            "billing",
            "Refunds and returns of everything that was bought at a fair",
        }


def turned(page: Page, story: Floor) -> None:
    expect(page.get_by_text("This queue is inbound")).to_be_visible()
    page.get_by_role("button", name="Make it outbound").click()
    expect(page.get_by_text("This work isn't forecast: we plan it")).to_be_visible()
    with enter(story.client.ref()):
        assert Queue.objects.get(key="billing").direction == "out"
    shoot(page, "outbound-forecast")
    page.get_by_role("link", name="Plan this week").click()


def planned(page: Page) -> None:
    expect(page.get_by_text("A list to work this week")).to_be_visible()
    page.get_by_text("Reach by hour").click()
    expect(page.get_by_text("attempts in the last eight weeks")).to_be_visible()
    shoot(page, "outbound-list", full=True)
    page.get_by_label("Records to work").fill("1500")
    page.get_by_role("button", name="Plan this week").click()
    expect(page.get_by_text("1,500 records, each tried 3 times at most")).to_be_visible()
    shoot(page, "outbound-planned", full=True)


def opened(page: Page, story: Floor) -> None:
    with enter(story.client.ref()):
        made = Requirement.objects.get()
        row = made.intervals.exclude(reach=None).earliest("starts_at")
    page.locator(f'a[href="/staffing/interval/{row.pk}/"]').click()
    panel = page.locator("#panel-body")
    expect(panel).to_contain_text("Attempts expected here")
    expect(panel).to_contain_text(f"{row.agents} to schedule" if row.agents == row.scheduled else str(row.scheduled))
    expect(panel).to_contain_text(made.digest[:12])
    shoot(page, "outbound-number")
    page.keyboard.press("Escape")


def asked(page: Page) -> None:
    page.get_by_label("Attempts at each, at most").fill("6")
    expect(page.locator("#what-if")).to_contain_text("Attempts of the week")
    expect(page.locator("#what-if")).to_contain_text("Nothing is kept until you recalculate.")
    shoot(page, "outbound-what-if")
