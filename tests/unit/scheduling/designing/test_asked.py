"""What a planner asks for becomes kinds of shift, and a design becomes templates."""

from datetime import date, time

import pytest

from scheduling.domain.designing import Break, Problem, Shift
from scheduling.domain.designing.asked import Asked, breaks, kinds, starts, usual
from scheduling.domain.designing.kept import problem_as_json, problem_of, shifts_as_json, shifts_of
from scheduling.domain.designing.templates import by_start, heads, pauses
from scheduling.domain.shifts import Pause
from scheduling.domain.weeks import Week

WEEK = Week(date(2026, 11, 30), "UTC")
NINE = Asked(540, 360, 420, 60, 2)


def test_starts_lie_on_the_local_clock_of_each_day() -> None:
    found = starts(NINE, WEEK, 30)
    assert len(found) == 3 * 7
    assert found[:4] == (360, 390, 420, 1440 + 360)


def test_starts_may_go_over_midnight() -> None:
    found = starts(Asked(540, 23 * 60, 60), WEEK, 60)
    assert found[:4] == (0, 60, 23 * 60, 24 * 60)


def test_a_time_that_the_clock_skips_begins_no_shift_and_later_ones_keep_their_time() -> None:
    spring = Week(date(2026, 3, 23), "Europe/Berlin")  # on Sunday 02:00 becomes 03:00
    found = starts(Asked(540, 0, 6 * 60), spring, 60)
    assert len(found) == 7 * 7 - 1
    assert found[-7:] == (8640 - 1440 + 360, 8640, 8700, 8760, 8820, 8880, 8940)
    assert f"{spring.local(spring.steps(15)[8760 // 15]):%H:%M}" == "03:00"


def test_a_time_that_the_clock_shows_twice_begins_shifts_once() -> None:
    autumn = Week(date(2026, 10, 19), "Europe/Berlin")
    found = starts(Asked(540, 0, 4 * 60), autumn, 60)
    assert found[-5:] == (8640, 8700, 8760, 8880, 8940)


def test_breaks_lie_evenly_with_the_meal_in_the_middle() -> None:
    assert breaks(NINE, 45) == (
        Break("break", 15, 75, 165, True),
        Break("meal", 60, 195, 285, False),
        Break("break", 15, 375, 465, True),
    )


def test_breaks_that_stay_where_they_are_have_one_place() -> None:
    assert [(one.earliest, one.latest) for one in breaks(Asked(240, 0, 0, 0, 1), 0)] == [(120, 120)]


def test_a_shift_too_short_for_its_breaks_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="2 h"):
        Problem((1,) * 672, kinds([Asked(120, 0, 0, 60, 2)], WEEK, every=30, flex=0))


def test_kinds_asked_for_follow_from_the_templates_there_are() -> None:
    full = (Pause(120, 15, "break", True), Pause(240, 60, "meal", False))
    there = [(360, 540, full), (240, 240, ()), (840, 540, full)]
    assert usual(there) == [Asked(540, 360, 840, 60, 1, 15), Asked(240, 240, 240, 0, 0, 15)]


def test_a_problem_and_its_shifts_are_kept_and_read_again() -> None:
    problem = Problem((1,) * 672, kinds([NINE], WEEK, every=30, flex=45), wraps=True)
    shifts = [Shift(0, 360, (120, 240, 390)), Shift(0, 360, (120, 240, 390)), Shift(0, 390, (90, 210, 375))]
    assert problem_of(problem_as_json(problem)) == problem
    kept = shifts_as_json(shifts)
    assert kept == [[0, 360, [120, 240, 390], 2], [0, 390, [90, 210, 375], 1]]
    assert shifts_of(problem, kept) == sorted(shifts)


@pytest.mark.parametrize(
    "kept", [[[0, 1, [120, 240, 390], 1]], [[0, 360, [0, 240, 390], 1]], [[3, 360, [], 1]], [3], None]
)
def test_shifts_of_another_shape_or_problem_are_refused(kept: object) -> None:
    problem = Problem((1,) * 672, kinds([NINE], WEEK, every=30, flex=45))
    with pytest.raises(ValueError, match="shifts"):
        shifts_of(problem, kept)


def test_a_problem_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="problem"):
        problem_of({"required": [1]})


def test_what_begins_is_counted_by_time_of_day_with_the_breaks_of_the_middle_shift() -> None:
    problem = Problem((1,) * 672, kinds([NINE], WEEK, every=30, flex=45))
    shifts = [Shift(0, 390, (90, 210, 375)), Shift(0, 360, (75, 210, 375)), Shift(0, 1440 + 360, (120, 240, 390)), Shift(0, 360, (165, 285, 450))]  # fmt: skip
    early, later = by_start(shifts, WEEK)
    assert (early.start, early.counts, early.weekdays) == (time(6), (2, 1, 0, 0, 0, 0, 0), (0, 1))
    assert (later.start, later.counts) == (time(6, 30), (1, 0, 0, 0, 0, 0, 0))
    assert pauses(problem, early) == (
        Pause(120, 15, "break", True),
        Pause(240, 60, "meal", False),
        Pause(390, 15, "break", True),
    )


def test_heads_are_whole_people() -> None:
    assert [heads(shifts, 5) for shifts in (0, 5, 6)] == [0, 1, 2]
