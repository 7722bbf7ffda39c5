"""A trainer sees what is missing, writes it, two write at once; a lead reads it beside the form; an agent on a phone."""

import re
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
from interactions.models import Actor
from qa.models import Article, ArticleDraft, Evaluation, Scorecard
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.e2e.qa.ground import NOW, calls
from tests.e2e.qa.test_review import PASSWORD, signed_in
from tests.e2e.waiting import until_true
from tests.integration.qa.many import released_rows
from tests.integration.qa.writing import written

PEOPLE = {
    "lead@bpo.example": ("Grace Villamor", "team_lead"),
    "agent@bpo.example": ("Maricel Santos", "agent"),
    "trainer@bpo.example": ("Imelda Cruz", "trainer"),
    "analyst@bpo.example": ("Ramon Diaz", "qa_analyst"),
}
TEXT = (
    "# Find the cause first\n- open both bills\n- name the **double charge**\n\nSee [[credit-within-your-authority]]."
)


@pytest.mark.browser
def test_knowledge_is_written_read_and_found_beside_the_form(alpha: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        for email, (name, role) in PEOPLE.items():
            open_account(
                email=email, name=name, password=PASSWORD, role=role, client=alpha, client_realm=False,
                by=system("tests"), now=NOW,
            )  # fmt: skip
    with installed(tmp_path, beside=()) as installation, sync_playwright() as playwright:
        with override_settings(MEDIA_ROOT=tmp_path / "files"), enter(alpha.ref()):
            calls(Actor.objects.get(display_name="Maricel Santos"), 2)
            scored()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        try:
            trainer = signed_in(browser, installation, "trainer@bpo.example", problems)
            gap(trainer, installation)
            write(trainer, alpha)
            problems[:] = [one for one in problems if "409" not in one]  # the browser reports the status that is meant
            publish(trainer, alpha)
            again(trainer, alpha)
            lead = signed_in(browser, installation, "lead@bpo.example", problems)
            beside(lead, installation)
            analyst = signed_in(browser, installation, "analyst@bpo.example", problems)
            analysis(analyst, installation)
            agent = signed_in(browser, installation, "agent@bpo.example", problems, width=390)
            phone(agent, installation, alpha)
            assert problems == []
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def scored() -> None:
    """Eight weeks of random evaluations: q5 is failed often, of several agents and by two people; one article."""
    version = Scorecard.objects.get().versions.get()
    best = {f"q{number}": "fully" for number in range(1, 13)} | {"q2": "done", "q7": "done"}
    given = []
    for place in range(120):
        one: dict[str, Any] = dict(best)
        if place % 10 < 4:
            one["q5"] = "no"
        if place % 7 == 0:
            one["q3"] = "partly"
        if place % 5 == 0:
            one["q12"] = None
        if place % 40 == 0:
            one["q2"] = "missed"
        given.append(one)
    from interactions.models import Team

    names = (
        "Maricel Santos",
        "Jerome Bautista",
        "Ana Reyes",
        "Venkata Satyanarayana Subrahmanyam Wiśniewska-Kowalczyk",
    )
    agents = [Actor.objects.get_or_create(display_name=name, defaults={"pseudonym": name[:40]})[0] for name in names]
    for place, one_agent in enumerate(agents):
        Actor.objects.filter(pk=one_agent.pk).update(team=Team.objects.get_or_create(name=f"Team {place % 2}")[0])
        one_agent.refresh_from_db()
    graders = [Actor.objects.get(display_name="Grace Villamor"), Actor.objects.get(display_name="Ramon Diaz")]
    today = timezone.localdate()
    released_rows(version, given, today=today, agents=agents, evaluators=graders, within_days=27)
    released_rows(version, given[:9], today=today, agents=agents, evaluators=graders, picked="targeted")
    written(
        "Credit within your authority", "Up to **25.00** a month on your own.", summary="Above that, ask first.",
        questions=[[str(version.scorecard_id), "q8"]],
    )  # fmt: skip


def gap(page: Page, installation: Installation) -> None:
    """From the list to what is missing; the most failed question without an article is the first."""
    page.goto(installation.url("alpha", "/knowledge/"))
    shoot(page, "knowledge")
    page.get_by_role("link", name="Where it is missing").first.click()
    first = page.locator("main tbody tr").first
    expect(first).to_contain_text("Verifies the reason before offering a fix")
    expect(first).to_contain_text("48 of 120")
    shoot(page, "gaps")
    first.locator("a[data-panel]").first.click()
    expect(page.locator("#panel-body")).to_contain_text("95 % Wilson interval")
    page.keyboard.press("Escape")
    with page.expect_download() as come:
        page.get_by_role("link", name="CSV").click()
    assert come.value.suggested_filename == "knowledge-gaps.csv"
    first.get_by_role("button", name="Write an article").click()
    page.wait_for_url(re.compile("/edit/$"))


def write(page: Page, alpha: Any) -> None:
    """Typed, saved, previewed; a second window saves something else; both survive."""
    checked = page.locator('[data-link="questions"]:checked')
    expect(checked).to_have_count(1)
    page.get_by_label("Title").fill("Disputed charge: find the cause first")
    page.get_by_label("Text", exact=True).fill(TEXT)
    expect(page.locator("[data-preview] h2")).to_have_text("Find the cause first")
    expect(page.locator("[data-preview] a")).to_have_text("Credit within your authority")
    expect(page.locator("[data-saved]")).to_have_text("Saved as a draft")
    shoot(page, "article-editor")
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("In one sentence").fill("Open both bills side by side.")
    other.get_by_label("Title").fill("Disputed charge")
    expect(other.locator("[data-saved]")).to_have_text("Saved as a draft")
    page.get_by_label("Title").fill("Disputed charge: the cause, then the credit")
    merge = page.locator("[data-conflict] form")
    expect(merge).to_be_visible()
    expect(page.locator("[data-conflict]")).to_contain_text("1 field needs a choice")
    shoot(page, "article-merge")
    merge.get_by_role("button", name="Save the result").click()
    expect(page.get_by_label("Title")).to_have_value("Disputed charge: the cause, then the credit")
    expect(page.get_by_label("In one sentence")).to_have_value("Open both bills side by side.")
    other.close()
    with enter(alpha.ref()):
        assert ArticleDraft.objects.get(open=True).body == TEXT


def publish(page: Page, alpha: Any) -> None:
    page.get_by_role("button", name="Publish the article").click()
    expect(page.locator("#toasts")).to_contain_text("Version 1 is live.")
    expect(page.locator("article")).to_contain_text("double charge")
    shoot(page, "article")
    with enter(alpha.ref()):
        one = Article.objects.get(key="disputed-charge-the-cause-then-the-credit")
        assert one.of_questions.get().question == "q5"


def again(page: Page, alpha: Any) -> None:
    """A second version with what changed; withdrawn and put back by the undo; a draft given up and had back."""
    page.keyboard.press("e")
    page.wait_for_url(re.compile("/edit/$"))
    page.get_by_label("Text", exact=True).fill(TEXT.replace("both bills", "both bills side by side"))
    page.get_by_label("What is new in it").fill("Side by side")
    page.get_by_role("button", name="Publish the new version").click()
    expect(page.locator("#toasts")).to_contain_text("Version 2 is live.")
    page.get_by_role("link", name="What changed").click()
    expect(page.locator(".diff ins")).to_have_text("side by side")
    shoot(page, "article-changes")
    page.get_by_role("link", name="Disputed charge").first.click()
    page.locator('a[href$="/versions/1/"]').click()
    expect(page.locator("main")).to_contain_text("This isn't the version that stands.")
    page.get_by_role("link", name="See that one").click()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator("main")).to_contain_text("Withdrawn: in no list")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Withdraw")).to_be_visible()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("In one sentence").fill("To be thought over")
    expect(page.locator("[data-saved]")).to_have_text("Saved as a draft")
    page.reload()
    page.get_by_role("button", name="Give the draft up").click()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Go on with the draft")).to_be_visible()
    with enter(alpha.ref()):
        assert ArticleDraft.objects.get(open=True).summary == "To be thought over"


