"""Everything a week's report is made of, read in one snapshot."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Min

from interactions.models import Interaction, Queue
from interactions.queues import Promised, promised_on
from reports.domain.weeks import Week, run_up
from reports.measures import DEFINITIONS, Definition, Figure, figures
from reports.measures.facts import Facts
from reports.measures.levels import Counted
from reports.measures.registry import agreed
from reports.models import Target
from reports.targets import targets_on
from surveys.models import Response

MOST_COMMENTS: Final = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a measure of the account, or of one queue, now and the week before."""

    definition: Definition
    figure: Figure
    before: Figure
    target: Target | None = None
    queue: Queue | None = None
    within: int = 0  # seconds, of one queue's service level

    @property
    def ref(self) -> str:
        return self.definition.code if self.queue is None else f"{self.definition.code}.{self.queue.key}"


@dataclass(frozen=True, slots=True)
class Comments:
    """Answers with words: how many of how many, and the newest of them."""

    answers: int
    with_text: int
    newest: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Levels:
    """What service levels are counted from, and whether in this week another way of counting, or another time to answer
    in, was agreed on."""

    parts: tuple[Counted, ...]
    new: bool = False
    new_time: bool = False

    @classmethod
    def of(cls, facts: Facts, before: Mapping[UUID, Promised]) -> "Levels":
        """`before`: what was promised a week earlier."""
        changes = [(one, before.get(queue, one)) for queue, one in facts.promised.items()]
        return cls(
            tuple(facts.counted().values()),
            new=any(now.counting != was.counting for now, was in changes),
            new_time=any(now.answer_within_seconds != was.answer_within_seconds for now, was in changes),
        )


@dataclass(frozen=True, slots=True)
class Gathered:
    week: Week
    lines: tuple[Line, ...]
    series: Mapping[str, tuple[tuple[Week, Figure], ...]]
    comments: Comments
    busy: tuple[Promised, ...]  # what each queue promised that has a service level to speak of
    interactions: int
    levels: Levels


@contextmanager
def snapshot() -> Iterator[None]:
    """All reads of the block see the database as it was at the first one; nothing can be written."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def gather(week: Week) -> Gathered:
    """Read a week, the week before and the weeks of the charts."""
    weeks = run_up(week, _first_day(week))
    promised = promised_on(week.end)  # also of the weeks before, so that like is compared with like
    facts = {one: Facts(one.start, one.end, promised) for one in {*weeks, week.back(1)}}
    by_week = {one: figures(found) for one, found in facts.items()}
    now, before = facts[week], facts[week.back(1)]
    busy = [one for one in Queue.objects.all() if _offered(now, one)]
    targets = targets_on(week.end)
    alone = busy[0] if len(busy) == 1 else None
    agreed_on = [(queue.name, promised[queue.pk].counting) for queue in busy]
    lines = [
        Line(agreed(one, agreed_on), by_week[week][code], by_week[week.back(1)][code], _target(targets, code, alone))
        for code, one in DEFINITIONS.items()
    ]
    if alone is None:
        lines += [_queue_line(one, queue, now, before, targets) for one in _by_queue() for queue in busy]
    series = {code: tuple((one, by_week[one][code]) for one in weeks) for code in DEFINITIONS}
    everything = Interaction.objects.filter(business_date__range=(week.start, week.end)).count()
    levels = Levels.of(now, promised_on(week.back(1).end))
    spoken_of = tuple(promised[queue.pk] for queue in busy)
    return Gathered(week, tuple(lines), series, _comments(week), spoken_of, everything, levels)


def _by_queue() -> list[Definition]:
    return [one for one in DEFINITIONS.values() if one.by_queue]


def _offered(facts: Facts, queue: Queue) -> int:
    floor = facts.floor(queue.pk)
    return floor.answered + floor.abandoned


def _queue_line(
    definition: Definition, queue: Queue, now: Facts, before: Facts, targets: Mapping[tuple[str, UUID | None], Target]
) -> Line:
    target = targets.get((definition.code, queue.pk))
    told = agreed(definition, [(queue.name, now.countings[queue.pk])])
    figures_of = definition.figure(now, queue.pk), definition.figure(before, queue.pk)
    return Line(told, *figures_of, target, queue, now.promised[queue.pk].answer_within_seconds)


def _target(targets: Mapping[tuple[str, UUID | None], Target], code: str, alone: Queue | None) -> Target | None:
    """The account's own target; with one queue alone, that queue's is the account's."""
    own = targets.get((code, None))
    return own or (targets.get((code, alone.pk)) if alone else None)


def _first_day(week: Week) -> date | None:
    earliest = week.start - timedelta(weeks=13)
    between = Interaction.objects.filter(business_date__range=(earliest, week.end))
    found: date | None = between.aggregate(first=Min("business_date"))["first"]
    return found


def _comments(week: Week) -> Comments:
    answers = Response.objects.filter(invitation__candidate__business_date__range=(week.start, week.end))
    said = answers.exclude(comment="")
    newest = said.order_by("-answered_at", "-id").values_list("pk", flat=True)[:MOST_COMMENTS]
    return Comments(answers.count(), said.count(), tuple(newest))
