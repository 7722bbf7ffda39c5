"""Random samples: the plans that ask for them, each week's draw, and who comes in place of a skipped one."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from interactions.models import Interaction
from qa.domain.sampling import by_lot, frame_hash, pick
from qa.errors import NotPossible, StalePlan
from qa.models import Draw, DrawnFrom, Picked, ReviewTask, SamplingPlan, Scorecard

MOST_A_WEEK, LONGEST_DAYS = 50, 60


@transaction.atomic
def make_plan(*, scorecard_id: UUID, quota: int, due_days: int, replaces: bool, by: By, now: datetime) -> SamplingPlan:
    """A plan that draws each week from now on. A scorecard has one.

    Raises NotPossible for a scorecard that has one or was never published, and for a quota or days out of range.
    """
    _check(quota, due_days)
    card = Scorecard.objects.select_for_update().filter(pk=scorecard_id, active=True).first()
    if card is None or not card.versions.exists():
        raise NotPossible("scorecard", _("This scorecard isn't published."), _("Choose one that is."))
    if SamplingPlan.objects.filter(scorecard=card).exists():
        raise NotPossible("scorecard", _("This scorecard has a plan already."), _("Change that one."))
    plan = SamplingPlan.objects.create(
        scorecard=card, quota=quota, due_days=due_days, replaces=replaces, made_at=now, made_by_id=by.actor_id
    )
    record(action="qa.plan_made", target=plan, by=by, now=now, detail=_agreed(plan))
    return plan


@transaction.atomic
def change_plan(
    *, plan_id: UUID, version: int, quota: int, due_days: int, replaces: bool, by: By, now: datetime
) -> SamplingPlan:
    """Change what the next draw obeys. Draws that were made stay as they are.

    Raises StalePlan where somebody changed it since, NotPossible as `make_plan`, SamplingPlan.DoesNotExist.
    """
    _check(quota, due_days)
    plan = _locked(plan_id, version)
    before = _agreed(plan)
    plan.quota, plan.due_days, plan.replaces = quota, due_days, replaces
    if (after := _agreed(plan)) != before:
        _save(plan)
        changes = {name: [before[name], after[name]] for name in after if after[name] != before[name]}
        record(action="qa.plan_changed", target=plan, by=by, now=now, detail={"changes": changes})
    return plan


@transaction.atomic
def pause_plan(*, plan_id: UUID, active: bool, by: By, now: datetime) -> SamplingPlan:
    """Let a plan rest, or draw again from the next week on. As it is already, nothing changes."""
    plan = _locked(plan_id)
    if plan.active != active:
        plan.active = active
        _save(plan)
        record(action="qa.plan_resumed" if active else "qa.plan_paused", target=plan, by=by, now=now)
    return plan


def draw_for_plan(*, plan_id: UUID, week: date, today: date, by: By, now: datetime) -> Draw:
    """The draw of one week by a plan, with a seed nobody chose; drawn already, that one.

    `today` is the client's day, from which the days until due count. Raises NotPossible for a week that isn't over.
    """
    if week + timedelta(days=7) > today or week.weekday():
        raise NotPossible("week", _("This week isn't over."), _("Wait for its Sunday to pass."))
    plan = SamplingPlan.objects.select_related("scorecard").get(pk=plan_id)
    return draw_sample(
        scorecard=plan.scorecard,
        week=week,
        quota=plan.quota,
        seed=secrets.token_hex(16),
        due_on=today + timedelta(days=plan.due_days),
        plan=plan,
        by=by,
        now=now,
    )


def draw_weekly(*, week: date, today: date, by: By, now: datetime) -> int:
    """Every active plan's draw of a week; how many there were."""
    plans = SamplingPlan.objects.filter(active=True, scorecard__active=True).values_list("pk", flat=True)
    return len([draw_for_plan(plan_id=one, week=week, today=today, by=by, now=now) for one in plans])


