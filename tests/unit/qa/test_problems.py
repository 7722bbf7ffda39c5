"""What keeps a draft from scoring, every case by its place; and what agrees with the engine."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.domain.content import check_words
from qa.domain.drafting import DraftError, apply
from qa.domain.form import Form
from qa.domain.intents import step_of
from qa.domain.live import live
from qa.domain.problems import Problem, playable, problems_of
from qa.domain.trying import fitting, with_full_marks
from qa.domain.weights import weights_of
from qa.presets import PRESETS
from qa.problem_words import PROBLEMS, words_of
from tests.unit.qa.test_drafting import intents, small


def changed(*path: Any, value: Any) -> dict[str, Any]:
    content = small()
    place: Any = content
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return content


Q1 = ("sections", 0, "questions", 0)
NUMBER = {"key": "q1", "type": "number", "text": "How many?", "weight": 1}


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (small(), []),
        ({"sections": []}, ["no_sections"]),
        (changed("pass_mark", value=101), ["pass_mark"]),
        (changed("mode", value="by feeling"), ["mode"]),
        (changed("sections", 0, "title", value=None), ["no_title"]),
        (changed("sections", 0, "weight", value="lots"), ["weight"]),
        (changed("sections", 1, "questions", value=[]), ["no_questions"]),
        (changed(*Q1, "text", value=None), ["no_text"]),
        (changed(*Q1, "weight", value=-1), ["weight"]),
        (changed(*Q1, "max", value="x"), ["limit"]),
        (changed(*Q1, value={**small()["sections"][0]["questions"][0], "min": 3, "max": 2}), ["limits_crossed"]),
        (changed(*Q1, "options", value=[{"key": "yes", "label": "Yes", "points": 1}]), ["few_options"]),
        (changed(*Q1, "options", 0, "label", value=None), ["no_label"]),
        (changed(*Q1, "options", 0, "label", value="no"), ["label_twice"]),
        (changed(*Q1, "options", 0, "points", value="many"), ["points"]),
        (changed(*Q1, "options", 0, "autofail", value=True), ["no_scope"]),
        (changed(*Q1, value={**small()["sections"][0]["questions"][0], "bonus": True, "error_class": "business"}), ["bonus_critical"]),
        (changed(*Q1, value={**NUMBER, "ranges": []}), ["no_ranges", "condition_number"]),
        (changed("sections", 1, "questions", 0, "show_if", value={"question": "q9", "in": ["yes"]}), ["condition_order"]),
        (changed("sections", 1, "questions", 0, "show_if", value={"question": "q1", "in": []}), ["condition_empty"]),
        (changed("sections", 1, "questions", 0, "show_if", value={"question": "q1", "in": ["gone"]}), ["condition_option"]),
        (changed(*Q1, "precedents", value=[{"text": "", "argues_for": "yes"}]), ["precedent_empty"]),
        (changed(*Q1, "precedents", value=[{"text": "A case", "argues_for": "gone"}]), ["precedent_option"]),
    ],
)  # fmt: skip
def test_each_problem_is_found_by_its_code(content: dict[str, Any], codes: list[str]) -> None:
    found = problems_of(content)
    assert [one.code for one in found] == codes
    for one in found:
        assert all(words_of(one))


def test_several_problems_are_listed_at_once_in_the_order_of_the_form() -> None:
    content = changed(*Q1, "text", value=None)
    content["sections"][1]["questions"][0]["options"][1]["points"] = "?"
    content["sections"][1]["title"] = ""
    assert problems_of(content) == [
        Problem("no_text", "text", "a", "q1"),
        Problem("no_title", "title", "b"),
        Problem("points", "points", "b", "q3", 2),
    ]


def ranges(*rows: tuple[Any, Any]) -> list[str]:
    made = {**NUMBER, "ranges": [{"from": low, "to": high, "points": 1} for low, high in rows]}
    content = {"sections": [{"key": "a", "title": "A", "weight": 1, "questions": [made]}]}
    return [one.code for one in problems_of(content)]


def test_ranges_have_to_tile() -> None:
    assert ranges((0, 0), (1, 4), (5, 10)) == []
    assert ranges((5, 10), (0, 0), (1, 4)) == []
    assert ranges((0, 1), (3, 4)) == ["ranges_gap"]
    assert ranges((0, 3), (3, 4)) == ["ranges_overlap"]
    assert ranges((0, 0.5), (0.6, 2)) == []
    assert ranges((2, 1)) == ["range"]
    assert ranges(("", 1)) == ["range"]


def test_every_code_has_words_and_every_word_a_code() -> None:
    import ast
    from pathlib import Path

    source = ast.parse(Path("qa/domain/problems.py").read_text())
    texts = {one.value for one in ast.walk(source) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    assert set(PROBLEMS) <= texts


@given(st.data())
def test_whatever_is_done_the_list_agrees_with_the_engine_and_what_is_left_can_be_tried(data: st.DataObject) -> None:
    """No edit leads to a content whose problems can't be listed; without problems it scores; the rest always does."""
    content: dict[str, Any] = deepcopy(PRESETS[data.draw(st.sampled_from(sorted(PRESETS)))].content())
    for _ in range(data.draw(st.integers(1, 5))):
        if not content["sections"]:
            break
        try:
            content = apply(content, step_of(content, data.draw(intents(content))))[0]
        except DraftError:
            continue
    found = problems_of(content)
    weights_of(content)
    if not found:
        check_words(content)
        Form.from_dict(content)
    ready = playable(content)
    if ready is not None:
        full = with_full_marks(ready, {})
        assert fitting(ready, full) == full
        assert live(ready, full).missing == ()


def test_examples_to_start_from_have_no_problems_and_each_counts_its_own_way() -> None:
    assert {name: preset.content()["mode"] for name, preset in PRESETS.items()} == {name: name for name in PRESETS}
    for preset in PRESETS.values():
        assert problems_of(preset.content()) == []


def test_weights_are_shares_of_the_form_as_it_counts() -> None:
    content = small()
    content["sections"][0]["questions"][0]["weight"] = 3
    found = weights_of(content)
    assert found.total == 100
    assert found.sections == {"a": 0.6, "b": 0.4}
    assert (found.questions["q1"].of_section, found.questions["q1"].of_form) == (0.75, 0.75 * 0.6)
    content["mode"] = "flat"
    assert weights_of(content).questions["q1"].of_form == pytest.approx(0.6)
    content["mode"] = "points"
    assert weights_of(content).questions["q1"].of_form == pytest.approx(1 / 3)
    content["sections"][0]["questions"][0]["bonus"] = True
    found = weights_of(content)
    assert (found.questions["q1"].of_form, found.questions["q2"].of_form) == (None, 0.5)
