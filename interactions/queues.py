"""What queues promise: their share answered in time, as the contract says."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from bpo.actors import By
from bpo.audit.services import record
from interactions.models import Queue, QueuePromise


def promise_on_queues(*, target: Decimal, seconds: int, by: By, now: datetime) -> None:
    """Let every queue promise this from now on, and each that is made later.

    While the contract says what it said before, queues keep what they have, also a promise of their own.
    """
    with transaction.atomic():
        before = QueuePromise.objects.select_for_update().first() or QueuePromise(
            service_level_target=Queue().service_level_target, answer_within_seconds=Queue().answer_within_seconds
        )
        same = (Decimal(before.service_level_target), before.answer_within_seconds) == (target, seconds)
        QueuePromise.objects.update_or_create(
            pk=1, defaults={"service_level_target": target, "answer_within_seconds": seconds}
        )
        if same:
            return
        differs = ~Q(service_level_target=target) | ~Q(answer_within_seconds=seconds)
        for queue in Queue.objects.filter(differs).select_for_update():
            changes = {
                "service_level_target": [str(queue.service_level_target), str(target)],
                "answer_within_seconds": [queue.answer_within_seconds, seconds],
            }
            queue.service_level_target, queue.answer_within_seconds = target, seconds
            queue.save(update_fields=["service_level_target", "answer_within_seconds"])
            record(action="queue.promise_set", target=queue, by=by, now=now, detail={"changes": changes})


def promise_of_new() -> dict[str, Any]:
    """What a queue made now promises, as fields of it."""
    found = QueuePromise.objects.first()
    if found is None:
        return {}
    return {
        "service_level_target": found.service_level_target,
        "answer_within_seconds": found.answer_within_seconds,
    }
