"""Scorecards as files: written and read without loss, and every fault by its path."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.domain.documents import Document, DocumentError, read, write
from qa.domain.drafting import DraftError, apply
from qa.domain.intents import step_of
from qa.domain.problems import problems_of
from qa.presets import PRESETS
from tests.unit.qa.test_drafting import intents, small

NO_NUMBERS = {"weight", "points", "limit", "range", "pass_mark", "mode", "type"}  # a file holds numbers and known words


@given(st.data())
def test_what_the_builder_can_write_can_be_read_again_without_loss(data: st.DataObject) -> None:
    """Drafts with problems too, but for what isn't the number or word it should be."""
    content: dict[str, Any] = deepcopy(PRESETS[data.draw(st.sampled_from(sorted(PRESETS)))].content())
    for _ in range(data.draw(st.integers(0, 4))):
        try:
            made = apply(content, step_of(content, data.draw(intents(content))))[0]
        except DraftError:
            continue
        if not {one.code for one in problems_of(made)} & NO_NUMBERS and made["sections"]:
            content = made
    document = Document("voice", "Voice, ü", "voice", content)
    assert read(write(document)) == document
    assert write(read(write(document))) == write(document)


def faults(*path: Any, value: Any) -> list[str]:
    data = json.loads(write(Document("voice", "Voice", "", small())))
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(DocumentError) as caught:
        read(json.dumps(data))
    return [str(fault) for fault in caught.value.faults]


Q1 = ("content", "sections", 0, "questions", 0)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("format",), "other", "format: 'other' is not 'bpo.scorecard'"),
        (("edition",), 2, "edition: 2 is not 1"),
        (("colour",), "red", "colour: is no field that is known here"),
        (("content",), [], "content: is no object"),
        (("content", "mode"), "by feeling", "content.mode: 'by feeling' is none of nested"),
        (("content", "sections"), {}, "content.sections: is no list"),
        ((*Q1, "weight"), "lots", "content.sections[0].questions[0].weight: 'lots' is no number"),
        ((*Q1, "colour"), 1, "content.sections[0].questions[0].colour: is no field"),
        ((*Q1, "key"), "", "content.sections[0].questions[0].key: is no key"),
        ((*Q1, "key"), "q2", "content.sections[0].questions[1].key: 'q2' stands twice"),
        ((*Q1, "options", 1, "key"), "yes", "content.sections[0].questions[0].options[1].key: 'yes' stands twice"),
        ((*Q1, "options", 0, "autofail"), 1, "options[0].autofail: 1 is neither true nor false"),
        ((*Q1, "text"), "x" * 301, "questions[0].text: is longer than 300 characters"),
        ((*Q1, "show_if"), {"question": "q1"}, "questions[0].show_if.in: is missing"),
        ((*Q1, "error_class"), ["x"], "questions[0].error_class: ['x'] is none of"),
        ((*Q1, "type"), None, "questions[0].type: None is none of"),
    ],
)
def test_each_fault_is_named_by_its_path(path: tuple[Any, ...], value: Any, says: str) -> None:
    assert any(says in one for one in faults(*path, value=value)), faults(*path, value=value)


def test_all_faults_are_named_at_once_and_at_most_fifty() -> None:
    data = json.loads(write(Document("voice", "Voice", "", small())))
    data["content"]["sections"][0]["weight"] = "x"
    data["content"]["sections"][1]["questions"][0]["options"] = "none"
    with pytest.raises(DocumentError) as caught:
        read(json.dumps(data))
    assert [fault.path for fault in caught.value.faults] == [
        "content.sections[0].weight", "content.sections[1].questions[0].options",
    ]  # fmt: skip
    data["content"]["sections"] = [{"colour": 1}] * 60
    with pytest.raises(DocumentError) as caught:
        read(json.dumps(data))
    assert len(caught.value.faults) == 50


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3", '{"sections": []}', "[" * 100_000, "x" * 1_000_001])
def test_what_is_no_document_is_refused_in_words(text: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(text)
    assert str(caught.value)


def test_a_file_of_the_command_is_a_document_too() -> None:
    given = {"key": "voice", "name": "Voice", "channel": "voice", "content": small()}
    assert read(json.dumps(given)) == Document("voice", "Voice", "voice", small())
