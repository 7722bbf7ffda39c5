"""What queues promise, as the contract says: their share answered in time, how it is counted, and who publishes weeks."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.service_levels import Counting
from bpo.tenancy.context import current_client
from interactions.errors import NotPossible
from interactions.models import PastCounting, Queue, QueuePromise
from interactions.models.vocabulary import CALLS_OUT

LEVEL: Final = ("service_level_target", "answer_within_seconds", "service_level_definition", "short_abandon_seconds")


@dataclass(frozen=True, slots=True)
class Promised:
    """A service level as queues keep it: the share 0..1, the seconds, and how the share is counted.

    `second_person`: a week of theirs is published by somebody other than who sent it for review.
    """

    service_level_target: Decimal
    answer_within_seconds: int
    service_level_definition: str = ""
    short_abandon_seconds: int | None = None
    second_person: bool = False

    @classmethod
    def of(cls, row: Queue | QueuePromise) -> "Promised":
        return cls(
            Decimal(row.service_level_target), row.answer_within_seconds,
            row.service_level_definition, row.short_abandon_seconds, row.second_person,
        )  # fmt: skip

    @property
    def level(self) -> dict[str, Any]:
        """What past weeks are counted and judged by."""
        return {name: getattr(self, name) for name in LEVEL}

    @property
    def counting(self) -> Counting:
        """How the share is counted."""
        return Counting(self.service_level_definition, self.short_abandon_seconds)


def promise_on_queues(*, promised: Promised, by: By, now: datetime) -> None:
    """Let every queue promise this from now on, and each that is made later.

    While the contract says what it said before, queues keep what they have, also a promise of their own. Weeks that
    are over stay counted as they were: what a queue said of that is kept until today, on the client's clock.
    """
    today = now.astimezone(ZoneInfo(current_client().zone)).date()
    with transaction.atomic():
        before = QueuePromise.objects.select_for_update().first()
        same = (Promised.of(before) if before else Promised.of(Queue())) == promised
        QueuePromise.objects.update_or_create(pk=1, defaults=asdict(promised))
        if same:
            return
        for queue in Queue.objects.select_for_update():
            if Promised.of(queue) != promised:
                _promise(queue, promised, today, by, now)


def _promise(queue: Queue, promised: Promised, today: date, by: By, now: datetime) -> None:
    before = Promised.of(queue)
    was = asdict(before)
    for name, value in asdict(promised).items():
        setattr(queue, name, value)
    queue.save(update_fields=list(was))
    if promised.level != before.level:
        PastCounting.objects.get_or_create(queue=queue, until=today, defaults=before.level)
    changes = {
        name: [_plain(was[name]), _plain(value)] for name, value in asdict(promised).items() if was[name] != value
    }
    record(action="queue.promise_set", target=queue, by=by, now=now, detail={"changes": changes})


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def turn_queue(*, queue_id: UUID, direction: str, by: By, now: datetime) -> Queue:
    """Say whether customers turn to a queue or it calls them. NotPossible for a channel that nobody calls by.

    Raises Queue.DoesNotExist. What it says already changes nothing.
    """
    with transaction.atomic():
        queue = Queue.objects.select_for_update().get(pk=queue_id)
        if queue.direction == direction:
            return queue
        direction_fits(direction, queue.channel)
        changes = {"direction": [queue.direction, direction]}
        queue.direction = direction
        queue.save(update_fields=["direction"])
        record(action="queue.turned", target=queue, by=by, now=now, detail={"changes": changes})
    return queue


def direction_fits(direction: str, channel: str) -> None:
    """NotPossible for calling customers over a channel that nobody calls by."""
    if direction == Queue.Direction.OUT and channel not in CALLS_OUT:
        raise NotPossible(
            "direction", _("Nobody is called over this queue's channel."), _("Choose a queue of calls or messages.")
        )


def promise_of_new() -> dict[str, Any]:
    """What a queue made now promises, as fields of it."""
    found = QueuePromise.objects.first()
    return {} if found is None else asdict(Promised.of(found))


def promised_on(day: date) -> dict[UUID, Promised]:
    """What each queue promised on a business date, and how that is counted, whatever was agreed on since.

    Whether a second person publishes is not kept: it says what holds now.
    """
    past = PastCounting.objects.filter(queue=OuterRef("pk"), until__gt=day).order_by("until", "id")
    said = JSONObject(**{name: name for name in LEVEL})
    rows = Queue.objects.order_by().annotate(was=Subquery(past.values(found=said)[:1]))
    return {one.pk: _as_it_was(Promised.of(one), one.was) for one in rows}


def _as_it_was(now: Promised, was: dict[str, Any] | None) -> Promised:
    return (
        now
        if was is None
        else replace(now, **was | {"service_level_target": Decimal(str(was["service_level_target"]))})
    )
