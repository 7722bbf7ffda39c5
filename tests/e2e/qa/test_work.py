"""A lead and an analyst fill the queue by keys: a random plan, a search, odd handling times; and one is taken over."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, Route, expect, sync_playwright

from bpo.actors import system
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Actor, Customer, Interaction, Queue, Reason, Team
from qa.domain.sampling import last_week
from qa.models import Draw, Evaluation, ReviewTask, SamplingPlan, SavedFilter
from qa.services import publish_scorecard
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.e2e.qa.ground import NOW, content
from tests.e2e.qa.test_review import PASSWORD, signed_in
from tests.e2e.waiting import until_true
from tests.processes import wait_for

PEOPLE = {
    "lead@bpo.example": ("Grace Villamor", "team_lead"), "analyst@bpo.example": ("Anna Nowak", "qa_analyst"),
}  # fmt: skip
AGENTS = ("Maricel Santos", "Jerome Bautista", "Ligaya Wiśniewska-Kowalczyk-Mendoza de la Cruz")


@pytest.mark.browser
def test_work_is_planned_found_and_taken_over_by_keys(alpha: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        for email, (name, role) in PEOPLE.items():
            open_account(
                email=email, name=name, password=PASSWORD, role=role, client=alpha, client_realm=False,
                by=system("tests"), now=NOW,
            )  # fmt: skip
    with installed(tmp_path, beside=()) as installation, sync_playwright() as playwright:
        with enter(alpha.ref()):
            floor()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        try:
            analyst = signed_in(browser, installation, "analyst@bpo.example", problems)
            analyst.wait_for_url(re.compile("/queue/$"))
            plan(analyst, installation, alpha)
            lead = signed_in(browser, installation, "lead@bpo.example", problems)
            lead.wait_for_url(re.compile("/queue/$"))  # to its load: keys before the head is read are lost
            find(lead, alpha)
            odd(lead, alpha)
            take_over(lead, analyst, installation, alpha)
            changed(analyst, installation, alpha)
            assert [one for one in problems if "409" not in one] == []
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def floor() -> None:
    """A scorecard, and calls of last week: usual ones, six long ones, rated ones and an abusive caller's."""
    publish_scorecard(
        key="voice", name="Billing calls", content=content(), channel="voice", by=system("ground"), now=NOW
    )
    queue, reason = (
        Queue.objects.create(key="billing", name="Billing EN"),
        Reason.objects.create(key="c", name="Charge"),
    )
    team, caller = Team.objects.create(name="Billing Cebu"), Customer.objects.create(reference="C-1", name="A Caller")
    agents = [Actor.objects.create(display_name=name, pseudonym=name[:9], team=team) for name in AGENTS]
    monday = last_week(timezone.localdate())
    for number in range(72):
        started = NOW - timedelta(days=2, minutes=number)
        long = number % 12 == 5
        Interaction.objects.create(
            source="acd", external_id=f"call-{number}", queue=queue, reason=reason,
            agent=agents[1] if long else agents[number % 2], started_at=started, ended_at=started,
            business_date=monday + timedelta(days=number % 7), zone="Asia/Manila", talk_seconds=1400 if long else 300 + number,
            hold_seconds=700 if long else number % 5, source_rating=2 if number % 18 == 4 else None,
            customer=caller if number < 4 else None, abusive=number < 4, abusive_reason="Insults" if number < 4 else "",
        )  # fmt: skip
    Interaction.objects.create(
        source="acd", external_id="only", queue=queue, agent=agents[2], started_at=NOW, business_date=monday,
        zone="Asia/Manila", talk_seconds=320,
    )  # fmt: skip


