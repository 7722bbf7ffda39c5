"""The content of a scorecard: words, what is shown, critical errors; and the score while it is filled."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.domain.content import ContentError, check_words, content_hash, critical_errors, questions, visible
from qa.domain.live import live, partial, whole
from qa.domain.scoring import AnswerError

OPTIONS = [
    {"key": "fully", "points": 2, "label": "Fully"},
    {"key": "partly", "points": 1, "label": "Partly"},
    {"key": "no", "points": 0, "label": "No"},
]


def question(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "type": "choice", "weight": 1, "text": f"{key}?", "options": OPTIONS} | more


def form(*asked: dict[str, Any], mode: str = "flat") -> dict[str, Any]:
    section = {"key": "s", "title": "S", "weight": 1, "questions": list(asked)}
    return {"mode": mode, "pass_mark": 80, "sections": [section]}


FATAL = [{"key": "ok", "points": 1, "label": "Ok"}, {"key": "bad", "points": 0, "label": "Bad", "autofail": True}]


def test_questions_are_counted_through_the_form_and_fall_back_to_their_text() -> None:
    found = list(questions(form(question("a", short="A"), question("b", error_class="customer"))))
    assert [(one.number, one.short, one.critical) for one in found] == [(1, "A", False), (2, "b?", True)]
    assert found[0].options == (("fully", "Fully"), ("partly", "Partly"), ("no", "No"))


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ({"sections": []}, "sections"),
        (form(question("a", text="")), "sections.0.questions.0.text"),
        (form(question("a"), question("a")), "sections.0.questions.1.key"),
        (form(question("a", options=[{"key": "x", "points": 1}])), "sections.0.questions.0.options.0.label"),
        ({"sections": [{"key": "s", "questions": [question("a")]}]}, "sections.0.title"),
        ({"sections": ["s"]}, "sections.0"),
    ],
)
def test_what_has_no_words_is_named(content: dict[str, Any], path: str) -> None:
    with pytest.raises(ContentError) as refused:
        check_words(content)
    assert refused.value.path == path


def test_a_hidden_question_is_not_asked_and_hides_what_hangs_on_it() -> None:
    asked = form(
        question("a"),
        question("b", show_if={"question": "a", "in": ["no"]}),
        question("c", show_if={"question": "b", "in": ["no"]}),
    )
    assert visible(asked, {}) == ["a"]
    assert visible(asked, {"a": "no"}) == ["a", "b"]
    assert visible(asked, {"a": "no", "b": "no"}) == ["a", "b", "c"]
    assert visible(asked, {"a": "fully", "b": "no"}) == ["a"]
    assert whole(asked, {"a": "fully", "b": "no"}).final == Decimal("100.00")


def test_a_critical_error_is_a_failing_answer_or_where_none_fails_any_but_the_best() -> None:
    asked = form(
        question("fatal", options=FATAL, error_class="compliance", autofail_scope="form"),
        question("soft", error_class="customer", allow_na=True),
        question("plain"),
    )
    best = {"fatal": "ok", "soft": "fully", "plain": "no"}
    assert critical_errors(asked, best) == (["fatal", "soft"], [])
    assert critical_errors(asked, best | {"fatal": "bad", "soft": "partly"}) == (["fatal", "soft"], ["fatal", "soft"])
    assert critical_errors(asked, best | {"soft": None}) == (["fatal"], [])


def test_the_running_score_leaves_out_what_is_open_and_tells_where_it_can_end() -> None:
    asked = form(question("a"), question("b"), question("law", options=FATAL, autofail_scope="form"))
    empty = live(asked, {})
    assert (empty.now, empty.answered, empty.asked, empty.missing) == (None, 0, 3, ("a", "b", "law"))
    assert (empty.low, empty.high, empty.floor) == (Decimal("33.33"), Decimal("100.00"), Decimal("0.00"))
    some = live(asked, {"a": "partly"})
    assert some.now is not None
    assert some.now.final == Decimal("50.00")
    assert (some.low, some.high, some.floor) == (Decimal("50.00"), Decimal("83.33"), Decimal("0.00"))
    failed = live(asked, {"a": "fully", "law": "bad"})
    assert (failed.low, failed.high, failed.floor) == (Decimal("0.00"),) * 3


def test_an_incomplete_form_is_no_whole() -> None:
    with pytest.raises(AnswerError) as missing:
        whole(form(question("a"), question("b")), {"a": "no"})
    assert missing.value.question == "b"
    assert partial(form(question("a")), {}) is None


PICKS = st.sampled_from(["fully", "partly", "no"])


@given(st.lists(PICKS, min_size=4, max_size=4), st.integers(0, 4), st.sampled_from(["flat", "nested", "points"]))
def test_the_range_holds_whatever_the_rest_is_answered(picks: list[str], known: int, mode: str) -> None:
    asked = form(*(question(key) for key in "abcd"), mode=mode)
    answers = dict(zip("abcd", picks, strict=True))
    before = live(asked, dict(list(answers.items())[:known]))
    end = whole(asked, answers).final
    assert end is not None
    assert before.low is not None
    assert before.high is not None
    assert before.low <= end <= before.high


def test_the_hash_is_of_the_content_and_not_of_its_order() -> None:
    assert content_hash({"a": 1, "b": "ü"}) == content_hash({"b": "ü", "a": 1})
    assert content_hash({"a": 1}) != content_hash({"a": 2})
