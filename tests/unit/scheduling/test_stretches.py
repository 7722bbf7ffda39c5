"""External rows and promised windows on the steps of a week, also over midnight and changes of clocks."""

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.domain.stretches import Given, Window, promised, volumes, whole_agents
from scheduling.domain.weeks import Week
from tests.unit.scheduling.test_nights import ZONES

NINE = datetime(2026, 11, 30, 9, tzinfo=UTC)
STEPS = [NINE + timedelta(minutes=30 * number) for number in range(6)]


def test_hours_are_spread_and_quarters_summed():
    rows = [Given(NINE, 60, 12, 300), *[Given(NINE + timedelta(minutes=60 + 15 * n), 15, 2, 200 + n) for n in range(4)]]
    found = volumes(rows, STEPS, 30)
    assert [round(volume, 9) for volume, _aht, _told in found] == [6, 6, 4, 4, 0, 0]
    assert [aht for _volume, aht, _told in found] == [300, 300, 200.5, 202.5, None, None]
    assert [told for _volume, _aht, told in found] == [True] * 4 + [False] * 2


def test_a_callback_is_spread_over_its_window_and_only_its_part_of_the_week_counts():
    found = promised([Window(NINE - timedelta(hours=1), NINE + timedelta(hours=1), 7200)], STEPS, 30)
    assert found == [1, 1, 0, 0, 0, 0]
    assert promised([Window(NINE, NINE, 600)], STEPS, 30) == [0] * 6


def test_a_stretch_of_promises_is_rounded_once():
    assert whole_agents([0.25, 0.25, 0.25, 0.25]) == [1, 0, 0, 0]
    assert whole_agents([0.25, 0.0, 0.25]) == [1, 0, 1]
    assert whole_agents([0.5, 0.5, 1.5], most=0.5) == [1, 1, 3]
    assert whole_agents([]) == []


@given(st.lists(st.floats(0, 20), max_size=40), st.floats(0.3, 1))
def test_there_is_always_enough_and_never_one_too_many(load: list[float], most: float):
    found = whole_agents(load, most)
    sofar = have = 0.0
    for one, agents in zip(load, found, strict=True):
        assert agents >= 0
        sofar, have = (sofar + one / most, have + agents) if one else (0.0, 0.0)
        assert have >= sofar - 1e-6
        assert have <= math.ceil(sofar + 1e-9)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("monday", [date(2026, 3, 2), date(2026, 3, 23), date(2026, 10, 19), date(2026, 10, 26)])
def test_a_whole_week_keeps_all_of_it_whatever_the_clocks_do(zone: str, monday: date):
    week = Week(monday, zone)
    steps = week.steps(30)
    rows = [Given(at, 30, 4, 240) for at in steps]
    assert sum(volume for volume, _aht, _told in volumes(rows, steps, 30)) == pytest.approx(4 * len(steps))
    windows = [Window(at, at + timedelta(hours=3), 600) for at in steps[:-6:7]]
    assert sum(promised(windows, steps, 30)) * 1800 == pytest.approx(600 * len(windows))
