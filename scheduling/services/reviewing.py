"""A plan in review: nothing of it changes until it is published or taken back to draft."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.notices.services import tell
from bpo.outbox.services import enqueue
from interactions.models import Actor
from scheduling.errors import NotPossible
from scheduling.models import SchedulePlan
from scheduling.selectors import current_version
from scheduling.services.publishing import changes, locked, ready

MOST = 200  # characters of a reason


def send_for_review(*, plan_id: UUID, version: int, reason: str, by: By, now: datetime) -> SchedulePlan:
    """Lock a draft for others to look at, with the reason it is to be published for.

    Where the contract asks for a second person, those who plan are told. Raises StalePlan; NotPossible without a reason
    or shifts, when nothing changed, or when it is in review already.
    """
    said = _said(reason, _("A review needs a reason."), _("Say why the week is to be published, in a few words."))
    with transaction.atomic():
        plan = ready(plan_id, version)
        if plan.in_review:
            raise NotPossible(_("This plan is in review already."), _("Publish it, or take it back to draft."))
        change = changes(plan, current_version(plan.queue_id, plan.week_start))
        if not change.any:
            raise NotPossible(_("Nothing changed since the last version."), _("Change a shift first."))
        plan.state, plan.sent_at, plan.sent_by_id = plan.State.REVIEW, now, by.actor_id
        plan.proposed, plan.returned = said, ""
        _saved(plan)
        detail = {"reason": said, "new": len(change.new), "dropped": len(change.dropped), "rested": len(change.rested)}
        record(action="plan.sent_for_review", target=plan, by=by, now=now, detail=detail)
        if plan.queue.second_person:
            about = {"plan_id": str(plan.pk), "version": plan.version}
            enqueue(kind="scheduling.second_person", dedupe_key=f"review:{plan.pk}:{plan.version}", payload=about)
    return plan


def ask_second_person(*, plan_id: UUID, version: int, actor_ids: Iterable[UUID], now: datetime) -> int:
    """Tell each of these but who sent it that a plan waits for them to publish it; returns how many.

    Nobody is told once it is published or taken back, and done again it tells nobody twice.
    """
    plan = SchedulePlan.objects.select_related("queue").filter(pk=plan_id).first()
    if plan is None or not plan.in_review or plan.version != version:
        return 0
    week = plan.week_start.isoformat()
    text = _("The plan of %(queue)s for the week of %(day)s waits for a second person to publish it: %(reason)s")
    text %= {"queue": plan.queue.name, "day": week, "reason": plan.proposed}
    planners = Actor.objects.filter(pk__in=list(actor_ids)).order_by("pk")
    others = [one for one in planners if one.pk != plan.sent_by_id]
    with transaction.atomic():
        for actor in others:
            tell(
                actor_id=actor.pk, kind="plan_to_publish", text=text,
                path=f"/board/?queue={plan.queue.key}&week={week}", dedupe_key=f"plan:{plan.pk}:{version}", now=now,
            )  # fmt: skip
    return len(others)


def take_back(*, plan_id: UUID, version: int, reason: str, by: By, now: datetime) -> SchedulePlan:
    """Make a plan in review a draft again, with the reason; whoever sent it is told.

    Raises StalePlan, and NotPossible without a reason or when it isn't in review.
    """
    said = _said(reason, _("Taking a plan back needs a reason."), _("Say what is to be changed, in a few words."))
    with transaction.atomic():
        plan = locked(plan_id, version)
        if not plan.in_review:
            raise NotPossible(_("This plan is not in review."), _("Look at the board."))
        sender = plan.sent_by_id
        plan.state, plan.sent_at, plan.sent_by_id = plan.State.DRAFT, None, None
        plan.returned = said
        _saved(plan)
        record(action="plan.taken_back", target=plan, by=by, now=now, detail={"reason": said})
        if sender is not None and sender != by.actor_id:
            week = plan.week_start.isoformat()
            words = {"queue": plan.queue.name, "day": week, "reason": said}
            tell(
                actor_id=sender,
                kind="plan_taken_back",
                text=_("The plan of %(queue)s for the week of %(day)s is a draft again: %(reason)s") % words,
                path=f"/board/?queue={plan.queue.key}&week={week}",
                dedupe_key=f"plan:{plan.pk}:{plan.version}",
                now=now,
            )
    return plan


def _said(reason: str, problem: str, remedy: str) -> str:
    if not reason.strip():
        raise NotPossible(problem, remedy)
    return reason.strip()[:MOST]


def _saved(plan: SchedulePlan) -> None:
    plan.version += 1
    plan.save(update_fields=["state", "sent_at", "sent_by", "proposed", "returned", "version"])
