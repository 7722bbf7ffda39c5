"""The queue of reviews."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from bpo.permissions import Reach
from interactions.models import Actor
from interactions.selectors import within
from qa.models import Evaluation, Picked, ReviewTask
from qa.models.note import TO_AGENT
from qa.selectors.evaluations import unacknowledged
from qa.selectors.notes import Audience, notes_for

OPEN = (ReviewTask.State.WAITING, ReviewTask.State.CLAIMED)
MOST_IN_HAND: Final = 20


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed to; None or "" is everything."""

    agent: UUID | None = None
    queue: UUID | None = None
    picked: str = ""


def tasks(
    filters: Filters = Filters(), *, apart_from: UUID | None = None, reach: Reach | None = None
) -> QuerySet[ReviewTask]:
    """Open reviews in the order of the queue, without those about `apart_from`, with what a row shows."""
    found = ReviewTask.objects.filter(within(reach), state__in=OPEN).select_related(
        "interaction__queue", "interaction__reason", "agent__team", "holder"
    )
    if apart_from is not None:
        found = found.exclude(agent_id=apart_from)
    if filters.agent is not None:
        found = found.filter(agent_id=filters.agent)
    if filters.queue is not None:
        found = found.filter(interaction__queue_id=filters.queue)
    if filters.picked in Picked.values:
        found = found.filter(picked=filters.picked)
    return found.order_by(F("due_on").asc(nulls_last=True), "id")


def task_within(task_id: UUID, *, reach: Reach | None) -> bool:
    """Whether a review is there and about somebody the reach holds."""
    return ReviewTask.objects.filter(within(reach), pk=task_id).exists()


def next_task(
    *, actor: UUID | None, now: datetime, after: UUID | None = None, reach: Reach | None = None
) -> ReviewTask | None:
    """The review this actor should open next: one's own in hand first, then the first nobody has in hand."""
    free = Q(state="waiting") | Q(state="claimed", lease_until__lte=now) | Q(state="claimed", holder_id=actor)
    found = tasks(apart_from=actor, reach=reach).filter(free)
    if after is not None:
        found = found.exclude(pk=after)
    own = found.filter(state="claimed", holder_id=actor).first()
    return own or found.first()


def in_hand_of(actor: UUID | None, *, now: datetime, reach: Reach | None = None) -> list[ReviewTask]:
    """What this actor has in hand now, in the order of the queue."""
    if actor is None:
        return []
    held = tasks(reach=reach).filter(state="claimed", holder_id=actor, lease_until__gt=now)
    return list(held[:MOST_IN_HAND])


def due_count(filters: Filters, today: date, *, apart_from: UUID | None = None, reach: Reach | None = None) -> int:
    """How many open reviews are due on that day or were before."""
    return tasks(filters, apart_from=apart_from, reach=reach).filter(due_on__lte=today).count()


def queue_agents(*, reach: Reach | None = None) -> list[Actor]:
    """Agents with a review in the queue, by name."""
    about = ReviewTask.objects.filter(within(reach), state__in=OPEN).values("agent_id")
    return list(Actor.objects.filter(pk__in=about)[:500])


def failed_lately(now: datetime, *, hours: int = 24, reach: Reach | None = None) -> QuerySet[Evaluation]:
    """Evaluations submitted in the last hours with a critical error or an auto-fail, newest first."""
    found = Evaluation.objects.filter(within(reach), current__submitted_at__gte=now - timedelta(hours=hours))
    wrong = found.filter(Q(current__critical_error=True) | ~Q(current__triggers=[]))
    return wrong.select_related("agent", "interaction__queue", "current").order_by("-current__submitted_at", "-id")


def to_coach(audience: Audience, *, reach: Reach | None = None) -> QuerySet[Evaluation]:
    """Released evaluations with a note for the agent or a fail that the agent hasn't seen, oldest first."""
    of_it = notes_for(audience).filter(revision=OuterRef("current"))
    said = of_it.filter(level__in=TO_AGENT)  # type: ignore[misc]  # annotated by `notes_for`
    return unacknowledged(reach=reach).filter(Q(current__outcome="FAIL") | Exists(said))
