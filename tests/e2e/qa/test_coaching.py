"""A lead adds a note to a released evaluation; the agent hears the moment and answers; the client reads what is theirs."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from accounts.services.terms import set_terms
from bpo.actors import By, system
from bpo.notices.models import Notice
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Actor, Interaction
from qa.models import NoteReply, ReviewTask
from qa.services import claim, give_note, release, save_answer, submit
from qa.services.scoring import begin
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.e2e.qa.ground import NOW, calls
from tests.e2e.qa.test_review import signed_in
from tests.e2e.waiting import until_true
from tests.processes import wait_for

PASSWORD = "a long enough one"
PEOPLE = {
    "lead@bpo.example": ("Grace Villamor", "team_lead"),
    "agent@bpo.example": ("Maricel Santos", "agent"),
    "client@alpha.example": ("Ruth Whitcombe", "client_user"),
}
SECRET = "Between me and my notebook"


@pytest.mark.browser
def test_a_note_is_given_heard_answered_and_shared(alpha: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        for email, (name, role) in PEOPLE.items():
            open_account(
                email=email, name=name, password=PASSWORD, role=role, client=alpha,
                client_realm=role == "client_user", by=system("tests"), now=NOW,
            )  # fmt: skip
    terms = {"sees_evaluations": True}
    set_terms(client=alpha, agreed=terms, reason="They asked", by=system("tests"), now=timezone.now())
    with installed(tmp_path) as installation, sync_playwright() as playwright:
        with override_settings(MEDIA_ROOT=tmp_path / "files"), enter(alpha.ref()):
            calls(Actor.objects.get(display_name="Maricel Santos"), 1)
            scored()
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, "--autoplay-policy=no-user-gesture-required"]
        )
        problems: list[str] = []
        try:
            lead = signed_in(browser, installation, "lead@bpo.example", problems)
            note = give(lead, installation, alpha)
            agent = signed_in(browser, installation, "agent@bpo.example", problems, width=390)
            hear_and_answer(agent, installation, alpha)
            answer_and_share(lead, installation, alpha, note)
            on_an_interaction(lead, agent, installation, alpha)
            reads_as_the_client(browser, installation, problems)
            assert problems == []
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def scored() -> None:
    """One released evaluation by the lead, with a private note beside it."""
    lead = Actor.objects.get(display_name="Grace Villamor")
    by = By("person", lead.display_name, actor_id=lead.pk)
    one = begin(task=claim(task_id=ReviewTask.objects.get().pk, by=by, now=NOW), by=by, now=NOW)
    answers = {f"q{number}": "fully" for number in range(1, 13)} | {"q2": "done", "q7": "done", "q5": "partly"}
    for seq, (question, answer) in enumerate(answers.items(), start=1):
        save_answer(evaluation_id=one.pk, question=question, answer=answer, seq=seq, by=by, now=NOW)
    revision = submit(evaluation_id=one.pk, seq=12, by=by, now=NOW)
    release(revision_id=revision.pk, by=system("tests"), now=NOW)
    about = {"interaction_id": revision.interaction_id, "revision_id": revision.pk, "by": by, "now": NOW}
    give_note(note_id=uuid4(), text=SECRET, visibility="private", **about)  # type: ignore[arg-type]


def give(page: Page, installation: Installation, alpha: Any) -> str:
    page.goto(installation.url("alpha", "/evaluations/"))
    page.get_by_role("link", name="Maricel Santos").click()
    expect(page.locator("main")).to_contain_text(SECRET)  # her own
    page.get_by_role("link", name="Add a note").click()
    shoot(page, "give-note")
    page.get_by_label("What you want to say").fill("Say the amount aloud before you reverse it.")
    page.get_by_label("Moment").fill("0:34")
    page.get_by_label("Question").select_option("q5")
    page.get_by_role("button", name="Give the note").click()
    expect(page.locator("#toasts")).to_contain_text("Noted for the agent.")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Taken back")
    page.get_by_role("link", name="Add a note").click()
    page.get_by_label("What you want to say").fill("Say the amount aloud before you reverse it.")
    page.get_by_label("Moment").fill("0:34")
    page.get_by_label("Question").select_option("q5")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Give the note").click()
    expect(page.locator("main")).to_contain_text("Note at 0:34")
    link = page.locator(".note-given", has_text="Say the amount").get_by_role("link", name="Open").get_attribute("href")
    assert link

    def told() -> bool:
        with enter(alpha.ref()):
            return Notice.objects.filter(kind="note_given").exists()

    log = installation.running
    wait_for(told, seconds=60, what=lambda: log.log("worker") + log.log("relay"))
    return link


def hear_and_answer(page: Page, installation: Installation, alpha: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(installation.url("alpha", "/reviews/"))
    shoot(page, "my-reviews-coached")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name=re.compile("Billing EN")).first.click()
    expect(page.locator("main")).to_contain_text("Say the amount aloud")
    expect(page.locator("main")).to_contain_text("n = 1")
    assert SECRET not in page.content()
    page.get_by_role("button", name="Hear it").click()
    until_true(page, "document.querySelector('[data-sound]').currentTime >= 31")
    page.get_by_text("Answer", exact=True).click()
    page.get_by_label("Your answer").fill("I did at 0:36, a little late.")
    shoot(page, "my-review-answer")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator(".thread")).to_contain_text("a little late")
    page.keyboard.press("a")
    expect(page.locator("main")).to_contain_text("You have seen it")
    with enter(alpha.ref()):
        assert Notice.objects.get(kind="note_answered").text == "Maricel Santos answered your note."


def answer_and_share(page: Page, installation: Installation, alpha: Any, note: str) -> None:
    page.goto(installation.url("alpha", note))
    expect(page.locator(".thread")).to_contain_text("a little late")
    page.get_by_label("Your answer").fill("Good. Earlier next time.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator("#toasts")).to_contain_text("Answered.")
    page.get_by_label("Share it with").select_option("client")
    shoot(page, "note")
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Shared: the agent and the client.")
    with enter(alpha.ref()):
        assert NoteReply.objects.count() == 2


def on_an_interaction(page: Page, agent: Page, installation: Installation, alpha: Any) -> None:
    with enter(alpha.ref()):
        unscored = Interaction.objects.exclude(pk__in=ReviewTask.objects.values("interaction_id")).get()
    page.goto(installation.url("alpha", f"/interactions/{unscored.pk}/"))
    page.get_by_role("link", name="Add a coaching note").click()
    page.get_by_label("What you want to say").fill("Warm opening. Keep it.")
    page.get_by_role("button", name="Give the note").click()
    expect(page.locator("main")).to_contain_text("Warm opening")
    page.goto(installation.url("alpha", "/coaching/"))
    expect(page.locator("main")).to_contain_text("2 replies")
    shoot(page, "coaching-notes")

    def there() -> bool:
        agent.goto(installation.url("alpha", "/reviews/"))
        return "Warm opening" in agent.content()

    wait_for(there, seconds=30, what=agent.content)
    agent.get_by_role("link", name=re.compile("Warm opening")).click()
    expect(agent.locator("main")).to_contain_text("Keep it.")
    shoot(agent, "my-note")


def reads_as_the_client(browser: Any, installation: Installation, problems: list[str]) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page: Page = context.new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(installation.url("alpha"))
    page.get_by_label("E-mail").fill("client@alpha.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Quality").click()
    expect(page.locator("main table")).to_contain_text("Billing calls")
    shoot(page, "client-quality")
    page.locator("main table a").first.click()
    expect(page.locator("main")).to_contain_text("Say the amount aloud")
    shoot(page, "client-evaluation")
    for hidden in (SECRET, "Grace", "Maricel", "a little late"):
        assert hidden not in page.content(), hidden
