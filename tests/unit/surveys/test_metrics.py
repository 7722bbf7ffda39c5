"""The checked examples W9, W10, W11, W12 and W14 of the survey figures; the other W belong to other apps."""

from datetime import UTC, datetime, time, timedelta
from math import isclose, sqrt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.domain.metrics import Csat, bounds, csat, next_allowed, nps, post_stratify, wilson

COUNTS = st.integers(0, 10_000)


def test_w9_bounds_of_ninety_percent_at_a_tenth_answering() -> None:
    assert bounds(900 / 1000, 1000 / 10_000) == pytest.approx((0.09, 0.99))


def test_w10_weighting_moves_the_share() -> None:
    strata = [(6_000, 84, 120), (4_000, 252, 280)]
    assert sum(good for _w, good, _n in strata) / sum(n for _w, _good, n in strata) == 0.84
    assert post_stratify(strata) == pytest.approx(0.78)
    assert post_stratify([(0.6, 84, 120), (0.4, 252, 280)]) == pytest.approx(0.78)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (5, 5, 0.5655, 1),
        (9, 10, 0.5958, 0.9821),
        (44, 50, 0.7620, 0.9438),
        (180, 200, 0.8506, 0.9343),
        (195, 350, 0.5048, 0.6083),
        (0, 8, 0, 0.3244),
    ],
)
def test_w11_wilson(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_w12_net_promoter_score() -> None:
    score = nps(110, 50, 40)
    assert (score.score, score.n) == (35, 200)
    assert (score.low, score.high) == pytest.approx((24.02, 45.98), abs=5e-3)
    assert (score.high - 35) / 1.959964 == pytest.approx(5.6013, abs=5e-5)
    assert nps(3, 1, 1).score == 40


@pytest.mark.parametrize(
    ("zone", "due", "sent"),
    [
        ("Europe/Berlin", datetime(2026, 3, 28, 21, 30, tzinfo=UTC), datetime(2026, 3, 29, 7, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 27, 21, 30, tzinfo=UTC), datetime(2026, 3, 28, 8, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 7, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, 13, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize(("start", "end"), [(time(9), time(20)), ("09:00", "20:00"), (9, 20)])
def test_w14_quiet_hours(zone: str, due: datetime, sent: datetime, start: Any, end: Any) -> None:
    assert next_allowed(due, zone, start, end) == sent
    assert next_allowed(due, ZoneInfo(zone), start, end) == sent


def test_no_answers_say_nothing() -> None:
    assert wilson(0, 0) == (0, 1)
    assert csat({}) == Csat(0, 0, None, 0, 1)
    empty = nps(0, 0, 0)
    assert (empty.score, empty.low, empty.high, empty.n) == (None, -100, 100, 0)


@given(COUNTS, COUNTS)
def test_wilson_is_symmetric_within_0_to_1_and_holds_the_share(one: int, other: int) -> None:
    n = one + other
    low, high = wilson(one, n)
    mirrored_low, mirrored_high = wilson(other, n)
    assert 0 <= low <= high <= 1
    assert isclose(low, 1 - mirrored_high, abs_tol=1e-12)
    assert isclose(high, 1 - mirrored_low, abs_tol=1e-12)
    if n:
        assert low <= one / n <= high


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_wilson_limits_solve_the_score_equation(successes: int, more: int) -> None:
    n = successes + more
    p, z = successes / n, 1.959963984540054
    for limit in wilson(successes, n):
        assert abs(p - limit) == pytest.approx(z * sqrt(limit * (1 - limit) / n), abs=1e-9)


@given(st.integers(1, 500))
def test_more_confidence_is_a_wider_interval(n: int) -> None:
    narrow, wide = wilson(n // 2, n, 0.8), wilson(n // 2, n, 0.99)
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


def test_csat_is_the_two_best_answers_of_five() -> None:
    found = csat({1: 417, 2: 396, 3: 1218, 4: 1180, 5: 843})
    assert (found.good, found.n, found.value) == (2023, 4054, 2023 / 4054)
    assert (found.low, found.high) == wilson(2023, 4054)


@given(COUNTS, COUNTS, COUNTS)
def test_the_net_promoter_score_is_within_its_interval_and_the_scale(p: int, m: int, d: int) -> None:
    found = nps(p, m, d)
    assert -100 <= found.low <= found.high <= 100
    if found.score is not None:
        assert found.low <= found.score <= found.high
        assert nps(d, m, p).score == -found.score


def test_everybody_of_one_mind_leaves_no_spread() -> None:
    assert (nps(7, 0, 0).low, nps(7, 0, 0).high) == (100, 100)
    assert (nps(0, 7, 0).low, nps(0, 7, 0).high) == (0, 0)


@given(st.floats(0, 1), st.floats(0, 1))
def test_bounds_hold_the_share_and_close_as_all_answer(p: float, rate: float) -> None:
    low, high = bounds(p, rate)
    assert 0 <= low <= p + 1e-12
    assert p - 1e-12 <= high <= 1
    assert bounds(p, 1) == (p, p)
    assert bounds(p, 0) == (0, 1)


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(0, 50), st.integers(50, 99)), min_size=1, max_size=6))
def test_weighting_stays_within_the_shares_it_weighs(strata: list[tuple[float, int, int]]) -> None:
    shares = [good / n for _weight, good, n in strata]
    assert min(shares) - 1e-12 <= post_stratify(strata) <= max(shares) + 1e-12


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: wilson(3, 2), "successes 3"),
        (lambda: wilson(-1, 2), "successes -1"),
        (lambda: wilson(0, -1), "n -1"),
        (lambda: wilson(1.5, 2), "successes 1.5"),  # type: ignore[arg-type]  # the wrong type is the point
        (lambda: wilson(1, 2, 1), "confidence 1"),
        (lambda: wilson(1, 2, float("nan")), "confidence nan"),
        (lambda: csat({6: 1}), "6 is not an answer"),
        (lambda: csat({0: 1}), "0 is not an answer"),
        (lambda: csat({5: -1}), "-1 is below 0"),
        (lambda: nps(1, -2, 3), "passives -2"),
        (lambda: nps(1, 2, 3, confidence=0), "confidence 0"),
        (lambda: bounds(1.1, 0.5), "p 1.1"),
        (lambda: bounds(0.5, -0.1), "response_rate -0.1"),
        (lambda: bounds(float("nan"), 0.5), "p nan"),
        (lambda: post_stratify([]), "no weight"),
        (lambda: post_stratify([(1, 0, 0)]), "n is 0"),
        (lambda: post_stratify([(-1, 0, 1)]), "weight -1"),
        (lambda: post_stratify([(float("inf"), 0, 1)]), "weight inf"),
        (lambda: post_stratify([(1, 3, 2)]), "good 3"),
    ],
)
def test_a_bad_value_is_named(call: Any, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        call()


def test_a_stratum_without_weight_may_be_empty() -> None:
    assert post_stratify([(0, 0, 0), (2, 1, 2)]) == 0.5


NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ((datetime(2026, 6, 1, 12), "UTC", 9, 20), "instant"),  # noqa: DTZ001 - the fault under test
        ((NOON, "Mars/Olympus", 9, 20), "zone 'Mars/Olympus'"),
        ((NOON, "UTC", 25, 20), "start 25"),
        ((NOON, "UTC", 24, 20), "start 24"),
        ((NOON, "UTC", 9, "20:60"), "end '20:60'"),
        ((NOON, "UTC", 9, "soon"), "end 'soon'"),
        ((NOON, "UTC", 9, 9), "end 9"),
        ((NOON, "UTC", -1, 9), "start -1"),
        ((NOON, "UTC", 9.5, 20), "start 9.5"),
    ],
)
def test_quiet_hours_name_a_bad_value(args: tuple[Any, ...], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        next_allowed(*args)


def test_the_window_holds_its_start_and_not_its_end() -> None:
    assert next_allowed(datetime(2026, 6, 1, 9, tzinfo=UTC), "UTC", 9, 20) == datetime(2026, 6, 1, 9, tzinfo=UTC)
    assert next_allowed(datetime(2026, 6, 1, 20, tzinfo=UTC), "UTC", 9, 20) == datetime(2026, 6, 2, 9, tzinfo=UTC)
    assert next_allowed(datetime(2026, 6, 1, 23, 59, tzinfo=UTC), "UTC", 0, 24).minute == 59


def test_a_window_may_go_over_midnight() -> None:
    assert next_allowed(datetime(2026, 6, 1, 3, tzinfo=UTC), "UTC", "22:00", "06:00").hour == 3
    assert next_allowed(NOON, "UTC", "22:00", "06:00") == datetime(2026, 6, 1, 22, tzinfo=UTC)


def test_a_start_the_clocks_skip_opens_as_they_go_forward() -> None:
    night = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert next_allowed(night, "Europe/Berlin", "02:30", "06:00") == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert next_allowed(night, "Europe/Berlin", "02:15", "02:45") == datetime(2026, 3, 30, 0, 15, tzinfo=UTC)


def test_a_start_that_comes_twice_opens_the_window_twice() -> None:
    between = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 in Berlin for the second time
    assert next_allowed(between, "Europe/Berlin", "02:30", "02:50") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Africa/Cairo"]


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants them bare
    st.sampled_from(ZONES),
    st.integers(4, 22),
    st.integers(1, 20),
)
def test_the_instant_is_the_first_one_allowed(instant: datetime, zone: str, start: int, hours: int) -> None:
    end = min(start + hours, 24)
    found = next_allowed(instant, zone, start, end)
    assert found.tzinfo is UTC
    assert start <= found.astimezone(ZoneInfo(zone)).hour < end
    waited = int((found - instant) / timedelta(minutes=20))
    earlier = [instant + step * timedelta(minutes=20) for step in range(waited + 1)]
    assert not [at for at in earlier if at < found and start <= at.astimezone(ZoneInfo(zone)).hour < end]
