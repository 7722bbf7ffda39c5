"""Mail and back office: everything done when it is due, with the fewest people at the busiest."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.domain.deferred import Pile, by_due_time

HOUR = 3600.0


def plan(arrivals: list[float], due_hours: float, **more: object) -> list[int]:
    given_ = {"is_open": [True] * len(arrivals), "aht": [600.0] * len(arrivals), "interval": HOUR, **more}
    return [one.agents for one in by_due_time(arrivals=arrivals, due=due_hours * HOUR, **given_)]  # type: ignore[arg-type]


def test_a_morning_burst_is_spread_over_the_day_it_is_due_in():
    # 48 mails of ten minutes are eight hours of work, due in eight hours: one person, not eight.
    assert plan([48, 0, 0, 0, 0, 0, 0, 0], 8) == [1] * 8
    assert plan([48, 0, 0, 0, 0, 0, 0, 0], 4) == [2] * 4 + [0] * 4
    assert plan([48, 0, 0, 0, 0, 0, 0, 0], 1) == [8] + [0] * 7


def test_what_is_due_after_the_last_interval_is_left():
    found = by_due_time(arrivals=[0, 0, 0, 6], is_open=[True] * 4, interval=HOUR, aht=[600] * 4, due=2 * HOUR)
    assert [one.agents for one in found] == [0, 0, 0, 0]
    assert (found[-1].left, found[-1].late) == (6, 0)


def test_nobody_works_while_closed_and_what_is_due_then_is_done_before():
    opened = [True] * 4 + [False] * 4 + [True] * 4
    found = by_due_time(
        arrivals=[12] + [0] * 4 + [12] + [0] * 6, is_open=opened, interval=HOUR, aht=[600] * 12, due=6 * HOUR
    )
    assert [one.agents for one in found] == [1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0]
    assert sum(one.late for one in found) == 0


def test_what_arrives_and_falls_due_while_closed_is_late_and_counted():
    opened = [True, False, False, True]
    found = by_due_time(arrivals=[0, 6, 0, 0], is_open=opened, interval=HOUR, aht=[600] * 4, due=HOUR)
    assert [one.late for one in found] == [0, 6, 6, 0]
    assert found[3].agents == 1


def test_a_backlog_is_worked_off_by_its_due_time():
    found = by_due_time(
        arrivals=[0, 0, 0, 0], is_open=[True] * 4, interval=HOUR, aht=[1800] * 4, due=4 * HOUR,
        backlog=[Pile(4, 1), Pile(2, 3)], occupancy=0.5, shrinkage=0.2,
    )  # fmt: skip
    assert [one.agents for one in found] == [2, 2, 1, 1]
    assert [one.scheduled for one in found] == [3, 3, 2, 2]
    assert [one.left for one in found] == [4, 2, 1, 0]


def test_late_already_is_worked_first_and_the_minimum_is_there():
    assert plan([0, 0, 0], 1, backlog=[Pile(12, -1)], minimum=1) == [2, 1, 1]


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 90)), min_size=1, max_size=30),
    st.integers(1, 12),
    st.integers(0, 60),
    st.data(),
)
def test_nothing_is_late_and_the_peak_is_the_least_there_can_be(
    rows: list[tuple[int, int]], within: int, open_items: int, data: st.DataObject
):
    arrivals, aht = [row[0] for row in rows], [row[1] * 60.0 for row in rows]
    due = data.draw(st.integers(0, min(len(rows), within) - 1))
    found = by_due_time(
        arrivals=arrivals, is_open=[True] * len(rows), interval=HOUR, aht=aht, due=within * HOUR,
        backlog=[Pile(open_items, due)],
    )  # fmt: skip
    work = [(open_items * aht[0], 0, due)]
    work += [(many * long, at, at + within - 1) for at, (many, long) in enumerate(zip(arrivals, aht, strict=True))]
    densest = max(
        sum(amount for amount, at, until in work if first <= at and until <= last) / (last - first + 1)
        for first in range(len(rows))
        for last in range(first, len(rows))
    )
    assert max(one.agents for one in found) == math.ceil(densest / HOUR * (1 - 1e-9))
    # Worked in order of due time, all that is due is done: count it again from the agents alone.
    lots = sorted(([amount, at, until] for amount, at, until in work if amount), key=lambda lot: (lot[2], lot[1]))
    for now, one in enumerate(found):
        left = one.agents * HOUR
        for lot in lots:
            if lot[1] <= now:
                used = min(left, lot[0])
                lot[0] -= used
                left -= used
        assert not [lot for lot in lots if lot[2] <= now and lot[0] > 1e-6]
        assert one.left >= -1e-9


def test_items_add_up():
    found = by_due_time(
        arrivals=[3.5, 0, 9, 1, 0, 7], is_open=[True, True, False, True, True, True], interval=1800, aht=[300] * 6,
        due=5400,
    )  # fmt: skip
    for before, one in zip([None, *found], found, strict=False):
        assert one.left == pytest.approx((before.left if before else 0) + one.arrived - one.done)
    assert sum(one.late for one in found) == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"due": 1799}, "due must be at least 1800, not 1799"),
        ({"aht": [300]}, "aht must be as long as arrivals, 2, not 1"),
        ({"aht": [300, 0]}, "aht must be above 0"),
        ({"is_open": [True]}, "is_open must be as long as arrivals"),
        ({"arrivals": [-1, 0]}, "arrivals must be at least 0"),
        ({"occupancy": 0}, "occupancy must be above 0"),
        ({"shrinkage": 1}, "shrinkage must be below 1"),
        ({"backlog": [Pile(-1, 0)]}, "backlog must be at least 0"),
        ({"backlog": [Pile(1, 2)]}, "backlog due must be below 2, not 2"),
    ],
)
def test_a_bad_value_is_named(wrong: dict[str, object], words: str):
    right = {"arrivals": [1, 2], "is_open": [True] * 2, "interval": 1800, "aht": [300, 300], "due": 3600}
    with pytest.raises(ValueError, match=words):
        by_due_time(**{**right, **wrong})  # type: ignore[arg-type]
