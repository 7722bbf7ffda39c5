"""A shift as a list without gaps, and how two rosters differ."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.domain.differences import Laid, differences, people_of
from scheduling.domain.segments import ACTIVITIES, Part, segments
from scheduling.domain.shifts import Pause, serving

START = datetime(2026, 11, 30, 22, tzinfo=UTC)
ANA, BEN = UUID(int=1), UUID(int=2)
DAY = date(2026, 11, 30)
MEAL = Pause(240, 60, "meal", False)
REST = Pause(120, 15, "break", True)

pauses = st.lists(
    st.builds(
        Pause, st.integers(0, 700), st.integers(0, 120), st.sampled_from(["break", "meal", "tea"]), st.booleans()
    ),
    max_size=6,
)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def test_a_shift_is_work_and_what_lies_between() -> None:
    assert segments(START, at(540), (MEAL, REST)) == [
        Part("work", START, at(120)),
        Part("break", at(120), at(135)),
        Part("work", at(135), at(240)),
        Part("meal", at(240), at(300), False),
        Part("work", at(300), at(540)),
    ]
    assert segments(START, at(60), ()) == [Part("work", START, at(60))]


def test_a_pause_at_either_end_leaves_no_empty_part() -> None:
    first, last = Pause(0, 30, "break", True), Pause(30, 30, "meal", False)
    assert [(one.activity, one.start, one.end) for one in segments(START, at(60), (first, last))] == [
        ("break", START, at(30)), ("meal", at(30), at(60)),
    ]  # fmt: skip


def test_what_lies_outside_or_over_another_is_cut() -> None:
    over, outside = Pause(250, 80, "break", True), Pause(900, 15, "break", True)
    found = [one for one in segments(START, at(320), (MEAL, over, outside)) if one.activity != "work"]
    assert [(one.start, one.end) for one in found] == [(at(240), at(300)), (at(300), at(320))]


def test_a_shift_ends_after_its_start() -> None:
    with pytest.raises(ValueError, match="ends after its start"):
        segments(START, START, ())


@given(pauses, st.integers(1, 720))
def test_any_pauses_make_a_list_without_gaps_that_serves_as_the_shift_does(found: list[Pause], minutes: int) -> None:
    parts = segments(START, at(minutes), found)
    assert (parts[0].start, parts[-1].end) == (START, at(minutes))
    assert all(one.end == after.start for one, after in pairwise(parts))
    assert all(one.end > one.start and one.activity in ACTIVITIES for one in parts)
    assert all(one.paid for one in parts if one.activity == "work")
    worked = minutes_of((one.start, one.end) for one in parts if one.activity == "work")
    assert worked == minutes_of(serving(START, at(minutes), found))


def minutes_of(stretches: Iterable[tuple[datetime, datetime]]) -> set[int]:
    minute = timedelta(minutes=1)
    return {one for start, end in stretches for one in range((start - START) // minute, (end - START) // minute)}


def laid(person: UUID, start: int, end: int, *pauses: Pause, day: date = DAY) -> Laid:
    return Laid(person, day, at(start), at(end), "UTC", pauses)


def test_each_person_s_day_is_added_dropped_moved_or_rests_elsewhere() -> None:
    other = DAY + timedelta(days=1)
    before = [laid(ANA, 0, 540, MEAL), laid(BEN, 0, 540, MEAL), laid(BEN, 1440, 1980, MEAL, day=other)]
    after = [
        laid(ANA, 480, 1020, MEAL), laid(ANA, 1440, 1980, MEAL, day=other),
        laid(BEN, 0, 540, Pause(255, 60, "meal", False)),
    ]  # fmt: skip
    found = differences(before, after)
    assert [(one.kind, one.laid.person, one.laid.day) for one in found] == [
        ("breaks", BEN, DAY), ("moved", ANA, DAY), ("added", ANA, other), ("dropped", BEN, other),
    ]  # fmt: skip
    moved = found[1]
    assert moved.before is not None
    assert moved.after is not None
    assert (moved.before.start, moved.after.start) == (at(0), at(480))
    assert people_of(found) == {ANA, BEN}


def test_breaks_written_otherwise_are_no_change() -> None:
    nothing = Pause(900, 15, "break", True)
    assert differences([laid(ANA, 0, 540, MEAL, REST)], [laid(ANA, 0, 540, REST, MEAL, nothing)]) == []
    paid = Pause(240, 60, "meal", True)
    assert [one.kind for one in differences([laid(ANA, 0, 540, MEAL)], [laid(ANA, 0, 540, paid)])] == ["breaks"]


def test_two_shifts_of_a_date_are_refused() -> None:
    with pytest.raises(ValueError, match="two shifts"):
        differences([], [laid(ANA, 0, 60), laid(ANA, 120, 180)])
