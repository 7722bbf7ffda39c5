"""The numbers of the spec behind the analysis, and ranks that collapse ties."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo.ratio import Ratio, wilson
from qa.domain.means import Mean, mean_from, mean_of
from qa.domain.ranking import ranked


def test_forty_evaluations_with_three_critical_errors_are_ninety_two_and_a_half() -> None:
    accuracy = Ratio(37, 40)
    assert accuracy.value == pytest.approx(0.925)
    assert [round(100 * limit, 1) for limit in wilson(37, 40)] == [80.1, 97.4]


def test_three_hundred_opportunities_with_fifteen_errors_are_ninety_five() -> None:
    assert Ratio(285, 300).value == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("good", "n", "low", "high"), [(4, 5, 37.6, 96.4), (5, 5, 56.6, 100.0), (18, 20, 69.9, 97.2), (28, 30, 78.7, 98.2)]
)
def test_pass_rates_have_wilson_limits(good: int, n: int, low: float, high: float) -> None:
    assert [round(100 * limit, 1) for limit in wilson(good, n)] == [low, high]


def test_a_mean_of_five_has_the_t_interval_of_the_spec() -> None:
    mean = mean_of([92, 85, 78, 96, 88])
    assert (mean.value, round(mean.low or 0, 1), round(mean.high or 0, 1)) == (87.8, 79.3, 96.3)
    added = mean_from(5, 87.8, 6.870225614927067)
    assert (added.low, added.high) == (pytest.approx(mean.low), pytest.approx(mean.high))


def test_under_three_there_is_no_interval() -> None:
    assert mean_from(2, 90.0, 1.0) == Mean(2, 90.0)
    assert mean_from(0, None, None) == Mean(0, None)


def mean(low: float, high: float, n: int = 9) -> Mean:
    return Mean(n, (low + high) / 2, low, high)


def test_whose_intervals_overlap_the_next_share_a_band() -> None:
    means = {
        "a": mean(94, 98),
        "b": mean(84, 92),
        "c": mean(82, 88),
        "d": mean(80, 83),
        "e": mean(60, 70),
        "f": Mean(2, 99.0),
    }
    assert [(one.key, one.first, one.last) for one in ranked(means)] == [
        ("a", 1, 1), ("b", 2, 4), ("c", 2, 4), ("d", 2, 4), ("e", 5, 5), ("f", None, None),
    ]  # fmt: skip


def test_nobody_or_too_few_have_no_rank() -> None:
    assert ranked({}) == []
    assert [(one.key, one.first) for one in ranked({"a": Mean(1, 9.0), "b": Mean(2, 5.0)})] == [
        ("b", None),
        ("a", None),
    ]


@given(st.dictionaries(st.integers(), st.tuples(st.floats(0, 50), st.floats(0, 50), st.integers(0, 9)), max_size=12))
def test_bands_are_whole_and_in_order(given_: dict[int, tuple[float, float, int]]) -> None:
    means = {
        key: Mean(n, low + wide / 2, low, low + wide) if n >= 3 else Mean(n, low)
        for key, (low, wide, n) in given_.items()
    }
    found = ranked(means)
    assert {one.key for one in found} == set(means)
    with_rank = [one for one in found if one.first is not None]
    for place, one in enumerate(with_rank, start=1):
        assert one.first is not None
        assert one.last is not None
        assert one.first <= place <= one.last
    for higher, lower in itertools.pairwise(with_rank):
        assert (higher.mean.value or 0) >= (lower.mean.value or 0)
        overlap = (higher.mean.low or 0) <= (lower.mean.high or 0)
        assert (higher.last == lower.last) == overlap
