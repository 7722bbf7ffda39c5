"""The tags as a template uses them."""

import re
from datetime import UTC, datetime

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory

from bpo.ui import icons
from bpo.ui.charts import Axis, BarRow, Point, Step
from bpo.ui.numbers import NARROW, Measure
from bpo.ui.toasts import toast_now, undo_of


def drawn(source, **context):
    return Template(source).render(Context(context))


def test_an_icon_is_decoration_unless_it_is_given_words():
    assert 'aria-hidden="true"' in drawn('{% icon "inbox" %}')
    assert 'role="img" aria-label="Needs you &lt;now&gt;"' in drawn(
        '{% icon "warning" words %}', words="Needs you <now>"
    )


def test_an_icon_that_is_not_drawn_is_named():
    with pytest.raises(ValueError, match="No icon 'unicorn'"):
        drawn('{% icon "unicorn" %}')
    assert {"inbox", "calendar", "undo", "gear", "external", "phone", "mail"} <= set(icons.NAMES)


def test_numbers_in_templates():
    assert drawn("{% number 18642 %} {{ 0.5|percent:0 }} {% percent 0.836 1 %} {% duration 521 %} {% span 5580 %}") == (
        f"18,642 50{NARROW}% 83.6{NARROW}% 8:41 1 h 33 min"
    )


def test_a_ratio_shows_value_basis_and_code_and_too_few_shows_a_dash():
    full = drawn('{% ratio 505 604 0.804 0.863 code="CS-1" %}')
    assert f"83.6{NARROW}%" in full
    assert f"505 of 604, 95{NARROW}% 80.4–86.3" in full
    assert "CS-1" in full
    few = drawn("{% ratio 2 3 %}{% ratio 0 0 %}")
    assert "n = 3, needs 5" in few
    assert "n = 0, needs 5" in few
    assert "%" not in few.replace("%}", "")


def test_a_measure_hides_its_change_when_there_are_too_few():
    assert "No clear change" not in drawn("{% measure m %}", m=Measure(0.5, 1, 2, change="No clear change"))
    assert "No clear change" in drawn("{% measure m %}", m=Measure(0.5, 10, 20, change="No clear change"))


def test_a_figure_opens_its_definition_in_the_panel():
    html = drawn("{% stat 'CSAT' m panel='/definitions/CS-1/' %}", m=Measure(0.5, 10, 20))
    assert '<a class="figure figure-link" href="/definitions/CS-1/" data-panel>' in html


def test_when_carries_the_instant_for_machines():
    at = datetime(2026, 11, 19, 17, 14, tzinfo=UTC)
    html = drawn("{% when at zone='Asia/Manila' now=at %}{% when nothing %}", at=at, nothing=None)
    assert html == '<time datetime="2026-11-19T17:14:00+00:00">Today, 01:14 Manila</time>–'


def test_charts_have_no_style_and_speak_or_stay_silent():
    steps = [Step("Sent", 10, (("bounced", 4),)), Step("Delivered", 6)]
    html = drawn(
        "{% bar 0.5 label='half' lost=0.2 %}{% bars rows label='Scores' %}{% funnel steps label='Funnel' %}{% whisker 80 70 90 axis differs=True %}"
        "{% whisker_axis axis %}{% spark points label='It fell' target=2 %}{% trend points title='It fell' target=2 target_label='goal' unit='%' %}{% progress 3 6 label='Half' %}",
        rows=[BarRow("5", 3, 0.3)],
        steps=steps,
        axis=Axis(50, 100, (60, 80), reference=70, reference_label="all"),
        points=[Point("w1", 3.0, 2.0, 4.0), Point("w2", 1.0, 0.0, 2.0)],
    )
    assert "style=" not in html
    for svg in re.findall(r"<svg [^>]*>", html):
        assert "aria-label" in svg or "aria-hidden" in svg or 'preserveAspectRatio="none"' in svg
    assert 'aria-label="It fell"' in html
    assert "−4" in html
    assert "Show as table" in html
    assert 'aria-valuenow="3"' in html


class Form(forms.Form):
    name = forms.CharField(help_text="As people say it.")
    note = forms.CharField(required=False)
    kind = forms.ChoiceField(choices=[("a", "Week"), ("b", "Day")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(required=False, label="Send it too")
    key = forms.CharField(widget=forms.HiddenInput)


def test_a_field_names_itself_its_help_and_its_error():
    form = Form({"kind": "a", "key": "k"})
    html = drawn("{% field form.name %}", form=form)
    assert '<label for="id_name">Name</label>' in html
    assert (
        'aria-describedby="id_name_helptext id_name_error"' in html
        or 'aria-describedby="id_name_error id_name_helptext"' in html
    )
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert "<svg" in html


def test_fields_by_kind():
    html = drawn("{% form_fields form %}", form=Form())
    assert '<label for="id_note">Note <span class="optional">(optional)</span></label>' in html
    assert "<legend>Kind</legend>" in html
    assert '<label class="check" for="id_agreed">' in html
    assert '<input type="hidden" name="key"' in html
    assert 'class="segments wide"' in drawn("{% field form.kind layout='segments' %}", form=Form())
    assert '<span class="unit">min</span>' in drawn("{% field form.note unit='min' %}", form=Form())


def test_pagination_counts_and_keeps_the_query():
    request = RequestFactory().get("/calls/", {"queue": "Billing EN", "page": "2"})
    html = drawn("{% pagination page noun='calls' %}", page=Paginator(range(10_000), 50).page(2), request=request)
    assert "51–100 of 10,000 calls" in html
    assert 'href="?queue=Billing+EN&amp;page=1"' in html
    assert 'href="?queue=Billing+EN&amp;page=3"' in html


def test_one_page_has_no_buttons_and_none_says_so():
    request = RequestFactory().get("/")
    assert "button" not in drawn("{% pagination page %}", page=Paginator(range(3), 50).page(1), request=request)
    assert "No rows" in drawn("{% pagination page %}", page=Paginator([], 50).page(1), request=request)


def test_a_tag_of_a_state_carries_its_sign_and_its_text_is_escaped():
    html = drawn("{% tag text 'bad' %}", text="<Missed>")
    assert "<svg" in html
    assert "&lt;Missed&gt;" in html
    assert "<svg" not in drawn("{% tag 'n = 3' %}")


def test_an_empty_state_has_one_primary_button():
    html = drawn(
        "{% empty_state 'No shifts' 'What it is for' action_url='/copy/' action_label='Copy week 48' second_url='/plan/' second_label='Plan' %}"
    )
    assert html.count("button primary") == 1
    assert "button" not in drawn("{% empty_state 'No shifts' %}")


def test_a_toast_carries_its_undo_and_an_htmx_answer_keeps_other_events():
    assert undo_of(Message(constants.SUCCESS, "Done", extra_tags="undo=/undo/7/")) == "/undo/7/"
    assert undo_of(Message(constants.SUCCESS, "Done")) == ""
    response = HttpResponse(headers={"HX-Trigger": '{"saved": 1}'})
    assert (
        toast_now(response, "Saved").headers["HX-Trigger"]
        == '{"saved": 1, "toast": {"text": "Saved", "level": "success", "undo": ""}}'
    )
    with pytest.raises(ValueError, match="No toast level"):
        toast_now(response, "Saved", level="fatal")