def beside(page: Page, installation: Installation) -> None:
    """K opens what is written about the active question; one searches, reads, and Esc gives the answer its focus back."""
    page.goto(installation.url("alpha", "/queue/"))
    page.keyboard.press("o")
    page.wait_for_url(re.compile("/queue/[0-9a-f-]{36}/$"))
    page.wait_for_load_state("networkidle")
    for key in "1111":
        page.keyboard.press(key)
    expect(page.locator(".question.is-active legend")).to_contain_text("verifies the reason")
    focused = "document.activeElement.closest('[data-question]')?.dataset.question"
    assert page.evaluate(focused) == "q5"
    page.keyboard.press("k")
    panel = page.locator("#panel")
    expect(panel).to_contain_text("Disputed charge: the cause, then the credit")
    expect(panel).to_contain_text("About question 5")
    expect(panel.get_by_label("Find")).to_be_focused()
    shoot(page, "review-knowledge")
    page.keyboard.type("25.00", delay=20)
    expect(panel.locator("#beside-found")).to_contain_text("Credit within your authority")
    expect(panel.locator("#beside-found")).not_to_contain_text("Disputed charge")
    panel.get_by_role("link", name="Credit within your authority").click()
    expect(panel.locator(".article-body b")).to_have_text("25.00")
    panel.get_by_role("link", name="All articles").click()
    expect(panel.get_by_label("Find")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    until_true(page, f"{focused} === 'q5'")
    page.keyboard.press("2")
    expect(page.locator("[data-count]")).to_have_text("5 of 12 answered")
    page.goto(installation.url("alpha", "/queue/"))


def analysis(page: Page, installation: Installation) -> None:
    """One page of figures, its definitions, another way of picking, another period, and a table as a file."""
    page.goto(installation.url("alpha", "/analysis/"))
    main = page.locator("main")
    expect(main).to_contain_text("Customer critical")
    shoot(page, "analysis")
    page.emulate_media(color_scheme="dark")
    shoot(page, "analysis-dark")
    page.emulate_media(color_scheme="light")
    page.locator("main .ranked tbody tr").first.locator("a[data-panel]").click()
    expect(page.locator("#panel-body")).to_contain_text("Ways of picking are never in one mean")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Targeted", exact=True).click()
    expect(main.locator(".kinds [aria-current]")).to_have_text("Targeted")
    expect(main.locator(".ranked").first).to_contain_text("n = ")
    page.locator("summary", has_text=" to ").click()
    page.get_by_role("link", name="Last 13 weeks").click()
    expect(main.locator(".kinds [aria-current]")).to_have_text("Targeted")
    with page.expect_download() as come:
        page.get_by_role("link", name="CSV by agent").click()
    assert come.value.suggested_filename == "quality-agents.csv"


def phone(page: Page, installation: Installation, alpha: Any) -> None:
    """An agent finds by words, reads, and sees on a review what there is to read about what was marked down."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(installation.url("alpha", "/knowledge/?q=double+charge"))
    expect(page.locator("main mark").first).to_have_text("double")
    shot(page, "agent-knowledge")
    page.get_by_role("link", name="Disputed charge").click()
    expect(page.locator("article")).to_contain_text("side by side")
    shot(page, "agent-article")
    with enter(alpha.ref()):
        own = Evaluation.objects.filter(agent__display_name="Maricel Santos", answers__q5="no").first()
        assert own is not None
    page.goto(installation.url("alpha", f"/reviews/{own.pk}/"))
    expect(page.locator("main")).to_contain_text("Worth reading")
    shot(page, "agent-review")
    page.get_by_role("link", name="Disputed charge").click()
    expect(page.locator("article")).to_contain_text("double charge")


def shot(page: Page, name: str) -> None:
    shoot(page, name)
    page.set_viewport_size({"width": 390, "height": 844})
