from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.domain.clock import POLICIES, shift_bounds

NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("day", "kept", "hours"),
    [
        (date(2026, 3, 7), "keep_local_end", 7),
        (date(2026, 10, 31), "keep_local_end", 9),
        (date(2026, 3, 7), "keep_duration", 8),
        (date(2026, 10, 31), "keep_duration", 8),
        (date(2026, 6, 1), "keep_local_end", 8),
    ],
)
def test_a_night_over_the_change_of_clocks(day: date, kept: str, hours: int):
    start, end = shift_bounds(day, time(22), 480, NEW_YORK, kept)
    assert end - start == timedelta(hours=hours)
    assert (end.astimezone(ZoneInfo(NEW_YORK)).time() == time(6)) is (kept == "keep_local_end" or hours != 8)


@pytest.mark.parametrize(("day", "hour"), [(date(2026, 3, 6), 22), (date(2026, 3, 9), 21)])
def test_nine_in_new_york_seen_from_manila(day: date, hour: int):
    start, _end = shift_bounds(day, time(9), 480, NEW_YORK)
    seen = start.astimezone(ZoneInfo("Asia/Manila"))
    assert (seen.date(), seen.time()) == (day, time(hour))


def test_a_start_shown_twice_is_the_first_and_a_skipped_one_is_later():
    twice, _end = shift_bounds(date(2026, 11, 1), time(1, 30), 60, NEW_YORK)
    assert twice == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    skipped, end = shift_bounds(date(2026, 3, 8), time(2, 30), 60, NEW_YORK)
    assert skipped == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert end - skipped == timedelta(hours=1)
    with pytest.raises(ValueError, match="minutes must outlast the change of clocks on 2026-03-08, not be 30"):
        shift_bounds(date(2026, 3, 8), time(2, 30), 30, NEW_YORK, "keep_local_end")


@given(st.dates(date(2000, 1, 1), date(2037, 12, 1)), st.times(), st.integers(61, 900), st.sampled_from(POLICIES))
def test_a_policy_keeps_what_it_says(day: date, start: time, minutes: int, policy: str):
    zone = ZoneInfo("Europe/Berlin")
    begins, ends = shift_bounds(day, start, minutes, zone, policy)
    assert begins.tzinfo is UTC
    assert ends > begins
    wall = datetime.combine(day, start) + timedelta(minutes=minutes)
    moved = (ends - begins) - timedelta(minutes=minutes)
    if policy == "keep_duration":
        assert moved == timedelta()
    else:
        assert abs(moved) in (timedelta(), timedelta(hours=1))
        assert abs(ends.astimezone(zone).replace(tzinfo=None) - wall) in (timedelta(), timedelta(hours=1))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"minutes": 0}, "minutes must be above 0"),
        ({"zone": "Mars/Olympus"}, "zone must be an IANA name, not 'Mars/Olympus'"),
        ({"policy": "keep_pay"}, "policy must be one of keep_duration, keep_local_end"),
        ({"start": time(9, tzinfo=UTC)}, "start must be a time without a zone"),
    ],
)
def test_a_bad_value_is_named(wrong: dict[str, object], words: str):
    with pytest.raises(ValueError, match=words):
        shift_bounds(**{"date": date(2026, 1, 1), "start": time(9), "minutes": 60, "zone": NEW_YORK, **wrong})
