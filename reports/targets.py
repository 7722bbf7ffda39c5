"""Which promise holds on a day, and the keeping of promises."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from bpo.actors import By
from bpo.audit.services import record
from interactions.models import Queue
from reports.models import Target

SERVICE_LEVEL = "SL-2"
AMBER = Decimal("0.01")  # a service level up to one point short is amber
Promises = dict[tuple[str, UUID | None], Target]


@dataclass(frozen=True, slots=True)
class Promise:
    """A target to set: the measure's code, its value in the measure's own unit (shares 0..1), and its band."""

    measure: str
    value: Decimal
    direction: str
    amber: Decimal = Decimal(0)
    queue: Queue | None = None


def targets_on(day: date) -> Promises:
    """The target of each measure and queue that holds on `day`: of those valid by then the newest, last set last."""
    rows = Target.objects.filter(valid_from__lte=day).order_by("valid_from", "id")
    return {(row.measure, row.queue_id): row for row in rows}


def set_target(*, promise: Promise, valid_from: date, by: By, now: datetime) -> Target:
    """Promise something from a day on. ValueError for an unknown measure."""
    from reports.measures import DEFINITIONS

    if promise.measure not in DEFINITIONS:
        raise ValueError(f"measure {promise.measure!r} is none of {', '.join(DEFINITIONS)}")
    with transaction.atomic():
        target = Target.objects.create(
            measure=promise.measure,
            queue=promise.queue,
            value=promise.value,
            direction=promise.direction,
            amber=promise.amber,
            valid_from=valid_from,
            set_by=by.name,
            set_at=now,
        )
        detail = {"measure": target.measure, "value": str(target.value), "from": valid_from.isoformat()}
        record(action="reports.target_set", target=target, by=by, now=now, detail=detail)
    return target


def follow_queues(*, day: date, today: date, by: By, now: datetime) -> None:
    """Keep a service level target for each queue as the queue promises it.

    The first holds from `day`, or from earlier where one is known; a change holds from `today`, so that a week
    reported again is still judged by what was promised then.
    """
    for queue in Queue.objects.all():
        known = list(Target.objects.filter(measure=SERVICE_LEVEL, queue=queue).order_by("valid_from", "id"))
        value = known[0].value if known else queue.service_level_target
        if not known or known[0].valid_from > day:
            _promise(queue, value, day, by, now)
        if known and known[-1].value != queue.service_level_target:
            _promise(queue, queue.service_level_target, today, by, now)


def _promise(queue: Queue, value: Decimal, valid_from: date, by: By, now: datetime) -> None:
    promise = Promise(SERVICE_LEVEL, value, Target.Direction.AT_LEAST, AMBER, queue)
    set_target(promise=promise, valid_from=valid_from, by=by, now=now)
