import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.domain.measures import chance_error, coverage, forecast_error, shrinkage

COUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=40)


def test_parts_of_shrinkage_multiply():
    assert shrinkage(0.2, 0.02) == pytest.approx(0.216)
    assert shrinkage() == 0
    assert shrinkage(0.3) == pytest.approx(0.3)


@given(st.lists(st.floats(0, 1), max_size=6))
def test_shrinkage_is_a_share_of_at_least_each_part(parts: list[float]):
    assert max(parts, default=0) - 1e-12 <= shrinkage(*parts) <= 1


def test_the_eighteen_intervals():
    required = [2] * 18
    scheduled = [1] * 9 + [3] * 9
    assert coverage(required, scheduled) == (0.75, 0.5, 9, 9)
    assert coverage([0, 0], [1, 0]) == (None, None, 0, 1)


@given(COUNTS)
def test_over_never_covers_under(pairs: list[tuple[int, int]]):
    required, scheduled = zip(*pairs, strict=True)
    found = coverage(required, scheduled)
    assert found.over - found.under == sum(scheduled) - sum(required)
    if found.coverage is not None and found.efficiency is not None:
        assert found.efficiency <= found.coverage <= 1
        assert found.coverage >= 0


def test_four_intervals_of_a_hundred():
    found = forecast_error([100] * 4, [90, 105, 100, 110])
    assert found.wape == 25 / 405
    assert found.mape == pytest.approx(0.0624, abs=5e-5)
    assert found.mape_skipped == 0
    assert found.bias == pytest.approx(-0.0123, abs=5e-5)
    assert forecast_error([250], [250]).noise_floor == pytest.approx(0.0505, abs=5e-5)


def test_what_chance_leaves_to_a_forecast_that_knows_every_mean():
    assert chance_error([250]) == pytest.approx(math.sqrt(2 / (math.pi * 250)), rel=0.001)
    assert chance_error([250] * 9) == pytest.approx(forecast_error([250] * 9, [250] * 9).noise_floor, rel=0.002)
    assert chance_error([0.5]) == pytest.approx(2 * 0.5 * math.exp(-0.5) / 0.5)  # half of it at 0, the rest above
    assert chance_error([4, 496]) < forecast_error([4, 496], [4, 496]).noise_floor
    assert chance_error([0, 0]) is None
    assert chance_error([]) is None


def test_intervals_without_volume_are_counted():
    found = forecast_error([10, 10, 5], [0, 10, 0])
    assert (found.wape, found.mape, found.mape_skipped, found.bias) == (1.5, 0, 2, 1.5)
    assert forecast_error([3], [0]) == (None, None, 1, None, None)
    assert forecast_error([], []) == (None, None, 0, None, None)


@given(COUNTS)
def test_bias_is_never_larger_than_the_error(pairs: list[tuple[int, int]]):
    forecast, actual = zip(*pairs, strict=True)
    found = forecast_error(forecast, actual)
    if found.wape is not None and found.bias is not None:
        assert abs(found.bias) <= found.wape + 1e-12


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: shrinkage(0.2, 1.2), "shrinkage must be a share from 0 to 1, not 1.2"),
        (lambda: coverage([1, 2], [1]), "scheduled must be as long as required, 2, not 1"),
        (lambda: coverage([1], [-1]), "scheduled must be a number of at least 0, not -1"),
        (lambda: forecast_error([math.nan], [1]), "forecast must be a number of at least 0, not nan"),
    ],
)
def test_a_bad_value_is_named(call, words: str):
    with pytest.raises(ValueError, match=words):
        call()
