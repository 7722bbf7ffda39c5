"""Weeks of clients for tests of the console."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import Client
from console.domain.week import Figure, QueueLevel, Week, target_of
from console.models import WeekRollup
from surveys.domain.metrics import wilson

MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def share(num: int, den: int) -> Figure:
    low, high = wilson(num, den)
    return Figure(num / den if den else None, num, den, den, low, high)


def week(start: date = MONDAY, **more: Any) -> Week:
    """A week with nothing wrong; keywords replace parts of it."""
    queues = more.pop("queues", (QueueLevel("Billing EN", 850, 1000, 0.8),))
    offered = sum(queue.den for queue in queues)
    days = more.pop("days", (200, 210, 190, 205, 195, 100, 100))
    given: dict[str, Any] = {
        "people": 40.0,
        "interactions": sum(days),
        "service": share(sum(queue.num for queue in queues), offered),
        "target": target_of(queues),
        "queues": queues,
        "quality": Figure(86.2, 3792.8, 44, 44, 83.6, 88.8),
        "satisfaction": share(120, 150),
        "attrition": Figure(0.025, 1, 40, 1, 0.0006, 0.139),
        "days": days,
    }
    return Week(start, **{**given, **more})


def history(newest: Week, count: int = 8) -> list[Week]:
    """Ordinary weeks before `newest`, oldest first, and it."""
    return [week(newest.start - timedelta(weeks=back)) for back in range(count - 1, 0, -1)] + [newest]


def keep(client: Client, weeks: list[Week]) -> None:
    WeekRollup.objects.bulk_create(
        WeekRollup(client=client, week_start=one.start, zone=client.zone, measures=one.as_dict(), computed_at=NOW)
        for one in weeks
    )
