"""Which preference speaks of a shift, what becomes of it, and what acting against it costs."""

import uuid
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from scheduling.domain.preferences import EARLY, LATE, LIKE, MUCH, Outcome, Preferred, cost, for_day, outcome

MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)


def wish(weight: int = LIKE, zone: str = "UTC", **more: Any) -> Preferred:
    return Preferred(uuid.uuid4(), weight, zone, **more)


def start(band: tuple[time, time], **more: Any) -> Preferred:
    return wish(first=band[0], last=band[1], **more)


def at(hour: int, minute: int = 0, day: int = 30) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_a_day_off_costs_whatever_begins_that_day_and_nothing_else() -> None:
    off = wish(MUCH, weekday=0)
    assert [cost([off], one) for one in (at(0), at(23, 45), at(23, 45, 29), at(6, 0, 29))] == [MUCH, MUCH, 0, 0]


def test_a_band_costs_what_begins_beside_it() -> None:
    early, late = start(EARLY, day=MONDAY), start(LATE, day=MONDAY)
    assert [cost([early], at(hour, minute)) for hour, minute in ((0, 0), (9, 45), (10, 0), (22, 0))] == [0, 0, 2, 2]
    assert [cost([late], at(hour, minute)) for hour, minute in ((13, 45), (14, 0), (23, 45))] == [2, 0, 0]


def test_what_is_said_of_a_date_goes_before_its_weekday() -> None:
    usual, once = wish(MUCH, weekday=0), start(LATE, day=MONDAY)
    for both in ([usual, once], [once, usual]):
        assert for_day(both, MONDAY) is once
        assert cost(both, at(14)) == 0
        assert cost(both, at(6)) == LIKE
    assert for_day([usual, once], date(2026, 12, 7)) is usual
    assert for_day([usual, once], TUESDAY) is None


def test_days_and_times_are_those_of_the_clock_it_was_stated_on() -> None:
    """16:00 UTC on Monday is Tuesday, 00:00, in Manila."""
    off = wish(zone="Asia/Manila", day=TUESDAY)
    assert [cost([off], one) for one in (at(15, 45), at(16))] == [0, LIKE]
    morning = start(EARLY, zone="Asia/Manila", day=TUESDAY)
    assert [cost([morning], one) for one in (at(22), at(2, 0, 30))] == [0, 0]
    assert cost([morning], datetime(2026, 12, 1, 4, tzinfo=UTC)) == LIKE
    assert outcome(morning, TUESDAY, [at(22)]) is Outcome.MET


def test_two_clocks_of_one_person_each_speak_of_their_own_days() -> None:
    both = [wish(MUCH, zone="Asia/Manila", day=TUESDAY), wish(LIKE, day=MONDAY)]
    assert cost(both, at(12)) == LIKE
    assert cost(both, datetime(2026, 12, 1, 4, tzinfo=UTC)) == MUCH


@pytest.mark.parametrize(
    ("preference", "starts", "found"),
    [
        pytest.param(wish(day=MONDAY), [], Outcome.MET, id="a day off"),
        pytest.param(wish(day=MONDAY), [at(6)], Outcome.UNMET, id="no day off"),
        pytest.param(wish(day=MONDAY), [at(6, day=29)], Outcome.MET, id="another day's shift"),
        pytest.param(start(EARLY, day=MONDAY), [at(6)], Outcome.MET, id="early"),
        pytest.param(start(EARLY, day=MONDAY), [at(14)], Outcome.UNMET, id="late instead"),
        pytest.param(start(EARLY, day=MONDAY), [], Outcome.OPEN, id="no shift to begin early"),
        pytest.param(start(EARLY, day=MONDAY), [at(6), at(14)], Outcome.UNMET, id="early and late"),
    ],
)
def test_what_becomes_of_it(preference: Preferred, starts: list[datetime], found: Outcome) -> None:
    assert outcome(preference, MONDAY, starts) is found
