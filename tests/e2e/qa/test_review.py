"""A lead scores twelve questions by keys alone, leaves a note, submits and lands on the next; the agent acknowledges."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Page, expect, sync_playwright

from bpo.actors import system
from bpo.audit.models import Entry
from bpo.notices.models import Notice
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Actor, Interaction
from qa.models import Acknowledgement, Evaluation, EvaluationRevision, Note, NoteDraft, Release, ReviewTask
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.e2e.qa.ground import NOW, calls
from tests.e2e.waiting import until_true
from tests.processes import wait_for

PASSWORD = "a long enough one"
PEOPLE = {"lead@bpo.example": ("Grace Villamor", "team_lead"), "agent@bpo.example": ("Maricel Santos", "agent")}
# Answers by number key: q2 and q7 have two options, the rest three; q12 is N/A.
KEYS = "21211112111n"


@pytest.mark.browser
def test_a_review_by_keys_and_its_acknowledgement(alpha: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        for email, (name, role) in PEOPLE.items():
            open_account(
                email=email, name=name, password=PASSWORD, role=role, client=alpha, client_realm=False,
                by=system("tests"), now=NOW,
            )  # fmt: skip
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        with override_settings(MEDIA_ROOT=tmp_path / "files"), enter(alpha.ref()):
            calls(Actor.objects.get(display_name="Maricel Santos"), 3)
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, "--autoplay-policy=no-user-gesture-required"]
        )
        problems: list[str] = []
        try:
            page = signed_in(browser, installation, "lead@bpo.example", problems)
            first = queue(page, installation)
            score(page, alpha)
            stays_in_hand(page, alpha, first)
            submit(page, installation, alpha, first)
            dark(page)
            agent = signed_in(browser, installation, "agent@bpo.example", problems, width=390)
            acknowledge(agent, installation, alpha)
            evaluation(page, installation, alpha)
            back_and_by_hand(page, installation, alpha)
            assert problems == []
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def signed_in(browser: Any, installation: Installation, email: str, problems: list[str], width: int = 1440) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page: Page = context.new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(installation.url("ops"))
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(re.compile(r"//alpha\.bpo\.test"))
    expect(page.locator("nav.rail")).to_be_visible()
    return page


def queue(page: Page, installation: Installation) -> str:
    page.goto(installation.url("alpha", "/queue/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("3 reviews wait")
    shoot(page, "queue")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_have_text("Maricel Santos")
    return page.url


def score(page: Page, alpha: Any) -> None:
    """Twelve answers, a note in their middle, each saved as it is given."""
    page.wait_for_load_state("networkidle")
    for key in KEYS[:4]:
        page.keyboard.press(key)
    expect(page.locator(".question.is-active legend")).to_contain_text("verifies the reason")
    page.keyboard.press("Space")
    clock = page.locator("[data-clock]")
    wait_for(lambda: clock.inner_text() not in ("0:00", "0:01"), seconds=20, what=clock.inner_text)
    page.keyboard.press("Space")
    page.keyboard.press("l")
    page.keyboard.press("c")
    page.keyboard.type("Good instinct: you compared before promising. Say the amount aloud next time.")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("e")
    expect(page.locator(".question.is-active .evidence-piece")).to_have_count(1)
    shoot(page, "review")
    for key in KEYS[4:]:
        page.keyboard.press(key)
    expect(page.locator("[data-count]")).to_have_text("12 of 12 answered")
    expect(page.locator("[data-saved-text]")).to_have_text("Saved")
    with enter(alpha.ref()):
        one = Evaluation.objects.get()
        assert (len(one.answers), one.seq, one.answers["q12"]) == (12, 12, None)
        note = NoteDraft.objects.get()
        assert (note.question, note.text[:13]) == ("q5", "Good instinct")
        assert note.at_ms is not None
        assert note.at_ms > 0
        assert Entry.objects.filter(action="recording.played").exists()
    # By hand: opening (1/2 + 1)/2 of 20, discovery (1/2 + 3)/4 of 30, resolution (1 + 1/2 + 1)/3 of 30, closing 20.
    expect(page.locator("[data-score]")).to_have_text("86.25")
    expect(page.locator("[data-words] [data-text]")).to_have_text("Pass")


def stays_in_hand(page: Page, alpha: Any, first: str) -> None:
    """A review that is open somewhere stays its reviewer's: the page gives a sign of life every minute."""
    with enter(alpha.ref()):
        before = ReviewTask.objects.get(state="claimed").lease_until
    window = page.context.new_page()
    window.clock.install()
    window.goto(first)
    window.wait_for_load_state("networkidle")
    with window.expect_response(re.compile("/beat/$")) as answer:
        window.clock.run_for(121_000)
    assert answer.value.status == 200
    window.close()
    with enter(alpha.ref()):
        assert ReviewTask.objects.get(state="claimed").lease_until > before


