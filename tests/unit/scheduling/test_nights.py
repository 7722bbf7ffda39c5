"""Night hours: the published pay example, midnight, and both changes of the clocks in twelve zones."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.domain.clock import shift_bounds
from scheduling.domain.nights import paid_time
from scheduling.domain.shifts import Pause

MANILA = "Asia/Manila"
ZONES = (
    "Asia/Manila", "Asia/Kolkata", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/St_Johns",
    "America/Sao_Paulo", "Europe/London", "Europe/Berlin", "Africa/Johannesburg", "Australia/Sydney",
    "Australia/Lord_Howe",
)  # fmt: skip


def test_six_hundred_a_day_is_75_an_hour_and_7_50_more_at_night():
    start, end = shift_bounds(date(2026, 6, 1), time(21), 540, MANILA)
    found = paid_time(start, end, [Pause(240, 60, "meal", False)], MANILA)
    hourly = 600 / 8
    assert (hourly, hourly * 0.10) == (75, pytest.approx(7.5))
    assert (found.paid, found.night) == (8 * 60, 7 * 60)
    assert found.money(hourly, 0.10) == pytest.approx(652.50)


def test_a_paid_break_in_the_night_is_night_and_a_day_shift_has_none():
    start, end = shift_bounds(date(2026, 6, 1), time(22), 480, MANILA)
    assert paid_time(start, end, [Pause(120, 15, "break", True)], MANILA).night == 480
    start, end = shift_bounds(date(2026, 6, 1), time(6), 540, MANILA)
    assert paid_time(start, end, [], MANILA).night == 0
    start, end = shift_bounds(date(2026, 6, 1), time(4), 180, MANILA)
    assert paid_time(start, end, [], MANILA).night == 120


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 7), "America/New_York", 7),
        (date(2026, 10, 31), "America/New_York", 9),
        (date(2026, 3, 28), "Europe/Berlin", 7),
        (date(2026, 10, 24), "Europe/Berlin", 9),
        (date(2026, 4, 4), "Australia/Lord_Howe", 8.5),
        (date(2026, 10, 3), "Australia/Lord_Howe", 7.5),
        (date(2026, 3, 7), MANILA, 8),
    ],
)
def test_a_whole_night_has_the_hours_it_really_has(day: date, zone: str, hours: float):
    start, end = shift_bounds(day, time(22), 480, zone, "keep_local_end")
    assert paid_time(start, end, [], zone).night == hours * 60


@given(
    st.dates(date(2024, 1, 1), date(2030, 12, 1)),
    st.integers(0, 95),
    st.integers(4, 60),
    st.sampled_from(ZONES),
)
def test_it_is_what_a_count_of_quarters_finds(day: date, quarter: int, length: int, zone: str):
    start, end = shift_bounds(day, time(quarter // 4, quarter % 4 * 15), length * 15, zone)
    pause = Pause(60, 30, "meal", False)
    found = paid_time(start, end, [pause], zone)
    place, at, paid, night = ZoneInfo(zone), start, 0, 0
    while at < end:
        if not timedelta(minutes=60) <= at - start < timedelta(minutes=90):
            paid += 15
            clock = at.astimezone(place).time()
            night += 15 * (clock >= time(22) or clock < time(6))
        at += timedelta(minutes=15)
    assert (found.paid, found.night) == (paid, night)
