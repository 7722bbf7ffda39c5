"""Short intervals summed to longer ones, on the clock of their place."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.domain.intervals import Count
from interactions.domain.regrain import GrainError, lengths, regrain

BERLIN = ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")


def counts(start: datetime, minutes: int, offered: list[int]) -> list[Count]:
    return [Count(start + timedelta(minutes=minutes * place), minutes, one) for place, one in enumerate(offered)]


def test_five_sixes_make_a_half_hour():
    found = regrain(counts(datetime(2026, 6, 1, tzinfo=UTC), 6, list(range(10))), 30, BERLIN)
    assert [(one.wall.hour, one.wall.minute, one.offered, one.parts) for one in found] == [
        (2, 0, 10, 5),
        (2, 30, 35, 5),
    ]
    assert found[0].starts_at == datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("minutes", [15, 10, 45, 0, 7, 1441, 2880, 42])
def test_a_length_that_is_no_multiple_or_fills_no_day_is_refused_by_name(minutes: int):
    with pytest.raises(
        GrainError, match=f"minutes must be a multiple of the source's 6 that fills a day, not {minutes}"
    ):
        regrain(counts(datetime(2026, 6, 1, tzinfo=UTC), 6, [1]), minutes, BERLIN)


def test_what_is_unknown_of_a_part_is_unknown_of_the_whole():
    start = datetime(2026, 6, 1, tzinfo=UTC)
    parts = [Count(start, 15, 4, answered=3), Count(start + timedelta(minutes=15), 15, 2, answered=None)]
    (found,) = regrain(parts, 30, BERLIN)
    assert (found.offered, found.answered) == (6, None)
    (known,) = regrain([parts[0], Count(start + timedelta(minutes=15), 15, 2, answered=0)], 30, BERLIN)
    assert known.answered == 3


def test_hours_are_those_of_the_place():
    found = regrain(counts(datetime(2026, 6, 1, 18, 30, tzinfo=UTC), 30, [1, 2, 3, 4]), 60, KOLKATA)
    assert [(one.wall.hour, one.offered) for one in found] == [(0, 3), (1, 7)]


def test_an_hour_shown_twice_stays_two_and_a_skipped_one_is_none():
    autumn = regrain(counts(datetime(2026, 10, 24, 22, tzinfo=UTC), 30, [1] * 50), 60, BERLIN)
    assert [one.wall.hour for one in autumn] == [0, 1, 2, 2, *range(3, 24)]
    assert {one.offered for one in autumn} == {2}
    spring = regrain(counts(datetime(2026, 3, 28, 23, tzinfo=UTC), 30, [1] * 46), 60, BERLIN)
    assert [one.wall.hour for one in spring] == [0, 1, *range(3, 24)]


@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=300),
    st.sampled_from([6, 12, 30, 60, 120, 1440]),
    st.integers(0, 9000),
)
def test_nothing_is_lost_or_counted_twice(offered: list[int], minutes: int, start: int):
    begins = datetime(2026, 3, 25, tzinfo=UTC) + timedelta(minutes=6 * start)
    found = regrain(counts(begins, 6, offered), minutes, BERLIN)
    assert sum(one.offered for one in found) == sum(offered)
    assert sum(one.parts for one in found) == len(offered)
    assert [one.starts_at for one in found] == sorted({one.starts_at for one in found})
    assert regrain(counts(begins, 6, offered), 6, BERLIN)[0].offered == offered[0]


def test_lengths_on_offer_are_multiples():
    assert lengths(6) == [6, 12, 30, 60, 120, 240, 1440]
    assert lengths(15) == [15, 30, 60, 120, 240, 1440]
