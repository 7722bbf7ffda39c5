"""Work that somebody looked for: queueing many at once, taking that back, and searches kept under a name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.ids import uuid7
from interactions.models import Interaction
from qa.errors import NotPossible
from qa.models import Picked, ReviewTask, SavedFilter, Scorecard

MOST_AT_ONCE: Final = 500
MOST_SAVED: Final = 30


@dataclass(frozen=True, slots=True)
class Queued:
    """What became of a request to queue many: the batch, by which it is taken back, and how many of each."""

    batch: UUID
    queued: int
    already: int  # in the queue before, or scored
    left_out: int  # without an agent, or without a scorecard for their channel


def cards_by_channel() -> dict[str, Scorecard]:
    """The scorecard for each channel; under "" the one for all others, if there is one."""
    found: dict[str, Scorecard] = {}
    for card in Scorecard.objects.filter(active=True, versions__isnull=False).distinct():
        found.setdefault(card.channel, card)
    return found


@transaction.atomic
def queue_many(*, interactions: Iterable[UUID], why: str, by: By, now: datetime, due_on: date | None = None) -> Queued:
    """Queue interactions as targeted, each with the scorecard of its channel. Those in the queue stay as they are.

    Raises NotPossible for no reason, for none chosen and for more than 500.
    """
    wanted = list(dict.fromkeys(interactions))
    _check(wanted, why)
    cards = cards_by_channel()
    if not cards:
        raise NotPossible("scorecard", _("No scorecard is published."), _("Publish one first."))
    locked = Scorecard.objects.select_for_update().filter(pk__in=[card.pk for card in cards.values()])
    list(locked.order_by("pk"))  # who queues or draws at the same moment waits
    there = Interaction.objects.filter(pk__in=wanted).values_list("pk", "agent_id", "channel")
    placed = [(one, agent, cards.get(channel) or cards.get("")) for one, agent, channel in there]
    fit = [(one, agent, card) for one, agent, card in placed if agent is not None and card is not None]
    live = ReviewTask.objects.exclude(state="skipped").filter(interaction_id__in=[one for one, _a, _c in fit])
    known = set(live.values_list("interaction_id", "scorecard_id"))
    batch = uuid7()
    tasks = [
        ReviewTask(
            interaction_id=one,
            scorecard=card,
            agent_id=agent,
            picked=Picked.TARGETED,
            why=why.strip()[:200],
            batch=batch,
            queued_by_id=by.actor_id,
            due_on=due_on,
            created_at=now,
        )
        for one, agent, card in fit
        if (one, card.pk) not in known
    ]
    ReviewTask.objects.bulk_create(tasks)
    for task in tasks:
        record(action="qa.queued", target=task, by=by, now=now, detail={"picked": "targeted", "batch": str(batch)})
    return Queued(batch, len(tasks), len(fit) - len(tasks), len(wanted) - len(fit))


@transaction.atomic
def take_out(*, batch: UUID, by: By, now: datetime) -> int:
    """Take back what one queued in one go, as far as nobody has opened it; how many that were.

    Raises ReviewTask.DoesNotExist where one queued nothing by that name.
    """
    own = ReviewTask.objects.filter(batch=batch, queued_by_id=by.actor_id, queued_by__isnull=False)
    if not own.exists():
        raise ReviewTask.DoesNotExist
    untouched = own.filter(state=ReviewTask.State.WAITING, version=1, evaluations=None)
    found = list(untouched.select_for_update(of=("self",)).order_by("pk"))
    for task in found:
        record(action="qa.unqueued", target=task, by=by, now=now, detail={"batch": str(batch)})
    ReviewTask.objects.filter(pk__in=[one.pk for one in found]).delete()
    return len(found)


@transaction.atomic
def save_filter(*, name: str, query: str, by: By, now: datetime) -> SavedFilter:
    """Keep a search under a name of one's own; the same name again keeps the newer one.

    Raises NotPossible without a seat, a name or anything looked for, and past thirty.
    """
    if by.actor_id is None:
        raise NotPossible("actor", _("Your account has no seat at this client."), _("Ask the operator to give it one."))
    called = name.strip()[:60]
    if not called or not query:
        raise NotPossible("name", _("There is nothing to keep."), _("Narrow the list, then give it a name."))
    if len(query) > 500:
        raise NotPossible("query", _("That is too much to keep."), _("Take one filter away."))
    own = SavedFilter.objects.filter(actor_id=by.actor_id)
    if own.exclude(name=called).count() >= MOST_SAVED:
        raise NotPossible("name", _("You keep %(n)s searches already.") % {"n": MOST_SAVED}, _("Remove one of them."))
    values = {"query": query, "made_at": now}
    return SavedFilter.objects.update_or_create(actor_id=by.actor_id, name=called, defaults=values)[0]


def remove_filter(*, filter_id: UUID, by: By) -> SavedFilter | None:
    """Forget one's own kept search; what it was, or None where there is none."""
    found = SavedFilter.objects.filter(pk=filter_id, actor_id=by.actor_id).first() if by.actor_id else None
    if found is not None:
        SavedFilter.objects.filter(pk=found.pk).delete()
    return found


def _check(wanted: Sequence[UUID], why: str) -> None:
    if not why.strip():
        raise NotPossible("why", _("No reason was given."), _("Say why it should be reviewed."))
    if not wanted:
        raise NotPossible("interactions", _("None is chosen."), _("Choose at least one."))
    if len(wanted) > MOST_AT_ONCE:
        raise NotPossible("interactions", _("That is more than 500 at once."), _("Choose fewer."))
