"""Agents for a list of calls to make: the rule against a plain loop, its edges, and what past attempts say."""

from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any

import pytest

from scheduling.domain.attempts import LEAST, Learned, OutboundTarget, Tried, required_by_attempts
from scheduling.domain.weeks import Week

WEEK = Week(date(2026, 11, 30), "Europe/Berlin")
INSTANTS = WEEK.steps(30)


def target(**more: Any) -> OutboundTarget:
    given: dict[str, Any] = {"records": 900, "most": 3, "usual": 0.3, "talk": 240, "unanswered": 40}
    return OutboundTarget(**(given | more))


def rows(asked: OutboundTarget) -> Any:
    return required_by_attempts(INSTANTS, asked, interval=1800, zone=WEEK.zone)


def attempts(found: Any) -> Any:
    """Of the whole week."""
    return sum(row.calls for row in found)


def tries(reach: float, most: int) -> float:
    """Expected attempts at a record, one chance after another."""
    return sum((1 - reach) ** before for before in range(most))


def test_a_week_is_what_a_plain_loop_gives() -> None:
    own = dict(zip(range(9, 19), (0.1, 0.15, 0.2, 0.2, 0.25, 0.2, 0.3, 0.4, 0.5, 0.45), strict=True))
    asked = target(reach=tuple(own.items()), max_occupancy=0.8, shrinkage=0.2)
    open_at = [
        at for at in INSTANTS
        if WEEK.local(at).weekday() < 5 and 9 * 60 <= WEEK.local(at).hour * 60 + WEEK.local(at).minute < 19 * 60
    ]  # fmt: skip
    assert len(open_at) == 100
    mean = sum(own[WEEK.local(at).hour] for at in open_at) / 100
    each = 900 * tries(mean, 3) / 100
    for row in rows(asked):
        if row.at not in open_at:
            assert (row.calls, row.staffing.agents, row.staffing.scheduled, row.reach) == (0, 0, 0, None)
            continue
        share = own[WEEK.local(row.at).hour]
        assert row.calls == pytest.approx(each)
        assert row.aht == pytest.approx(share * 240 + (1 - share) * 40)
        assert row.staffing.agents == ceil(each * (share * 240 + (1 - share) * 40) / 1800 / 0.8)
        assert row.staffing.scheduled == ceil(row.staffing.agents / 0.8 - 1e-9)
        assert row.decided_by == "attempts"
        assert row.staffing.service_level is None
    assert attempts(rows(asked)) == pytest.approx(900 * tries(mean, 3))
    assert sum(row.calls * (row.reach or 0.0) for row in rows(asked)) == pytest.approx(900 * (1 - (1 - mean) ** 3))


def test_fewer_reached_take_more_attempts_and_a_minimum_holds_while_calls_are_made() -> None:
    easy, hard = (attempts(rows(target(usual=share))) for share in (0.9, 0.1))
    assert easy < hard < 3 * 900
    least = rows(target(records=1, minimum=4, shrinkage=0.5))
    assert {(row.staffing.agents, row.staffing.scheduled, row.decided_by) for row in least} == {
        (4, 8, "minimum"), (0, 0, ""),
    }  # fmt: skip
    assert rows(target(records=0, opens=0, closes=1440))[0].staffing.agents == 0
    assert required_by_attempts([], target(), interval=1800, zone=WEEK.zone) == []


def test_hours_follow_the_local_clock_also_where_it_changes() -> None:
    spring = Week(date(2027, 3, 22), "Europe/Berlin")
    found = required_by_attempts(spring.steps(30), target(weekends=True), interval=1800, zone=spring.zone)
    called = [spring.local(row.at) for row in found if row.calls]
    assert {(at.hour, at.minute) for at in called} == {(hour, half) for hour in range(9, 19) for half in (0, 30)}
    assert len(called) == 7 * 20


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"records": -1}, "records must be at least 0"), ({"most": 0}, "most must be at least 1"),
        ({"usual": 1.1}, "reach must be at most 1"), ({"talk": 0}, "talk must be above 0"),
        ({"unanswered": 0}, "unanswered must be above 0"), ({"max_occupancy": 1.2}, "occupancy must be at most 1"),
        ({"minimum": 1.5}, "minimum must be a whole number"), ({"opens": 600, "closes": 600}, "leave some time to call"),
        ({"shrinkage": 1.0}, "shrinkage must be below 1"),
    ],
)  # fmt: skip
def test_a_bad_value_is_named(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        rows(target(**wrong))


def test_what_was_learned_keeps_what_it_was_made_of() -> None:
    found = Learned((Tried(9, 40, 10, 2000, 10, 600, 30), Tried(10, LEAST - 1, 20, 4000, 20, 180, 9)))
    assert found.whole == Tried(-1, 40 + LEAST - 1, 30, 6000, 30, 780, 39)
    assert (found.talk, found.unanswered) == (200, 20)
    assert found.reach() == ((9, 0.25),), "an hour of few attempts has no reach of its own"
    assert found.of(11) is None
    nothing = Learned()
    assert (nothing.talk, nothing.unanswered, nothing.whole.share, nothing.reach()) == (None, None, None, ())


def test_a_target_s_name_covers_all_it_is_computed_from() -> None:
    one = target(reach=((9, 0.2),), parts=(("absence", 0.1), ("other", 0.2)))
    assert one.shrinkage == pytest.approx(0.28)
    changed = [
        target(reach=((9, 0.3),), parts=one.parts), target(reach=one.reach, parts=one.parts, records=901),
        target(reach=one.reach, parts=one.parts, most=4), target(reach=one.reach, parts=one.parts, unanswered=41),
    ]  # fmt: skip
    assert all(other.inputs() != one.inputs() for other in changed)
    assert one.reach_at(datetime(2026, 12, 1, 8, tzinfo=UTC), WEEK.zone) == 0.2
    assert one.reach_at(datetime(2026, 12, 1, 8, tzinfo=UTC) + timedelta(hours=1), WEEK.zone) == 0.3
