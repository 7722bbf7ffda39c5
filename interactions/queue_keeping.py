"""Queues made, renamed and removed by planners: an import makes one by itself, a client's first forecast needs one before."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.constraints import explained
from interactions.errors import NotPossible
from interactions.models import Queue
from interactions.queues import direction_fits, promise_of_new


def queues_kept() -> QuerySet[Queue]:
    """Every queue by its name, with `in_use`: whether anything is kept of it, so that it stays."""
    relations = [one for one in Queue._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete]
    uses = Q()
    for one in relations:
        rows = one.related_model._base_manager.filter(**{one.field.name: OuterRef("pk")})  # type: ignore[union-attr]
        uses |= Q(Exists(rows))
    found: QuerySet[Queue] = Queue.objects.annotate(in_use=uses)
    return found


def add_queue(*, name: str, channel: str, direction: str, by: By, now: datetime) -> Queue:
    """Make a queue that promises what the contract says. Imports find it by its name.

    NotPossible for a name another one has, or a direction its channel can't have.
    """
    with transaction.atomic():
        _free(name)
        direction_fits(direction, channel)
        queue = Queue(key=name, name=name, channel=channel, direction=direction, **promise_of_new())
        _saved(queue)
        record(action="queue.added", target=queue, by=by, now=now, detail={"channel": channel, "direction": direction})
    return queue


def rename_queue(*, queue_id: UUID, name: str, by: By, now: datetime) -> Queue:
    """Give a queue another name. Once anything is kept of it its key stays, so imports with the old name still find it.

    Raises Queue.DoesNotExist, and NotPossible for a name another one has.
    """
    with transaction.atomic():
        queue = _held(queue_id)
        if queue.name == name:
            return queue
        _free(name, but=queue_id)
        changes = {"name": [queue.name, name]}
        queue.name, queue.key = name, queue.key if queue.in_use else name  # type: ignore[attr-defined]
        _saved(queue)
        record(action="queue.renamed", target=queue, by=by, now=now, detail={"changes": changes})
    return queue


def remove_queue(*, queue_id: UUID, by: By, now: datetime) -> Queue:
    """Take away a queue nothing is kept of. Raises Queue.DoesNotExist, and NotPossible for one in use."""
    with transaction.atomic():
        queue = _held(queue_id)
        if queue.in_use:  # type: ignore[attr-defined]
            raise NotPossible(
                "queue", _("“%(name)s” is in use.") % {"name": queue.name}, _("Rename it; what is kept of it stays.")
            )
        record(action="queue.removed", target=queue, by=by, now=now, detail={"name": queue.name})
        queue.delete()
    return queue


def _held(queue_id: UUID) -> Queue:
    """One of `queues_kept`; whoever wants to refer to it waits until this transaction ends."""
    Queue.objects.select_for_update().get(pk=queue_id)
    return queues_kept().get(pk=queue_id)


def _free(name: str, *, but: UUID | None = None) -> None:
    """NotPossible where another queue has the name, or had it when it was made."""
    having = Queue.objects.filter(Q(name__iexact=name) | Q(key__iexact=name)).values_list("pk", flat=True)
    if {*having} - {but}:
        raise _taken(name)


def _saved(queue: Queue) -> None:
    """Save it, or NotPossible where somebody took the name since it was seen to be free."""

    def taken() -> NotPossible:
        return _taken(queue.name)

    with explained("interactions_queue_key", taken), explained("_is_of_one", taken):
        queue.save()


def _taken(name: str) -> NotPossible:
    return NotPossible(
        "name", _("A queue is called “%(name)s” already.") % {"name": name}, _("Give this one another name.")
    )
