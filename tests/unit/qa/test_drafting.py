"""Editing a scorecard's content: what holds for any steps on any content, and single steps by name."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.domain.drafting import DraftError, Missing, apply, fresh_key, keys_in
from qa.domain.intents import step_of
from qa.domain.meeting import meeting, touched
from tests.unit.qa.test_scoring_properties import cards

Content = dict[str, Any]


def small() -> Content:
    """Two sections: a with q1 and q2, b with q3 that depends on q1."""
    yes_no = [{"key": "yes", "label": "Yes", "points": 1}, {"key": "no", "label": "No", "points": 0}]

    def question(key: str, **more: Any) -> Content:
        return {"key": key, "type": "choice", "text": key, "weight": 1, "options": deepcopy(yes_no), **more}

    return {
        "mode": "nested",
        "pass_mark": 80,
        "sections": [
            {"key": "a", "title": "A", "weight": 60, "questions": [question("q1"), question("q2")]},
            {"key": "b", "title": "B", "weight": 40, "questions": [question("q3", show_if={"question": "q1", "in": ["yes"]})]},
        ],
    }  # fmt: skip


def order(content: Content) -> list[list[str]]:
    return [[question["key"] for question in section["questions"]] for section in content["sections"]]


def do(content: Content, **intent: Any) -> Content:
    return apply(content, step_of(content, intent))[0]


@st.composite
def intents(draw: st.DrawFn, content: Content) -> Content:
    """Something a person could mean about this content; at times about what isn't there."""
    keys = [question["key"] for section in content["sections"] for question in section["questions"]]
    sections = [section["key"] for section in content["sections"]]
    kind = draw(st.sampled_from(["section", "question", "option", "form"]))
    pool = {"section": sections, "question": keys, "option": ["o0", "o1", "gone"], "form": [""]}[kind]
    intent = {"kind": kind, "key": draw(st.sampled_from([*pool, "gone"]))}
    if kind == "option":
        intent["question"] = draw(st.sampled_from([*keys, "gone"]))
    field = draw(
        st.sampled_from(["weight", "title", "text", "label", "points", "pass_mark", "type", "na_rule", "bonus"])
    )
    return intent | draw(st.sampled_from([
        {"do": "set", "field": field, "value": draw(st.sampled_from(["7", "no number", "", True, "number", "multi", "full"]))},
        {"do": "remove"},
        {"do": "nudge", "by": draw(st.sampled_from([-1, 1]))},
        {"do": "move", "before": draw(st.sampled_from([*pool, ""])), "parent": draw(st.sampled_from([*sections, "gone"]))},
        {"do": "duplicate"},
        {"do": "add", "after": draw(st.sampled_from([*keys, *sections, ""])), "parent": draw(st.sampled_from([*sections, *keys]))},
    ]))  # fmt: skip


@given(cards(), st.data())
def test_undo_restores_exactly_whatever_was_done(card: Any, data: st.DataObject) -> None:
    """Any run of edits, taken back one by one, passes through each state again to the byte."""
    content, backs = card[0], []
    for _ in range(data.draw(st.integers(1, 6))):
        if not content["sections"]:
            break
        try:
            step = step_of(content, data.draw(intents(content)))
            made, back = apply(content, step)
        except DraftError:
            continue
        backs.append((deepcopy(content), back))
        content = made
    for before, back in reversed(backs):
        content = apply(content, back)[0]
        assert content == before


@given(cards(), st.data())
def test_a_move_is_a_permutation_and_touches_nothing_else(card: Any, data: st.DataObject) -> None:
    content = card[0]
    intent = data.draw(intents(content).filter(lambda one: one["do"] in ("nudge", "move")))
    try:
        made = apply(content, step_of(content, intent))[0]
    except DraftError:
        return

    def parts(value: Content) -> list[str]:
        return sorted(str(sorted(q.items(), key=str)) for s in value["sections"] for q in s["questions"])

    assert sorted(keys_in(made)) == sorted(keys_in(content))
    if intent["kind"] != "option":
        assert parts(made) == parts(content)
    shell = [{name: value for name, value in s.items() if name != "questions"} for s in made["sections"]]
    assert sorted(map(str, shell)) == sorted(
        str({name: value for name, value in s.items() if name != "questions"}) for s in content["sections"]
    )


@given(cards(), st.data())
def test_keys_stay_what_they_are_and_new_ones_were_never_there(card: Any, data: st.DataObject) -> None:
    content = card[0]
    before = set(keys_in(content))
    ever = {"q9", "s4", "o7"}
    intent = data.draw(intents(content))
    try:
        step = step_of(content, intent, taken=ever)
        made = apply(content, step)[0]
    except DraftError:
        return
    after = set(keys_in(made))
    if intent["do"] in ("add", "duplicate"):
        assert before <= after
        assert not (after - before) & ever
        assert len(list(keys_in(made))) > len(list(keys_in(content)))
    elif intent["do"] in ("set", "nudge", "move"):
        assert {q for row in order(content) for q in row} == {q for row in order(made) for q in row}


def test_nothing_given_is_changed() -> None:
    content = small()
    do(content, do="remove", kind="question", key="q1")
    assert content == small()


