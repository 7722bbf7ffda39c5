"""The operator's day in a browser: what needs somebody, a client opened and visited, a find, a replay, the admin."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from accounts.models import Client, Membership
from bpo.actors import system
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from console.domain.week import QueueLevel
from console.models import Opening
from console.people import open_account
from interactions.models import Actor
from tests.e2e.installation import ALL, CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.integration.console.weeks import MONDAY, history, keep, share, week
from tests.processes import wait_for

PASSWORD = "a long enough one"
EMAIL = "ewelina@bpo.example"
REFUSED_FORM = "status of 422"  # what Chromium logs when the form comes back with its errors
LONG = "Venkata Satyanarayana Subrahmanyam Telecommunications of Łódź"


@pytest.mark.browser
def test_the_operators_day(alpha: Any, beta: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        open_account(
            email=EMAIL, name="Ewelina Nowicka", password=PASSWORD, role="operator_admin", client=None,
            client_realm=False, by=system("tests"), now=timezone.now(),
        )  # fmt: skip
    figures(alpha, beta)
    dead = Job.objects.create(
        client=alpha, kind="idempotency.forget", dedupe_key="died", state="dead", attempts=8, last_error="no answer"
    )
    with installed(tmp_path, beside=ALL) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        problems: list[str] = []
        page.on(
            "console",
            lambda message: problems.append(f"{message.text} {message.location}") if message.type == "error" else None,
        )
        try:
            sign_in(page, installation)
            board(page)
            open_and_visit(page, installation)
            find(page, installation)
            replay(page, installation, dead)
            administration(page, installation)
            assert [text for text in problems if REFUSED_FORM not in text] == [], "\n".join(problems)
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def figures(alpha: Any, beta: Any) -> None:
    """Alpha is quiet but for a dead job; Beta is under target and its customers are less content."""
    Client.objects.filter(pk=beta.pk).update(name=LONG, colour=3)
    keep(alpha, history(week()))
    under = (QueueLevel("Reservations", 728, 1000, 0.8),)
    keep(beta, history(week(queues=under, satisfaction=share(3, 4))))


def sign_in(page: Page, installation: Installation) -> None:
    page.goto(installation.url("ops"))
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def board(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("1 client needs you now")
    rows = page.locator(".board tbody tr")
    assert [row.get_attribute("id") for row in rows.all()] == ["alpha", "beta"]
    expect(rows.nth(0)).to_contain_text("1 job gave up")
    expect(rows.nth(1)).to_contain_text("SL under target this week")
    expect(rows.nth(1)).to_contain_text("72.8")
    expect(rows.nth(1)).to_contain_text("n = 4, needs 5")
    shoot(page, "console")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    names = [row["key"] for row in csv.DictReader(lines)]
    assert names == ["alpha", "beta"], "the file has the rows of the page, in its order"
    rows.nth(1).get_by_role("link", name=re.compile("72.8")).click()
    panel = page.locator("#panel")
    expect(panel).to_contain_text("728")
    expect(panel).to_contain_text("1,000")
    shoot(page, "console-measure")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.get_by_role("link", name="Alpha", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alpha")
    shoot(page, "console-client")
    page.go_back()


def open_and_visit(page: Page, installation: Installation) -> None:
    script, late = re.compile(r"/new_client\..*js$"), []
    page.route(script, lambda route: late.append(route))  # somebody types while it is on its way
    with page.expect_request(script):
        page.get_by_role("link", name="New client").click()
    page.locator("#id_name").fill("Acme Energia")
    assert page.locator("#id_key").input_value() == ""
    late.pop().continue_()
    page.unroute(script)
    expect(page.locator("#id_key")).to_have_value("acme-energia")
    page.locator("#id_key").fill("alpha")
    page.locator("#id_zone").select_option("Europe/Warsaw")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".field .error")).to_contain_text("A client “alpha” exists already.")
    shoot(page, "new-client-refused")
    page.locator("#id_key").fill("acme")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Open client").click()
    expect(page.get_by_role("heading", name=re.compile("Open, after"))).to_be_visible()
    expect(page.get_by_role("button", name="Open Acme Energia")).to_be_visible()
    assert Client.objects.get(key="acme").zone == "Europe/Warsaw"
    opening = Opening.objects.get()
    assert opening.state == "opened"
    assert opening.seconds is not None
    assert opening.seconds < 30, "about a second on a machine that does nothing else"
    page.locator("#id_email").fill("lead@acme.example")
    page.locator("#id_name").fill("Maricel Santos")
    page.get_by_role("button", name="Give access").click()
    expect(page.locator("td", has_text="lead@acme.example")).to_be_visible()
    shoot(page, "client-opened")
    page.get_by_role("button", name="Open Acme Energia").click()
    page.wait_for_url(re.compile(r"//acme\.bpo\.test"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    shoot(page, "client-visited")
    page.goto(installation.url("acme", "/api/v1/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("The API has")
    expect(page.locator("figcaption", has_text="Sample request").first).to_be_visible()
    shoot(page, "api-reader")
    client = Client.objects.get(key="acme")
    assert set(Membership.objects.filter(client=client).values_list("role", flat=True)) == {
        "operator_admin",
        "team_lead",
    }
    with enter(client.ref()):
        assert Actor.objects.count() == 2


def find(page: Page, installation: Installation) -> None:
    page.goto(installation.url("ops"))
    page.keyboard.press("Control+k")
    page.keyboard.type("acme")
    hit = page.get_by_role("option", name=re.compile("Acme Energia"))
    expect(hit).to_be_visible()
    shoot(page, "palette")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/clients/acme/"))
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".phone-bar").get_by_role("button", name="Find").click()
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 1440, "height": 900})


def replay(page: Page, installation: Installation, dead: Job) -> None:
    page.goto(installation.url("ops", "/jobs/"))
    shoot(page, "jobs")
    page.get_by_role("link", name="Schemas").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Every client's schema is current")
    shoot(page, "schemas")
    page.go_back()
    page.locator("tr", has_text="idempotency.forget").get_by_role("button", name="Try again").first.click()
    expect(page.get_by_text("The job is ready again.")).to_be_visible()
    wait_for(
        lambda: Job.objects.get(pk=dead.pk).state == "done", seconds=20, what=lambda: str(Job.objects.get(pk=dead.pk))
    )
    page.goto(installation.url("ops"))
    expect(page.get_by_role("heading", level=1)).to_have_text("No client needs you now, 1 is worth a look")
    more = [
        Job.objects.create(
            client=dead.client, kind=dead.kind, dedupe_key=f"died-{n}", state="dead", attempts=8, last_error="no answer"
        ).pk
        for n in range(2)
    ]
    page.goto(installation.url("ops", "/jobs/"))
    page.get_by_role("button", name="Try all 2 again").click()
    expect(page.locator("#toasts")).to_contain_text("2 jobs of idempotency.forget are ready again.")
    wait_for(
        lambda: set(Job.objects.filter(pk__in=more).values_list("state", flat=True)) == {"done"},
        seconds=40, what=lambda: str(list(Job.objects.filter(pk__in=more).values())),
    )  # fmt: skip
    page.goto(installation.url("ops", "/audit/"))
    for action in ("Jobs run again", "Job run again", "Client asked for"):
        expect(page.get_by_role("rowheader", name=action, exact=True).first).to_be_visible()


def administration(page: Page, installation: Installation) -> None:
    page.goto(installation.url("ops", "/admin/"))
    shoot(page, "admin")
    for address in page.locator("#content-main th a").evaluate_all("all => all.map(one => one.href)"):
        page.goto(address)
        expect(page.locator("#changelist")).to_be_visible()
    page.goto(installation.url("ops", "/admin/accounts/client/?q=acme"))
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    shoot(page, "admin-list")
    page.locator("#result_list tbody th a").first.click()
    shoot(page, "admin-row")


def test_the_week_of_the_figures_is_a_monday() -> None:
    assert MONDAY.weekday() == 0
