"""What past evaluations would have scored: matched by keys, and never guessed."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.domain.drafting import apply
from qa.domain.form import Form
from qa.domain.replaying import Outcome, Past, Replay, Tally, replayed
from qa.domain.scoring import score
from tests.unit.qa.test_drafting import do, small
from tests.unit.qa.test_scoring_properties import cards

ALL_YES = {"q1": "yes", "q2": "yes", "q3": "yes"}


def past(answers: dict[str, Any], content: dict[str, Any] | None = None, **more: Any) -> Past:
    found = score(Form.from_dict(content or small()), answers)
    return Past("e1", "v1", answers, found.final, found.outcome, **more)


def again(draft: dict[str, Any], answers: dict[str, Any], content: dict[str, Any] | None = None) -> Outcome:
    before = content or small()
    return Replay(draft, {"v1": before}).of(past(answers, before))


@given(cards())
def test_the_same_content_gives_every_evaluation_its_own_score_back(card: Any) -> None:
    content, answers = card
    found = again(content, answers, content)
    assert found.why is None
    assert not found.changed


def test_another_weight_and_pass_mark_give_another_score_and_outcome() -> None:
    draft = do(small(), do="set", kind="question", key="q2", field="weight", value="3")
    found = again(draft, ALL_YES | {"q2": "no"})
    assert (found.past.final, found.new.final) == (Decimal("70.00"), Decimal("55.00"))
    assert (found.changed, found.flipped, found.by) == (True, False, Decimal("-15.00"))
    lenient = do(small(), do="set", kind="form", field="pass_mark", value="70")
    found = again(lenient, ALL_YES | {"q2": "no"})
    assert (found.past.outcome, found.new.outcome, found.flipped, found.by) == ("FAIL", "PASS", True, Decimal(0))


def test_new_questions_are_left_out_and_so_is_what_depends_on_them() -> None:
    draft = do(small(), do="add", kind="question", parent="a")
    draft = do(draft, do="set", kind="question", key="q3", field="show_if", value={"question": "q1", "in": ["yes"]})
    replay = Replay(draft, {"v1": small()})
    assert replay.left_out() == ["q4"]
    assert not replay.of(past(ALL_YES)).changed
    draft["sections"][1]["questions"][0]["show_if"] = {"question": "q4", "in": ["yes"]}
    replay = Replay(draft, {"v1": small()})
    assert replay.left_out() == ["q3", "q4"]
    assert replay.of(past(ALL_YES | {"q3": "no"})).new.final == Decimal("100.00")


@pytest.mark.parametrize(
    ("intent", "answers", "question", "why"),
    [
        ({"do": "remove", "kind": "option", "question": "q2", "key": "no"}, {"q2": "no"}, "q2", "answer_gone"),
        (
            {"do": "set", "kind": "question", "key": "q3", "field": "show_if", "value": None},
            {"q1": "no"},
            "q3",
            "not_asked",
        ),
        ({"do": "set", "kind": "question", "key": "q2", "field": "type", "value": "multi"}, {}, "q2", "type_changed"),
    ],
)
def test_what_has_no_answer_that_fits_cannot_be_compared_and_says_why(
    intent: dict[str, Any], answers: dict[str, Any], question: str, why: str
) -> None:
    given = {
        key: value for key, value in (ALL_YES | answers).items() if not (answers.get("q1") == "no" and key == "q3")
    }
    if intent.get("key") == "no":
        content = do(small(), do="add", kind="option", parent="q2")
        content["sections"][0]["questions"][1]["options"][-1] |= {"label": "Partly"}
        draft = do(content, **intent)
    else:
        content, draft = small(), do(small(), **intent)
    found = again(draft, given, content)
    assert (found.question, found.why, found.new) == (question, why, None)


def test_na_that_is_not_allowed_any_more_and_a_form_without_any_old_question_are_told() -> None:
    content = do(small(), do="set", kind="question", key="q2", field="na_rule", value="drop")
    found = again(small(), ALL_YES | {"q2": None}, content)
    assert (found.question, found.why) == ("q2", "na_forbidden")
    other = {
        "sections": [{"key": "z", "weight": 1, "questions": [small()["sections"][0]["questions"][0] | {"key": "new"}]}]
    }
    assert again(other, ALL_YES).why == "nothing_left"


def test_flips_come_first_then_how_far_and_random_ones_alone_have_a_mean() -> None:
    draft = do(small(), do="set", kind="question", key="q2", field="weight", value="3")
    draft = do(draft, do="set", kind="form", field="pass_mark", value="60")
    found = replayed(
        Replay(draft, {"v1": small()}),
        [
            past(ALL_YES),
            past(ALL_YES | {"q2": "no"}),  # 70 FAIL → 55 FAIL
            past({"q1": "no", "q2": "yes"}, random=False),  # 50 FAIL → 75 PASS
        ],
        Tally(),
    )  # fmt: skip
    assert (found.total, found.compared) == (3, 3)
    ranked = found.ranked()
    assert [one.flipped for one in ranked] == [True, False]
    assert found.flips() == {"FAIL>PASS": 1}
    means = found.means()
    assert (means.n, means.before, means.after, means.low) == (2, 85.0, 77.5, None)


@given(st.lists(cards(most=2), min_size=1, max_size=4))
def test_counts_add_up(found: list[Any]) -> None:
    tally = Tally()
    draft = found[0][0]
    contents = {str(number): card[0] for number, card in enumerate(found)}
    replay = Replay(draft, contents)
    for number, (content, answers) in enumerate(found):
        result = score(Form.from_dict(content), answers)
        replayed(replay, [Past("e", str(number), answers, result.final, result.outcome)], tally)
    assert tally.total == len(found)
    assert tally.compared + sum(tally.reasons.values()) == tally.total
    assert len(tally.rows) <= tally.compared


def test_the_step_that_undoes_leaves_no_trace_in_a_replay() -> None:
    draft, back = apply(small(), {"do": "set", "kind": "question", "key": "q2", "field": "weight", "value": 9})
    assert not again(apply(draft, back)[0], ALL_YES | {"q2": "no"}).changed
