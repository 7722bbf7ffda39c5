"""Room for time off and the nearest days with it, as pure rules."""

from datetime import date, timedelta

import pytest

from scheduling.domain.time_off import Room, nearest, usual_day

FIRST = date(2026, 12, 1)


def days(*given: tuple[int, int | None] | str) -> list[Room]:
    """Days in a row from FIRST: what each takes and what is left, or "away"."""
    return [
        Room(FIRST + timedelta(days=number), 480, 480, away=True)
        if isinstance(one, str)
        else Room(FIRST + timedelta(days=number), *one)
        for number, one in enumerate(given)
    ]


def on(number: int) -> date:
    return FIRST + timedelta(days=number)


FREE, FULL, CLOSED, OFF = (480, 480), (480, 479), (480, None), (0, None)


@pytest.mark.parametrize(
    ("room", "fits"),
    [(FREE, True), (FULL, False), (CLOSED, False), (OFF, True), ((0, 0), True), ("away", False)],
)
def test_a_day_fits_where_as_much_is_left_as_it_takes(room: tuple[int, int | None] | str, fits: bool) -> None:
    [one] = days(room)
    assert one.fits is fits


def test_the_nearest_stretch_is_the_one_that_begins_closest() -> None:
    rooms = days(FREE, FREE, FULL, CLOSED, FREE, FREE, FREE)
    assert nearest(rooms, on(3), 1) == (on(4), on(4))
    assert nearest(rooms, on(2), 2) == (on(0), on(1)), "of two as close the earlier"
    assert nearest(rooms, on(3), 2) == (on(4), on(5))
    assert nearest(rooms, on(3), 3) == (on(4), on(6))
    assert nearest(rooms, on(3), 4) is None
    assert nearest(rooms, on(3), 8) is None, "longer than what was looked at"


def test_days_off_may_lie_in_it_but_it_is_not_made_of_them() -> None:
    assert nearest(days(OFF, OFF, FULL, OFF, FREE), on(2), 1) == (on(4), on(4))
    assert nearest(days(OFF, OFF, FULL, OFF, FREE), on(2), 2) == (on(3), on(4))
    assert nearest(days(OFF, OFF), on(0), 1) is None
    assert nearest(days(FREE, "away", FREE), on(1), 1) == (on(0), on(0))


def test_a_usual_day_is_the_weeks_limit_over_its_days() -> None:
    assert usual_day(2400, 5) == 480
    assert usual_day(2000, 6) == 333
    assert usual_day(2400, 0) == 2400
