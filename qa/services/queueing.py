"""Filling the queue, and taking a review in hand so that nobody else does."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from interactions.models import Interaction
from qa.domain.sampling import frame_hash, pick
from qa.errors import InHand, NotPossible
from qa.models import Draw, Picked, ReviewTask, Scorecard

LEASE: Final = timedelta(minutes=30)


@transaction.atomic
def draw_sample(
    *, scorecard: Scorecard, week: date, quota: int, seed: str, due_on: date | None, by: By, now: datetime
) -> Draw:
    """Draw `quota` handled interactions of each agent in the week that begins on the Monday `week`, and queue them.

    Drawn once a scorecard and week; again gives the draw there is. The seed, the size of the frame and its hash are
    kept, so that anybody can draw it again. Interactions in the queue already stay out of the frame.
    """
    known = Draw.objects.filter(scorecard=scorecard, week=week).first()
    if known is not None:
        return known
    frame = _frame(scorecard, week)
    everything = [one for ids in frame.values() for one in ids]
    draw = Draw.objects.create(
        scorecard=scorecard,
        week=week,
        quota=quota,
        seed=seed,
        frame_size=len(everything),
        frame_hash=frame_hash(everything),
        drawn_at=now,
        drawn_by_id=by.actor_id,
    )
    tasks = [
        ReviewTask(
            interaction_id=one,
            scorecard=scorecard,
            agent_id=agent,
            picked=Picked.RANDOM,
            draw=draw,
            place=place,
            places=len(ids),
            due_on=due_on,
            created_at=now,
        )
        for agent, ids in pick(frame, quota=quota, seed=seed).items()
        for place, one in enumerate(ids, start=1)
    ]
    ReviewTask.objects.bulk_create(tasks)
    detail = {"week": week.isoformat(), "quota": quota, "frame": len(everything), "drawn": len(tasks)}
    record(action="qa.sample_drawn", target=draw, by=by, now=now, detail=detail)
    return draw


def _frame(scorecard: Scorecard, week: date) -> dict[UUID, list[UUID]]:
    found = Interaction.objects.filter(
        business_date__gte=week, business_date__lt=week + timedelta(days=7), agent__isnull=False, abandoned=False
    ).exclude(review_tasks__scorecard=scorecard)
    if scorecard.channel:
        found = found.filter(channel=scorecard.channel)
    frame: dict[UUID, list[UUID]] = defaultdict(list)
    for agent, one in found.values_list("agent_id", "pk"):
        if agent is not None:
            frame[agent].append(one)
    return dict(frame)


def queue_interaction(
    *,
    interaction_id: UUID,
    scorecard: Scorecard,
    why: str,
    by: By,
    now: datetime,
    picked: str = Picked.MANUAL,
    due_on: date | None = None,
) -> ReviewTask:
    """Put one interaction into the queue, for a reason in words. In the queue already, it stays as it is.

    Raises NotPossible for an interaction without an agent and for an empty reason, Interaction.DoesNotExist.
    """
    if not why.strip():
        raise NotPossible("why", _("No reason was given."), _("Say why it should be reviewed."))
    interaction = Interaction.objects.get(pk=interaction_id)
    if interaction.agent_id is None:
        raise NotPossible("agent", _("Nobody handled this interaction."), _("Choose one that an agent handled."))
    live = ReviewTask.objects.filter(interaction=interaction, scorecard=scorecard).exclude(state="skipped")
    try:
        with transaction.atomic():
            if (known := live.first()) is not None:
                return known
            task = ReviewTask.objects.create(
                interaction=interaction,
                scorecard=scorecard,
                agent_id=interaction.agent_id,
                picked=picked,
                why=why.strip()[:200],
                due_on=due_on,
                created_at=now,
            )
            record(action="qa.queued", target=task, by=by, now=now, detail={"picked": str(picked)})
    except IntegrityError:  # somebody queued it in the same moment
        return live.get()
    return task


def claim(*, task_id: UUID, by: By, now: datetime) -> ReviewTask:
    """Take a review in hand for 30 minutes. One's own is prolonged; one whose lease ran out is free.

    Raises InHand while somebody else has it, NotPossible where it is done or skipped, is about oneself or the
    account has no seat here, ReviewTask.DoesNotExist.
    """
    with transaction.atomic():
        task = locked(task_id)
        if task.state in (ReviewTask.State.DONE, ReviewTask.State.SKIPPED):
            raise NotPossible("state", _("This review is closed."), _("Open the next one in the queue."))
        check_may_score(task, by)
        if held_by_other(task, by, now):
            raise in_hand(task)
        fresh = task.holder_id != by.actor_id or task.state != ReviewTask.State.CLAIMED
        task.state, task.holder_id, task.lease_until = ReviewTask.State.CLAIMED, by.actor_id, now + LEASE
        _save(task)
        if fresh:
            record(action="qa.claimed", target=task, by=by, now=now)
    return task


def heartbeat(*, task_id: UUID, by: By, now: datetime) -> ReviewTask:
    """Prolong one's own lease. Raises InHand or NotPossible where it is lost."""
    return claim(task_id=task_id, by=by, now=now)