def submit(page: Page, installation: Installation, alpha: Any, first: str) -> None:
    """Said once that little was heard of a call with critical answers; then taken back by key, and sent again."""
    page.keyboard.press("Shift+Enter")
    expect(page.locator("[data-unheard-box]")).to_contain_text("Shift and Enter again submits it all the same")
    page.keyboard.press("Shift+Enter")
    page.wait_for_url(lambda url: url != first)
    expect(page.locator(".question.is-active legend")).to_contain_text("greeting")
    expect(page.locator("#toasts")).to_contain_text("Review of Maricel Santos submitted, 86.25")
    page.keyboard.press("u")
    page.wait_for_url(first)
    expect(page.locator("[data-count]")).to_have_text("12 of 12 answered")
    expect(page.locator("#toasts")).to_contain_text("Taken back. Nobody has seen it.")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    page.wait_for_url(lambda url: url != first)
    expect(page.locator("#toasts")).to_contain_text("Review of Maricel Santos submitted, 86.25")
    with enter(alpha.ref()):
        taken_back, revision = EvaluationRevision.objects.order_by("seq")
        assert taken_back.answers == revision.answers
        assert (revision.final, revision.outcome) == (Decimal("86.25"), "PASS")
        assert revision.answers["q1"] == "partly"
        assert Note.objects.get(revision=revision).question == "q5"
    log = installation.running
    wait_for(lambda: bool(releases(alpha)), seconds=40, what=lambda: log.log("worker") + log.log("relay"))


def releases(alpha: Any) -> int:
    with enter(alpha.ref()):
        return Release.objects.count()


def dark(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    shoot(page, "review-dark")
    page.emulate_media(color_scheme="light")


def acknowledge(page: Page, installation: Installation, alpha: Any) -> None:
    page.goto(installation.url("alpha", "/reviews/"))
    shoot(page, "my-reviews")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(installation.url("alpha", "/notices/"))
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page).to_have_url(re.compile("/reviews/[0-9a-f-]{36}/$"))
    expect(page.locator("main")).to_contain_text("86.25")
    expect(page.locator("main")).to_contain_text("Say the amount aloud next time.")
    hear_the_evidence(page)
    shoot(page, "my-review")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Seen").click()
    expect(page.locator("main")).to_contain_text("You have seen it")
    with enter(alpha.ref()):
        assert Acknowledgement.objects.get().agent.display_name == "Maricel Santos"
        assert Notice.objects.filter(kind="review_released").count() == 1


def hear_the_evidence(page: Page) -> None:
    """From its start to its end and no further."""
    button = page.locator("[data-hear-from]")
    start, end = (int(button.get_attribute(name) or 0) / 1000 for name in ("data-hear-from", "data-hear-to"))
    button.click()
    sound = "document.querySelector('[data-sound]')"
    until_true(page, f"{sound}.currentTime > {start}")
    page.evaluate(f"{sound}.currentTime = {end - 1}")
    until_true(page, f"{sound}.paused")
    assert end <= page.evaluate(f"{sound}.currentTime") < end + 1.5


def evaluation(page: Page, installation: Installation, alpha: Any) -> None:
    page.goto(installation.url("alpha", "/evaluations/"))
    shoot(page, "evaluations")
    page.locator('a[href="/evaluations/figures/mean/"]').click()
    expect(page.locator("#panel-body")).to_contain_text("The arithmetic mean of the final scores")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Maricel Santos").click()
    expect(page.locator("main")).to_contain_text("86.25")
    shoot(page, "evaluation")
    for path, name in (("/coaching/", "coaching"), ("/scorecards/", "scorecards")):
        page.goto(installation.url("alpha", path))
        shoot(page, name)
    page.get_by_role("link", name="Billing calls").click()
    shoot(page, "scorecard")


def back_and_by_hand(page: Page, installation: Installation, alpha: Any) -> None:
    """A review is taken out of the queue and laid back; a call that nobody picked is queued by hand."""
    with enter(alpha.ref()):
        waiting = ReviewTask.objects.get(state="waiting")
        unpicked = Interaction.objects.exclude(pk__in=ReviewTask.objects.values("interaction_id")).get()
    page.goto(installation.url("alpha", "/queue/"))
    page.locator(f'form[action="/queue/{waiting.pk}/open/"] button').click()
    page.wait_for_url(re.compile(f"/queue/{waiting.pk}/$"))
    page.get_by_text("Can't be scored?").click()
    page.get_by_role("button", name="Skip it").click()
    expect(page.locator("#toasts")).to_contain_text("Back in the queue; your answers are kept.")
    page.goto(installation.url("alpha", f"/interactions/{unpicked.pk}/"))
    page.get_by_role("link", name="Queue for review").click()
    page.locator("[name=why]").fill("The customer praised her")
    page.get_by_role("button", name="Queue it").click()
    expect(page.locator("#toasts")).to_contain_text("In the queue.")
    with enter(alpha.ref()):
        assert ReviewTask.objects.get(pk=waiting.pk).state == "waiting"
        assert ReviewTask.objects.get(interaction_id=unpicked.pk).why == "The customer praised her"
