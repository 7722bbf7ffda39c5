"""A scorecard from nothing to its second version: built by keys, tried, replayed, published by somebody else."""

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Locator, Page, expect, sync_playwright

from bpo.actors import system
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Actor
from qa.domain.content import content_hash
from qa.domain.problems import problems_of
from qa.models import EvaluationRevision, Scorecard, ScorecardDraft, ScorecardVersion
from tests.e2e.installation import CHROMIUM, FLAGS, Installation, installed
from tests.e2e.pictures import shoot
from tests.e2e.qa.ground import NOW, SECTIONS
from tests.e2e.qa.test_review import PASSWORD, signed_in
from tests.integration.qa.build import submitted

# A form sent by somebody whose page doesn't offer it.
SENT = """async ([path, body]) => {
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const headers = { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token };
  const answer = await fetch(path, { method: "POST", headers, body });
  return { status: answer.status, text: await answer.text() };
}"""
PEOPLE = {
    "analyst@bpo.example": ("Ana Lim", "qa_analyst"),
    "lead@bpo.example": ("Grace Villamor", "team_lead"),
    "admin@bpo.example": ("Ines Weber", "operator_admin"),
}


@pytest.mark.browser
def test_a_scorecard_is_built_by_keys_and_published_by_somebody_else(alpha: Any, tmp_path: Path) -> None:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):  # as the web has
        for email, (name, role) in PEOPLE.items():
            open_account(
                email=email, name=name, password=PASSWORD, role=role, client=alpha, client_realm=False,
                by=system("tests"), now=NOW,
            )  # fmt: skip
    with installed(tmp_path, beside=()) as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        problems: list[str] = []
        try:
            analyst = signed_in(browser, installation, "analyst@bpo.example", problems)
            begin(analyst, installation)
            build(analyst, alpha)
            move_remove_and_undo(analyst, alpha)
            attempt(analyst)
            card = ask(analyst, alpha)
            admin = signed_in(browser, installation, "admin@bpo.example", problems)
            refused(admin, installation, alpha, card)
            lead = signed_in(browser, installation, "lead@bpo.example", problems)
            publish(lead, installation, card, 1)
            with enter(alpha.ref()):
                scored(Scorecard.objects.get())
            second_version(analyst, installation, alpha, card)
            somebody_was_faster(analyst, admin, installation, card, problems)
            publish(lead, installation, card, 2)
            side_by_side(lead, installation, card)
            out_and_in(analyst, installation, alpha, tmp_path)
            # Chromium logs the form that came back with the faults of its file.
            assert [one for one in problems if "status of 422" not in one] == []
        finally:
            connections.close_all()  # the browser's event loop has wrappers of its own
        browser.close()


def begin(page: Page, installation: Installation) -> None:
    page.goto(installation.url("alpha", "/scorecards/"))
    shoot(page, "scorecards-empty")
    page.get_by_role("main").get_by_role("link", name="New scorecard").click()
    page.get_by_label("Name").fill("Billing calls")
    shoot(page, "scorecard-new")
    page.get_by_role("button", name="Begin the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Billing calls, draft of version 1")
    shoot(page, "builder-empty")


def saved(page: Page) -> None:
    expect(page.locator("[data-saved-text]")).to_contain_text("Saved")


def dragged(page: Page, what: Locator, where: Locator, said: str) -> None:
    """Drag until it is said to be done: rows that an answer of the server draws anew let go of what is dragged."""
    for attempt in range(5):
        what.hover()
        page.mouse.down()
        box = where.bounding_box()
        assert box is not None
        for part in (0.4, 0.6):  # a browser begins to drag with the first move, and asks where it is over with the next
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + part * box["height"], steps=5)
        with suppress(AssertionError):
            expect(where).to_have_class(re.compile("drop-before"), timeout=3000)
        page.mouse.up()
        try:
            expect(page.locator("[data-said]")).to_have_text(said, timeout=10_000)
        except AssertionError:
            if attempt == 4:
                raise
        else:
            return