def test_a_question_goes_on_into_the_section_beside_and_no_further() -> None:
    content = do(small(), do="nudge", kind="question", key="q2", by=1)
    assert order(content) == [["q1"], ["q2", "q3"]]
    content = do(content, do="nudge", kind="question", key="q2", by=-1)
    assert order(content) == [["q1", "q2"], ["q3"]]
    with pytest.raises(DraftError, match="at the end"):
        do(small(), do="nudge", kind="question", key="q3", by=1)
    with pytest.raises(DraftError, match="at the end"):
        do(small(), do="nudge", kind="section", key="a", by=-1)


def test_a_drag_puts_before_another_or_at_the_end_of_a_section() -> None:
    assert order(do(small(), do="move", kind="question", key="q3", before="q1")) == [["q3", "q1", "q2"], []]
    assert order(do(small(), do="move", kind="question", key="q1", parent="b")) == [["q2"], ["q3", "q1"]]
    assert order(do(small(), do="move", kind="question", key="q1", before="q2")) == [["q1", "q2"], ["q3"]]
    made = do(small(), do="move", kind="option", key="no", question="q1", before="yes")
    assert [one["key"] for one in made["sections"][0]["questions"][0]["options"]] == ["no", "yes"]


def test_a_copied_section_has_keys_of_its_own_and_its_conditions_follow() -> None:
    content = do(small(), do="move", kind="question", key="q3", parent="a")
    made = do(content, do="duplicate", kind="section", key="a")
    assert order(made) == [["q1", "q2", "q3"], ["q4", "q5", "q6"], []]
    assert made["sections"][1]["questions"][2]["show_if"]["question"] == "q4"
    assert made["sections"][1]["key"] == "s1"


def test_a_key_that_was_removed_is_not_given_again() -> None:
    assert fresh_key("q", ["q1", "q3", "quality"]) == "q4"
    content = small()
    step = step_of(content, {"do": "add", "kind": "question", "after": "q1"}, taken={"q8"})
    assert step["item"]["key"] == "q9"


def test_numbers_are_read_as_typed_and_what_is_none_stays_to_be_mended() -> None:
    for typed, kept in [("3", 3), ("2,5", 2.5), (" 40 ", 40), ("1e3", 1000), ("lots", "lots")]:
        made = do(small(), do="set", kind="question", key="q1", field="weight", value=typed)
        assert made["sections"][0]["questions"][0]["weight"] == kept
    made = do(small(), do="set", kind="question", key="q1", field="weight", value="")
    assert "weight" not in made["sections"][0]["questions"][0]


def test_another_type_brings_what_it_needs_and_undo_brings_the_answers_back() -> None:
    content = small()
    step = step_of(content, {"do": "set", "kind": "question", "key": "q1", "field": "type", "value": "number"})
    made, back = apply(content, step)
    question = made["sections"][0]["questions"][0]
    assert ("options" in question, question["ranges"][0]["from"]) == (False, 0)
    assert apply(made, back)[0] == content


def test_an_answer_that_fails_fails_the_form_unless_the_question_says_otherwise() -> None:
    made = do(small(), do="set", kind="option", question="q1", key="no", field="autofail", value=True)
    assert made["sections"][0]["questions"][0]["autofail_scope"] == "form"
    content = do(small(), do="set", kind="question", key="q1", field="autofail_scope", value="section")
    made = do(content, do="set", kind="option", question="q1", key="no", field="autofail", value=True)
    assert made["sections"][0]["questions"][0]["autofail_scope"] == "section"


@pytest.mark.parametrize(
    "intent",
    [
        {"do": "set", "kind": "question", "key": "q1", "field": "key", "value": "x"},
        {"do": "set", "kind": "question", "key": "gone", "field": "text", "value": "x"},
        {"do": "remove", "kind": "option", "question": "q1", "key": "gone"},
        {"do": "add", "kind": "range", "parent": "q1"},
        {"do": "duplicate", "kind": "option", "key": "yes"},
        {"do": "burn", "kind": "question", "key": "q1"},
        {"do": "set", "kind": "planet", "key": "q1", "field": "text"},
    ],
)
def test_what_cannot_be_meant_is_refused(intent: Content) -> None:
    with pytest.raises(DraftError):
        step_of(small(), intent)


def names(content: Content, **intent: Any) -> set[str]:
    step = step_of(content, intent)
    return touched(step, apply(content, step)[1])


def test_two_edits_meet_only_in_the_same_field_place_or_thing() -> None:
    content = small()
    weight = names(content, do="set", kind="question", key="q1", field="weight", value="2")
    text = names(content, do="set", kind="question", key="q1", field="text", value="x")
    removal = names(content, do="remove", kind="question", key="q1")
    section = names(content, do="remove", kind="section", key="a")
    label = names(content, do="set", kind="option", question="q1", key="yes", field="label", value="Y")
    nudge = names(content, do="nudge", kind="question", key="q1", by=1)
    whole = touched({"do": "replace", "content": {}}, {"do": "replace", "content": {}})
    assert weight == {"question:q1.weight"}
    assert not meeting(weight, text)
    assert not meeting(weight, nudge)
    assert not meeting(weight, names(content, do="add", kind="question", after="q1"))
    for other in (weight, removal, section, whole):
        assert meeting(weight, other) == weight
    assert meeting(removal, label) == removal
    assert meeting(nudge, removal)
    assert meeting(section, label)


def test_what_is_missing_says_so() -> None:
    with pytest.raises(Missing):
        apply(small(), {"do": "remove", "kind": "question", "key": "gone"})
