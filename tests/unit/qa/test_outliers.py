"""Handling times that don't fit: vectors worked by hand, and what holds for any."""

from math import exp

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bpo.ratio import difference
from qa.domain.outliers import LIMIT, Contrast, Item, means, mixes, outliers

SECONDS = st.lists(st.integers(10, 5000), min_size=20, max_size=60)


def items(seconds: list[float], *groups: str) -> list[Item]:
    return [Item(place, one, groups or ("all",)) for place, one in enumerate(seconds)]


def test_a_vector_by_hand() -> None:
    """Logarithms 4.9 and 5.1 eleven times each, 5, 5.6, 4.4 and 5.5: median 5, MAD 0.1, z = 0.6745 · (ln x - 5) / 0.1."""
    usual = [exp(4.9)] * 12 + [exp(5.1)] * 11 + [exp(5.0)]
    found = outliers(items([*usual, exp(5.6), exp(4.4), exp(5.5)]))
    assert {one.key: round(one.z, 3) for one in found} == {24: 4.047, 25: -4.047}
    assert {round(one.usual, 3) for one in found} == {round(exp(5), 3)}


def test_both_ways_the_farthest_first_with_what_is_usual() -> None:
    spread = [100 * 1.1 ** (place % 5 - 2) for place in range(40)]
    long, short = outliers(items([*spread, 1000.0, 20.0]))
    assert (long.key, long.long, short.key, short.long) == (40, True, 41, False)
    assert long.z > -short.z > LIMIT
    assert (round(long.usual), long.n, long.level) == (100, 42, 0)


def test_a_small_group_is_judged_within_the_wider_one() -> None:
    wide = [Item(f"w{place}", 300 + place % 7 * 10, ("busy", "queue")) for place in range(30)]
    few = [Item(f"f{place}", 2000 + place, ("rare", "queue")) for place in range(19)]
    found = {one.key: one for one in outliers([*wide, *few[:5]])}
    assert set(found) == {f"f{place}" for place in range(5)}
    assert {one.level for one in found.values()} == {1}
    assert outliers([*wide, *few, Item("f19", 2019, ("rare", "queue"))]) == [], "twenty alike judge themselves"


def test_fewer_than_twenty_are_not_judged() -> None:
    assert outliers(items([100.0] * 10 + [120.0] * 8 + [9000.0])) == []
    assert outliers(items([100.0] * 10 + [120.0] * 9 + [9000.0])) != []


@pytest.mark.parametrize("wrong", [0, -3, float("nan")])
def test_a_time_that_is_none_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        outliers([Item("x", wrong, ("all",))])


@given(SECONDS, st.floats(0.01, 100))
def test_the_unit_of_time_changes_no_verdict(seconds: list[int], unit: float) -> None:
    plain, scaled = outliers(items([*map(float, seconds)])), outliers(items([one * unit for one in seconds]))
    assert [one.key for one in plain] == [one.key for one in scaled]
    assert [one.z for one in plain] == pytest.approx([one.z for one in scaled], rel=1e-6)


@given(SECONDS, st.randoms())
def test_the_order_changes_no_verdict(seconds: list[int], chance: object) -> None:
    given_ = items([*map(float, seconds)])
    mixed = list(given_)
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert {one.key: one.z for one in outliers(given_)} == {one.key: one.z for one in outliers(mixed)}


@given(st.integers(1, 10_000), st.integers(20, 60))
def test_what_is_all_the_same_has_no_outliers(seconds: int, n: int) -> None:
    assert outliers(items([float(seconds)] * n)) == []


@given(SECONDS)
def test_outliers_are_never_the_greater_part(seconds: list[int]) -> None:
    assert len(outliers(items([*map(float, seconds)]))) < len(seconds) / 2


def test_a_mix_names_only_what_chance_does_not_explain() -> None:
    picked = ["charge"] * 18 + ["bill"] * 2
    others = ["charge"] * 100 + ["bill"] * 300
    found = {one.name: one for one in mixes(picked, others)}
    charge = found["charge"]
    assert (charge.value, charge.n, charge.other, charge.other_n) == (0.9, 20, 0.25, 400)
    assert charge.clear
    assert charge.gap == difference(18, 20, 100, 400), "two that add up to one are one comparison"
    even = mixes(["a", "b"] * 10, ["a", "b"] * 200)
    assert [one.clear for one in even] == [False, False]


def test_more_comparisons_widen_the_intervals() -> None:
    two = mixes(["a"] * 9 + ["b"] * 3, ["a"] * 40 + ["b"] * 60)[0]
    many = mixes(["a"] * 9 + ["b"] * 3, ["a"] * 40 + [f"b{n}" for n in range(60)])
    wide = next(one for one in many if one.name == "a")
    assert wide.gap.value == two.gap.value
    assert wide.gap.low < two.gap.low


@given(st.lists(st.sampled_from("abc"), min_size=5, max_size=40))
def test_a_mix_of_the_same_says_nothing(picked: list[str]) -> None:
    assert not any(one.clear for one in mixes(picked, picked * 3))


def test_too_few_are_not_compared() -> None:
    assert mixes(["a"] * 4, ["b"] * 100) == []
    assert means("hold", [0.1] * 4, [0.2] * 100) is None
    assert means("hold", [0.1] * 5, [0.1] * 5) is None


def test_two_means_by_welch() -> None:
    """Checked with scipy.stats.ttest_ind(equal_var=False).confidence_interval()."""
    from scipy.stats import ttest_ind

    a, b = [0.31, 0.44, 0.28, 0.52, 0.39, 0.47], [0.12, 0.2, 0.16, 0.11, 0.25, 0.14, 0.19]
    found = means("hold", a, b)
    assert isinstance(found, Contrast)
    limits = ttest_ind(a, b, equal_var=False).confidence_interval()
    assert (found.gap.low, found.gap.high) == pytest.approx((limits.low, limits.high))
    assert found.clear
    assert (found.n, found.other_n) == (6, 7)


@given(st.lists(st.floats(0, 1), min_size=5, max_size=30))
def test_a_mean_does_not_differ_from_itself(values: list[float]) -> None:
    assume(len(set(values)) > 1)
    found = means("hold", values, values)
    assert found is None or not found.clear