def build(page: Page, alpha: Any) -> None:
    """Twelve questions in four sections, without the pointer: S, N, Ctrl+Enter, Esc, W."""
    page.wait_for_load_state("networkidle")
    page.locator(".tree-row.is-open").focus()
    for key, title, weight, texts in SECTIONS:
        page.keyboard.press("s")
        expect(page.locator("#f-title")).to_be_focused()
        page.keyboard.type(title)
        page.keyboard.press("Escape")
        expect(page.locator(".tree-row.is-open")).to_be_focused()
        page.keyboard.press("w")
        page.keyboard.press("Control+a")
        page.keyboard.type(str(weight))
        for text in texts:
            page.keyboard.press("Control+Enter")
            expect(page.locator("#f-text")).to_be_focused()
            expect(page.locator("#f-text")).to_have_value("")
            page.keyboard.type(f"{text.strip('!')}?")
            saved(page)
        page.keyboard.press("Escape")
        expect(page.locator(".tree-row.is-open")).to_be_focused()
        assert key
    saved(page)
    expect(page.locator(".tree-head")).to_contain_text("100 %")
    shoot(page, "builder")
    with enter(alpha.ref()):
        content = ScorecardDraft.objects.get().content
        assert [len(section["questions"]) for section in content["sections"]] == [2, 4, 3, 3]
        assert [section["weight"] for section in content["sections"]] == [20, 30, 30, 20]
        assert problems_of(content) == []


def move_remove_and_undo(page: Page, alpha: Any) -> None:
    rows = page.locator(".tree-list .tree-list .tree-row")
    last = "Closes in the client’s words?"
    expect(rows.nth(11)).to_contain_text(last)
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-said]")).to_have_text("Moved to place 2 of 3 in Closing.")
    expect(page.locator(".tree-row.is-open")).to_be_focused()
    expect(rows.nth(10)).to_contain_text(last)
    page.keyboard.press("x")
    expect(rows).to_have_count(11)
    page.keyboard.press("u")
    expect(rows).to_have_count(12)
    expect(page.locator(".tree-row.is-open")).to_contain_text(last)
    page.keyboard.press("Alt+ArrowDown")
    expect(rows.nth(11)).to_contain_text(last)
    # What can't score is listed with its place and can be opened from there.
    page.keyboard.press("w")
    page.keyboard.press("Control+a")
    page.keyboard.type("much")
    page.keyboard.press("Escape")
    expect(page.locator(".problems")).to_contain_text("Question 12, weight")
    expect(page.locator(".problems")).to_contain_text("Give a number such as 1 or 2.5.")
    shoot(page, "builder-problem")
    page.keyboard.press("u")
    expect(page.locator(".problems")).to_have_count(0)
    # An answer that fails the form, by pointer; a drag into another section.
    rows.nth(1).click()
    expect(page.locator(".editor h2").first).to_have_text("Question 2")
    page.locator("[data-option-row]").nth(1).get_by_label("fails").check()
    expect(page.get_by_label("Form becomes 0")).to_be_checked()
    page.get_by_label("Compliance").check()
    expect(rows.nth(1).locator("svg[aria-label=critical]")).to_be_visible()
    saved(page)  # an answer still on its way draws the rows anew under the hand
    dragged(page, rows.nth(3), rows.nth(2), "Moved to place 1 of 4 in Discovery.")
    saved(page)
    expect(rows.nth(2)).to_contain_text("States the goal")
    with enter(alpha.ref()):
        discovery = ScorecardDraft.objects.get().content["sections"][1]["questions"]
        assert discovery[0]["text"] == "States the goal of the call?"


