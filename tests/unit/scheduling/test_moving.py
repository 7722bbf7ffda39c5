"""Where a shift and its breaks may go, by the rules alone: over midnight, over changes of clocks, to the nearest start."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scheduling.domain.moving import Movable, moved_break, nearest_start, on_step
from scheduling.domain.pauses import room
from scheduling.domain.rules import Broken, Elsewhere, Limits, Stretch, broken, standing
from scheduling.domain.shifts import Pause
from scheduling.domain.weeks import Week

WEEK = Week(date(2026, 11, 30), "UTC")
NINE = Movable(timedelta(hours=9), "UTC", 480)
LIMITS = Limits(rest=660, max_minutes=2400, max_days=5)
PAUSES = (Pause(120, 15, "break", True), Pause(240, 60, "meal", False), Pause(420, 15, "break", True))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 29, hour, minute, tzinfo=UTC) + timedelta(days=day)


def late(day: int) -> Stretch:
    """11:45 to 20:45."""
    return NINE.at(at(day, 11, 45))


def test_too_little_rest_is_told_with_its_figures_and_the_nearest_legal_start_is_after_it() -> None:
    monday = late(1)
    asked = at(2, 6)
    assert broken(NINE.at(asked), [monday], [], LIMITS) == [Broken("rest", 555, 660, monday.start, monday.end)]
    assert nearest_start(NINE, asked, WEEK, [monday], [], LIMITS) == at(2, 7, 45)
    assert broken(NINE.at(at(2, 7, 45)), [monday], [], LIMITS) == []
    assert broken(NINE.at(at(2, 7, 30)), [monday], [], LIMITS) != []


def test_of_two_starts_as_near_the_earlier_is_offered() -> None:
    busy = [Elsewhere(at(3, 12), at(3, 12, 15))]
    none = Limits(rest=0)
    short = Movable(timedelta(minutes=15), "UTC", 15)
    assert nearest_start(short, at(3, 12), WEEK, [], busy, none) == at(3, 11, 45)
    assert nearest_start(short, at(3, 10), WEEK, [], busy, none) == at(3, 10), "what is legal is its own nearest"


def test_no_start_is_offered_out_of_the_week_or_where_no_time_of_day_helps() -> None:
    blocked = [Elsewhere(at(1, 0), at(1, 10))]
    assert nearest_start(NINE, at(1, 2), WEEK, [], blocked, Limits(rest=0)) == at(1, 10)
    before = [Elsewhere(at(1, 0, 15), at(1, 14, 15))]
    assert nearest_start(NINE, at(1, 2), WEEK, [], before, Limits(rest=0)) is None, "Sunday is not of this week"
    others = [NINE.at(at(day, 8)) for day in (1, 2, 3, 4, 5)]
    assert nearest_start(NINE, at(6, 8), WEEK, others, [], LIMITS) is None, "a sixth day stays a sixth day"


def test_a_shift_moved_over_midnight_is_of_the_day_it_starts_on() -> None:
    manila = Movable(timedelta(hours=8), "Asia/Manila", 480)
    evening, night = at(2, 15, 45), at(2, 16)  # 23:45 and 00:00 in Manila
    assert manila.at(evening).day == date(2026, 12, 1)
    assert manila.at(night).day == date(2026, 12, 2)
    assert manila.at(night).end - night == timedelta(hours=8)


@pytest.mark.parametrize(
    ("start", "wall_end"),
    [
        (datetime(2026, 3, 28, 21, tzinfo=UTC), "07:00"),  # 22:00 in Berlin; the clocks skip an hour
        (datetime(2026, 10, 24, 20, tzinfo=UTC), "05:00"),  # 22:00; they show one twice
        (datetime(2026, 11, 24, 21, tzinfo=UTC), "06:00"),
    ],
)
def test_a_shift_moved_into_the_night_of_a_clock_change_keeps_its_real_minutes(start: datetime, wall_end: str) -> None:
    from zoneinfo import ZoneInfo

    found = Movable(timedelta(hours=8), "Europe/Berlin", 480).at(start)
    assert found.end - found.start == timedelta(hours=8)
    assert f"{found.end.astimezone(ZoneInfo('Europe/Berlin')):%H:%M}" == wall_end


@pytest.mark.parametrize(("monday", "hours"), [(date(2026, 3, 23), 167), (date(2026, 10, 19), 169)])
def test_the_nearest_start_of_a_week_with_a_clock_change_is_by_real_time(monday: date, hours: int) -> None:
    week = Week(monday, "Europe/Berlin")
    assert week.ends - week.begins == timedelta(hours=hours)
    shift = Movable(timedelta(hours=8), "Europe/Berlin", 480)
    sunday = week.ends - timedelta(hours=hours - 143)  # 23:00 on Saturday
    before = shift.at(sunday - timedelta(hours=17))
    found = nearest_start(shift, sunday, week, [before], [], Limits(rest=660))
    assert found is not None
    assert found - before.end >= timedelta(minutes=660)
    last = nearest_start(shift, week.ends, week, [], [], LIMITS)
    assert last == week.ends - timedelta(minutes=15), "its start is the last quarter of the week"


def test_who_is_not_here_yet_or_any_more_gets_no_shift() -> None:
    limits = Limits(since=date(2026, 12, 1), gone=date(2026, 12, 3))
    days = [broken(NINE.at(at(day, 8)), [], [], limits) for day in (1, 2, 3, 4)]
    assert days == [[Broken("here")], [], [], [Broken("here")]]


def test_how_a_week_stands_is_told_in_the_rules_own_figures() -> None:
    found = standing(NINE.at(at(2, 10, 15)), [late(1), late(4)], [Elsewhere(at(3, 8), at(3, 10))])
    assert (found.rest, found.minutes, found.days) == (765, 1440, 3)
    assert standing(NINE.at(at(2, 8)), [], []).rest is None


def test_a_start_is_on_a_quarter_or_whole_quarters_from_where_it_was() -> None:
    assert on_step(at(1, 6, 10), at(1, 6, 25))
    assert on_step(at(1, 6, 10), at(1, 6, 30))
    assert not on_step(at(1, 6, 10), at(1, 6, 20))
    assert on_step(at(1, 6), at(2, 7, 45))


def test_a_break_stays_between_its_neighbours_with_work_around_it() -> None:
    assert room(PAUSES, 1, 540) == (150, 345)
    moved = moved_break(PAUSES, 1, 345, 540)
    assert [one.after for one in moved] == [120, 345, 420]
    assert moved[1].minutes == 60
    assert room(PAUSES, 0, 540) == (15, 210)
    assert room(PAUSES, 2, 540) == (315, 510)
    for after in (135, 360, 151):
        with pytest.raises(ValueError, match="after must be"):
            moved_break(PAUSES, 1, after, 540)
    with pytest.raises(IndexError):
        moved_break(PAUSES, 3, 120, 540)
