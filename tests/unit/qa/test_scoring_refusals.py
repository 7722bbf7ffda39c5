"""Scorecards and answers that can't be scored are refused by name."""

from typing import Any

import pytest

from qa.domain.scoring import AnswerError, Form, FormError, score
from tests.unit.qa.forms import form, scale, section, yes_no

RANGES = [{"from": 0, "to": 4, "points": 1}, {"from": 5, "to": 9, "points": 0}]


def card(*questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return form("nested", section("s", *questions), **more)


def number(*ranges: dict[str, Any]) -> dict[str, Any]:
    return {"key": "q", "type": "number", "weight": 1, "ranges": list(ranges)}


def fatal(**more: Any) -> dict[str, Any]:
    options = [{"key": "ok", "points": 1}, {"key": "bad", "points": 0, "autofail": True}]
    return {"key": "q", "type": "choice", "weight": 1, "options": options, **more}


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        ({}, "sections"),
        (form("nested"), "sections"),
        (card(yes_no("a"), pass_mark=101), "pass_mark"),
        (card(yes_no("a"), pass_mark="most"), "pass_mark"),
        (card(yes_no("a"), cap_at_100="yes"), "cap_at_100"),
        (card(yes_no("a"), autofail_effect="halve"), "autofail_effect"),
        (form("weighted", section("s", yes_no("a"))), "mode"),
        (form("flat", section("s")), "sections[0].questions"),
        (form("flat", section("s", yes_no("a")), section("s", yes_no("b"))), "sections[1].key"),
        (form("flat", section("s", yes_no("a"), weight=-1)), "sections[0].weight"),
        (form("flat", {"key": "s", "questions": [yes_no("a")]}), "sections[0].weight"),
        (card(yes_no("a"), yes_no("a")), "sections[0].questions[1].key"),
        (card(yes_no("")), "sections[0].questions[0].key"),
        (card(yes_no("a", -1)), "sections[0].questions[0].weight"),
        (card(yes_no("a", "much")), "sections[0].questions[0].weight"),
        (card(yes_no("a", True)), "sections[0].questions[0].weight"),
        (card(yes_no("a", float("nan"))), "sections[0].questions[0].weight"),
        (card({"key": "a", "weight": 1}), "sections[0].questions[0].type"),
        (card({"key": "a", "type": "slider", "weight": 1}), "sections[0].questions[0].type"),
        (card({"key": "a", "type": "choice", "weight": 1}), "sections[0].questions[0].options"),
        (card(scale("a", 1, 1)), "sections[0].questions[0].options[1].key"),
        (card(scale("a", 5, 0, min=6)), "sections[0].questions[0].min"),
        (card(scale("a", 5, 0, na="zero")), "sections[0].questions[0].na"),
        (card(scale("a", 5, 0, error_class="style")), "sections[0].questions[0].error_class"),
        (card(fatal()), "sections[0].questions[0].options[1].autofail"),
        (card(fatal(autofail_scope="team")), "sections[0].questions[0].autofail_scope"),
        (card(fatal(autofail_scope="form", bonus=True)), "sections[0].questions[0].autofail_scope"),
        (card(yes_no("a", bonus=True, error_class="business")), "sections[0].questions[0].error_class"),
        (card(number(*RANGES, {"from": 9, "to": 12, "points": 0})), "sections[0].questions[0].ranges[2].from"),
        (card(number(*RANGES, {"from": 11, "to": 12, "points": 0})), "sections[0].questions[0].ranges[2].from"),
        (card(number({"from": 3, "to": 2, "points": 0})), "sections[0].questions[0].ranges[0].to"),
        (card(yes_no("a", show_if={"question": "b", "in": ["yes"]}), yes_no("b")),
         "sections[0].questions[0].show_if.question"),
        (card(yes_no("b"), yes_no("a", show_if={"question": "b", "in": ["perhaps"]})),
         "sections[0].questions[1].show_if.in[0]"),
        (card(yes_no("b"), yes_no("a", show_if={"question": "b", "in": []})), "sections[0].questions[1].show_if.in"),
        (card(number(*RANGES), yes_no("a", show_if={"question": "q", "in": ["0"]})),
         "sections[0].questions[1].show_if.question"),
    ],
)  # fmt: skip
def test_a_bad_scorecard_is_refused_with_its_place(bad: dict[str, Any], path: str) -> None:
    with pytest.raises(FormError) as caught:
        Form.from_dict(bad)
    assert caught.value.path == path
    assert path in str(caught.value)


@pytest.mark.parametrize(
    ("answers", "question"),
    [
        ({"a": "yes", "m": [], "q": 1}, "b"),
        ({"a": "yes", "b": "yes", "m": [], "q": 1, "z": "yes"}, "z"),
        ({"a": "maybe", "b": "yes", "m": [], "q": 1}, "a"),
        ({"a": ["yes"], "b": "yes", "m": [], "q": 1}, "a"),
        ({"a": None, "b": "yes", "m": [], "q": 1}, "a"),
        ({"a": "yes", "b": "yes", "m": "yes", "q": 1}, "m"),
        ({"a": "yes", "b": "yes", "m": ["yes", "yes"], "q": 1}, "m"),
        ({"a": "yes", "b": "yes", "m": [], "q": 10}, "q"),
        ({"a": "yes", "b": "yes", "m": [], "q": "few"}, "q"),
        ({"a": "yes", "b": "yes", "m": [], "q": 4.5}, "q"),
    ],
)
def test_a_bad_answer_is_refused_with_its_question(answers: dict[str, Any], question: str) -> None:
    asked = card(yes_no("a"), yes_no("b"), {**yes_no("m"), "type": "multi"}, number(*RANGES))
    with pytest.raises(AnswerError) as caught:
        score(Form.from_dict(asked), answers)
    assert caught.value.question == question


def test_numbers_are_read_exactly_from_json_numbers_and_strings() -> None:
    a, b = scale("a", "0.1", "0", weight="0.1"), scale("b", 0.1, 0, weight=0.2)
    found = score(Form.from_dict(form("flat", section("s", a, b))), {"a": "0.1", "b": "0"})
    assert str(found.final) == "33.33"


def test_a_number_on_the_edge_rounds_half_up_once() -> None:
    sixteen = [scale(f"q{n}", 1, 0) for n in range(16)]  # 1/16 = 6.25; 1/1600 of it ends on a five
    found = score(Form.from_dict(form("flat", section("s", *sixteen, scale("w", 1, 0, weight=784)))),
                  {f"q{n}": "1" if n == 0 else "0" for n in range(16)} | {"w": "0"})  # fmt: skip
    assert str(found.final) == "0.13"  # 0.125 exactly


def test_a_section_auto_fail_zeroes_its_section_and_stays_in_the_denominator() -> None:
    first = section("a", fatal(autofail_scope="section"), yes_no("other"), weight=1)
    found = score(Form.from_dict(form("nested", first, section("b", yes_no("last"), weight=3), pass_mark=50)),
                  {"q": "bad", "other": "yes", "last": "yes"})  # fmt: skip
    assert (str(found.raw), str(found.final), found.outcome) == ("87.50", "75.00", "FAIL")
    assert found.sections == (("a", 0, 1), ("b", 100, 3))
