"""How a service level is counted, agreed on in a browser: the operator's form, the planner's page, the report."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from accounts.models import Client
from bpo.actors import system
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Interaction, Queue
from reports.domain.weeks import Week
from reports.services import build, request_build
from scheduling.domain.weeks import monday_of
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.integration.reports.build import floor
from tests.processes import wait_for

PASSWORD = "a long enough one"
WHO = {"operator_admin": "ewelina@bpo.example", "planner": "planner@bpo.example", "team_lead": "lead@bpo.example"}
SHORT = 4


@pytest.mark.browser
def test_a_definition_agreed_on_is_what_planner_and_reader_see(alpha: Any, tmp_path: Path) -> None:
    today = timezone.now().astimezone(ZoneInfo(alpha.zone)).date()
    monday = monday_of(today)
    people()
    with enter(alpha.ref()):
        floor(last_monday=monday)
        Queue.objects.filter(key="mail").update(answer_within_seconds=20, service_level_target="0.800")
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        try:
            agreed(arrive(browser, installation, "operator_admin", problems), installation, alpha)
            planner = arrive(browser, installation, "planner", problems)
            visit(planner, installation)
            week = monday + timedelta(weeks=1)
            planner.goto(installation.url("alpha", f"/staffing/?queue=billing&week={week.isoformat()}"))
            seen(planner, installation, week)
            with enter(alpha.ref()):
                good, whole = counted(monday)
                frozen(alpha, monday)
            lead = arrive(browser, installation, "team_lead", problems)
            visit(lead, installation)
            lead.goto(installation.url("alpha", f"/reports/?week={monday.isoformat()}"))
            expect(lead.locator("main")).to_contain_text(f"{good:,} of {whole:,}")
            expect(lead.locator("main")).to_contain_text(f"abandoned in under {SHORT} s")
            shoot(lead, "terms-report")
            assert [one for one in problems if "422" not in one] == []
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def people() -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        for role, email in WHO.items():
            client = None if role == "operator_admin" else Client.objects.get(key="alpha")
            open_account(
                email=email, name=role.title(), password=PASSWORD, role=role, client=client, client_realm=False,
                by=system("tests"), now=timezone.now(),
            )  # fmt: skip


def arrive(browser: Any, installation: Installation, role: str, problems: list[str]) -> Page:
    page: Page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(installation.url("ops"))
    page.get_by_label("E-mail").fill(WHO[role])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def visit(page: Page, installation: Installation) -> None:
    page.get_by_role("button", name="Open").click()
    page.wait_for_url("**//alpha.bpo.test**")


def agreed(page: Page, installation: Installation, alpha: Any) -> None:
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(installation.url("ops", "/clients/alpha/terms/"))
    short = page.get_by_label("An abandon is short under")
    expect(short).to_be_hidden()
    page.get_by_label("Counted as").select_option("short_abandons_excluded")
    expect(short).to_be_visible()
    page.get_by_label("Weeks are published by a second person").check()
    page.get_by_label("Reason").fill("The contract of this year")
    page.get_by_role("button", name="Change terms").click()
    expect(page.get_by_text("Say how long a short abandon is.")).to_be_visible()
    shoot(page, "terms-refused")
    short.fill(str(SHORT))
    page.get_by_role("button", name="Change terms").click()
    expect(page.get_by_text(f"(short is under {SHORT} s)")).to_be_visible()
    expect(page.get_by_text("weeks published by a second person", exact=False).last).to_be_visible()
    shoot(page, "terms")

    def taken() -> bool:
        with enter(alpha.ref()):
            return not Queue.objects.exclude(short_abandon_seconds=SHORT, second_person=True).exists()

    wait_for(taken, seconds=60, what=lambda: "the terms were not taken to the client's queues")


def seen(page: Page, installation: Installation, week: Any) -> None:
    """The planner forecasts and staffs: the form starts from what was agreed on, and says so."""
    page.goto(installation.url("alpha", f"/forecast/?queue=billing&week={week.isoformat()}"))
    page.get_by_role("button", name="Make forecast").click()
    page.get_by_role("button", name="Staff this week").first.click()
    promise = page.locator("#promise")
    expect(promise).to_contain_text("in time, of all but short abandons")
    expect(promise).to_contain_text(f"short is under {SHORT} s")
    expect(promise).to_contain_text("This week was staffed for it.")
    expect(page.get_by_label("Service level is")).to_have_value("short_abandons_excluded")
    expect(page.get_by_label("Short abandon, s")).to_have_value(str(SHORT))
    shoot(page, "terms-staffing")


def counted(monday: Any) -> tuple[int, int]:
    """By a plain loop over the week's rows: in time, of all offered but those who left at once."""
    good = whole = 0
    for one in Interaction.objects.filter(direction="in", wait_seconds__isnull=False).select_related("queue"):
        if monday <= one.business_date <= monday + timedelta(days=6):
            whole += not one.abandoned or one.wait_seconds >= SHORT
            good += not one.abandoned and one.wait_seconds <= one.queue.answer_within_seconds
    return good, whole


def frozen(alpha: Any, monday: Any) -> None:
    """The week's report as a worker makes it once the week is over."""
    over = datetime.combine(monday + timedelta(days=8), time(12), ZoneInfo(alpha.zone))
    by = system("tests")
    build(build_id=request_build(week=Week(monday), reason="", by=by, now=over).pk, now=over)
