import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.domain.agreement import (
    METRICS,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    icc_2_1,
    krippendorff_alpha,
    percent_agreement,
)

FOURTEEN_RATERS = "0,0,0,0,14 0,2,6,4,2 0,0,3,5,6 0,3,9,2,0 2,2,8,1,1 7,7,0,0,0 3,2,6,3,0 2,5,3,2,2 6,5,2,1,0 0,2,2,3,7"
WITH_GAPS = ("-----34121133-3", "1-213343-------", "--21344-21133-4")
SHROUT_FLEISS = "9,2,5,8 6,1,3,2 8,4,6,8 7,1,2,6 10,5,6,9 6,2,4,7"


def table(yes_yes: int, yes_no: int, no_yes: int, no_no: int) -> tuple[list[str], list[str]]:
    counted = (("yes", "yes", yes_yes), ("yes", "no", yes_no), ("no", "yes", no_yes), ("no", "no", no_no))
    pairs = [(a, b) for a, b, count in counted for _ in range(count)]
    return [a for a, _b in pairs], [b for _a, b in pairs]


def rows(text: str) -> list[list[int]]:
    return [[int(cell) for cell in row.split(",")] for row in text.split()]


def with_gaps() -> list[list[int | None]]:
    return [[None if mark == "-" else int(mark) for mark in rater] for rater in WITH_GAPS]


def near(value: float) -> object:
    return pytest.approx(value, abs=5e-4)


def test_two_raters_of_fifty():
    a, b = table(20, 5, 10, 15)
    assert percent_agreement(a, b) == 0.7
    assert cohen_kappa(a, b) == near(0.4)


def test_where_nearly_all_pass_kappa_collapses_and_ac1_does_not():
    a, b = table(92, 4, 3, 1)
    assert percent_agreement(a, b) == 0.93
    assert cohen_kappa(a, b) == near(0.186)
    assert gwet_ac1(a, b) == near(0.923)


def test_fourteen_raters():
    assert fleiss_kappa(rows(FOURTEEN_RATERS)) == near(0.210)


@pytest.mark.parametrize(("metric", "alpha"), [("nominal", 0.691), ("ordinal", 0.807), ("interval", 0.811)])
def test_three_raters_with_gaps(metric: str, alpha: float):
    assert krippendorff_alpha(with_gaps(), metric) == near(alpha)


def test_a_ratio_scale():
    # By hand: units (1, 2) and (2, 2); seen 2/9 of 4, expected 2 * 3 / 9 of 12.
    assert krippendorff_alpha([[1, 2], [2, 2]], "ratio") == pytest.approx(0)
    assert krippendorff_alpha([[1, 2, 9], [1, 2, 9]], "ratio") == 1


def test_four_judges_of_six():
    assert icc_2_1(rows(SHROUT_FLEISS)) == near(0.290)


def test_what_is_undefined_is_none():
    for measure in (percent_agreement, cohen_kappa, gwet_ac1):
        assert measure([], []) is None
        assert measure([None, 1], [1, None]) is None
    assert cohen_kappa([1, 1], [1, 1]) is None
    assert gwet_ac1([1, 1], [1, 1]) == 1
    assert fleiss_kappa([]) is None
    assert fleiss_kappa([[3, 0], [3, 0]]) is None
    assert fleiss_kappa([[1, 0], [0, 1]]) is None
    assert krippendorff_alpha([], "nominal") is None
    assert krippendorff_alpha([[1, None], [None, 2]], "nominal") is None
    assert krippendorff_alpha([[1, 1], [1, 1]], "interval") is None
    assert icc_2_1([]) is None
    assert icc_2_1([[1, 2]]) is None
    assert icc_2_1([[5, 5], [5, 5]]) is None


def test_ratings_not_given_are_left_out():
    a, b = table(20, 5, 10, 15)
    assert cohen_kappa([None, "yes", *a], ["no", None, *b]) == cohen_kappa(a, b)
    assert icc_2_1([*rows(SHROUT_FLEISS), [None, 1, 2, 3]]) == icc_2_1(rows(SHROUT_FLEISS))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cohen_kappa([1], [1, 2]), "a and b must be of one length, not 1, 2"),
        (lambda: fleiss_kappa([[1, 2], [2, 2]]), "rows must each have the same number of raters"),
        (lambda: krippendorff_alpha([[1], [1, 2]], "nominal"), "raters must be of one length"),
        (lambda: krippendorff_alpha([[1], [1]], "likert"), "metric must be one of nominal, .*, not 'likert'"),
        (lambda: krippendorff_alpha([[-1], [1]], "ratio"), "raters must not be below 0 on a ratio scale, as -1 is"),
        (lambda: icc_2_1([[1, 2], [1]]), "rows must be of one length"),
    ],
)
def test_a_bad_value_is_named(call, words: str):
    with pytest.raises(ValueError, match=words):
        call()


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=60), st.integers())
def test_order_and_sides_do_not_matter_and_nothing_exceeds_one(pairs: list[tuple[int, int]], seed: int):
    a, b = [list(side) for side in zip(*pairs, strict=True)]
    mixed = random.Random(seed).sample(pairs, len(pairs))  # noqa: S311 - any order will do
    for measure in (percent_agreement, cohen_kappa, gwet_ac1):
        found = measure(a, b)
        assert found is None or found <= 1
        assert measure(b, a) == pytest.approx(found)
        assert measure([x for x, _y in mixed], [y for _x, y in mixed]) == pytest.approx(found)
    for metric in METRICS:
        alpha = krippendorff_alpha([a, b], metric)
        assert alpha is None or alpha <= 1
        assert krippendorff_alpha([b, a], metric) == pytest.approx(alpha)
    perfect = cohen_kappa(a, a)
    assert perfect is None or perfect == pytest.approx(1)