def plan(page: Page, installation: Installation, alpha: Any) -> None:
    """A plan is made, last week drawn, and the draw drawn again: identical."""
    page.get_by_role("link", name="Random plans").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Random plans")
    page.wait_for_load_state()  # its keys act once its script has run
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("New plan")
    shoot(page, "plan-new")
    page.get_by_role("button", name="Make the plan").click()
    expect(page.locator("#toasts")).to_contain_text("you can draw last week now")
    page.get_by_role("button", name=re.compile("Draw the week of")).click()
    expect(page.locator("main")).to_contain_text("5 drawn")
    expect(page.locator("main")).to_contain_text("1 of 2")
    shoot(page, "draw")
    page.keyboard.press("a")
    expect(page.locator("#panel-body")).to_contain_text("Identical.")
    shoot(page, "draw-again")
    page.keyboard.press("Escape")
    page.goto(f"{page.url}again/")
    expect(page.locator("main")).to_contain_text("Identical.")
    with enter(alpha.ref()):
        drawn = Draw.objects.get()
        assert drawn.tasks.count() == 5
    page.goto(installation.url("alpha", "/queue/plans/"))
    shoot(page, "plans")
    page.get_by_role("link", name="Billing calls").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("main")).to_contain_text("What it draws")
    expect(page.locator(".subtitle")).to_contain_text("Paused")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator(".subtitle")).to_contain_text("Draws next on")
    shoot(page, "plan")


def find(page: Page, alpha: Any) -> None:
    """From the queue by keys alone: G F, narrow, two chosen with X, Q queues them, U takes them out, Q queues one."""
    page.keyboard.press("g")
    page.keyboard.press("f")
    expect(page.get_by_role("heading", level=1)).to_have_text("Find work")
    shoot(page, "find")
    page.get_by_label("Abuse").select_option("caller")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#found h2")).to_have_text(re.compile("^[1-4] interaction"))
    page.get_by_role("link", name="Show all").click()
    page.get_by_label("Handling time").select_option("long")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#found")).to_contain_text("Handling time unusually long")
    rows = page.locator("[data-row]")
    before = rows.count()
    assert before >= 4
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    expect(page.locator("[data-chosen]")).to_have_text("2 chosen")
    shoot(page, "find-chosen")
    page.keyboard.press("q")
    expect(page.locator("#toasts")).to_contain_text("2 queued")
    expect(rows).to_have_count(before - 2)
    with enter(alpha.ref()):
        queued = ReviewTask.objects.filter(picked="targeted")
        assert set(queued.values_list("why", flat=True)) == {"Handling time unusually long"}
        assert queued.count() == 2
    page.keyboard.press("u")
    expect(rows).to_have_count(before)
    expect(page.locator("#toasts")).to_contain_text("2 taken out again")
    page.keyboard.press("q")
    expect(page.locator("#toasts")).to_contain_text("1 queued")
    expect(rows).to_have_count(before - 1)
    page.get_by_label("Name of this search").fill("Long ones")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".kept")).to_contain_text("Long ones")
    shoot(page, "find-kept")
    page.get_by_role("button", name="Remove Long ones").click()
    expect(page.locator("#toasts")).to_contain_text("no longer kept")
    with enter(alpha.ref()):
        assert not SavedFilter.objects.exists()
    page.locator("[data-row]").first.locator("a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/interactions/"))


def odd(page: Page, alpha: Any) -> None:
    """Handling times that don't fit say what is different, and the farthest is queued by one key."""
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page).to_have_url(re.compile("/queue/$"))
    page.get_by_role("link", name="Handling times").click()
    expect(page.locator("main")).to_contain_text("What is different about them")
    expect(page.locator("main")).to_contain_text("Share on hold")
    shoot(page, "odd")
    faster_than_the_scripts(page)
    for key in (*to_a_free_row(page), "q"):
        page.keyboard.press(key)
    expect(page.locator("#toasts")).to_contain_text("1 queued")
    with enter(alpha.ref()):
        assert ReviewTask.objects.filter(why="Handling time unusually long").count() == 2


def to_a_free_row(page: Page) -> list[str]:
    """The keys from the first row to one that is not in the queue: the week's random draw may have taken some."""
    boxes = page.locator("[data-row] input[type=checkbox]")
    return ["ArrowDown"] * next(place for place in range(boxes.count()) if boxes.nth(place).is_enabled())


