"""The review screen by keys: how few of them a review takes, what each does, whose they are, and what a reader hears."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from bpo.tenancy.context import enter
from qa.models import Evaluation, EvaluationRevision, EvidenceDraft, NoteDraft, Snippet
from tests.e2e.pictures import shoot, violations
from tests.e2e.qa.desk import Desk, at_work, desk, hear, saved

# Counted as the page sees them: a key held with another is one event, what is typed into a text is none.
COUNT = """() => {
    window.events = { keys: 0, pointer: 0 };
    const typed = (event) => event.target.matches("textarea") && event.key.length === 1 && !event.ctrlKey;
    addEventListener("keydown", (event) => {
        if (["Shift", "Control", "Alt", "Meta"].includes(event.key) || typed(event)) return;
        window.events.keys += 1;
    }, true);
    for (const kind of ["pointerdown", "mousedown", "click"]) {
        addEventListener(kind, (event) => { if (event.isTrusted && event.detail) window.events.pointer += 1; }, true);
    }
}"""


@pytest.mark.browser
def test_the_desk(alpha: Any, tmp_path: Path) -> None:
    with desk(alpha, tmp_path, 6) as here:
        context = here.profile()
        page = here.first(context)
        fifteen_keys(here, page)
        evidence_and_markers(here, page)
        sentences(here, page)
        in_bulk(here, page)
        keys_of_ones_own(here, page)
        read_by_names_alone(here, page)
        page = typed_and_lost(here, page)
        two_windows(here, page)
        signing_out(here, page)
        assert here.problems == []


def fifteen_keys(here: Desk, page: Page) -> None:
    """T1: twelve answers, a note, submit, next: fifteen key events, nothing by pointer."""
    hear(page)
    first = page.url
    page.evaluate(COUNT)
    for key in "21211":
        page.keyboard.press(key)
    page.keyboard.press("c")
    page.keyboard.type("Say the amount aloud.")
    page.keyboard.press("Control+Enter")
    for key in "1121111":
        page.keyboard.press(key)
    page.keyboard.press("Shift+Enter")
    page.wait_for_url(lambda url: url != first)
    expect(page.locator("[data-count]")).to_have_text("0 of 12 answered")
    expect(page.locator(".question.is-active .answer").first).to_be_focused()
    counted = page.evaluate("window.events")
    assert counted["keys"] <= 15, counted
    assert counted["pointer"] == 0, counted
    with enter(here.alpha.ref()):
        assert EvaluationRevision.objects.get().outcome == "PASS"


def evidence_and_markers(here: Desk, page: Page) -> None:
    page.locator(".line").nth(3).click()
    page.keyboard.press("e")
    piece = page.locator(".question.is-active .evidence-piece")
    expect(piece).to_contain_text("The October one.")
    expect(page.locator(".line").nth(3).locator(".tag-mark")).to_have_text("evidence 1")
    expect(page.locator("[data-spans] rect")).to_have_count(1)
    page.keyboard.press("m")
    expect(page.locator("[data-own-markers] .marker")).to_have_count(1)
    page.keyboard.press("l")
    page.keyboard.press("m")
    page.keyboard.press(",")
    expect(page.locator("[data-clock]")).to_have_text("0:14")
    page.keyboard.press(".")
    expect(page.locator("[data-clock]")).to_have_text("0:19")
    saved(page)
    shoot(page, "review-evidence")
    with enter(here.alpha.ref()):
        one = Evaluation.objects.get(state="draft")
        assert one.markers == [14_000, 19_000]
        found = EvidenceDraft.objects.get()
        assert (found.start_ms, found.end_ms, found.question) == (14_000, 20_000, "q1")
        assert found.quote.startswith("The October one.")
    page.reload()
    at_work(page)
    expect(page.locator(".question.is-active .evidence-piece")).to_have_count(1)
    page.locator(".transcript").focus()
    for key in ("ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("e")
    expect(page.locator(".line").nth(1).locator(".tag-mark")).to_have_count(1)
    page.keyboard.press("e")
    expect(page.locator(".line").nth(1).locator(".tag-mark")).to_have_count(0)
    saved(page)


def sentences(here: Desk, page: Page) -> None:
    page.locator(".question.is-active .answer").first.focus()
    page.keyboard.press("c")
    page.keyboard.press("Alt+2")
    expect(page.locator('[data-snippet="2"]')).to_be_focused()
    page.keyboard.type("Well kept calm.")
    with page.expect_response(re.compile("/snippets/2/$")):
        page.locator("[data-editor-text]").focus()
    page.keyboard.press("Alt+2")
    expect(page.locator("[data-editor-text]")).to_have_value("Well kept calm.")
    page.keyboard.press("Alt+e")
    page.keyboard.press("Control+Enter")
    saved(page)
    with enter(here.alpha.ref()):
        assert Snippet.objects.get().text == "Well kept calm."
        note = NoteDraft.objects.get(text="Well kept calm.")
        assert EvidenceDraft.objects.get(question="").note_id == note.pk


def in_bulk(here: Desk, page: Page) -> None:
    """The first section has a critical question: it stays open; undone, all goes back at once."""
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+P")
    expect(page.locator("[data-count]")).to_have_text("1 of 12 answered")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+P")
    expect(page.locator("[data-count]")).to_have_text("5 of 12 answered")
    page.keyboard.press("u")
    expect(page.locator("[data-count]")).to_have_text("1 of 12 answered")
    saved(page)
    with enter(here.alpha.ref()):
        one = Evaluation.objects.get(state="draft")
        assert (one.answers, one.sources) == ({"q1": "fully"}, {"q1": "bulk"})


def keys_of_ones_own(here: Desk, page: Page) -> None:
    page.keyboard.press("?")
    page.locator('[data-change-key="c"]').click()
    page.keyboard.press("j")
    expect(page.locator("[data-key-status]")).to_have_text("J is “Back 5 s” here. Press another.")
    with page.expect_response(re.compile("/keys/$")):
        page.keyboard.press("x")
    shoot(page, "keymap")
    page.keyboard.press("Escape")
    expect(page.locator("[data-note] kbd")).to_have_text("X")
    page.keyboard.press("c")
    expect(page.locator("[data-editor-text]")).to_have_count(0)
    assert User.objects.get(name="Grace Villamor").keys == {"off": False, "map": {"c": "x"}}
    other = here.first(here.profile())
    expect(other.locator("[data-note] kbd")).to_have_text("X")
    other.keyboard.press("x")
    expect(other.locator("[data-editor-text]")).to_be_focused()
    other.keyboard.press("Escape")
    other.keyboard.press("?")
    with other.expect_response(re.compile("/keys/$")):
        other.get_by_label("Single keys").uncheck()
    other.keyboard.press("Escape")
    other.keyboard.press("1")
    expect(other.locator("[data-count]")).to_have_text("1 of 12 answered")
    other.keyboard.press("?")
    with other.expect_response(re.compile("/keys/$")):
        other.get_by_role("button", name="Back to the given keys").click()
    other.context.close()
    page.reload()
    at_work(page)
    expect(page.locator("[data-note] kbd")).to_have_text("C")
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_url(re.compile("/queue/$"))
    page.keyboard.press("o")
    at_work(page)


def read_by_names_alone(here: Desk, page: Page) -> None:
    """By roles and names, in the order of the form; nothing serious for axe; the score in one polite place."""
    form = page.get_by_role("region", name="Scorecard")
    tree = form.aria_snapshot()
    order = [int(number) for number in re.findall(r"^  - '?(?:button|group) \"(\d+) ", tree, re.MULTILINE)]
    assert order == sorted(order), tree
    assert len(order) == 12, tree
    group = form.get_by_role("group", name=re.compile("^2 Did the agent"))
    expect(group.get_by_role("button", name=re.compile("Done"), pressed=False)).to_be_focused()
    live = page.locator('[aria-live="polite"]').filter(has=page.locator("[data-score]"))
    expect(live).to_have_count(1)
    page.evaluate(
        """() => {
            window.spoken = [];
            new MutationObserver((all) => window.spoken.push(all.length))
                .observe(document.querySelector(".standing"), { subtree: true, childList: true, characterData: true });
        }"""
    )
    group.get_by_role("button", name=re.compile("Done")).press("Enter")
    saved(page)
    assert len(page.evaluate("window.spoken")) <= 1, "one announcement an answer"
    third = form.get_by_role("group", name=re.compile("^3 Did the agent"))
    expect(third.get_by_role("button", name=re.compile("Fully"))).to_be_focused()
    page.keyboard.press("Tab")
    expect(third.get_by_role("button", name=re.compile("Partly"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(form.get_by_role("button", name=re.compile(r"^3 .*Partly"))).to_be_visible()
    found = violations(page)
    bad = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in ("serious", "critical")]
    assert bad == []


def typed_and_lost(here: Desk, page: Page) -> Page:
    """A note that was never saved is there again, in its editor, when the tab was lost."""
    page.keyboard.press("c")
    page.keyboard.type("Half a sent")
    context, url = page.context, page.url
    page.close()
    again = here.page(context, urlsplit(url).path)
    expect(again.locator("[data-editor-text]")).to_have_value("Half a sent")
    again.keyboard.type("ence.")
    again.keyboard.press("Control+Enter")
    saved(again)
    with enter(here.alpha.ref()):
        assert NoteDraft.objects.filter(text="Half a sentence.").exists()
    assert again.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('bpo.review.'))") == []
    return again


def two_windows(here: Desk, page: Page) -> None:
    """Both change one note: only that is asked, and mine is kept by key."""
    other = here.page(page.context, urlsplit(page.url).path)
    for window, text in ((other, "There"), (page, "Here")):
        window.bring_to_front()
        edit_in(window)
        window.locator("[data-editor-text]").fill(text)
        window.keyboard.press("Control+Enter")
        if window is other:
            saved(other)
    expect(page.locator("[data-conflict]")).to_contain_text("there “There”, here “Here”")
    shoot(page, "review-conflict")
    page.keyboard.press("y")
    saved(page)
    with enter(here.alpha.ref()):
        assert NoteDraft.objects.filter(text="Here").exists()
        assert not NoteDraft.objects.filter(text="There").exists()
    other.close()


def edit_in(window: Page) -> None:
    note = window.locator("[data-note-id]", has_text="Half a sentence.")
    if not note.is_visible():
        window.locator(".question", has=note).locator("[data-open-question]").click()
    note.get_by_role("button", name="edit").click()


def signing_out(here: Desk, page: Page) -> None:
    """What is left unsaved is said once; then nothing of it stays, on this tab or another."""
    other = here.page(page.context, urlsplit(page.url).path)
    page.bring_to_front()
    page.context.set_offline(True)
    page.locator(".question.is-active .answer").first.focus()
    page.keyboard.press("1")
    expect(page.locator("[data-saved-text]")).to_contain_text("waiting to be sent")
    assert kept(page) == 1
    sign_out(page)
    expect(page.locator("#toasts")).to_contain_text("Not saved yet: 1 of your answers or notes.")
    page.evaluate("localStorage.setItem('bpo.review.somebody.else.change.1', '{}')")
    page.context.set_offline(False)
    saved(page)
    assert kept(page) == 1, "what somebody else left is neither sent nor shown"
    sign_out(page)
    expect(page.get_by_label("E-mail")).to_be_visible()
    assert kept(page) == 0
    expect(other.get_by_label("E-mail")).to_be_visible()
    other.close()


def sign_out(page: Page) -> None:
    page.evaluate("document.querySelector('[data-sign-out]').requestSubmit()")


def kept(page: Page) -> int:
    return int(page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('bpo.review.')).length"))
