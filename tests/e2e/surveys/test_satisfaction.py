"""A client's reader asks whether customers are satisfied: the figure, what it means, and the last four weeks of it."""

import random
import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from bpo.actors import CUSTOMER, system
from bpo.notices.models import Mail
from bpo.tenancy.context import enter
from bpo.ui.numbers import interval, number, percent
from console.people import open_account
from surveys.domain.metrics import wilson
from surveys.models import Invitation, Response
from surveys.secrets import token_of
from surveys.services import consider, record_answer
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot, violations
from tests.integration.surveys.build import NOON, agent, interaction, reason, resolution

PASSWORD = "a long enough one"
EMAIL = "astrid@alpha.example"
LONG = "Venkata Satyanarayana Subrahmanyam asked about a double refund"
WORDS = "Waited far too long for a refund that came twice, then had to send one of them back myself"
REASONS = ("Contract questions", "Payments", LONG)


@pytest.mark.browser
def test_the_floor_reads_satisfaction(alpha: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        open_account(
            email=EMAIL, name="Astrid Berg", password=PASSWORD, role="team_lead", client=alpha, client_realm=False,
            by=system("tests"), now=timezone.now(),
        )  # fmt: skip
    with installed(tmp_path, beside=()) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        try:
            sign_in(page, installation)
            nothing_yet(page)
            with enter(alpha.ref()):
                asked_and_answered()
            all_days(page, alpha)
            its_definition(page, alpha)
            four_weeks(page, alpha)
            comments(page, alpha)
            no_such_days(page, installation)
            assert problems == []
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def asked_and_answered(size: int = 90) -> None:
    """Answers over eight weeks, three of them about a reason too rare to show, and some silence."""
    chance = random.Random(11)  # noqa: S311 - sample data
    for index in range(size):
        at = NOON - timedelta(days=chance.randrange(56))
        about = REASONS[index % 3] if index >= 3 else "Porting a number"
        one = resolution(
            f"e{index}@customer.example",
            at=at,
            reason=reason(about),
            agent=agent(f"Agent {index % 7}", f"Team {index % 2}"),
        )
        consider(resolution_ids=[one.pk], by=CUSTOMER, now=at)
        invitation = Invitation.objects.latest("id")
        Mail.objects.filter(pk=invitation.mail_id).update(state="sent", sent_at=at, dot_at=at)
        if index % 4:
            score = chance.choice([2, 3, 4, 5] if about == LONG else [4, 5, 5, 5])
            record_answer(
                token=token_of(invitation) or "", score=score, comment=WORDS if score == 2 else "", by=CUSTOMER, now=at
            )
    consider(resolution_ids=[resolution("", reason=reason("Payments")).pk], by=CUSTOMER, now=NOON)
    for index in range(20):
        interaction(source_rating=1 + index % 5, reason=reason(REASONS[index % 2]), shift=("Night", "Day")[index % 2])


def scores(alpha: Any, since: Any = None) -> list[int]:
    """The stored answers, one by one."""
    with enter(alpha.ref()):
        rows = Response.objects.values_list("score", "invitation__candidate__business_date")
        return [score for score, day in rows if since is None or day >= since]


def figure(answers: Iterable[int]) -> tuple[str, str]:
    """Value and basis as the page writes them, from a plain loop."""
    answers = list(answers)
    good, n = sum(score >= 4 for score in answers), len(answers)
    low, high = wilson(good, n)
    return percent(good / n), f"{number(good)} of {number(n)}, 95\u202f% {interval(100 * low, 100 * high)}"


def sign_in(page: Page, installation: Installation) -> None:
    page.goto(installation.url("ops"))
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(re.compile(r"//alpha\.bpo\.test"))
    page.goto(installation.url("alpha", "/csat/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Are customers satisfied?")


def nothing_yet(page: Page) -> None:
    expect(page.get_by_role("heading", name="No answers yet")).to_be_visible()
    examine(page, "csat-empty")


def all_days(page: Page, alpha: Any) -> None:
    page.reload()
    value, basis = figure(scores(alpha))
    main = page.locator("main")
    expect(main.locator(".measure .figure").first).to_have_text(value)
    expect(main.locator(".measure .n").first).to_have_text(basis)
    expect(main.get_by_role("heading", name=f"{len(scores(alpha))} of 91 resolutions became an answer")).to_be_visible()
    expect(main.get_by_text("no e-mail address 1")).to_be_visible()
    expect(main.get_by_role("row", name=LONG).first).to_contain_text("lower than the rest by")
    expect(main.get_by_role("row", name="Porting a number")).to_contain_text("too few to show")
    expect(main.get_by_text("could be worked out by subtraction")).to_be_visible()
    examine(page, "csat-full")


def its_definition(page: Page, alpha: Any) -> None:
    answers = scores(alpha)
    link = page.locator("main .measure a.figure").first
    link.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    expect(panel).to_contain_text("Answers of 4 or 5 divided by all answers")
    expect(panel).to_contain_text("95 %, by Wilson’s score method")
    facts = panel.locator("dd.num").all_inner_texts()
    assert facts == [number(sum(score >= 4 for score in answers)), number(len(answers))]
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(link).to_be_focused()
    page.goto(page.url + "definition/csat/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What the figure means")
    examine(page, "csat-definition")
    page.get_by_role("link", name="All figures").click()


def four_weeks(page: Page, alpha: Any) -> None:
    page.locator("summary", has_text="All days").click()
    page.get_by_role("link", name="Last 4 weeks").click()
    since = timezone.now().date() - timedelta(weeks=4)
    value, basis = figure(scores(alpha, since))
    expect(page.locator("main .measure .figure").first).to_have_text(value)
    expect(page.locator("main .measure .n").first).to_have_text(basis)
    expect(page.locator("main .measure .change").first).to_contain_text("the period before")


def comments(page: Page, alpha: Any) -> None:
    page.get_by_role("link", name="See comments").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What did customers write?")
    page.get_by_role("link", name="Show all days").click()
    expect(page.get_by_role("cell", name=WORDS)).to_have_count(scores(alpha).count(2))
    examine(page, "csat-comments")
    page.get_by_role("link", name="All figures").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    good = sum(score >= 4 for score in scores(alpha))
    assert f"survey,all,,{good},{len(scores(alpha))}," in Path(download.value.path()).read_text(encoding="utf-8-sig")


def no_such_days(page: Page, installation: Installation) -> None:
    page.goto(installation.url("alpha", "/csat/?from=2001-01-01&to=2001-01-31"))
    expect(page.get_by_role("heading", name="Nothing in this period")).to_be_visible()


def examine(page: Page, name: str) -> None:
    """Nothing is wider than its window, and nobody is kept out."""
    shoot(page, name)
    found = violations(page)
    assert not found, [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]
