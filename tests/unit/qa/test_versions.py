"""Two versions side by side."""

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from qa.domain.drafting import DraftError, apply
from qa.domain.intents import step_of
from qa.domain.versions import FieldChange, diff
from tests.unit.qa.test_drafting import do, intents, order, small


def kinds(found: object) -> dict[str, str]:
    return {one.key: one.kind for one in found.questions}  # type: ignore[attr-defined]


def test_nothing_differs_from_itself() -> None:
    found = diff(small(), small())
    assert (found.count, found.form) == (0, ())
    assert kinds(found) == {"q1": "same", "q2": "same", "q3": "same"}


def test_what_came_went_moved_and_changed_is_told_by_key() -> None:
    new = do(small(), do="remove", kind="question", key="q2")
    new = do(new, do="set", kind="question", key="q1", field="weight", value="3")
    new = do(new, do="add", kind="question", after="q3")
    new = do(new, do="move", kind="question", key="q3", parent="a")
    new = do(new, do="set", kind="form", field="pass_mark", value="75")
    new = do(new, do="set", kind="section", key="a", field="title", value="Opening")
    found = diff(small(), new)
    assert kinds(found) == {"q1": "changed", "q2": "removed", "q3": "moved", "q4": "added"}
    by_key = {one.key: one for one in found.questions}
    assert by_key["q1"].fields == (FieldChange("weight", 1, 3),)
    assert (by_key["q3"].old_section, by_key["q3"].new_section) == ("b", "a")
    assert (by_key["q3"].old_number, by_key["q3"].new_number) == (3, 2)
    assert found.form == (FieldChange("pass_mark", 80, 75),)
    assert [one.kind for one in found.sections] == ["changed", "same"]
    assert found.count == 1 + 1 + 4


def test_answers_are_told_apart_by_key_too() -> None:
    new = do(small(), do="set", kind="option", question="q1", key="no", field="label", value="Not at all")
    new = do(new, do="add", kind="option", parent="q1")
    new = do(new, do="remove", kind="option", question="q1", key="yes")
    changes = next(one for one in diff(small(), new).questions if one.key == "q1").fields
    assert [(one.name, one.option, one.old is None, one.new is None) for one in changes] == [
        ("label", "no", False, False), ("option", "o1", True, False), ("option", "yes", False, True),
    ]  # fmt: skip
    flipped = do(small(), do="move", kind="option", question="q1", key="no", before="yes")
    assert [one.name for one in diff(small(), flipped).questions[0].fields] == ["order"]


def test_only_the_fewest_are_called_moved() -> None:
    new = do(small(), do="move", kind="question", key="q1", parent="a")  # q2, q1
    assert sorted(kinds(diff(small(), new)).values()) == ["moved", "same", "same"]


@given(st.data())
def test_a_diff_is_empty_exactly_where_nothing_changed(data: st.DataObject) -> None:
    old = small()
    try:
        new, back = apply(old, step_of(old, data.draw(intents(old))))
    except DraftError:
        return
    found = diff(old, new)
    if order(new) != order(old):
        assert found.count
    assert diff(old, apply(new, back)[0]).count == 0
    gone, came = diff(old, new), diff(new, old)
    assert gone.count == came.count


def test_the_sides_are_not_changed() -> None:
    old, new = small(), do(small(), do="remove", kind="section", key="a")
    kept = deepcopy((old, new))
    diff(old, new)
    assert (old, new) == kept
