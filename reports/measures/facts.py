"""The counts of a period that measures are made of: a few statements, whatever the number of rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, DecimalField, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce

from bpo.service_levels import Counting
from interactions.models import Interaction
from interactions.queues import Promised, promised_on
from qa.models import EvaluationRevision
from surveys import selectors as surveys
from surveys.figures import Rating, rating, total
from surveys.selectors import Funnel, Period

REPEAT_DAYS: Final = 7
LIVE: Final = ("voice", "chat")  # the customer waits on the line, and may leave it


@dataclass(frozen=True, slots=True)
class Floor:
    """What happened in one queue, or in all: numbers of interactions, and seconds of handling."""

    offered: int = 0
    answered: int = 0  # with a known waiting time
    in_target: int = 0
    abandoned: int = 0  # with a known waiting time
    abandoned_in_target: int = 0
    short_abandoned: int = 0  # under the seconds agreed on; none where nobody has agreed how long short is
    wait_unknown: int = 0
    live: int = 0
    live_abandoned: int = 0
    handled: int = 0  # answered, with a known handling time
    handle_seconds: int = 0
    handle_squares: int = 0
    handle_unknown: int = 0
    outbound: int = 0
    back_office: int = 0

    def __add__(self, other: "Floor") -> "Floor":
        return Floor(*[getattr(self, one.name) + getattr(other, one.name) for one in fields(Floor)])


@dataclass(frozen=True, slots=True)
class Repeats:
    """Answered interactions of known customers, and how many were followed by another within seven days."""

    known: int = 0
    again: int = 0
    unknown: int = 0

    def __add__(self, other: "Repeats") -> "Repeats":
        return Repeats(self.known + other.known, self.again + other.again, self.unknown + other.unknown)


@dataclass(frozen=True, slots=True)
class Reviews:
    """Evaluations picked in one way: all, those with a score, and the sums of the scores and of their squares."""

    n: int = 0
    scored: int = 0
    points: Decimal | int = 0
    squares: Decimal | int = 0
    critical: int = 0  # with a question that would be a critical error
    flawless: int = 0  # of those, without one


class Facts:
    """The facts of business dates `start` to `end`, both included, each read when first asked for.

    Service levels are counted by what each queue is said to have `promised`, else by what it did on `end`.
    """

    def __init__(self, start: date, end: date, promised: Mapping[UUID, Promised] | None = None) -> None:
        self.start, self.end, self._given = start, end, promised

    @cached_property
    def promised(self) -> Mapping[UUID, Promised]:
        return promised_on(self.end) if self._given is None else self._given

    @cached_property
    def countings(self) -> Mapping[UUID, Counting]:
        return {queue: one.counting for queue, one in self.promised.items()}

    def counted(self, queue: UUID | None = None) -> dict[UUID, tuple[Floor, Counting]]:
        """The counts of each queue that something happened in, or of one, with how its service level is taken."""
        floors = self._floors if queue is None else {queue: self.floor(queue)}
        return {key: (floor, self.countings.get(key, Counting())) for key, floor in floors.items()}

    def floor(self, queue: UUID | None = None) -> Floor:
        """One queue, or all together."""
        return sum(self._floors.values(), Floor()) if queue is None else self._floors.get(queue, Floor())

    def repeats(self, queue: UUID | None = None) -> Repeats:
        return sum(self._repeats.values(), Repeats()) if queue is None else self._repeats.get(queue, Repeats())

    @cached_property
    def satisfaction(self) -> Rating:
        """Answers to the survey about interactions of these days."""
        return rating(total(surveys.response_counts(Period(self.start, self.end))))

    @cached_property
    def funnel(self) -> Funnel:
        """Where the resolutions of these days ended. Whether an unanswered one has expired makes no difference here."""
        return surveys.funnel(Period(self.start, self.end), datetime.combine(self.end, time.min, UTC))

    @cached_property
    def reviews(self) -> Mapping[str, Reviews]:
        """Released evaluations of interactions of these days as they stand, by how they were picked."""
        between = (self.start, self.end)
        found = EvaluationRevision.objects.filter(standing__state="released", business_date__range=between).order_by()
        score = Cast("final", DecimalField(max_digits=12, decimal_places=4))
        counted = found.values("picked").annotate(
            total=Count("pk"), scored=Count("final"), points=Sum(score), squares=Sum(score * score),
            critical=Count("pk", filter=Q(critical_asked=True)),
            flawless=Count("pk", filter=Q(critical_asked=True, critical_error=False)),
        )  # fmt: skip
        names = ("picked", "total", "scored", "points", "squares", "critical", "flawless")
        return {picked: Reviews(*[n or 0 for n in sums]) for picked, *sums in counted.values_list(*names)}

    @cached_property
    def agents(self) -> int:
        """How many people served at least one customer."""
        return int(self._rows().filter(agent__isnull=False).aggregate(n=Count("agent", distinct=True))["n"])

    def _rows(self) -> QuerySet[Interaction]:
        return Interaction.objects.filter(business_date__range=(self.start, self.end)).order_by()

    @cached_property
    def _floors(self) -> Mapping[UUID, Floor]:
        names = [f"n_{one.name}" for one in fields(Floor)]
        found = self._rows().values("queue_id").annotate(**_floor_counts(self.promised)).values_list("queue_id", *names)
        return {queue: Floor(*[int(n or 0) for n in counts]) for queue, *counts in found}

    @cached_property
    def _repeats(self) -> Mapping[UUID, Repeats]:
        """Of the seven days before the period's own, so that seven days have passed since the last of them."""
        week = timedelta(days=REPEAT_DAYS)
        start, end = self.start - week, self.end - week
        # A business date may lie a day beside the date of the instant: two more days hold every later interaction.
        with connection.cursor() as cursor:
            cursor.execute(_REPEATS, [start, end + week + timedelta(days=2), start, end])
            return {queue: Repeats(*counts) for queue, *counts in cursor.fetchall()}


