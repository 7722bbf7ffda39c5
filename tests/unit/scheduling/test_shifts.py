"""Shifts on their dates: midnight, clock changes, breaks, coverage."""

from datetime import UTC, date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from scheduling.domain.pauses import Placed, spread
from scheduling.domain.rules import Elsewhere, Limits, Stretch, broken
from scheduling.domain.shifts import Pattern, Pause, coverage, dated, in_week, serving
from scheduling.domain.weeks import Week

MEAL = Pause(240, 60, "meal", paid=False)
TEA = Pause(120, 15, "break", paid=True)
NIGHT = Pattern("n", "Night", time(22), 540, "Asia/Manila", (TEA, MEAL))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_a_shift_past_midnight_belongs_to_the_day_it_starts() -> None:
    shift = dated(NIGHT, date(2026, 11, 24))
    assert (shift.start, shift.end) == (at(24, 14), at(24, 23))
    assert (shift.business_date, shift.paid) == (date(2026, 11, 24), 480)


def test_a_clock_change_keeps_the_length_or_the_local_end() -> None:
    """New York goes forward on 8 March 2026: 22:00 to 06:00 local is seven hours that night."""
    keep = Pattern("k", "Night", time(22), 480, "America/New_York")
    end = Pattern("e", "Night", time(22), 480, "America/New_York", policy="keep_local_end")
    assert dated(keep, date(2026, 3, 7)).minutes == 480
    assert dated(end, date(2026, 3, 7)).minutes == 420
    assert dated(end, date(2026, 10, 31)).minutes == 540


def test_a_week_of_one_zone_takes_the_shifts_of_another_by_where_they_start() -> None:
    """A New York week begins at 13:00 in Manila: Monday's morning there is still the week before."""
    day = Pattern("d", "Day", time(8), 540, "Asia/Manila")
    found = in_week([day], Week(date(2026, 11, 23), "America/New_York"))
    assert [one.business_date.day for one in found] == [24, 25, 26, 27, 28, 29, 30]


def test_breaks_are_cut_out_of_service() -> None:
    shift = dated(NIGHT, date(2026, 11, 24))
    assert serving(shift.start, shift.end, NIGHT.pauses) == [
        (at(24, 14), at(24, 16)),
        (at(24, 16, 15), at(24, 18)),
        (at(24, 19), at(24, 23)),
    ]


def test_a_step_served_in_part_is_not_covered() -> None:
    week = Week(date(2026, 11, 23), "UTC")
    counts = coverage([(at(23, 0, 5), at(23, 1)), (at(23, 0), at(23, 0, 40))], week, 15)
    assert counts[:5] == [1, 2, 1, 1, 0]


def stretch(day: int, hour: int, hours: int = 8) -> Stretch:
    start = at(day, hour)
    return Stretch(
        start,
        start.replace(hour=hour + hours) if hour + hours < 24 else at(day + 1, hour + hours - 24),
        start.date(),
        hours * 60,
    )


def test_each_rule_is_named_with_its_figures() -> None:
    limits = Limits(rest=660, max_minutes=16 * 60, max_days=2)
    found = broken(stretch(24, 6), [stretch(23, 12)], [Elsewhere(at(24, 20), at(24, 22))], limits)
    assert [(one.rule, one.have, one.limit) for one in found] == [("rest", 600, 660), ("busy_rest", 360, 660)]
    found = broken(stretch(24, 6), [stretch(20, 6), stretch(22, 6)], [Elsewhere(at(24, 7), at(24, 8))], limits)
    assert [one.rule for one in found] == ["busy", "hours", "days"]
    own = [Elsewhere(at(24, 7), at(24, 8), own=True), Elsewhere(at(24, 20), at(24, 22), own=True)]
    assert [one.rule for one in broken(stretch(24, 6), [], own, limits)] == ["own", "own_rest"]
    assert broken(stretch(24, 6), [stretch(24, 16, 4)], [], limits)[0].rule == "day"
    assert broken(stretch(24, 6), [stretch(22, 6)], [Elsewhere(at(23, 18), at(23, 19))], limits) == []


@given(st.integers(1, 12), st.lists(st.integers(0, 10), min_size=96, max_size=96))
def test_spreading_keeps_order_length_and_number_of_breaks(people: int, required: list[int]) -> None:
    shifts = [Placed(480, 1020, (TEA, MEAL, Pause(420, 15, "break", paid=True)))] * people
    for mine in spread(shifts, required):
        assert [(one.minutes, one.name) for one in mine] == [(15, "break"), (60, "meal"), (15, "break")]
        ends = [0, *(one.after + one.minutes for one in mine)]
        assert all(before < one.after for before, one in zip(ends, mine, strict=False))
        assert ends[-1] < 540


def test_colleagues_do_not_all_leave_at_once() -> None:
    shifts = [Placed(480, 1020, (MEAL,))] * 6
    assert len({mine[0].after for mine in spread(shifts, [5] * 96)}) > 1
