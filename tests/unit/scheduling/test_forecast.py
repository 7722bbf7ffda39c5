"""The forecast: same weekdays, level, odd days, and what stands behind each number."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scheduling.domain.forecast import Observed, forecast
from scheduling.domain.weeks import Week

WEEK = Week(date(2026, 11, 30), "UTC")
TODAY = date(2026, 11, 25)


def past(weeks: int, count: int = 10, *, last: int | None = None) -> list[Observed]:
    """Every day has `count` at 09:00 and 09:15; the last fortnight `last`."""
    found = []
    for back in range(1, weeks * 7 + 1):
        day = TODAY - timedelta(days=back)
        many = last if last is not None and back <= 14 else count
        for minute in (0, 15):
            at = datetime(day.year, day.month, day.day, 9, minute, tzinfo=UTC)
            found.append(Observed(at, many, many, many * 300))
    return found


def test_a_flat_past_repeats_itself_with_the_days_behind_it() -> None:
    found = forecast(past(8), WEEK, until=TODAY)
    nine = [one for one in found.intervals if one.at.hour == 9 and one.at.minute == 0]
    assert [one.volume for one in nine] == [20.0] * 7
    assert {one.n for one in nine} == {6}
    assert nine[0].days[-1] == (date(2026, 11, 23), 20)
    assert (nine[0].aht, nine[0].handled, nine[0].aht_of) == (300.0, 8 * 7 * 20, "hour")
    assert found.level == 1.0
    assert found.volume == 7 * 20


def test_an_interval_without_arrivals_is_a_zero_of_its_day() -> None:
    found = forecast(past(6), WEEK, until=TODAY)
    night = found.intervals[0]
    assert (night.volume, night.n, night.aht_of) == (0.0, 6, "all")


def test_the_level_of_the_last_fortnight_is_said_and_not_multiplied_in() -> None:
    """On real arrivals, moving the means by it made them worse in 26 weeks of 30 tried (ADR 39)."""
    found = forecast(past(6, 10, last=16), WEEK, until=TODAY)
    assert found.level == pytest.approx(16 / 12)  # of six days a weekday, four have 10 and two 16
    assert found.intervals[18].volume == pytest.approx(24)


def test_days_that_rise_are_followed_once_there_is_enough_to_try() -> None:
    found = forecast(past(12, 10, last=16), WEEK, until=TODAY)
    models = dict(found.intervals[18].models)
    assert models["naive"] == 26  # two of the last four
    assert models["weekday"] == 24
    assert models["seasons"] > 29
    assert found.model in models
    assert found.intervals[18].volume == models[found.model]
    assert found.intervals[18].low <= found.intervals[18].volume <= found.intervals[18].high


def test_an_odd_day_is_left_out_and_named() -> None:
    rows = [one for one in past(6) if one.at.date() != date(2026, 11, 16)]
    rows.append(Observed(datetime(2026, 11, 16, 9, tzinfo=UTC), 1))
    found = forecast(rows, WEEK, until=TODAY)
    assert found.left_out == ((date(2026, 11, 16), 1, 20.0),)
    assert found.intervals[18].n == 5
    assert found.intervals[18].volume == 20.0


def test_today_is_not_whole_and_so_is_not_used() -> None:
    rows = [*past(2), Observed(datetime(2026, 11, 25, 9, tzinfo=UTC), 1000)]
    assert TODAY not in forecast(rows, WEEK, until=TODAY).used


def test_no_history_is_said() -> None:
    with pytest.raises(ValueError, match="no history"):
        forecast([], WEEK, until=TODAY)


def test_the_local_hour_is_kept_over_a_clock_change() -> None:
    """London goes back on 25 October 2026: nine o'clock is 08:00 UTC before it and 09:00 UTC after."""
    rows = [
        Observed(datetime(2026, 10, day, 8, tzinfo=UTC), 12)
        for day in (5, 12, 19)  # Mondays, summer time
    ]
    found = forecast(rows, Week(date(2026, 10, 26), "Europe/London"), until=date(2026, 10, 24))
    busy = [one.at for one in found.intervals if one.volume]
    assert busy == [datetime(2026, 10, 26, 9, tzinfo=UTC)]


@pytest.mark.parametrize(("start", "hours"), [(date(2026, 3, 23), 167), (date(2026, 10, 19), 169)])
def test_a_week_of_a_clock_change_has_its_own_length(start: date, hours: int) -> None:
    week = Week(start, "Europe/London")
    steps = week.steps(30)
    assert len(steps) == hours * 2
    assert len(set(steps)) == len(steps)
    assert steps[-1] + timedelta(minutes=30) == week.ends


def test_a_week_starts_on_monday() -> None:
    with pytest.raises(ValueError, match="no Monday"):
        Week(date(2026, 11, 24), "UTC")