# One pass over the rows: how many of the same customer began within seven days after each.
_REPEATS: Final = """
    WITH inbound AS (
        SELECT queue_id, customer_id, abandoned, business_date, count(*) OVER (
            PARTITION BY customer_id ORDER BY started_at
            RANGE BETWEEN interval '1 microsecond' FOLLOWING AND interval '7 days' FOLLOWING
        ) AS later
        FROM interactions_interaction WHERE direction = 'in' AND business_date BETWEEN %s AND %s
    )
    SELECT queue_id, count(customer_id), count(customer_id) FILTER (WHERE later > 0), count(*) - count(customer_id)
    FROM inbound WHERE NOT abandoned AND business_date BETWEEN %s AND %s GROUP BY queue_id
"""


def _floor_counts(promised: Mapping[UUID, Promised]) -> dict[str, Any]:
    """Each field of a Floor as the aggregate n_<field>. The time promised is the queue's own, of that day."""
    offered = Q(direction=Interaction.Direction.IN)
    answered, left = offered & Q(abandoned=False), offered & Q(abandoned=True)
    waited, in_time = Q(wait_seconds__isnull=False), _in_time(promised)
    timed = Q(talk_seconds__isnull=False) | Q(hold_seconds__isnull=False) | Q(after_call_seconds__isnull=False)
    live = offered & Q(channel__in=LIVE)
    seconds = _seconds("talk_seconds") + _seconds("hold_seconds") + _seconds("after_call_seconds")
    wanted = {
        "offered": offered,
        "answered": answered & waited,
        "in_target": answered & in_time,
        "abandoned": left & waited,
        "abandoned_in_target": left & in_time,
        "short_abandoned": left & waited & _short(promised),
        "wait_unknown": offered & ~waited,
        "live": live,
        "live_abandoned": live & Q(abandoned=True),
        "handled": answered & timed,
        "handle_unknown": answered & ~timed,
        "outbound": Q(direction=Interaction.Direction.OUT),
        "back_office": Q(direction=Interaction.Direction.BACK_OFFICE),
    }
    counts: dict[str, Any] = {f"n_{name}": Count("pk", filter=condition) for name, condition in wanted.items()}
    sums = {"handle_seconds": seconds, "handle_squares": seconds * seconds}
    return counts | {f"n_{name}": Sum(what, filter=answered & timed) for name, what in sums.items()}


def _in_time(promised: Mapping[UUID, Promised]) -> Q:
    """Waits of no more than the seconds their queue promised."""
    limits = {queue: one.answer_within_seconds for queue, one in promised.items()}
    return _by_limit(limits, lambda seconds: Q(wait_seconds__lte=seconds))


def _short(promised: Mapping[UUID, Promised]) -> Q:
    """Waits under what was agreed on as short in the queue."""
    limits = {queue: one.short_abandon_seconds for queue, one in promised.items()}
    return _by_limit(limits, lambda seconds: Q(wait_seconds__lt=seconds))


def _by_limit(limits: Mapping[UUID, int | None], within: Callable[[int], Q]) -> Q:
    """What is within the limit of its queue; nothing of a queue without one."""
    queues_of: dict[int, list[UUID]] = {}
    for queue, limit in limits.items():
        if limit is not None:
            queues_of.setdefault(limit, []).append(queue)
    nothing = Q(pk__in=[])
    return reduce(or_, (Q(queue__in=queues) & within(limit) for limit, queues in sorted(queues_of.items())), nothing)


def _seconds(name: str) -> Any:
    """As a numeric, which holds the square of any whole number a row can carry."""
    return Coalesce(Cast(name, _WHOLE), 0, output_field=_WHOLE)


_WHOLE: Final = DecimalField(max_digits=40, decimal_places=0)
