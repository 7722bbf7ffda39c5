"""What holds for any scorecard and any answers."""

from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from qa.domain.reach import reachable
from qa.domain.scoring import Form, Score, score

MODES = ("nested", "flat", "points", "points_x_weight")
Card = tuple[dict[str, Any], dict[str, Any]]  # a scorecard and answers to all of it


@st.composite
def questions(draw: st.DrawFn, key: str, earlier: list[str]) -> dict[str, Any]:
    points = draw(st.lists(st.integers(0, 5), min_size=2, max_size=3))
    bonus = draw(st.booleans()) and draw(st.booleans())
    scope = None if bonus else draw(st.sampled_from([None, None, "section", "form"]))
    failing = draw(st.integers(0, 4)) if scope else None
    options = [{"key": f"o{n}", "points": p, "autofail": n == failing} for n, p in enumerate(points)]
    parent = draw(st.sampled_from(earlier)) if earlier and draw(st.integers(0, 3)) == 0 else None
    return {
        "key": key, "type": "choice", "weight": draw(st.integers(0, 4)), "options": options, "bonus": bonus,
        "allow_na": draw(st.booleans()), "na": draw(st.sampled_from(["drop", "drop", "full"])), "autofail_scope": scope,
        "show_if": {"question": parent, "in": ["o1"]} if parent else None,
    }  # fmt: skip


@st.composite
def cards(draw: st.DrawFn, most: int = 3) -> Card:
    sections: list[dict[str, Any]] = []
    earlier: list[str] = []
    for s in range(draw(st.integers(1, 2))):
        found = []
        for q in range(draw(st.integers(1, most))):
            found.append(draw(questions(f"q{s}{q}", earlier)))
            earlier.append(f"q{s}{q}")
        sections.append({"key": f"s{s}", "weight": draw(st.integers(0, 3)), "questions": found})
    card = {
        "mode": draw(st.sampled_from(MODES)), "pass_mark": draw(st.integers(0, 100)),
        "cap_at_100": draw(st.booleans()), "autofail_effect": draw(st.sampled_from(["zero", "keep"])), "sections": sections,
    }  # fmt: skip
    answers = {q["key"]: draw(st.sampled_from(choices(q))) for s in sections for q in s["questions"]}
    return card, answers


def choices(question: dict[str, Any]) -> list[str | None]:
    return [o["key"] for o in question["options"]] + ([None] if question["allow_na"] else [])


def of(card: Card) -> Score:
    return score(Form.from_dict(card[0]), card[1])


def all_questions(card: Card) -> list[dict[str, Any]]:
    return [question for section in card[0]["sections"] for question in section["questions"]]


@given(cards())
def test_the_order_of_the_answers_is_irrelevant(card: Card) -> None:
    assert of((card[0], dict(reversed(card[1].items())))) == of(card)


@given(cards())
def test_scores_stay_in_bounds_and_no_number_means_unscored(card: Card) -> None:
    found = of(card)
    assert (found.final is None) == (found.outcome == "UNSCORED") == (found.raw is None)
    if found.final is not None and found.uncapped is not None and found.raw is not None:
        assert 0 <= found.final <= found.uncapped <= found.raw
        assert found.final == found.final.quantize(Decimal("0.01"))
        assert found.final == (min(found.uncapped, Decimal(100)) if card[0]["cap_at_100"] else found.uncapped)
        failed = bool(found.triggers) or found.final < card[0]["pass_mark"]
        assert found.outcome == ("FAIL" if failed else "PASS")


@given(cards())
def test_an_auto_fail_leaves_the_raw_score_as_it_would_be_without(card: Card) -> None:
    tame = {**card[0], "sections": [
        {**s, "questions": [
            {**q, "autofail_scope": None, "options": [{**o, "autofail": False} for o in q["options"]]} for q in s["questions"]
        ]} for s in card[0]["sections"]
    ]}  # fmt: skip
    without = of((tame, card[1]))
    assert of(card).raw == without.raw == without.uncapped
    assert not without.triggers


@given(cards())
def test_a_hidden_question_counts_like_not_applicable(card: Card) -> None:
    for question in all_questions(card):
        question["allow_na"] = True
    chosen: dict[str, str | None] = {}
    for question in all_questions(card):
        condition = question["show_if"]
        hidden = condition and chosen.get(condition["question"]) not in condition["in"]
        chosen[question["key"]] = None if hidden else card[1][question["key"]]
    left_out = {key: value for key, value in card[1].items() if chosen[key] is not None or value is None}
    bare = {**card[0], "sections": [
        {**s, "questions": [{**q, "show_if": None} for q in s["questions"]]} for s in card[0]["sections"]
    ]}  # fmt: skip
    assert of((bare, chosen)) == of(card) == of((card[0], left_out))


@given(cards(), st.data())
def test_a_better_answer_never_lowers_the_score(card: Card, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(all_questions(card)))
    assume(not any((q["show_if"] or {}).get("question") == question["key"] for q in all_questions(card)))
    before, after = data.draw(st.sampled_from(question["options"])), data.draw(st.sampled_from(question["options"]))
    assume(after["points"] >= before["points"] and (before["autofail"] or not after["autofail"]))
    worse = of((card[0], {**card[1], question["key"]: before["key"]}))
    better = of((card[0], {**card[1], question["key"]: after["key"]}))
    if worse.final is not None and better.final is not None:
        assert better.final >= worse.final


@given(cards(most=2), st.data())
def test_the_reachable_range_is_exactly_that_of_all_completions(card: Card, data: st.DataObject) -> None:
    form = Form.from_dict(card[0])
    kept = {key: value for key, value in card[1].items() if data.draw(st.booleans())}
    open_ones = [question for question in all_questions(card) if question["key"] not in kept]
    ends = []
    for taken in product(*(choices(question) for question in open_ones)):
        filled = kept | {q["key"]: value for q, value in zip(open_ones, taken, strict=True)}
        final = score(form, filled).final
        if final is not None:
            ends.append(final)
    assert reachable(form, kept) == ((min(ends), max(ends)) if ends else None)
