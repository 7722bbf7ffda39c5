"""The queue of reviews."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from bpo.permissions import Reach
from interactions.models import Actor
from interactions.selectors import within
from qa.models import Evaluation, Picked, ReviewTask

OPEN = (ReviewTask.State.WAITING, ReviewTask.State.CLAIMED)


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


def waiting_count(*, actor: UUID | None) -> int:
    return tasks(apart_from=actor).count()


def queue_agents(*, reach: Reach | None = None) -> list[Actor]:
    """Agents with a review in the queue, by name."""
    about = ReviewTask.objects.filter(within(reach), state__in=OPEN).values("agent_id")
    return list(Actor.objects.filter(pk__in=about)[:500])


def critical_lately(now: datetime, *, hours: int = 24, reach: Reach | None = None) -> list[Evaluation]:
    """Evaluations with a critical error submitted in the last hours, newest first."""
    found = Evaluation.objects.filter(
        within(reach), current__critical_error=True, current__submitted_at__gte=now - timedelta(hours=hours)
    )
    return list(found.select_related("agent", "interaction__queue", "current")[:10])
