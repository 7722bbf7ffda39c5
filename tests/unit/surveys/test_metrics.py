"""Survey figures against worked examples of the literature and of the field's own pages."""

from datetime import datetime
from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.domain.comparison import difference, hidden, mean_score
from surveys.domain.metrics import bounds, csat, next_allowed, nps, post_stratify, wilson


def test_worst_case_bounds_of_ninety_per_cent_at_ten_per_cent_response() -> None:
    assert bounds(0.9, 0.1) == pytest.approx((0.09, 0.99))


def test_post_stratification_weighs_billing_and_tech_by_their_own_volume() -> None:
    assert post_stratify([(6000, 84, 120), (4000, 252, 280)]) == pytest.approx(0.78)
    assert csat({4: 84 + 252, 1: 400 - 336}).value == 0.84


@pytest.mark.parametrize(
    ("good", "n", "low", "high"),
    [
        (5, 5, 0.5655, 1),
        (9, 10, 0.5958, 0.9821),
        (44, 50, 0.7620, 0.9438),
        (180, 200, 0.8506, 0.9343),
        (195, 350, 0.5048, 0.6083),
        (0, 8, 0, 0.3244),
        (0, 0, 0, 1),
    ],
)
def test_wilson_limits_are_those_of_the_tables(good: int, n: int, low: float, high: float) -> None:
    assert wilson(good, n) == pytest.approx((low, high), abs=5e-5)


def test_nps_of_110_promoters_50_passives_40_detractors() -> None:
    found = nps(110, 50, 40)
    assert (found.score, found.n) == (35, 200)
    assert (found.low, found.high) == pytest.approx((24.02, 45.98), abs=5e-3)
    assert nps(3, 1, 1).score == 40
    assert nps(0, 0, 0).score is None


@pytest.mark.parametrize(
    ("due", "zone", "allowed"),
    [
        ("2026-03-28T21:30+00:00", "Europe/Berlin", "2026-03-29T07:00+00:00"),
        ("2026-03-27T21:30+00:00", "Europe/Berlin", "2026-03-28T08:00+00:00"),
        ("2026-07-01T01:00+00:00", "America/New_York", "2026-07-01T13:00+00:00"),
        ("2026-07-01T15:00+00:00", "America/New_York", "2026-07-01T15:00+00:00"),
    ],
)
def test_quiet_hours_are_those_of_the_customers_clock(due: str, zone: str, allowed: str) -> None:
    assert next_allowed(datetime.fromisoformat(due), zone, 9, 20) == datetime.fromisoformat(allowed)


def test_csat_is_the_share_of_fours_and_fives() -> None:
    found = csat({5: 368, 4: 137, 3: 45, 2: 24, 1: 30})
    assert (found.good, found.n, found.value) == (505, 604, 505 / 604)
    assert (round(found.low, 3), round(found.high, 3)) == (0.804, 0.863)
    assert csat({}).value is None


@pytest.mark.parametrize("counts", [{6: 1}, {0: 1}, {5: -1}])
def test_an_answer_off_the_scale_and_a_negative_count_are_named(counts: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="counts"):
        csat(counts)


def test_the_mean_is_divided_once() -> None:
    assert mean_score({5: 1, 4: 1, 1: 1}) == 10 / 3
    assert mean_score({}) is None


def test_the_difference_is_newcombes_of_56_of_70_and_48_of_80() -> None:
    found = difference(56, 70, 48, 80)
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert found.clear
    assert not difference(84, 98, 421, 506).clear


@given(st.integers(1, 400), st.integers(1, 400), st.data())
def test_a_difference_lies_in_its_interval_and_turns_with_its_groups(n: int, other: int, data: st.DataObject) -> None:
    good, other_good = data.draw(st.integers(0, n)), data.draw(st.integers(0, other))
    one, two = difference(good, n, other_good, other), difference(other_good, other, good, n)
    assert -1 - 1e-9 <= one.low <= one.value <= one.high <= 1 + 1e-9
    assert isclose(one.low, -two.high, abs_tol=1e-12)
    assert isclose(one.high, -two.low, abs_tol=1e-12)


def test_a_group_without_answers_has_no_difference() -> None:
    with pytest.raises(ValueError, match="other_n 0"):
        difference(1, 2, 0, 0)


def test_a_lone_small_group_takes_the_next_smallest_with_it() -> None:
    assert hidden({"A": 9, "B": 3}) == {"B": "too_few", "A": "subtraction"}
    assert hidden({"A": 98, "B": 3, "C": 17}) == {"B": "too_few", "C": "subtraction"}
    assert hidden({"A": 98, "B": 3, "C": 4}) == {"B": "too_few", "C": "too_few"}
    assert hidden({"A": 98, "B": 1, "C": 2, "D": 30}) == {"B": "too_few", "C": "too_few", "D": "subtraction"}
    assert hidden({"B": 3}) == {"B": "too_few"}
    assert hidden({"A": 98, "C": 5}) == {}


@given(st.lists(st.integers(0, 40), max_size=9))
def test_total_less_what_is_shown_never_speaks_of_a_few(sizes: list[int]) -> None:
    named = {str(index): size for index, size in enumerate(sizes)}
    out = hidden(named)
    left = sum(named[name] for name in out)
    assert all(size == 0 or size >= 5 for name, size in named.items() if name not in out)
    assert not out or len(out) == sum(size > 0 for size in sizes) or (left >= 5 and len(out) > 1)


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilson_holds_its_share(good: int, bad: int) -> None:
    low, high = wilson(good, good + bad)
    share = good / (good + bad) if good + bad else sqrt(0.25)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