def attempt(page: Page) -> None:
    """The queue's own form, scored by the server: the fatal answer takes it to 0."""
    page.locator(".tree-list .tree-list .tree-row").first.click()
    expect(page.locator(".editor h2").first).to_have_text("Question 1")
    expect(page.locator(".tree-row.is-open")).to_be_focused()
    page.keyboard.press("p")
    page.keyboard.press("1")
    expect(page.locator("[data-count]")).to_have_text("1 of 12 answered")
    expect(page.locator("[data-score]")).to_have_text("100.0")
    page.keyboard.press("2")
    expect(page.locator("[data-score]")).to_have_text("0.0")
    expect(page.locator("[data-words] [data-text]")).to_have_text("Fail so far")
    expect(page.locator("[data-full]")).to_have_text("0.0")
    shoot(page, "builder-tried")


def ask(page: Page, alpha: Any) -> str:
    page.get_by_role("link", name="Towards publishing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Billing calls, towards version 1")
    expect(page.get_by_role("button", name="Publish version 1")).to_have_count(0)
    page.get_by_role("button", name="Ask for publication").click()
    expect(page.locator("#toasts")).to_contain_text("Asked. Who may publish it is told.")
    shoot(page, "scorecard-asked")
    with enter(alpha.ref()):
        return str(Scorecard.objects.get().pk)


def refused(page: Page, installation: Installation, alpha: Any, card: str) -> None:
    """Somebody who may publish changes a word: now they wrote a part of it, and are refused."""
    page.goto(installation.url("alpha", f"/scorecards/{card}/draft/?at=question:q1"))
    sent = re.compile(rf"/scorecards/{card}/draft/edit/")  # "Saved" stood there before, of what was there
    with page.expect_response(lambda one: one.request.method == "POST" and bool(sent.search(one.url))) as answer:
        page.locator("#f-guidance").fill("Both names, in the first sentence.")
    assert answer.value.ok
    page.goto(installation.url("alpha", f"/scorecards/{card}/draft/changes/"))
    expect(page.get_by_role("main")).to_contain_text("You wrote a part of this draft")
    expect(page.get_by_role("button", name="Publish version 1")).to_have_count(0)
    with enter(alpha.ref()):
        seen = content_hash(ScorecardDraft.objects.get().content)
    told = page.evaluate(SENT, [f"/scorecards/{card}/draft/publish/", f"reason=Mine&seen={seen}"])
    assert told["status"] == 422
    assert "You wrote a part of this draft." in told["text"]
    with enter(alpha.ref()):
        assert not ScorecardVersion.objects.exists()


def publish(page: Page, installation: Installation, card: str, number: int) -> None:
    page.goto(installation.url("alpha", f"/scorecards/{card}/draft/changes/"))
    page.get_by_label("What changed, for whoever scores with it").fill("Greeting asked about in plainer words")
    shoot(page, f"scorecard-publish-{number}")
    page.get_by_role("button", name=f"Publish version {number}").click()
    expect(page.locator("#toasts")).to_contain_text(f"Version {number} is published.")
    expect(page.get_by_role("main")).to_contain_text("Greeting asked about in plainer words")
    shoot(page, f"scorecard-version-{number}")


def scored(card: Scorecard) -> None:
    """Four reviews with version 1, by hand 100, then less and less."""
    questions = [f"q{n}" for n in range(1, 13)]
    for wrong in range(4):
        answers = {key: "no" if place in range(3, 3 + wrong) else "yes" for place, key in enumerate(questions, start=1)}
        submitted(f"past-{wrong}", answers, scorecard=card, agent=f"Agent {wrong}")
    assert EvaluationRevision.objects.count() == 4
    assert Actor.objects.filter(display_name="Agent 0").exists()


