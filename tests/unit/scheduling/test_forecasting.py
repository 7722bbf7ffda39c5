"""The models of a forecast: what they learn from, what events and clocks do to them, and which of them is taken."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.forecast import bank, bank_file, invented, judged
from scheduling.domain.forecast import forecast
from scheduling.domain.forecasting import (
    MIDDLE,
    MODELS,
    NAIVE,
    SEASONS,
    WEEKDAY,
    Event,
    Observed,
    backtest,
    band,
    read,
    said,
)
from scheduling.domain.weeks import Week, midnight
from tests.unit.scheduling.test_nights import ZONES

MONDAY = date(2026, 6, 1)


def every(zone: str, first: date, days: int, count: int = 10, minutes: int = 30) -> list[Observed]:
    """So many in each real interval of local days."""
    at, end = midnight(first, zone), midnight(first + timedelta(days=days), zone)
    found = []
    while at < end:
        found.append(Observed(at, count, count, count * 300))
        at += timedelta(minutes=minutes)
    return found


def by_day(counts: list[int], first: date = MONDAY) -> list[Observed]:
    """So many at noon UTC of each day."""
    noon = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    return [Observed(noon + timedelta(days=number), count) for number, count in enumerate(counts)]


def test_the_naive_rule_is_the_mean_of_the_last_four_same_weekdays():
    counts = list(range(100, 142))
    history, _ = read(by_day(counts), "UTC", MONDAY + timedelta(days=42), 30)
    found = said(history, [MONDAY + timedelta(days=42)], []).volumes[NAIVE]
    assert found[0, 24] == np.mean([100 + 7 * number for number in (2, 3, 4, 5)])
    assert found.sum() == found[0, 24]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("minutes", [15, 30])
def test_the_same_rate_all_year_stays_the_same_through_both_changes_of_clocks(zone: str, minutes: int):
    for last in (date(2026, 3, 2), date(2026, 3, 23), date(2026, 4, 5), date(2026, 10, 4), date(2026, 10, 26)):
        week = Week(last - timedelta(days=last.weekday()), zone)
        observed = every(zone, week.start - timedelta(days=70), 70, minutes=minutes)
        found = forecast(observed, week, until=week.start, minutes=minutes)
        steps = week.steps(minutes)
        assert [one.at for one in found.intervals] == steps
        assert {round(one.volume, 6) for one in found.intervals} == {10}
        assert sum(volume for _day, volume, _low, _high in found.days) == pytest.approx(10 * len(steps))


def test_the_hour_that_comes_twice_counts_once_for_the_days_like_it():
    """Berlin shows 02:00 twice on 25 October 2026; a Sunday later it is there once."""
    day = date(2026, 10, 25)
    history, _ = read(every("Europe/Berlin", day, 1, 6), "Europe/Berlin", day + timedelta(days=1), 60)
    assert (history.seen[0, 2], history.rates[0, 2], history.counts[0, 2]) == (2, 12, 24)
    assert history.seen[0].sum() == 25
    spring = date(2026, 3, 29)
    history, _ = read(every("Europe/Berlin", spring - timedelta(days=7), 8, 6), "Europe/Berlin", date(2026, 3, 30), 60)
    assert (history.seen[7, 2], history.rates[7, 2], history.counts[7, 2]) == (0, 12, 0)


def test_the_client_decides_which_day_midnight_begins():
    late = datetime(2026, 6, 7, 16, 30, tzinfo=UTC)  # 00:30 on Monday in Manila
    for zone, day, slot in (("Asia/Manila", date(2026, 6, 8), 1), ("UTC", date(2026, 6, 7), 33)):
        history, handled = read([Observed(late, 5, 5, 500)], zone, date(2026, 7, 1), 30)
        assert (history.first, history.rates[0, slot]) == (day, 5)
        assert list(handled.by_hour) == [slot // 2]


def test_counts_by_the_hour_are_spread_over_its_halves():
    history, _ = read([Observed(datetime(2026, 6, 1, 9, tzinfo=UTC), 12, minutes=60)], "UTC", date(2026, 6, 2), 30)
    assert history.rates[0, 18:20].tolist() == [6, 6]


def test_an_event_moves_its_day_and_teaches_nothing_of_others():
    counts = [100] * 70
    counts[63] = 400  # the last Monday
    sale = Event("Sale", MONDAY + timedelta(days=63), MONDAY + timedelta(days=63), 4.0)
    again = Event("Sale", MONDAY + timedelta(days=71), MONDAY + timedelta(days=71))
    half = Event("Outage", MONDAY + timedelta(days=72), MONDAY + timedelta(days=72), 0.5, begins=11 * 60, ends=13 * 60)
    early = Event("Mail", MONDAY + timedelta(days=73), MONDAY + timedelta(days=73), 3.0, ends=12 * 60)
    history, _ = read(by_day(counts), "UTC", MONDAY + timedelta(days=70), 30)
    found = said(history, [MONDAY + timedelta(days=number) for number in range(70, 77)], [sale, again, half, early])
    for name in MODELS[1:]:
        assert found.volumes[name].sum(axis=1) == pytest.approx([100, 400, 50, 100, 100, 100, 100]), name
    assert found.volumes[NAIVE].sum(axis=1)[0] == 175
    assert [(one.event.name, one.factor, one.learned_from) for one in found.effects] == [
        ("Sale", pytest.approx(4), 1), ("Outage", 0.5, 0), ("Mail", 3, 0),
    ]  # fmt: skip


def test_an_event_nobody_has_seen_changes_nothing_and_a_closed_day_is_empty():
    history, _ = read(by_day([100] * 70), "UTC", MONDAY + timedelta(days=70), 30)
    day = MONDAY + timedelta(days=70)
    new, closed = Event("New", day, day), Event("Closed", day, day, 0.0)
    assert said(history, [day], [new]).volumes[MIDDLE].sum() == pytest.approx(100)
    assert said(history, [day], [new]).effects[0].learned_from == 0
    assert said(history, [day], [closed]).volumes[MIDDLE].sum() == 0


def test_a_month_that_begins_busy_is_learned_and_taken():
    observed = invented()
    until = observed[-1].at.date() + timedelta(days=1)
    history, _ = read(observed, "UTC", until, 30)
    trial = backtest(history)
    naive, chosen = trial.of(NAIVE), trial.of(trial.chosen)
    assert naive is not None
    assert chosen is not None
    assert trial.chosen == SEASONS
    assert chosen.by_interval.wape < naive.by_interval.wape * 0.9
    assert chosen.by_day.wape < naive.by_day.wape * 0.7
    assert chosen.floor < chosen.by_interval.wape < chosen.floor * 1.2
    assert chosen.day_floor < chosen.by_day.wape
    assert trial.first == until - timedelta(weeks=12)
    assert trial.last == until - timedelta(days=1)


def test_what_differs_by_chance_alone_leaves_the_middle():
    chance = np.random.default_rng(3)
    history, _ = read(by_day(chance.poisson(100, 140).tolist()), "UTC", MONDAY + timedelta(days=140), 30)
    assert backtest(history).chosen == MIDDLE


def test_too_little_to_try_is_the_mean_of_weekdays():
    history, _ = read(by_day([100, 80] * 20), "UTC", MONDAY + timedelta(days=40), 30)
    trial = backtest(history)
    assert (trial.chosen, trial.tried, trial.first) == (WEEKDAY, (), None)
    assert trial.day_spread > 0


def test_nothing_of_the_week_tried_is_known_to_it():
    counts = [100] * 140
    history, _ = read(by_day(counts), "UTC", MONDAY + timedelta(days=140), 30)
    before = backtest(history)
    history.rates[-1, 24] = 5000
    after = backtest(history)
    for name in MODELS:
        old, new = before.of(name), after.of(name)
        assert old is not None
        assert new is not None
        assert old.weeks[:-1] == new.weeks[:-1]
        assert new.by_interval.bias < 0


def test_the_band_holds_eight_of_ten():
    chance = np.random.default_rng(5)
    expected = np.repeat([12.0, 60.0, 250.0], 4000)
    for spread in (0.0, 0.1, 0.3):
        mean = expected * (chance.gamma(1 / spread**2, spread**2, expected.size) if spread else 1)
        arrived = chance.poisson(mean)
        low, high = band(expected, spread)
        assert ((arrived >= low) & (arrived <= high)).mean() == pytest.approx(0.8, abs=0.04)
    assert [float(edge[0]) for edge in band(np.array([0.0]), 0.2)] == [0, 0]


def test_the_banks_last_four_weeks_are_not_worse_than_the_naive_rule():
    """Each week's model is chosen from what lay before it. `python -m bench forecast` prints by how much."""
    path = bank_file()
    if path is None:
        pytest.skip("the public arrivals are not beside the checkout")
    history, _ = read(bank(path), "UTC", date(2000, 1, 1), 30)
    found = judged(history)
    for errors in (found.by_interval, found.by_day):
        assert errors["chosen"].wape <= errors[NAIVE].wape
    assert found.by_interval["chosen"].wape == pytest.approx(0.1858, abs=0.0005)
    assert found.by_day["chosen"].wape == pytest.approx(0.0957, abs=0.0005)
    assert 0.8 <= found.inside <= 0.92


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.just(0), st.integers(0, 3000)), min_size=1, max_size=90), st.integers(0, 6))
def test_whatever_arrived_the_models_say_something_possible(counts: list[int], gap: int):
    observed = [one for number, one in enumerate(by_day(counts)) if number % 7 != gap]
    if not observed:
        return
    week = Week(MONDAY + timedelta(weeks=len(counts) // 7 + 1), "Europe/London")
    found = forecast(observed, week, until=week.start)
    for one in found.intervals:
        assert 0 <= one.low <= one.high < np.inf
        assert all(0 <= volume < 1e7 for _name, volume in one.models)
