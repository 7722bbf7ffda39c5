"""Unsocial hours counted by hand, and what must hold of shares, excess and prices whatever was carried."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.domain.fairness import MOST, SHIFT, Burden, burden_of, excesses, level, price, shares
from scheduling.domain.preferences import MUCH
from scheduling.domain.rostering import Step

MONDAY = date(2026, 3, 2)
carried = st.builds(
    lambda parts, day: Burden(sum(parts) + day, *parts),
    st.tuples(*[st.integers(0, 20_000)] * 3),
    st.integers(0, 20_000),
)
groups = st.dictionaries(st.integers(0, 30), carried, min_size=1, max_size=12)


def shift(number: int, begins: str, hours: float, zone: str = "America/New_York") -> Burden:
    """On a day counted from MONDAY, from a time of its zone, so many real hours."""
    local = datetime.combine(MONDAY + timedelta(days=number), time.fromisoformat(begins), ZoneInfo(zone))
    start = local.astimezone(UTC)
    return burden_of(start, start + timedelta(hours=hours), zone)


@pytest.mark.parametrize(
    ("number", "begins", "hours", "worked", "night", "weekend", "evening"),
    [
        pytest.param(0, "09:00", 9, 540, 0, 0, 0, id="a day"),
        pytest.param(0, "14:00", 9, 540, 60, 0, 120, id="into the evening and the night"),
        pytest.param(0, "22:00", 8, 480, 480, 0, 0, id="a night"),
        pytest.param(0, "04:00", 8, 480, 120, 0, 0, id="before dawn"),
        pytest.param(5, "06:00", 8, 480, 0, 480, 0, id="a Saturday"),
        pytest.param(5, "16:00", 8, 480, 120, 360, 0, id="a Saturday's evening is weekend, its night is night"),
        pytest.param(4, "22:00", 12, 720, 480, 240, 0, id="from Friday night into Saturday"),
        pytest.param(6, "22:00", 12, 720, 480, 0, 0, id="from Sunday night into Monday"),
        pytest.param(5, "22:00", 8, 480, 420, 60, 0, id="the short night: seven hours and one of Sunday"),
    ],
)
def test_each_minute_counts_once(
    number: int, begins: str, hours: float, worked: int, night: int, weekend: int, evening: int
) -> None:
    assert shift(number, begins, hours) == Burden(worked, night, weekend, evening)


@given(st.integers(0, 20_000), st.integers(1, 1400), st.sampled_from(["UTC", "Asia/Manila", "America/New_York"]))
def test_unsocial_minutes_are_of_the_shift(quarter: int, minutes: int, zone: str) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarter)
    found = burden_of(start, start + timedelta(minutes=minutes), zone)
    assert found.worked == minutes
    assert min(found) >= 0
    assert found.unsocial <= minutes


def test_shares_follow_the_hours_worked_and_excess_is_what_lies_above() -> None:
    group = {"full": Burden(2400, night=900), "half": Burden(1200, night=0), "new": Burden()}
    assert shares(group) == {"full": 600, "half": 300, "new": 0}
    assert excesses(group) == {"full": 300, "half": -300, "new": 0}


def test_without_history_nobody_owes_anything() -> None:
    assert excesses({"a": Burden(), "b": Burden()}) == {"a": 0, "b": 0}
    assert excesses({}) == {}
    assert level(Fraction(0)) == 0


@given(groups)
def test_excess_adds_up_to_nothing(group: dict[int, Burden]) -> None:
    assert sum(excesses(group).values()) == 0


@given(groups, st.integers(0, 5))
def test_hours_all_alike_change_nobodys_excess(group: dict[int, Burden], each: int) -> None:
    """`each` unsocial minutes more for every minute worked: everybody's share grows as they do."""
    more = {who: one._replace(evening=one.evening + each * one.worked) for who, one in group.items()}
    assert excesses(more) == excesses(group)


@given(groups, st.integers(1, 50))
def test_excess_is_in_the_unit_of_what_was_carried(group: dict[int, Burden], times: int) -> None:
    longer = {who: Burden(*(times * part for part in one)) for who, one in group.items()}
    assert excesses(longer) == {who: times * one for who, one in excesses(group).items()}
    busier = {who: one._replace(worked=times * one.worked) for who, one in group.items()}
    assert shares(busier) == shares(group)


@given(groups, st.integers(0, 5000))
def test_who_carries_more_is_never_asked_for_more(group: dict[int, Burden], more: int) -> None:
    """Unsocial minutes in the place of others, or a shift of nothing else on top: excess and price stay or rise."""
    who, one = next(iter(group.items()))
    before = excesses(group)
    for changed in (
        one._replace(night=one.night + more),
        one._replace(worked=one.worked + more, night=one.night + more),
    ):
        after = excesses(group | {who: changed})
        assert after[who] >= before[who]
        for unsocial in (0, 120, 480, 900):
            assert price(level(after[who]), unsocial) >= price(level(before[who]), unsocial)


@given(st.integers(-50_000, 50_000), st.integers(0, 2000))
def test_a_price_is_nothing_below_the_share_and_bounded_above_it(excess: int, unsocial: int) -> None:
    found = price(level(excess), unsocial)
    assert 0 <= found <= MOST
    if excess < SHIFT or not unsocial:
        assert found == 0
    assert price(level(excess), unsocial + 60) >= found
    assert price(level(excess + 60), unsocial) >= found


def test_levels_are_whole_shifts() -> None:
    assert [level(Fraction(one)) for one in (-480, 0, 479, 480, 959, 960, 4 * 480, 9000)] == [0, 0, 0, 1, 1, 2, 4, 4]
    assert [price(4, one) for one in (0, 59, 60, 240, 480, 720)] == [0, 0, 1, 2, 4, 4]


def test_a_shift_never_costs_its_person_as_much_as_one_step_without_anybody() -> None:
    assert Step(1).under > MUCH + MOST
