"""The report in a browser: a lead has last week's built by the worker, the client's person reads it and takes it away."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from bpo.actors import system
from bpo.audit.models import Entry
from bpo.notices.models import Notice
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Interaction
from reports.domain.weeks import Week, last_full_week
from reports.models import Build, ReportFile, ReportVersion
from surveys.models import Response
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import picture, shoot
from tests.integration.reports.build import answers, floor
from tests.integration.reports.test_measures import by_hand
from tests.processes import wait_for

PASSWORD = "a long enough one"
LEAD, READER = "lead@bpo.example", "astrid@alpha.example"
SCORES = [5, 4, 5, 2, 4, 5, 3, 5]


@pytest.mark.browser
def test_a_report_is_built_read_and_taken_away(alpha: Any, tmp_path: Path) -> None:
    week = last_full_week(timezone.now().astimezone(ZoneInfo(alpha.zone)).date())
    rows = _floor(alpha, week)
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        _people(alpha)
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        try:
            lead = _page(browser, problems)
            lead_builds(lead, installation)
            report = frozen(alpha, week, rows)
            wait_for(lambda: told(alpha), seconds=120, what=lambda: seen(alpha))
            page = _page(browser, problems)
            client_reads(page, installation, report, by_hand(rows, week.start, week.end))
            takes_away(page, alpha, report, rows, week)
            is_told(page, installation, alpha)
            lead_tries_again(lead, installation, alpha, week)
            assert problems == []
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def _floor(alpha: Any, week: Week) -> list[Interaction]:
    with enter(alpha.ref()):
        floor(weeks=14, a_day=12, last_monday=week.start)
        answers(SCORES, day=week.start, now=timezone.now())
        return list(Interaction.objects.select_related("queue"))


def _people(alpha: Any) -> None:
    for email, name, role in ((LEAD, "Maricel Santos", "team_lead"), (READER, "Astrid Berg", "client_user")):
        open_account(
            email=email, name=name, password=PASSWORD, role=role, client=alpha, client_realm=role == "client_user",
            by=system("tests"), now=timezone.now(),
        )  # fmt: skip


def _page(browser: Any, problems: list[str]) -> Page:
    page: Page = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True).new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    return page


def lead_builds(page: Page, installation: Installation) -> None:
    page.goto(installation.url("ops"))
    page.get_by_label("E-mail").fill(LEAD)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(re.compile(r"//alpha\.bpo\.test"))
    page.goto(installation.url("alpha", "/reports/"))
    expect(page.get_by_role("heading", name="No report yet")).to_be_visible()
    shoot(page, "report-none")
    page.get_by_role("button", name="Build last week’s report").click()
    expect(page.get_by_role("heading", name="Revision 1 is frozen and there to read")).to_be_visible(timeout=60_000)
    shoot(page, "report-built")
    page.get_by_role("link", name="Read the report").click()
    expect(page.get_by_role("link", name="Get PDF")).to_be_visible()


def frozen(alpha: Any, week: Week, rows: list[Interaction]) -> ReportVersion:
    """What is stored is what a plain loop over the rows gives."""
    with enter(alpha.ref()):
        report = ReportVersion.objects.get()
        assert (report.period_start, report.revision) == (week.start, 1)
        found = {one["ref"]: (one["num"], one["den"]) for one in report.content["figures"]}
        for code, expected in by_hand(rows, week.start, week.end).items():
            assert found[code] == expected, code
        scores = list(Response.objects.values_list("score", flat=True))
        assert found["CS-1"] == (sum(score >= 4 for score in scores), len(scores))
    return report


def seen(alpha: Any) -> str:
    """What the wait for the notice found instead."""
    with enter(alpha.ref()):
        notices = list(Notice.objects.values_list("kind", "text"))
        notices += list(Entry.objects.order_by("-seq").values_list("action", "detail")[:3])
    return f"{list(Job.objects.filter(kind__startswith='reports.').values_list('kind', 'state', 'published_at', 'last_error'))} {notices}"


def told(alpha: Any) -> bool:
    with enter(alpha.ref()):
        return Notice.objects.filter(kind="report_sent").count() == 1


def client_reads(page: Page, installation: Installation, report: ReportVersion, expected: dict[str, Any]) -> None:
    page.goto(installation.url("alpha", "/reports/"))
    page.get_by_label("E-mail").fill(READER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Week {report.content['period']['week']}")
    assert page.get_by_role("button", name="Build last week’s report").count() == 0
    shoot(page, "report")
    num, den = expected["SL-2"]
    row = page.locator("#figures tr[data-ref='SL-2']")
    expect(row).to_contain_text(f"{num:,} of {den:,}")
    value = row.get_by_role("link")
    value.click()
    panel = page.locator("#panel")
    expect(panel).to_contain_text("answered in the time promised / (answered + abandoned after that time)")
    expect(panel).to_contain_text("no waiting time known")
    picture(page, "report-panel-1440")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert value.evaluate("one => one === document.activeElement"), "Esc gives the focus back to the figure"


def takes_away(page: Page, alpha: Any, report: ReportVersion, rows: list[Interaction], week: Week) -> None:
    """Each download is the frozen file, byte for byte; the CSV says what the loop says."""
    for name, kind in (("Get PDF", "pdf"), ("XLSX", "xlsx"), ("CSV", "csv")):
        with page.expect_download() as started:
            page.get_by_role("link", name=name, exact=True).click()
        content = Path(started.value.path()).read_bytes()
        with enter(alpha.ref()):
            kept = ReportFile.objects.get(report=report, kind=kind)
        import hashlib

        assert hashlib.sha256(content).hexdigest() == kept.sha256
    found = {one["ref"]: one for one in csv.DictReader(io.StringIO(content.decode())) if one["kind"] == "figure"}
    for code, (num, den) in by_hand(rows, week.start, week.end).items():
        assert (float(found[code]["numerator"]), float(found[code]["denominator"])) == (num, den), code
    assert datetime.now(UTC).date() > date.fromisoformat(found["SL-2"]["week_start"])


def is_told(page: Page, installation: Installation, alpha: Any) -> None:
    """The reader marks the notices read, and wants the next one by mail."""
    page.goto(installation.url("alpha", "/notices/"))
    page.get_by_role("button", name="Mark all read").click()
    expect(page.get_by_role("button", name="Mark all read")).to_have_count(0)
    with enter(alpha.ref()):
        assert not Notice.objects.filter(kind="report_sent", read_at=None).exists()
    page.get_by_role("link", name="How to be told").click()
    wish = page.locator('input[name="report_sent.by_mail"]')
    other = not wish.is_checked()
    wish.set_checked(other)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_be_visible()
    page.reload()
    expect(wish).to_be_checked(checked=other)


def lead_tries_again(page: Page, installation: Installation, alpha: Any, week: Week) -> None:
    """A build that failed says why and is tried again; the week before is then there to go back to."""
    before = week.start - timedelta(days=7)
    with enter(alpha.ref()):
        failed = Build.objects.create(
            period_start=before, period_end=before + timedelta(days=6), state="failed", problem="The disk was full.",
            actor_name="Maricel Santos", created_at=timezone.now(), finished_at=timezone.now(),
        )  # fmt: skip
    page.goto(installation.url("alpha", f"/reports/builds/{failed.pk}/"))
    expect(page.get_by_role("alert")).to_contain_text("The disk was full.")
    page.get_by_role("button", name="Build it again").click()
    expect(page.get_by_role("heading", name="Revision 1 is frozen and there to read")).to_be_visible(timeout=60_000)
    page.goto(installation.url("alpha", "/reports/"))
    page.get_by_role("link", name="Week before").click()
    expect(page).to_have_url(re.compile(f"/reports/{before.isoformat()}/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Week {before.isocalendar().week}")
