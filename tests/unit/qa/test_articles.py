"""Comparing and merging texts, and the rule of gaps."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.domain.differing import Part, differences, words
from qa.domain.gaps import Day, gap, ordered
from qa.domain.judging import Judge
from qa.domain.merging import merged
from tests.integration.qa.build import content, question

MONDAY = date(2026, 11, 16)


def test_a_changed_word_is_shown_within_its_line() -> None:
    found = differences("Say soon.\nThen close.", "Say Friday.\nThen close.")
    assert [[(part.sign, part.text) for part in line] for line in found] == [
        [("same", "Say "), ("out", "soon."), ("in", "Friday.")],
        [("same", "Then close.")],
    ]


def test_lines_with_little_in_common_stand_apart() -> None:
    found = differences("Ask for the order", "Nothing of it\nMore")
    assert [[part.sign for part in line] for line in found] == [["out"], ["in"], ["in"]]


LINES = st.lists(st.text(alphabet="ab \u00e9", max_size=8), max_size=6).map("\n".join)


@given(LINES, LINES)
def test_both_texts_can_be_read_back_from_the_difference(old: str, new: str) -> None:
    found = differences(old, new)
    for sign, text in (("out", old), ("in", new)):
        kept = [[part.text for part in line if part.sign in ("same", sign)] for line in found]
        assert ["".join(parts) for parts in kept if parts] == [line for line in text.splitlines() if line] or [
            "".join(parts) for parts in kept if parts
        ] == text.splitlines()


@pytest.mark.parametrize(
    ("before", "theirs", "mine", "conflict", "result"),
    [
        ("a", "a", "a", False, "a"),
        ("a", "b", "a", False, "b"),
        ("a", "a", "c", False, "c"),
        ("a", "b", "b", False, "b"),
        ("a", "b", "c", True, "c"),
    ],
)
def test_only_what_both_changed_apart_needs_a_choice(
    before: str, theirs: str, mine: str, conflict: bool, result: str
) -> None:
    [one] = merged({"body": before}, {"body": theirs}, {"body": mine})
    assert (one.conflict, one.result) == (conflict, result)


def test_without_what_was_there_before_everything_that_differs_is_asked() -> None:
    assert [one.conflict for one in merged({}, {"a": 1, "b": 2}, {"a": 1, "b": 3})] == [False, True]


def days(*counts: tuple[int, int, int]) -> list[Day]:
    return [Day(MONDAY + timedelta(days=after), fails, n) for after, fails, n in counts]


def test_a_gap_counts_apart_around_the_publication_and_leaves_its_day_out() -> None:
    found = gap("q1", days((0, 3, 6), (1, 2, 4), (2, 9, 9), (3, 1, 8)), MONDAY + timedelta(days=2))
    assert (found.whole.fails, found.whole.n) == (15, 27)
    assert found.before is not None
    assert found.since is not None
    assert (found.before.fails, found.before.n, found.before.value) == (5, 10, 0.5)
    assert (found.since.fails, found.since.n, found.since.too_few) == (1, 8, False)
    assert not found.lacks
    # Wilson 5/10: 23.7 to 76.3 %
    assert [round(limit, 3) for limit in found.before.interval] == [0.237, 0.763]


def test_under_five_says_nothing() -> None:
    found = gap("q1", days((0, 1, 4)), None)
    assert (found.whole.too_few, found.before, found.since, found.lacks) == (True, None, None, True)
    assert gap("q1", [], None).whole.value is None


def test_failed_without_an_article_comes_first_then_the_most_failed() -> None:
    written = gap("written", days((0, 50, 60)), MONDAY)
    few, many = gap("few", days((0, 2, 50)), None), gap("many", days((0, 9, 50)), None)
    never = gap("never", days((0, 0, 50)), None)
    rarer = gap("rarer", days((0, 9, 90)), None)
    assert [one.key for one in ordered([never, written, few, rarer, many])] == [
        "many",
        "rarer",
        "few",
        "written",
        "never",
    ]


def test_an_answer_is_the_best_an_error_or_neither() -> None:
    three = [{"key": key, "points": points, "label": key} for key, points in (("full", 2), ("half", 1), ("no", 0))]
    fatal = [{**three[0]}, {**three[1]}, {**three[2], "autofail": True}]
    form = content()
    form["sections"][0]["questions"] += [
        question("three", options=three),
        question("fatal", options=fatal, autofail_scope="section", error_class="customer"),
        {"key": "hold", "type": "number", "weight": 1, "text": "Holds", "allow_na": True,
         "ranges": [{"from": 0, "to": 2, "points": 5}, {"from": 3, "to": 100, "points": 0}]},
        question("some", type="multi", options=[{"key": "a", "points": 3, "label": "A"}, {"key": "b", "points": 2, "label": "B"}], max=5),
    ]  # fmt: skip
    judge = Judge(form)
    expected = {
        ("three", "full"): (True, False), ("three", "half"): (False, True), ("fatal", "half"): (False, False),
        ("fatal", "no"): (False, True), ("hold", 1): (True, False), ("hold", 3): (False, True), ("law", "no"): (False, True),
    }  # fmt: skip
    for (key, answer), (best, wrong) in expected.items():
        judged = judge.judge(key, answer)
        assert judged is not None, key
        assert (judged.best, judged.wrong) == (best, wrong), key
    for chosen, best in ((["a", "b"], True), (["a"], False)):
        judged = judge.judge("some", chosen)
        assert judged is not None
        assert (judged.best, judged.wrong) == (best, not best)
    assert judge.judge("q1", None) is judge.judge("strange", "yes") is judge.judge("hold", 999) is None
    assert (judge.class_of("law"), judge.class_of("q1"), judge.critical()) == (
        "compliance", "other", [("fatal", "customer"), ("law", "compliance")],
    )  # fmt: skip


def test_words_out_and_in_stand_whole() -> None:
    assert words("Is q1 right?", "Was the greeting right?", least=0) == (
        Part("out", "Is q1"), Part("in", "Was the greeting"), Part("same", " right?"),
    )  # fmt: skip
    assert words("Hold music", "Verify the caller") == ()
    assert words("Hold music", "Verify the caller", least=0) == (
        Part("out", "Hold music"),
        Part("in", "Verify the caller"),
    )
