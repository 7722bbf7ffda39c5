"""Whole pages of the kit, rendered without a database."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.template.loader import render_to_string
from django.test import RequestFactory

from bpo.ui import context
from bpo.ui.context import FrameClient, FrameFacts, StepIn, SwitchTo
from bpo.ui.pseudo import pseudo_locale, untranslated
from bpo.ui.samples import everything
from bpo.ui.toasts import toast
from bpo.ui.views import gallery

NORVIK = FrameClient("Norvik Telecom", "norvik", "client-c1", "Europe/London")


@pytest.fixture
def facts():
    """Give the frame these facts for one test."""
    given = FrameFacts()
    before = context.provide(lambda request: given)

    def give(**values):
        nonlocal given
        given = FrameFacts(**values)

    yield give
    context.provide(before)


def request(path="/", *, client=True):
    made = RequestFactory().get(path)
    made.client = (
        SimpleNamespace(name="Norvik Telecom", key="norvik", colour=1, zone="Europe/London") if client else None
    )
    made._messages = CookieStorage(made)
    return made


def test_the_gallery_shows_everything_and_nothing_inline(facts):
    facts(role="team_lead", user_name="Grace Villamor", client=NORVIK)
    html = gallery(request()).content.decode()
    assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
    assert "<script>" not in html
    assert html.count("<h1") == 1
    assert "n = 3, needs 5" in html


def test_the_frame_without_any_facts_is_empty_and_whole(facts):
    html = render_to_string("frame.html", {"page_title": "Week of 23 Nov"}, request(client=False))
    assert "<title>Week of 23 Nov</title>" in html
    assert '<a class="skip" href="#main">' in html
    assert 'aria-live="polite"' in html
    assert "is-operator" in html


def test_the_frame_of_a_client_carries_its_colour_and_the_way_to_others(facts):
    facts(
        client=NORVIK, user_name="Grace", switcher=(SwitchTo("Halden Energy", "/h/", "client-c2"),), find_url="/find/"
    )
    html = render_to_string("frame.html", {"page_title": "Queue"}, request())
    assert "<title>Queue · Norvik Telecom</title>" in html
    assert '<body hx-headers=\'{"X-CSRFToken": ' in html
    assert 'class="client-c1"' in html
    assert 'data-find-url="/find/"' in html
    assert "Halden Energy" in html


def test_an_operator_inside_a_client_sees_reason_minutes_and_the_way_out(facts):
    facts(client=NORVIK, step_in=StepIn("Audio complaint, case 2291", 24, "/leave/"))
    html = render_to_string("frame.html", {}, request())
    assert "Audio complaint, case 2291" in html
    assert "24 min left" in html
    assert '<form method="post" action="/leave/">' in html


def test_a_toast_is_in_the_page_with_its_undo_without_script(facts):
    made = request()
    toast(made, "Review submitted", undo="/undo/7/")
    html = render_to_string("frame.html", {"messages": made._messages}, made)
    assert "Review submitted" in html
    assert '<form method="post" action="/undo/7/">' in html


@pytest.mark.parametrize("page", ["404.html", "403.html", "400.html", "csrf_failure.html", "500.html", "503.html"])
def test_every_state_says_what_to_do(page, facts):
    html = render_to_string(page, {"roles": ["Team lead"]}, request())
    assert html.count("<h1") == 1
    assert "button primary" in html


def test_the_page_of_a_broken_server_needs_no_request():
    assert "not saved" in render_to_string("500.html")


def test_missing_and_foreign_look_the_same(facts):
    facts(client=NORVIK)
    pages = [render_to_string("404.html", {"exception": why}, request("/x/")) for why in ("missing", "foreign")]
    assert len({re.sub(r'"X-CSRFToken": "\w+"', "", page) for page in pages}) == 1


@pytest.mark.parametrize(
    "page", ["frame.html", "404.html", "403.html", "csrf_failure.html", "500.html", "503.html", "ui/gallery.html"]
)
def test_every_word_of_the_kit_is_translated(page, facts):
    facts(
        role="team_lead",
        user_name="Grace Villamor",
        client=NORVIK,
        switcher=(SwitchTo("Halden", "/h/"),),
        sign_out_url="/out/",
    )
    with pseudo_locale():
        html = render_to_string(page, everything(), request())
    assert untranslated(re.sub(r"<title>.*?</title>", "", html)) == []
