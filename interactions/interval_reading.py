"""Named reads of counts by interval, at the grain of their source."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count as Number
from django.db.models import Max, Min, QuerySet, Sum

from interactions.domain.intervals import COUNTS, Count
from interactions.models import Interval


@dataclass(frozen=True, slots=True)
class Origin:
    """Where counts come from: a queue, as one source tells it."""

    queue_id: UUID
    queue: str
    source: str

    @property
    def key(self) -> str:
        return f"{self.queue_id}:{self.source}"


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A business date: how many of its intervals are known, and how many were offered in them."""

    day: date
    zone: str
    minutes: int
    known: int
    offered: int

    @property
    def expected(self) -> int:
        """How many intervals the day has: fewer or more where clocks change."""
        place = ZoneInfo(self.zone)
        start = datetime.combine(self.day, time(), place)
        end = datetime.combine(self.day + timedelta(days=1), time(), place)
        return int((end.timestamp() - start.timestamp()) // 60) // self.minutes


def origins() -> list[Origin]:
    """Queues with counts, by name, each source of its own: one query."""
    found = Interval.objects.order_by("queue__name", "source").values_list("queue_id", "queue__name", "source")
    return [Origin(*one) for one in found.distinct()]


def counted_days(origin: Origin) -> QuerySet[Any, Any]:
    """Days with counts, newest first, as `counted_day` takes them."""
    return (
        Interval.objects.filter(queue_id=origin.queue_id, source=origin.source)
        .order_by("-business_date")
        .values("business_date")
        .annotate(zone=Max("zone"), minutes=Min("minutes"), known=Number("pk"), offered=Sum("offered"))
    )


def counted_day(found: dict[str, Any]) -> CountedDay:
    return CountedDay(found["business_date"], found["zone"], found["minutes"], found["known"], found["offered"])


def counts_of(origin: Origin, days: Collection[date]) -> dict[date, list[Count]]:
    """The counts of these days in order of time: one query."""
    found: dict[date, list[Count]] = {day: [] for day in days}
    rows = Interval.objects.filter(queue_id=origin.queue_id, source=origin.source, business_date__in=list(days))
    for day, *values in rows.order_by("starts_at").values_list("business_date", "starts_at", "minutes", *COUNTS):
        found[day].append(Count(*values))
    return found
