"""The kit in a real browser, under the real content security policy: keys, panel, toasts, themes, widths."""

import json
import re
from types import SimpleNamespace

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from playwright.sync_api import expect

from bpo.ui import context
from bpo.ui.context import FrameClient, FrameFacts
from bpo.ui.rail import RailEntry
from bpo.ui.toasts import toast
from bpo.ui.views import gallery
from tests.e2e.ui.kit import chromium, overflow, serving, shoot

pytestmark = pytest.mark.browser
RAIL = [RailEntry("Queue", "inbox", "a", "/queue/"), RailEntry("Team", "people", "b", "/team/")]
FACTS = FrameFacts(
    user_name="Grace Villamor", client=FrameClient("Norvik Telecom", "norvik", "client-c1", "UTC"), find_url="/find/"
)


def answer(method, path):
    if path.startswith("/find/"):
        people = [{"label": "Maricel Santos", "sub": "Billing EN, Cebu", "url": "/people/1/"}]
        return 200, "application/json", json.dumps([{"group": "People", "items": people}])
    if method == "POST":
        return 200, "text/html", ""
    if path.startswith("/broken/"):
        return 500, "text/html", "broken"
    request = RequestFactory().get(path)
    request.client = SimpleNamespace(name="Norvik Telecom", key="norvik")
    request._messages = CookieStorage(request)
    if path.startswith("/done/"):
        toast(request, "Review submitted, 88.8", undo="/undo/7/")
    return 200, "text/html", gallery(request).content.decode()


@pytest.fixture(scope="module")
def base():
    before = context.provide(lambda request: FACTS)
    original = context.rail_for
    context.rail_for = lambda role, kind: RAIL
    with serving(answer) as address:
        yield address
    context.rail_for = original
    context.provide(before)


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser):
    opened = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    made = opened.new_page()
    made.set_default_timeout(5_000)
    made.complaints = []
    made.on("console", lambda message: made.complaints.append(message.text) if message.type == "error" else None)
    made.on("pageerror", lambda error: made.complaints.append(str(error)))
    yield made
    opened.close()


@pytest.mark.parametrize("width", [1440, 1024, 768, 390, 320])
def test_nothing_is_wider_than_its_window_and_the_policy_refuses_nothing(page, base, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(base)
    assert overflow(page) == 0
    assert page.complaints == []


def test_the_palette_goes_finds_and_gives_focus_back(page, base):
    page.goto(base)
    page.locator(".rail-link[data-open-palette]").focus()
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Go to, find, do")
    expect(field).to_be_focused()
    page.keyboard.type("sant")
    expect(page.get_by_role("option", name="Maricel Santos")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".rail-link[data-open-palette]")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("team")
    page.keyboard.press("Enter")
    page.wait_for_url("**/team/")


def test_the_palette_says_when_there_is_nothing(page, base):
    page.goto(base)
    page.keyboard.press("Control+k")
    page.keyboard.type("x")
    page.keyboard.type("y")
    page.keyboard.press("Backspace")
    page.keyboard.type("@")
    expect(page.get_by_role("option", name="Maricel Santos")).to_be_visible()


def test_single_keys_act_outside_text_fields_only_and_can_be_changed_or_turned_off(page, base):
    page.goto(base)
    page.evaluate("document.querySelector('[data-key=p]').addEventListener('click', () => { document.title += '!' })")
    page.keyboard.press("p")
    expect(page).to_have_title(re.compile("!$"))
    page.get_by_label("Name", exact=True).press("p")
    assert page.title().count("!") == 1

    page.locator("main").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys on this page")).to_be_visible()
    page.locator("[data-change-key=p]").click()
    page.keyboard.press("d")  # taken by the CSV button
    expect(page.locator("[data-key-status]")).to_have_text(re.compile("^D is “.+” here. Press another.$"))
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page).to_have_title(re.compile("!!$"))

    page.keyboard.press("?")
    page.get_by_label("Single keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    assert page.title().count("!") == 2


def test_the_panel_opens_by_key_and_escape_gives_focus_back(page, base):
    page.goto(base)
    opener = page.get_by_role("button", name="Open the panel")
    opener.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary")
    expect(panel.get_by_text("Answers of 4 or 5")).to_be_visible()
    expect(panel.get_by_role("heading", name="CS-1")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_panel_that_fails_says_so_in_its_own_place_and_offers_again(page, base):
    page.goto(base)
    page.evaluate("document.querySelector('[data-key=o]').dataset.panel = '/broken/'")
    page.get_by_role("button", name="Open the panel").click()
    expect(page.get_by_text("This didn't load.")).to_be_visible()
    page.evaluate("document.querySelector('[data-panel-again]')")
    expect(page.locator("#toasts .toast")).to_have_count(0)


def test_a_toast_is_spoken_offers_undo_and_leaves_after_ten_seconds(page, base):
    page.clock.install()
    page.goto(f"{base}/done/")
    page.clock.run_for(100)
    shown = page.get_by_role("status").filter(has_text="Review submitted")
    expect(shown).to_be_visible()
    expect(shown.get_by_role("button", name="Undo")).to_be_visible()
    page.clock.run_for(9_000)
    expect(page.locator("#toasts .toast")).to_have_count(1)
    page.clock.run_for(1_500)
    expect(page.locator("#toasts .toast")).to_have_count(0)


def test_an_error_stays_and_a_later_word_waits_behind_it(page, base):
    page.clock.install()
    page.goto(base)
    say = "(detail) => document.dispatchEvent(new CustomEvent('bpo:toast', { detail }))"
    page.evaluate(say, {"text": "Mailbox full", "level": "error"})
    page.evaluate(say, {"text": "Saved"})
    page.clock.run_for(60_000)
    expect(page.locator("#toasts .toast")).to_have_text(re.compile("Mailbox full"))
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#toasts .toast")).to_have_text(re.compile("Saved"))


def test_the_theme_is_the_systems_until_somebody_chooses(page, base):
    page.goto(base)
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(245, 246, 247)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) == "rgb(14, 17, 21)"
    page.locator(".rail .rail-user summary").click()
    page.locator(".rail").get_by_role("button", name="Light").click()
    assert page.evaluate(ground) == "rgb(245, 246, 247)"
    page.reload()
    assert page.evaluate(ground) == "rgb(245, 246, 247)"


def test_losing_the_line_is_said_and_so_is_its_return(page, base):
    page.goto(base)
    page.context.set_offline(True)
    expect(page.get_by_text("Nothing is lost.")).to_be_visible()
    page.evaluate("document.dispatchEvent(new CustomEvent('bpo:unsent', { detail: { count: 7 } }))")
    expect(page.get_by_text("7 changes wait here")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden()


def test_what_cannot_be_undone_waits_for_the_word(page, base):
    page.goto(base)
    erase = page.locator("[data-confirm] [type=submit]")
    expect(erase).to_be_disabled()
    page.get_by_label("Type 48-2291 to go on").fill("48-2291")
    expect(erase).to_be_enabled()


def test_every_control_is_large_enough_and_has_a_name(page, base):
    page.goto(base)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, input, select, summary')].filter((e) => {
            const box = e.getBoundingClientRect();
            return box.width && !e.closest('.check, .segments, .switch, .choices') && (box.height < 20 || box.width < 20);
        }).map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, a, summary')].filter((e) => e.getClientRects().length
            && !(e.innerText.trim() || e.textContent.trim() || e.getAttribute('aria-label'))).map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert nameless == []


def test_pictures_can_be_taken(browser, base, tmp_path):
    assert [picture.stat().st_size > 10_000 for picture in shoot(browser, base, tmp_path, "gallery")] == [True] * 4
