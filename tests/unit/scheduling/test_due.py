"""Mail by its due time on the client's clock: hours, weekends, midnight and both changes of clocks."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from scheduling.domain.due import DueTarget, required_by_due
from scheduling.domain.weeks import Week
from tests.unit.scheduling.test_nights import ZONES

DAY = 86_400.0


def week_of(monday: date, zone: str, items: float = 6.0) -> list[tuple[datetime, float, float]]:
    return [(at, items, 600.0) for at in Week(monday, zone).steps(30)]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("monday", [date(2026, 3, 2), date(2026, 3, 23), date(2026, 10, 19), date(2026, 10, 26)])
def test_nobody_works_outside_the_hours_on_the_local_clock(zone: str, monday: date):
    target = DueTarget(seconds=3 * DAY, opens=9 * 60, closes=17 * 60, weekends=False)
    rows = required_by_due(week_of(monday, zone), target, interval=1800, zone=zone)
    place = ZoneInfo(zone)
    for row in rows:
        local = row.at.astimezone(place)
        if row.staffing.agents:
            assert local.weekday() < 5
            assert 9 <= local.hour < 17
    assert sum(row.staffing.agents for row in rows) * 3 >= sum(row.calls for row in rows[: len(rows) - 143])
    assert sum(row.late or 0 for row in rows) == 0


def test_the_work_of_a_weekend_waits_for_monday_only_where_it_may():
    points = week_of(date(2026, 6, 1), "UTC")
    short = DueTarget(seconds=3600, opens=9 * 60, closes=17 * 60, weekends=False)
    rows = required_by_due(points, short, interval=1800, zone="UTC")
    assert sum(row.late or 0 for row in rows) > 0
    always = required_by_due(points, DueTarget(seconds=3600), interval=1800, zone="UTC")
    assert max(row.staffing.agents for row in always) == 2  # six items of ten minutes each half hour
    assert sum(row.late or 0 for row in always) == 0


def test_backlog_shrinkage_and_the_rule_that_decides():
    points = week_of(date(2026, 6, 1), "UTC", items=0.0)
    target = DueTarget(seconds=4 * 3600, backlog=48, minimum=1, parts=(("absence", 0.1), ("other", 0.2)))
    rows = required_by_due(points, target, interval=1800, zone="UTC")
    assert target.shrinkage == pytest.approx(0.28)
    assert [row.staffing.agents for row in rows[:10]] == [2] * 8 + [1, 1]  # 48 of ten minutes in eight half hours
    assert [row.staffing.scheduled for row in rows[6:10]] == [3, 3, 2, 2]
    assert [row.decided_by for row in rows[6:10]] == ["due", "due", "minimum", "minimum"]
    assert (
        required_by_due(points, DueTarget(seconds=7200, backlog=48), interval=1800, zone="UTC")[0].decided_by == "due"
    )


def test_hours_that_leave_no_time_are_refused():
    with pytest.raises(ValueError, match="must leave some time to work"):
        required_by_due(
            week_of(date(2026, 6, 1), "UTC"), DueTarget(seconds=DAY, opens=60, closes=60), interval=1800, zone="UTC"
        )
    assert required_by_due([], DueTarget(seconds=DAY), interval=1800, zone="UTC") == []
