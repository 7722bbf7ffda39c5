"""A newer template taken into a scorecard that has gone its own way since."""

from hypothesis import given
from hypothesis import strategies as st

from qa.domain.drafting import DraftError, apply
from qa.domain.following import Followed, follow
from qa.domain.intents import step_of
from tests.unit.qa.test_drafting import do, intents, order, small


def test_what_only_one_side_changed_is_taken_and_what_both_did_stays_and_is_named() -> None:
    new = do(small(), do="set", kind="question", key="q1", field="weight", value="3")
    new = do(new, do="set", kind="question", key="q2", field="text", value="As the template says?")
    new = do(new, do="add", kind="question", after="q2")
    new = do(new, do="remove", kind="question", key="q3")
    mine = do(small(), do="set", kind="question", key="q2", field="text", value="As we say?")
    mine = do(mine, do="set", kind="section", key="b", field="title", value="Ours")
    found = follow(small(), new, mine)
    assert order(found.content) == [["q1", "q2", "q4"], []]
    questions = found.content["sections"][0]["questions"]
    assert (questions[0]["weight"], questions[1]["text"]) == (3, "As we say?")
    assert found.content["sections"][1]["title"] == "Ours"
    assert found.kept == ("q2",)


@given(st.data())
def test_a_scorecard_that_changed_nothing_becomes_the_newer_template(data: st.DataObject) -> None:
    old = small()
    try:
        new = apply(old, step_of(old, data.draw(intents(old))))[0]
    except DraftError:
        return
    assert follow(old, new, old) == Followed(new)
    assert follow(old, old, new) == Followed(new)


def test_a_place_follows_who_moved_it() -> None:
    theirs = do(small(), do="nudge", kind="question", key="q2", by=1)
    ours = do(small(), do="nudge", kind="section", key="b", by=-1)
    assert order(follow(small(), theirs, small()).content) == [["q1"], ["q2", "q3"]]
    both = follow(small(), theirs, ours)
    assert [section["key"] for section in both.content["sections"]] == ["b", "a"]
    assert both.kept == ()
    assert order(both.content) == [["q3", "q2"], ["q1"]]


def test_a_question_that_we_changed_keeps_the_section_the_template_took_away() -> None:
    new = do(small(), do="remove", kind="section", key="b")
    mine = do(small(), do="set", kind="question", key="q3", field="text", value="Ours?")
    found = follow(small(), new, mine)
    assert order(found.content) == [["q1", "q2"], ["q3"]]
    assert found.kept == ("q3", "b")


def test_a_new_question_of_a_section_that_we_took_away_is_named() -> None:
    new = do(small(), do="add", kind="question", after="q3")
    mine = do(small(), do="remove", kind="section", key="b")
    found = follow(small(), new, mine)
    assert order(found.content) == [["q1", "q2"]]
    assert found.kept == ("q4",)
