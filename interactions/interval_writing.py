"""Writing a batch of rows of counts: each interval is created, updated or known already."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection

from bpo.ids import uuid7
from bpo.imports.domain.problems import CellError, Problem
from bpo.imports.domain.words import phrase as _
from bpo.imports.registry import Written
from interactions.domain.intervals import COUNTS, Count, IntervalRow
from interactions.lookups import QueueBook
from interactions.models import Interval, Queue

Numbered = tuple[int, IntervalRow]
COLUMNS: Final = (
    *("id", "queue_id", "source", "starts_at", "minutes", "business_date", "zone"), *COUNTS, "import_run_id", "version"
)  # fmt: skip
_counts = attrgetter(*COUNTS)


class Present(NamedTuple):
    """An interval that is there already."""

    pk: UUID
    day: date
    minutes: int
    zone: str
    counts: tuple[int | None, ...]


Known = dict[tuple[UUID, str, datetime], Present]


def write_intervals(*, rows: Sequence[Numbered], create_missing: frozenset[str], run_id: UUID | None) -> Written:
    """Write rows inside the caller's transaction; one that can't be written is a problem and changes nothing.

    An interval is recognised by queue, source and start. A row that adds an interval is created, one that changes
    one is updated; `values` counts the intervals themselves.
    """
    batch = _Batch(rows, create_missing, run_id)
    written = Written()
    for number, row in rows:
        try:
            what = batch.take(row)
        except CellError as error:
            written.problems.append(Problem.of(number, error))
            continue
        setattr(written, what, getattr(written, what) + 1)
    batch.save()
    written.values.update(created=len(batch.new), updated=len(batch.changed), unchanged=batch.same)
    return written


class _Batch:
    """Rows on their way to intervals. Nothing is written before `save`.

    A day's file has more intervals than a year's has interactions, so they go as tuples: COPY writes them in a
    fifth of the time that model instances take.
    """

    def __init__(self, rows: Sequence[Numbered], create_missing: frozenset[str], run_id: UUID | None) -> None:
        self.run_id = run_id
        self.queues = QueueBook(create_missing)
        self.known = _known([row for _number, row in rows])
        self.grains = {
            (queue, source, one.day): (one.minutes, one.zone) for (queue, source, _at), one in self.known.items()
        }
        self.new: list[tuple[object, ...]] = []
        self.changed: dict[UUID, Count] = {}
        self.same = 0

    def take(self, row: IntervalRow) -> str:
        """Keep a row's counts for `save` and say what becomes of the row. CellError if it can't be written."""
        queue = self.queues.named(row.queue, row.channel)
        self._check_grain(queue, row)
        before = len(self.new), len(self.changed)
        for count in row.counts:
            self._keep(queue.pk, row, count)
        if len(self.new) > before[0]:
            return "created"
        return "updated" if len(self.changed) > before[1] else "unchanged"

    def save(self) -> None:
        self.queues.save()
        if self.new:
            with (
                connection.cursor() as cursor,
                cursor.copy(f"COPY {Interval._meta.db_table} ({', '.join(COLUMNS)}) FROM STDIN") as out,
            ):
                for values in self.new:
                    out.write_row(values)
        changed = list(Interval.objects.filter(pk__in=self.changed))
        for one in changed:
            one.version += 1
            one.import_run_id = self.run_id
            for field in COUNTS:
                setattr(one, field, getattr(self.changed[one.pk], field))
        Interval.objects.bulk_update(changed, [*COUNTS, "import_run_id", "version"], batch_size=200)

    def _keep(self, queue: UUID, row: IntervalRow, count: Count) -> None:
        counts = _counts(count)
        present = self.known.get((queue, row.source, count.starts_at))
        if present is None:
            place = (queue, row.source, count.starts_at, count.minutes, row.date, row.zone)
            self.new.append((uuid7(), *place, *counts, self.run_id, 1))
        elif counts != present.counts:
            self.changed[present.pk] = count
        else:
            self.same += 1

    def _check_grain(self, queue: Queue, row: IntervalRow) -> None:
        """A day of a queue comes from one source at one length in one zone, or its calls would count twice."""
        minutes, zone = self.grains.setdefault((queue.pk, row.source, row.date), (row.minutes, row.zone))
        if (minutes, zone) != (row.minutes, row.zone):
            raise CellError(
                "minutes",
                _(
                    "{source} has intervals of {minutes} minutes in {zone} on {day} already.",
                    source=row.source,
                    minutes=minutes,
                    zone=zone,
                    day=row.date.isoformat(),
                ),
                _("Give this file a source of its own, or send the same length and zone."),
            )


def _known(rows: Iterable[IntervalRow]) -> Known:
    """Every interval of these sources on these days."""
    sources, days = {row.source for row in rows}, {row.date for row in rows}
    found = Interval.objects.filter(source__in=sources, business_date__in=days)
    read = found.values_list("queue_id", "source", "starts_at", "pk", "business_date", "minutes", "zone", *COUNTS)
    return {
        (queue, source, at): Present(pk, day, minutes, zone, tuple(counts))
        for queue, source, at, pk, day, minutes, zone, *counts in read
    }
