"""Moving a draft's shifts and breaks: what a move would meet, the move itself, and taking the last ones back.

The board asks for JSON and draws the answer; a form without script is led back to the board, with what came of it.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpo.acting import by_of
from bpo.permissions import Permission, requires
from bpo.ui.moments import zone_name
from bpo.ui.toasts import toast
from interactions.models import Actor
from interactions.selectors import queues
from scheduling.domain.rules import Broken
from scheduling.errors import NotPossible, StalePlan
from scheduling.forms import BreakForm, MoveForm, PlaceForm, VersionForm
from scheduling.models import DraftShift, SchedulePlan
from scheduling.problem import week_of
from scheduling.selectors import current_version
from scheduling.services import move_break, move_shift, undo_move
from scheduling.services.changing import RuleBroken
from scheduling.services.moving import MoveRefused, try_move
from scheduling.views.asked import Asked
from scheduling.views.board import behind, board_url, pending_of
from scheduling.views.shifts import draft_shift, plan_or_404, why
from scheduling.views.week import covered, shifts_in
from scheduling.views.words import at_clock, day_of, says, stands, times, whom

Work = Callable[[], tuple[DraftShift, str]]


@requires(Permission.PLAN_SCHEDULE)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """What would come of a move; a POST makes it."""
    found = draft_shift(shift_id)
    if request.method == "GET":
        return _trial(found, PlaceForm(request.GET))
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _wrong(request, found.plan, found.business_date, form)
    starts_at = form.starts_at(found.zone)

    def work() -> tuple[DraftShift, str]:
        actor_id = form.cleaned_data["actor"] or found.actor_id
        version = form.cleaned_data["version"]
        moved = move_shift(
            shift_id=found.pk, actor_id=actor_id, starts_at=starts_at, version=version, by=by_of(request),
            now=timezone.now(),
        )  # fmt: skip
        return moved, _("%(name)s’s shift is %(times)s now.") % _named(moved, found.plan)

    return _done(request, found.plan, found.business_date, work)


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def pause(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """Have one break of a shift begin at another time."""
    found = draft_shift(shift_id)
    form = BreakForm(request.POST)
    if not form.is_valid():
        return _wrong(request, found.plan, found.business_date, form)
    after = form.minutes(found.starts_at, found.zone)
    number, version = form.cleaned_data["number"], form.cleaned_data["version"]

    def work() -> tuple[DraftShift, str]:
        moved = move_break(
            shift_id=found.pk, number=number, after=after, version=version, by=by_of(request), now=timezone.now()
        )
        return moved, _("%(name)s’s break is moved.") % _named(moved, found.plan)

    return _done(request, found.plan, found.business_date, work)


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def undo(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Put the shift that was moved last back to where it was."""
    plan = plan_or_404(plan_id)
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Http404

    def work() -> tuple[DraftShift, str]:
        version = form.cleaned_data["version"]
        back = undo_move(plan_id=plan.pk, version=version, by=by_of(request), now=timezone.now())
        return back, _("Taken back: %(name)s’s shift is %(times)s again.") % _named(back, plan)

    return _done(request, plan, None, work)


@requires(Permission.PLAN_SCHEDULE)
@require_safe
def after(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """What else a page says of a draft, anew: what publishing would change, and where the week stays short."""
    plan = plan_or_404(plan_id)
    about = Asked(plan.queue, week_of(plan), queues())
    version, shifts = current_version(plan.queue_id, plan.week_start), shifts_in(plan)
    context = {
        "about": about,
        "plan": plan,
        "version": version,
        "may_plan": True,
        "pending": pending_of(shifts, version),
        **behind(covered(plan, shifts), about),
        "again": True,
    }
    return render(request, "scheduling/_after.html", context)


def _trial(found: DraftShift, form: PlaceForm) -> HttpResponse:
    if not form.is_valid():
        raise Http404
    actor = Actor.objects.filter(pk=form.cleaned_data["actor"] or found.actor_id).first()
    if actor is None:
        raise Http404
    try:
        trial = try_move(found, actor, form.starts_at(found.zone))
    except NotPossible as error:
        return JsonResponse({"broken": [{"rule": str(error), "whom": ""}], "kept": "", "offer": None})
    plan = found.plan
    return JsonResponse(
        {
            "broken": _broken(trial.broken, plan.zone),
            "kept": stands(trial.standing, trial.limits),
            "offer": _offer(trial.offer, plan),
        }
    )


def _done(request: HttpRequest, plan: SchedulePlan, day: date | None, work: Work) -> HttpResponse:
    """Do it and say so: in JSON where the board asks, else on the board."""
    script = request.headers.get("Accept") == "application/json"
    try:
        shift, told = work()
    except (NotPossible, StalePlan) as error:
        if script:
            return JsonResponse(_refused(error, plan), status=409)
        toast(request, why(error), level="error")
        return redirect(board_url(plan, day))
    if script:
        now = SchedulePlan.objects.only("version").get(pk=plan.pk)
        return JsonResponse({"told": told, "version": now.version, "shift": _row(shift, plan)})
    toast(request, told)
    return redirect(board_url(plan, week_of(plan).local(shift.starts_at).date()))


def _wrong(request: HttpRequest, plan: SchedulePlan, day: date, form: Any) -> HttpResponse:
    """A form that was not filled in is said to be; one that nobody could send is not there."""
    if "version" in form.errors or "number" in form.errors:
        raise Http404
    toast(request, " ".join(one for said in form.errors.values() for one in said), level="error")
    return redirect(board_url(plan, day))


def _refused(error: Exception, plan: SchedulePlan) -> dict[str, Any]:
    """Why it is where it was, rule by rule, and where it might go instead."""
    if isinstance(error, StalePlan):
        return {"stale": True, "told": why(error), "broken": [], "offer": None}
    if not isinstance(error, RuleBroken):
        return {"told": str(error), "broken": [], "offer": None}
    offer = error.offer if isinstance(error, MoveRefused) else None
    broken = _broken(error.broken, plan.zone)
    told = _("Not placed: %(rule)s") % {"rule": "; ".join(one["rule"] for one in broken)}
    return {"told": told, "broken": broken, "offer": _offer(offer, plan)}


def _broken(found: list[Broken], zone: str) -> list[dict[str, str]]:
    return [{"rule": says(one), "whom": whom(one, zone)} for one in found]


def _offer(start: datetime | None, plan: SchedulePlan) -> dict[str, str] | None:
    """A start on the plan's clock, which is the board's."""
    if start is None:
        return None
    words = {"time": at_clock(start, plan.zone), "day": day_of(start, plan.zone)}
    date = week_of(plan).local(start).date().isoformat()
    return {"start": start.astimezone(UTC).isoformat(), "date": date, **words}


def _row(shift: DraftShift, plan: SchedulePlan) -> dict[str, Any]:
    """The shift as it is now, in minutes from the week's beginning, as the board has it."""
    week = week_of(plan)
    return {
        "id": str(shift.pk),
        "actor": str(shift.actor_id),
        "start": week.minute(shift.starts_at),
        "end": week.minute(shift.ends_at),
        "after": [one.after for one in shift.breaks],
    }


def _named(shift: DraftShift, plan: SchedulePlan) -> dict[str, str]:
    """Whose it is and when, on the board's clock, which is named where the shift goes by another."""
    found = times(shift.starts_at, shift.ends_at, plan.zone)
    if shift.zone != plan.zone:
        found = _("%(times)s in %(zone)s") % {"times": found, "zone": zone_name(plan.zone)}
    return {"name": shift.actor.display_name, "times": found}