def second_version(page: Page, installation: Installation, alpha: Any, card: str) -> None:
    """A heavier question and a higher pass mark: what past reviews would have scored is counted before publishing."""
    page.goto(installation.url("alpha", "/scorecards/"))
    page.get_by_role("link", name="Billing calls").click()
    page.get_by_role("button", name="Draft a new version").click()
    page.wait_for_load_state("networkidle")
    page.locator(".tree-list .tree-list .tree-row").nth(2).click()
    expect(page.locator(".editor h2").first).to_have_text("Question 3")
    page.keyboard.press("w")
    page.keyboard.press("Control+a")
    page.keyboard.type("6")
    page.keyboard.press("Escape")
    expect(page.locator(".tree-row.is-open")).to_contain_text("changed")
    page.get_by_role("button", name="The form: counting, pass mark").click()
    page.locator("#f-pass").fill("90")
    page.keyboard.press("Tab")
    saved(page)
    page.get_by_role("link", name="What would change").click()
    expect(page.locator(".table.diff").first).to_contain_text("pass mark")
    page.locator("#replay").get_by_role("button", name="Count").click()
    expect(page.locator("#replay")).to_contain_text("3 of 4 would have another score or outcome")
    expect(page.locator("#replay tbody tr").first).to_contain_text("Fail")
    shoot(page, "scorecard-replay")
    with enter(alpha.ref()):
        assert ScorecardVersion.objects.count() == 1
    assert card


def somebody_was_faster(page: Page, other: Page, installation: Installation, card: str, problems: list[str]) -> None:
    """Two at one field: 409, and the page asks about that field alone."""
    for one in (page, other):
        one.goto(installation.url("alpha", f"/scorecards/{card}/draft/?at=question:q5"))
        one.wait_for_load_state("networkidle")
    other.locator("#f-short").fill("Reason checked")
    other.keyboard.press("Tab")
    saved(other)
    other.wait_for_load_state("networkidle")
    page.locator("#f-short").fill("Verifies the reason")
    page.keyboard.press("Tab")
    expect(page.locator(".builder-merge")).to_contain_text("Ines Weber")
    expect(page.locator(".builder-merge tbody tr")).to_have_count(1)
    shoot(page, "builder-merge")
    page.get_by_role("button", name="Save the result").click()
    expect(page.locator(".tree-row.is-open")).to_contain_text("Verifies the reason")
    assert "status of 409" in problems.pop()  # which the browser reports itself
    page.goto(installation.url("alpha", f"/scorecards/{card}/draft/changes/"))
    page.locator("#replay").get_by_role("button", name="Count").click()
    expect(page.locator("#replay")).to_contain_text("3 of 4 would have another score or outcome")


def side_by_side(page: Page, installation: Installation, card: str) -> None:
    page.goto(installation.url("alpha", f"/scorecards/{card}/compare/?a=1&b=2"))
    table = page.locator(".table.diff")
    expect(table).to_contain_text("Verifies the reason")
    expect(table.locator("tr.entry")).to_have_count(2)
    shoot(page, "scorecard-compare")
    page.get_by_label("also what is the same").check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".table.diff tr.entry")).to_have_count(12)


def out_and_in(page: Page, installation: Installation, alpha: Any, folder: Path) -> None:
    """The version as a file, a broken one named by its path, and the file as a new scorecard."""
    with enter(alpha.ref()):
        version = ScorecardVersion.objects.get(number=2)
    page.goto(installation.url("alpha", f"/scorecards/{version.pk}/"))
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "billing-calls-version-2.json"
    page.goto(installation.url("alpha", "/scorecards/new/file/"))
    broken = json.loads(file.read_text())
    broken["content"]["sections"][0]["questions"][0]["weight"] = "much"
    page.get_by_label("or its text").fill(json.dumps(broken))
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("main")).to_contain_text("content.sections[0].questions[0].weight")
    shoot(page, "scorecard-file-faults")
    page.goto(installation.url("alpha", "/scorecards/new/file/"))
    page.get_by_label("JSON file").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".table.diff")).to_contain_text("Greeting and brand name?")
    shoot(page, "scorecard-file")
    page.get_by_label("Name").fill("Billing calls, second site")
    page.get_by_role("button", name="Begin the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("second site, draft of version 1"))
    with enter(alpha.ref()):
        assert ScorecardDraft.objects.get(scorecard__name="Billing calls, second site").content == version.content
    shoot(page, "scorecards-full")
