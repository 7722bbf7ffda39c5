"""Filling the queue, and taking a review in hand so that nobody else does."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.notices.services import tell
from interactions.models import Interaction
from qa.errors import InHand, NotPossible
from qa.models import Picked, ReviewTask, Scorecard
from qa.services.sampling import replace_skipped

LEASE: Final = timedelta(minutes=30)
TAKEN: Final = "review_taken"


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
                queued_by_id=by.actor_id,
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


def take_over(*, task_id: UUID, reason: str, by: By, now: datetime) -> ReviewTask:
    """Take a review out of somebody else's hand, for a reason, and tell them. Their answers stay in their draft.

    Raises NotPossible for no reason, where nobody else has it in hand, and as `claim`; ReviewTask.DoesNotExist.
    """
    if not reason.strip():
        raise NotPossible("reason", _("No reason was given."), _("Say why you take it. Whoever had it reads that."))
    with transaction.atomic():
        task = locked(task_id)
        check_may_score(task, by)
        if not held_by_other(task, by, now):
            raise NotPossible("state", _("Nobody else has this review in hand."), _("Open it from the queue."))
        had, words = task.holder_id, reason.strip()[:200]
        task.holder_id, task.lease_until = by.actor_id, now + LEASE
        _save(task)
        detail = {"taken_from": str(had), "reason": words}
        record(action="qa.taken_over", target=task, by=by, now=now, detail=detail)
        told = _("%(name)s took over a review you had in hand: %(reason)s") % {"name": by.name, "reason": words}
        tell(
            actor_id=had,  # type: ignore[arg-type]  # a review in hand has a holder, by a constraint
            kind=TAKEN,
            text=told,
            path=reverse("qa:review", args=[task.pk]),
            dedupe_key=f"taken:{task.pk}:{task.version}",
            now=now,
        )
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
    """Take a review out of the queue for a reason; where its plan says so, the next by lot takes its place.

    Raises as `claim` does, NotPossible for no reason.
    """
    if not reason.strip():
        raise NotPossible("reason", _("No reason was given."), _("Say why it can't be reviewed."))
    with transaction.atomic():
        task = claim(task_id=task_id, by=by, now=now)
        task.state, task.holder, task.lease_until = ReviewTask.State.SKIPPED, None, None
        task.skip_reason, task.skipped_by_id = reason.strip()[:200], by.actor_id
        _save(task)
        record(action="qa.skipped", target=task, by=by, now=now)
        replace_skipped(task, by=by, now=now)
    return task


def locked(task_id: UUID) -> ReviewTask:
    """The review as it is once it is ours. Without its holder: a joined row would be the one from before the wait."""
    return ReviewTask.objects.select_for_update().get(pk=task_id)


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
    task.save(update_fields=["state", "holder", "lease_until", "skip_reason", "skipped_by", "version"])