def hand_back(*, task_id: UUID, by: By, now: datetime) -> ReviewTask:
    """Lay one's own review back into the queue; answers stay for whoever gave them."""
    with transaction.atomic():
        task = locked(task_id)
        if task.state == ReviewTask.State.CLAIMED and task.holder_id == by.actor_id:
            task.state, task.holder, task.lease_until = ReviewTask.State.WAITING, None, None
            _save(task)
            record(action="qa.handed_back", target=task, by=by, now=now)
    return task


def skip(*, task_id: UUID, reason: str, by: By, now: datetime) -> ReviewTask:
    """Take a review out of the queue for a reason. Raises as `claim` does, NotPossible for no reason."""
    if not reason.strip():
        raise NotPossible("reason", _("No reason was given."), _("Say why it can't be reviewed."))
    with transaction.atomic():
        task = claim(task_id=task_id, by=by, now=now)
        task.state, task.holder, task.lease_until = ReviewTask.State.SKIPPED, None, None
        task.skip_reason = reason.strip()[:200]
        _save(task)
        record(action="qa.skipped", target=task, by=by, now=now)
    return task


def locked(task_id: UUID) -> ReviewTask:
    return ReviewTask.objects.select_for_update(of=("self",)).select_related("holder").get(pk=task_id)


def held_by_other(task: ReviewTask, by: By, now: datetime) -> bool:
    return (
        task.state == ReviewTask.State.CLAIMED
        and task.holder_id != by.actor_id
        and task.lease_until is not None
        and task.lease_until > now
    )


def in_hand(task: ReviewTask) -> InHand:
    name = task.holder.display_name if task.holder else ""
    return InHand(
        _("%(name)s has this review in hand.") % {"name": name},
        _("Open the next one in the queue."),
        holder=name,
        until=task.lease_until,
    )


def check_may_score(task: ReviewTask, by: By) -> None:
    """Raise NotPossible unless this actor may score this task."""
    if by.actor_id is None:
        raise NotPossible("actor", _("Your account has no seat at this client."), _("Ask the operator to give it one."))
    if by.actor_id == task.agent_id:
        raise NotPossible("agent", _("This is your own work."), _("Somebody else has to score it."))


def close(task: ReviewTask) -> None:
    """Mark a task as done, in the caller's transaction."""
    task.state, task.lease_until = ReviewTask.State.DONE, None
    _save(task)


def reopen(task: ReviewTask, now: datetime) -> None:
    """Give a done task back to its holder, in the caller's transaction."""
    task.state, task.lease_until = ReviewTask.State.CLAIMED, now + LEASE
    _save(task)


def _save(task: ReviewTask) -> None:
    task.version += 1
    task.save(update_fields=["state", "holder", "lease_until", "skip_reason", "version"])