def faster_than_the_scripts(page: Page) -> None:
    """Q, and U on the page that follows, are pressed on what is there to see while scripts are still on the way."""
    held: list[Route] = []
    toasts = page.locator("#toasts")

    def script() -> Route:
        for _ in range(600):
            if held:
                return held.pop()
            page.wait_for_timeout(50)
        raise AssertionError("the page never asked for its toasts")

    def early(*keys: str) -> None:
        late = script()
        # Seen, and not only there: the browser drops keys that come before it has painted anything.
        until_true(page, "performance.getEntriesByName('first-contentful-paint').length > 0")
        for key in keys:
            page.keyboard.press(key)
        late.continue_()

    page.route("**/toast*.js", lambda route: held.append(route))
    page.reload(wait_until="commit")
    expect(page.locator("main")).to_contain_text("Share on hold")
    early(*to_a_free_row(page), "q")
    expect(toasts).to_contain_text("1 queued")
    early("u")
    script().continue_()
    expect(toasts).to_contain_text("1 taken out again.")
    expect(page.locator("main")).to_contain_text("Share on hold")
    page.wait_for_load_state()
    page.unroute("**/toast*.js")


def take_over(page: Page, analyst: Page, installation: Installation, alpha: Any) -> None:
    """The queue is home: Enter opens the next review. A lead takes it over, and the first window can save no more."""
    analyst.goto(installation.url("alpha", "/queue/"))
    analyst.keyboard.press("Enter")
    analyst.wait_for_url(re.compile("/queue/[0-9a-f-]{36}/$"))
    analyst.wait_for_load_state("networkidle")
    analyst.keyboard.press("1")
    expect(analyst.locator("[data-saved-text]")).to_have_text("Saved")
    page.goto(installation.url("alpha", "/queue/"))
    expect(page.locator("main")).to_contain_text("Anna Nowak")
    expect(page.locator("main")).to_contain_text("min left")
    shoot(page, "queue-now")
    page.get_by_role("link", name="Take over").click()
    expect(page.locator("#panel-body")).to_contain_text("has this review in hand")
    shoot(page, "take-over")
    page.get_by_label("Why you take it over").fill("Anna is on sick leave")
    page.get_by_role("button", name="Take it over").click()
    page.wait_for_url(re.compile("/queue/[0-9a-f-]{36}/$"))
    analyst.keyboard.press("1")
    expect(analyst.locator("[data-lost]")).to_contain_text("Grace Villamor has this review in hand")
    shoot(analyst, "review-lost")
    with enter(alpha.ref()):
        drafts = Evaluation.objects.values_list("evaluator__display_name", "answers")
        assert {name: len(answers) for name, answers in drafts} == {"Anna Nowak": 1, "Grace Villamor": 0}
    taken = page.url
    analyst.goto(taken)
    expect(analyst.locator("main")).to_contain_text("has this review in hand")
    wait_for(lambda: told(alpha), seconds=20, what=lambda: "no notice")


def told(alpha: Any) -> bool:
    from bpo.notices.models import Notice

    with enter(alpha.ref()):
        return Notice.objects.filter(kind="review_taken").exists()


def changed(page: Page, installation: Installation, alpha: Any) -> None:
    """Somebody changed the plan meanwhile: both versions side by side, and mine is kept when I say so."""
    with enter(alpha.ref()):
        one = SamplingPlan.objects.get()
    page.goto(installation.url("alpha", f"/queue/plans/{one.pk}/"))
    with enter(alpha.ref()):
        from qa.services import change_plan

        change_plan(
            plan_id=one.pk, version=one.version, quota=4, due_days=5, replaces=True, by=system("tests"), now=NOW
        )
    page.get_by_label("Interactions of each agent").fill("3")
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Somebody was faster")
    shoot(page, "plan-stale")
    page.get_by_role("button", name="Save mine").click()
    expect(page.locator("#toasts")).to_contain_text("From the next draw on.")
    with enter(alpha.ref()):
        assert SamplingPlan.objects.get().quota == 3
