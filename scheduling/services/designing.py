"""Designing shifts: asked for on screen, done by a worker, the best so far kept at every moment, made templates of."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bpo.actors import By, system
from bpo.audit.services import record
from bpo.outbox.services import enqueue
from scheduling.domain.designing import Design, Problem, Progress, checking, solve
from scheduling.domain.designing.asked import STEP, Asked, kinds
from scheduling.domain.designing.kept import problem_as_json, problem_of, shifts_as_json, shifts_of
from scheduling.errors import NotPossible
from scheduling.models import Requirement, SchedulePlan, ShiftDesign, ShiftTemplate
from scheduling.problem import required_steps, still_required, week_of
from scheduling.selectors.designs import proposals
from scheduling.services.building import as_json
from scheduling.services.watching import watched

WORKERS = 2


def request_design(
    *,
    requirement_id: UUID,
    asked: Sequence[Asked],
    every: int,
    flex: int,
    wraps: bool,
    seconds: int,
    missing: int = 0,
    by: By,
    now: datetime,
) -> ShiftDesign:
    """Ask for the shifts that cover a requirement's week; `every` and `flex` in minutes, see `asked.kinds`.

    `wraps`: each week is like this one. Otherwise shifts published for the week before serve its first hours.
    `missing`: paid hours that an agent missing for an hour counts as; 0 has nobody missing where a shift can serve.
    NotPossible while another is made for it, and for shifts that can't be meant or cover nothing.
    """
    requirement = Requirement.objects.select_related("forecast__queue").get(pk=requirement_id)
    problem = _problem(requirement, asked, every=every, flex=flex, wraps=wraps, missing=missing)
    try:
        with transaction.atomic():
            made = ShiftDesign.objects.create(
                requirement=requirement,
                problem=problem_as_json(problem),
                seconds=seconds,
                asked_at=now,
                asked_by_id=by.actor_id,
            )
            enqueue(kind="scheduling.design", dedupe_key=f"design:{made.pk}", payload={"design_id": str(made.pk)})
            detail = {"seconds": seconds, "every": every, "missing": missing}
            record(action="design.asked", target=made, by=by, now=now, detail=detail)
    except IntegrityError as error:
        if "design_runs_once_at_a_time" not in str(error):
            raise
        raise NotPossible(
            _("Shifts are being designed for this requirement already."), _("Wait until that is done, or stop it.")
        ) from error
    return made


def _problem(
    requirement: Requirement, asked: Sequence[Asked], *, every: int, flex: int, wraps: bool, missing: int
) -> Problem:
    forecast = requirement.forecast
    plan = SchedulePlan(
        queue=forecast.queue, week_start=forecast.week_start, zone=forecast.zone, requirement=requirement
    )
    needed = required_steps(plan) if wraps else still_required(plan)
    try:
        shifts = kinds(asked, week_of(plan), every=every, flex=flex)
        problem = Problem(tuple(needed), shifts, STEP, wraps=wraps, short=missing * STEP or None)
    except ValueError as error:
        raise NotPossible(_("These shifts can’t be: %(why)s") % {"why": error}, _("Correct them.")) from error
    if not any(problem.need):
        raise NotPossible(
            _("Nothing of this week can be covered by these shifts."), _("Choose other starts, or staff the week.")
        )
    return problem


def design_shifts(*, design_id: UUID, clock: Callable[[], datetime]) -> None:
    """Search for a design that waits. Run again after a crash it goes on from the best that was kept, and says so.

    `clock` is read at the start and at the end, for the work between takes its time.
    """
    design = _started(design_id, clock())
    if design is None:
        return
    problem = problem_of(design.problem)
    try:
        found = _searched(design, problem)
        _check(problem, found)
    except Exception as error:
        _failed(design_id, f"{type(error).__name__}: {error}", clock())
        raise
    _finished(design_id, found, clock())


def _check(problem: Problem, found: Design) -> None:
    """A second opinion before anybody sees it: every rule kept, nobody missing who may not be, the cost counted again."""
    short = 0 if problem.short else sum(checking.lacking(problem, found.shifts))
    broken = checking.faults(problem, found.shifts)
    if broken or short or checking.cost(problem, found.shifts) != found.objective:
        raise ValueError(f"the search made {len(broken)} shifts that break a rule and left {short} steps uncovered")


def stop_design(*, design_id: UUID, by: By, now: datetime) -> ShiftDesign:
    """Have the best so far taken. Raises ShiftDesign.DoesNotExist, and NotPossible when none is being made."""
    with transaction.atomic():
        design = ShiftDesign.objects.select_for_update().get(pk=design_id)
        if not design.running:
            raise NotPossible(_("These shifts aren’t being designed any more."), _("Look at the result."))
        if not design.stop_asked:
            design.stop_asked = True
            design.save(update_fields=["stop_asked"])
            record(action="design.stop_asked", target=design, by=by, now=now, detail={"objective": design.objective})
    return design


def lose_design(*, design_id: UUID, now: datetime) -> None:
    """Say of a search whose workers were all lost that it failed; what was found stays."""
    ShiftDesign.objects.filter(pk=design_id, state__in=ShiftDesign.RUNNING).update(
        state=ShiftDesign.State.FAILED, failure=_("Its worker was lost each time."), finished_at=now
    )


def use_design(*, design_id: UUID, by: By, now: datetime) -> list[ShiftTemplate]:
    """Make shift templates of what begins in a design; those there are already stay as they are.

    Raises ShiftDesign.DoesNotExist, and NotPossible for a design that has no shifts yet.
    """
    with transaction.atomic():
        design = ShiftDesign.objects.select_for_update().get(pk=design_id)
        if not design.found:
            raise NotPossible(_("There is no finished design here."), _("Wait until it is done."))
        forecast = design.requirement.forecast
        made = [
            ShiftTemplate(
                name=one.name,
                queue_id=forecast.queue_id,
                starts_at=one.start,
                minutes=one.minutes,
                zone=forecast.zone,
                weekdays=list(one.weekdays),
                pauses=as_json(one.pauses),
            )
            for one in proposals(design)
            if not one.exists
        ]
        ShiftTemplate.objects.bulk_create(made)
        record(action="design.used", target=design, by=by, now=now, detail={"templates": len(made)})
    return made


def _searched(design: ShiftDesign, problem: Problem) -> Design:
    """Go on from what was found before, if a worker was lost at it."""
    before = shifts_of(problem, design.shifts) if design.shifts is not None else ()

    def search(tell: Callable[[Progress], None], stop: Callable[[], bool]) -> Design:
        return solve(
            problem, seconds=design.seconds, seed=design.seed, workers=WORKERS, start=before, tell=tell, stop=stop
        )  # fmt: skip

    running = ShiftDesign.objects.filter(pk=design.pk, state=ShiftDesign.State.SOLVING)
    return watched(search, running, partial(_best, design), stopped=design.stop_asked)


def _best(design: ShiftDesign, found: Progress | Design) -> dict[str, Any]:
    """What is kept of a search. The problem is the same after a crash, so a bound proven before holds as well."""
    bound = min(max(found.bound, design.bound or 0), found.objective)
    return {"objective": found.objective, "bound": bound, "shifts": shifts_as_json(found.shifts)}


def _started(design_id: UUID, now: datetime) -> ShiftDesign | None:
    with transaction.atomic():
        design = ShiftDesign.objects.select_for_update().filter(pk=design_id).first()
        if design is None or design.found:
            return None
        others = ShiftDesign.objects.filter(requirement_id=design.requirement_id, state__in=design.RUNNING)
        if others.exclude(pk=design.pk).exists():  # this one failed, and another was asked for since
            return None
        design.state, design.started_at, design.finished_at = design.State.SOLVING, now, None
        design.runs += 1
        design.failure = ""
        design.save(update_fields=["state", "started_at", "finished_at", "runs", "failure"])
    return design


def _failed(design_id: UUID, why: str, now: datetime) -> None:
    ShiftDesign.objects.filter(pk=design_id).update(state=ShiftDesign.State.FAILED, failure=why[:300], finished_at=now)


def _finished(design_id: UUID, found: Design, now: datetime) -> None:
    with transaction.atomic():
        design = ShiftDesign.objects.select_for_update().get(pk=design_id)
        for name, value in _best(design, found).items():
            setattr(design, name, value)
        state = design.State
        proven = design.bound == design.objective
        design.state = state.OPTIMAL if proven else state.CANCELLED if design.stop_asked else state.FEASIBLE
        design.finished_at = now
        design.save()
        detail = {
            "objective": design.objective,
            "bound": design.bound,
            "state": design.state,
            "seed": design.seed,
            "runs": design.runs,
        }
        record(action="design.done", target=design, by=system("solver"), now=now, detail=detail)
