"""Building a roster: asked for on screen, done by a worker, with its bound and gap kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By, system
from bpo.audit.services import record
from bpo.outbox.services import enqueue
from scheduling.domain.pauses import Placed, spread
from scheduling.domain.rostering import Progress, Roster
from scheduling.domain.rostering.prices import Price, missing, prices
from scheduling.domain.rostering.search import solve
from scheduling.domain.shifts import Pause
from scheduling.errors import NotPossible
from scheduling.models import DraftShift, Requirement, SchedulePlan
from scheduling.problem import STEP, Planned, planned, required_steps, week_of
from scheduling.selectors import people_of, templates_of
from scheduling.services.watching import watched
from scheduling.turns import in_turn, plan_in_turn

WORKERS = 2


def request_build(*, requirement_id: UUID, seconds: int, by: By, now: datetime) -> SchedulePlan:
    """Ask for the roster of a requirement's week. Its draft, if there is one, is made anew.

    NotPossible while one is being built, and without shifts or people to build from.
    """
    requirement = Requirement.objects.select_related("forecast__queue").get(pk=requirement_id)
    forecast = requirement.forecast
    _check_parts(requirement)
    with transaction.atomic():
        with in_turn():
            plan, _made = SchedulePlan.objects.select_for_update().get_or_create(
                queue=forecast.queue, week_start=forecast.week_start, defaults={"zone": forecast.zone}
            )
        if plan.running:
            raise NotPossible(_("This roster is being built already."), _("Wait until it is done."))
        if plan.in_review:
            raise NotPossible(_("This plan is in review."), _("Take it back to draft first, with a reason."))
        plan.requirement, plan.seconds = requirement, seconds
        plan.state, plan.queued_at, plan.problem = SchedulePlan.State.QUEUED, now, ""
        plan.started_at = plan.finished_at = plan.objective = plan.bound = None
        plan.rule_prices = []
        plan.stop_asked = False
        plan.version += 1
        plan.save()
        enqueue(kind="scheduling.build", dedupe_key=f"plan:{plan.pk}:{plan.version}", payload={"plan_id": str(plan.pk)})
        record(action="plan.build_asked", target=plan, by=by, now=now, detail={"seconds": seconds})
    return plan


def _check_parts(requirement: Requirement) -> None:
    forecast = requirement.forecast
    if not templates_of(forecast.queue_id):
        raise NotPossible(
            _("There are no shifts to choose from for this queue."), _("Ask an operator admin to add shift templates.")
        )
    week_end = forecast.week_start.fromordinal(forecast.week_start.toordinal() + 7)
    if not people_of(forecast.queue_id, forecast.week_start, week_end).exists():
        raise NotPossible(
            _("Nobody has the skill for this queue that week."), _("Give people the queue's skill first.")
        )


def build_roster(*, plan_id: UUID, clock: Callable[[], datetime]) -> None:
    """Solve a plan that waits and write its shifts. Run again after a crash it starts over.

    `clock` is read at the start and at the end, for the work between takes its time.
    """
    plan = _started(plan_id, clock())
    if plan is None:
        return
    try:
        parts = planned(plan)
        roster, found = _solved(plan, parts)
    except Exception as error:
        _failed(plan_id, f"{type(error).__name__}: {error}", clock())
        raise
    _finished(plan_id, parts, roster, found, clock())


def stop_build(*, plan_id: UUID, by: By, now: datetime) -> SchedulePlan:
    """Have the best roster so far taken. Raises SchedulePlan.DoesNotExist, and NotPossible when none is being built."""
    with transaction.atomic():
        plan = plan_in_turn(plan_id)
        if not plan.running:
            raise NotPossible(_("This roster isn’t being built."), _("Look at the board."))
        if not plan.stop_asked:
            plan.stop_asked = True
            plan.save(update_fields=["stop_asked"])
            record(action="plan.stop_asked", target=plan, by=by, now=now, detail={"objective": plan.objective})
    return plan


def lose_build(*, plan_id: UUID, now: datetime) -> None:
    """Say of a build whose workers were all lost that it failed; the draft is as it was."""
    SchedulePlan.objects.filter(pk=plan_id, state__in=[SchedulePlan.State.QUEUED, SchedulePlan.State.SOLVING]).update(
        state=SchedulePlan.State.FAILED, problem=_("Its worker was lost each time."), finished_at=now
    )


def _solved(plan: SchedulePlan, parts: Planned) -> tuple[Roster, list[Price]]:
    """The roster; then, for half as long again, what each rule costs, unless somebody took the best so far."""

    def search(tell: Callable[[Progress], None], stop: Callable[[], bool]) -> tuple[Roster, list[Price]]:
        roster = solve(
            parts.problem, seconds=plan.seconds, seed=plan.seed, workers=WORKERS, tell=tell, stop=stop
        )  # fmt: skip
        if plan.stop_asked:
            return roster, []
        found = prices(
            parts.problem, roster, seconds=plan.seconds / 2, seed=plan.seed, workers=WORKERS, stop=stop
        )  # fmt: skip
        return roster, found

    running = SchedulePlan.objects.filter(pk=plan.pk, state=SchedulePlan.State.SOLVING)
    return watched(search, running, lambda seen: {"objective": seen.objective, "bound": seen.bound})


def _started(plan_id: UUID, now: datetime) -> SchedulePlan | None:
    with transaction.atomic():
        plan = SchedulePlan.objects.select_for_update().filter(pk=plan_id).first()
        if plan is None or plan.state not in (plan.State.QUEUED, plan.State.SOLVING, plan.State.FAILED):
            return None
        plan.state, plan.started_at = plan.State.SOLVING, now
        plan.save(update_fields=["state", "started_at"])
    return SchedulePlan.objects.select_related("queue", "requirement__forecast").get(pk=plan_id)


def _failed(plan_id: UUID, problem: str, now: datetime) -> None:
    SchedulePlan.objects.filter(pk=plan_id).update(
        state=SchedulePlan.State.FAILED, problem=problem[:300], finished_at=now
    )


def _finished(plan_id: UUID, parts: Planned, roster: Roster, found: list[Price], now: datetime) -> None:
    with transaction.atomic():
        plan = (
            SchedulePlan.objects.select_for_update(of=("self",)).select_related("requirement__forecast").get(pk=plan_id)
        )
        write_draft(plan, parts, roster)
        plan.state, plan.finished_at, plan.status = plan.State.DRAFT, now, roster.status
        plan.objective, plan.bound = roster.objective, roster.bound
        plan.rule_prices = [_price(plan, parts, roster, one) for one in found]
        plan.version += 1
        plan.save()
        detail = {"objective": roster.objective, "bound": roster.bound, "status": roster.status, "seed": roster.seed}
        record(action="plan.built", target=plan, by=system("solver"), now=now, detail=detail)


def _price(plan: SchedulePlan, parts: Planned, roster: Roster, found: Price) -> dict[str, Any]:
    """A rule's price as it is kept: agent hours that are missing with it and wouldn't be without it, by local day."""
    week = week_of(plan)
    days = dict.fromkeys((day.isoformat() for day in week.dates), 0)
    pairs = zip(missing(parts.problem, roster.held), missing(parts.problem, found.held), strict=True)
    for at, (kept, eased) in zip(week.steps(STEP), pairs, strict=True):
        days[week.local(at).date().isoformat()] += kept - eased
    return {
        "rule": found.rule,
        "limit": found.limit,
        "hours": sum(days.values()) * STEP / 60,
        "proven": found.proven,
        "days": {day: steps * STEP / 60 for day, steps in days.items() if steps},
    }


def write_draft(plan: SchedulePlan, parts: Planned, roster: Roster) -> None:
    """Replace the draft's shifts by a roster's, with breaks spread over colleagues."""
    week = week_of(plan)
    actors = {str(one.pk): one for one in parts.people}
    chosen = [
        (actors[person.key], parts.shifts[index])
        for person, held in zip(parts.problem.people, roster.held, strict=True)
        for index in held
    ]
    placed = [Placed(week.minute(one.start), week.minute(one.end), one.pattern.pauses) for _, one in chosen]
    pauses = spread(placed, required_steps(plan))
    plan.shifts.all().delete()
    DraftShift.objects.bulk_create(
        DraftShift(
            plan=plan,
            actor=actor,
            template=parts.templates[shift.pattern.key],
            template_name=shift.pattern.name,
            starts_at=shift.start,
            ends_at=shift.end,
            business_date=shift.business_date,
            zone=shift.pattern.zone,
            pauses=as_json(mine),
        )
        for (actor, shift), mine in zip(chosen, pauses, strict=True)
    )


def as_json(pauses: tuple[Pause, ...]) -> list[dict[str, object]]:
    return [{"after": one.after, "minutes": one.minutes, "name": one.name, "paid": one.paid} for one in pauses]