@transaction.atomic
def draw_sample(
    *,
    scorecard: Scorecard,
    week: date,
    quota: int,
    seed: str,
    due_on: date | None,
    by: By,
    now: datetime,
    plan: SamplingPlan | None = None,
) -> Draw:
    """Draw `quota` handled interactions of each agent in the week that begins on the Monday `week`, and queue them.

    Drawn once a scorecard and week; again gives the draw there is. Seed and frame are kept, so that anybody can draw
    it again. Interactions in the queue already stay out of the frame.
    """
    Scorecard.objects.select_for_update().get(pk=scorecard.pk)  # who draws at the same moment finds this one
    known = Draw.objects.filter(scorecard=scorecard, week=week).first()
    if known is not None:
        return known
    frame = _frame(scorecard, week)
    everything = [one for ids in frame.values() for one in ids]
    draw = Draw.objects.create(
        scorecard=scorecard,
        plan=plan,
        week=week,
        quota=quota,
        seed=seed,
        frame_size=len(everything),
        frame_hash=frame_hash(everything),
        drawn_at=now,
        drawn_by_id=by.actor_id,
    )
    DrawnFrom.objects.bulk_create(DrawnFrom(draw=draw, agent_id=one, interactions=ids) for one, ids in frame.items())
    tasks = ReviewTask.objects.bulk_create(_tasks(draw, pick(frame, quota=quota, seed=seed), due_on, now))
    detail = {"week": week.isoformat(), "quota": quota, "frame": len(everything), "drawn": len(tasks)}
    record(action="qa.sample_drawn", target=draw, by=by, now=now, detail=detail)
    return draw


def _tasks(draw: Draw, drawn: Mapping[UUID, Sequence[UUID]], due_on: date | None, now: datetime) -> list[ReviewTask]:
    """A task for each interaction drawn, by agent, with its place among theirs."""
    return [
        ReviewTask(
            interaction_id=one,
            scorecard_id=draw.scorecard_id,
            agent_id=agent,
            picked=Picked.RANDOM,
            draw=draw,
            place=place,
            places=len(ids),
            due_on=due_on,
            created_at=now,
        )
        for agent, ids in drawn.items()
        for place, one in enumerate(ids, start=1)
    ]


def replace_skipped(task: ReviewTask, *, by: By, now: datetime) -> ReviewTask | None:
    """Queue the next by lot in the place of a skipped one, in the caller's transaction.

    None where it wasn't drawn by a plan that replaces, or its agent has none left that week.
    """
    draw = Draw.objects.select_related("plan").filter(pk=task.draw_id).first() if task.draw_id else None
    if draw is None or draw.plan is None or not draw.plan.replaces:
        return None
    following = _next_by_lot(draw, task)
    if following is None:
        return None
    found = ReviewTask.objects.create(
        interaction_id=following,
        scorecard_id=task.scorecard_id,
        agent_id=task.agent_id,
        picked=Picked.RANDOM,
        draw=draw,
        place=task.place,
        places=task.places,
        replaces=task,
        due_on=task.due_on,
        created_at=now,
    )
    record(action="qa.replaced", target=found, by=by, now=now, detail={"replaces": str(task.pk)})
    return found


def _next_by_lot(draw: Draw, task: ReviewTask) -> UUID | None:
    """The first of the agent's frame, in the order of the lot, that no review was ever made of and is still theirs."""
    part = draw.frame.filter(agent_id=task.agent_id).first()
    if part is None:
        return None
    there = Interaction.objects.filter(pk__in=part.interactions, agent_id=task.agent_id)
    free = set(there.exclude(review_tasks__scorecard_id=task.scorecard_id).values_list("pk", flat=True))
    return next((one for one in by_lot(part.interactions, seed=draw.seed) if one in free), None)


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


def _check(quota: int, due_days: int) -> None:
    if not 1 <= quota <= MOST_A_WEEK:
        raise NotPossible("quota", _("%(n)s a week can't be.") % {"n": quota}, _("Give 1 to %(most)s.") % {"most": 50})
    if not 1 <= due_days <= LONGEST_DAYS:
        raise NotPossible("due_days", _("%(n)s days can't be.") % {"n": due_days}, _("Give 1 to %(n)s.") % {"n": 60})


def _locked(plan_id: UUID, version: int | None = None) -> SamplingPlan:
    plan = SamplingPlan.objects.select_for_update().get(pk=plan_id)
    if version is not None and plan.version != version:
        raise StalePlan(plan, sent=version)
    return plan


def _agreed(plan: SamplingPlan) -> dict[str, object]:
    return {"quota": plan.quota, "due_days": plan.due_days, "replaces": plan.replaces}


def _save(plan: SamplingPlan) -> None:
    plan.version += 1
    plan.save()
