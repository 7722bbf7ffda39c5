"""Filling a client's weeks: public facts as app, the client's own inside it, then one row a week.

The page reads the rows alone. Each client's newest week is counted again every day, since surveys are answered and
reviews submitted after it ended; weeks that are missing among the last eight are counted too.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count

from attrition.selectors import read_book
from bpo.tenancy.context import enter
from bpo.tenancy.identities import ClientRef
from console.domain.week import DAYS, NOTHING, Figure, QueueLevel, Week, last_full_week, target_of, weeks_to
from console.leaving import People, people_of
from console.models import WeekRollup
from interactions.models import Interaction, Queue
from reports.measures import figures
from reports.measures.facts import Facts
from reports.measures.levels import by_of

QUALITY = ("QA-3", "QA-2", "QA-1")  # codes under which reports may count the mean score, newest definition first


def refresh(client: ClientRef, *, now: datetime) -> list[date]:
    """Count the client's last full week, and those of the last eight that are missing; returns their Mondays."""
    newest = last_full_week(now, client.zone)
    wanted = weeks_to(newest)
    known = WeekRollup.objects.filter(client_id=client.id, week_start__in=wanted).values_list("week_start", flat=True)
    starts = [start for start in wanted if start == newest or start not in set(known)]
    write(client, count(client, starts), now=now)
    return starts


def count(client: ClientRef, starts: list[date]) -> list[Week]:
    """The weeks beginning on these Mondays. Call it as app, outside a transaction."""
    book = read_book()
    people = [people_of(book, client.id, start + timedelta(days=DAYS - 1)) for start in starts]
    with enter(client):
        days = _interactions_by_day(starts)
        queues = list(Queue.objects.all())
        return [_week(start, found, days, queues) for start, found in zip(starts, people, strict=True)]


def write(client: ClientRef, weeks: Iterable[Week], *, now: datetime) -> None:
    """Keep the weeks, over what was kept before; one statement."""
    rows = [
        WeekRollup(
            client_id=client.id, week_start=week.start, zone=client.zone, measures=week.as_dict(), computed_at=now
        )
        for week in weeks
    ]
    WeekRollup.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["client", "week_start"],
        update_fields=["zone", "measures", "computed_at"],
    )


def _week(start: date, people: People, days: dict[date, int], queues: list[Queue]) -> Week:
    facts = Facts(start, start + timedelta(days=DAYS - 1))
    found = figures(facts)
    levels = tuple(_level(queue, facts) for queue in queues)
    counted_by, short = by_of(counting for _floor, counting in facts.counted().values())
    by_day = tuple(days.get(start + timedelta(days=number), 0) for number in range(DAYS))
    return Week(
        start=start,
        people=people.headcount,
        interactions=sum(by_day),
        service=_plain(found.get("SL-2")),
        target=target_of(levels),
        queues=tuple(level for level in levels if level.den),
        quality=_plain(next((found[code] for code in QUALITY if code in found), None)),
        satisfaction=_plain(found.get("CS-1")),
        attrition=people.attrition,
        days=by_day,
        counted_by=counted_by,
        short=short,
    )


def _level(queue: Queue, facts: Facts) -> QueueLevel:
    found = figures(facts, queue.pk)["SL-2"]
    return QueueLevel(queue.name, int(found.num), int(found.den), float(facts.promised[queue.pk].service_level_target))


def _plain(found: Any) -> Figure:
    if found is None:
        return NOTHING
    return Figure(found.value, float(found.num), float(found.den), found.n, found.low, found.high)


def _interactions_by_day(starts: list[date]) -> dict[date, int]:
    if not starts:
        return {}
    rows = Interaction.objects.filter(business_date__range=(min(starts), max(starts) + timedelta(days=DAYS - 1)))
    return dict(rows.order_by().values_list("business_date").annotate(n=Count("pk")))
