"""What a roster asks of a person, and how often it changed, counted by hand and as properties."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.domain.fatigue import Fatigue, Worked, fatigue, night_minutes
from scheduling.domain.instability import Instability, Told, instability

MONDAY = date(2026, 3, 2)


def shift(number: int, begins: int, hours: float = 8, zone: str = "America/New_York") -> Worked:
    """On a day counted from MONDAY, from an o'clock of its zone, so many real hours."""
    day = MONDAY + timedelta(days=number)
    start = datetime.combine(day, time(begins), ZoneInfo(zone)).astimezone(UTC)
    return Worked(day, start, start + timedelta(hours=hours), zone)


def test_a_week_of_days_asks_for_nothing() -> None:
    assert fatigue(shift(day, 9) for day in range(5)) == Fatigue(0, 0, 0, 0, 0, 5, 0)
    assert fatigue([]) == Fatigue(0, 0, 0, 0, 0, 0, 0)


def test_nights_in_a_run_weigh_more_from_the_fourth_on() -> None:
    found = fatigue(shift(day, 22) for day in range(5))
    assert (found.nights, found.night_run, found.points) == (5, 5, 5 + 2)
    apart = fatigue(shift(day, 22) for day in (0, 1, 2, 4, 5))
    assert (apart.nights, apart.night_run, apart.points) == (5, 3, 5 + 1)  # Saturday is of a weekend


def test_a_late_and_then_an_early_is_a_quick_return_and_a_backward_turn() -> None:
    found = fatigue([shift(0, 14), shift(1, 6)])  # ends 22:00, begins 06:00
    assert (found.quick_returns, found.backward_turns, found.points) == (1, 1, 3)
    rested = fatigue([shift(0, 10), shift(1, 6)])  # twelve hours between
    assert (rested.quick_returns, rested.backward_turns) == (0, 1)
    forward = fatigue([shift(0, 6), shift(1, 14)])
    assert (forward.quick_returns, forward.backward_turns) == (0, 0)


@pytest.mark.parametrize(("first", "then", "turned"), [(1, 23, True), (23, 1, False), (8, 7, False), (8, 6, True)])
def test_starts_turn_the_short_way_round_the_clock(first: int, then: int, turned: bool) -> None:
    """From 01:00 to 23:00 of the next day is two hours back, not twenty-two on."""
    assert fatigue([shift(0, first, 2), shift(1, then, 2)]).backward_turns == int(turned)


def test_the_sixth_day_and_weekends_count() -> None:
    found = fatigue(shift(day, 9) for day in range(7))
    assert (found.work_run, found.weekends, found.points) == (7, 1, 1 + 2)
    assert fatigue([shift(5, 9), shift(12, 9)]).weekends == 2


def test_the_night_has_an_hour_less_or_more_as_clocks_change() -> None:
    """New York, the nights to 8 March and to 1 November 2026."""
    assert night_minutes(shift(5, 22, 7)) == 240  # Saturday 7 March, 22:00 to 06:00 is seven hours
    autumn = date(2026, 10, 31)
    start = datetime.combine(autumn, time(22), ZoneInfo("America/New_York")).astimezone(UTC)
    assert night_minutes(Worked(autumn, start, start + timedelta(hours=9), "America/New_York")) == 360
    assert night_minutes(shift(0, 9)) == 0
    assert night_minutes(shift(0, 2, 2)) == 120, "less than three hours make no night shift"
    assert fatigue([shift(0, 2, 2)]).nights == 0
    assert fatigue([shift(0, 2, 3)]).nights == 1


def test_the_zone_decides_what_is_night() -> None:
    start = datetime(2026, 3, 2, 16, tzinfo=UTC)  # midnight in Manila
    for zone, nights in (("Asia/Manila", 1), ("Europe/London", 0)):
        assert fatigue([Worked(MONDAY, start, start + timedelta(hours=8), zone)]).nights == nights


def test_shifts_over_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        fatigue([shift(0, 9), shift(0, 12)])


@st.composite
def rosters(draw: st.DrawFn) -> list[Worked]:
    return list(_laid(draw(st.lists(st.sampled_from([None, 6, 9, 14, 22]), max_size=21))))


def _laid(starts: list[int | None]) -> Iterator[Worked]:
    for number, begins in enumerate(starts):
        if begins is not None:
            yield shift(number, begins, 7, "UTC")


@given(rosters())
def test_no_order_changes_it_and_a_day_less_never_asks_for_more_nights_or_points_of_weekends(
    found: list[Worked],
) -> None:
    whole = fatigue(found)
    assert fatigue(reversed(found)) == whole
    assert 0 <= whole.night_run <= whole.nights <= len(found)
    assert whole.work_run <= len(found)
    for number in range(len(found)):
        less = fatigue(found[:number] + found[number + 1 :])
        assert less.nights <= whole.nights
        assert less.weekends <= whole.weekends
        assert less.work_run <= whole.work_run


# --- Changes after people were told ---------------------------------------------------------------------


def at(day: int, hour: int) -> tuple[datetime, datetime]:
    start = datetime(2026, 3, 2, hour, tzinfo=UTC) + timedelta(days=day)
    return start, start + timedelta(hours=8)


def told(when: datetime, **days: tuple[datetime, datetime]) -> Told:
    return Told(
        when, {MONDAY + timedelta(days=["mon", "tue", "wed", "thu"].index(day)): times for day, times in days.items()}
    )


BEFORE = datetime(2026, 2, 20, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_first_version_changes_nothing() -> None:
    assert instability([], notice=timedelta(days=2)) == Instability(0, 0, 0, None)
    assert instability([told(SUNDAY, mon=at(0, 9))], notice=timedelta(days=2)) == Instability(1, 0, 0, 0.0)


def test_moved_given_and_taken_days_are_changes_and_some_at_short_notice() -> None:
    first = told(BEFORE, mon=at(0, 9), tue=at(1, 9), wed=at(2, 9))
    later = told(SUNDAY, mon=at(0, 11), wed=at(2, 9), thu=at(3, 9))
    found = instability([first, later], notice=timedelta(hours=48))
    assert found == Instability(
        told=4, changes=3, short_notice=2, share=0.75
    )  # Monday moved, Tuesday taken; Thursday is far


def test_a_day_that_changes_twice_counts_twice() -> None:
    versions = [told(BEFORE, mon=at(0, 9)), told(BEFORE, mon=at(0, 11)), told(SUNDAY, mon=at(0, 9))]
    assert instability(versions, notice=timedelta(hours=12)) == Instability(1, 2, 0, 2.0)
    assert instability(versions, notice=timedelta(hours=22)).short_notice == 1


def test_the_earlier_of_both_times_decides_the_notice() -> None:
    """Told on Sunday at noon that Monday's 20:00 is 02:00 now: fourteen hours, not thirty-two."""
    versions = [told(BEFORE, mon=at(0, 20)), told(SUNDAY, mon=at(0, 2))]
    assert instability(versions, notice=timedelta(hours=14)).short_notice == 0
    assert instability(versions, notice=timedelta(hours=14, minutes=1)).short_notice == 1


def test_versions_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="oldest first"):
        instability([told(SUNDAY), told(BEFORE)], notice=timedelta())
