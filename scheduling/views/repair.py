"""A week that people are missing from: who is absent, and the least change that makes up for it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from interactions.models import Actor
from scheduling.domain.weeks import DAYS
from scheduling.errors import Clash, NotPossible
from scheduling.forms_repair import AbsenceForm, AcceptForm, RepairForm, WithdrawForm
from scheduling.mending import Change, Slot
from scheduling.models import Absence, Repair, SchedulePlan
from scheduling.problem import week_of
from scheduling.selectors import absences_of, current_version, people_of, repair_of
from scheduling.services import (
    accept_repair,
    ask_repair,
    discard_repair,
    report_absence,
    withdraw_absence,
)
from scheduling.views.board import board_url
from scheduling.views.changes import wrong
from scheduling.views.shifts import plan_or_404
from scheduling.views.words import clash, day_of, times


@dataclass(frozen=True, slots=True)
class Row:
    """A change as it is read."""

    name: str
    day: str
    kind: str
    was: str
    becomes: str
    short_notice: bool


@requires(Permission.PLAN_SCHEDULE)
@require_safe
def repair(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Who is absent, what was proposed, and the forms for either."""
    return page(request, plan_or_404(plan_id))


def page(
    request: HttpRequest,
    plan: SchedulePlan,
    *,
    absence_form: AbsenceForm | None = None,
    repair_form: RepairForm | None = None,
    refused: Clash | None = None,
    status: int = 200,
) -> HttpResponse:
    found = repair_of(plan.pk)
    absences = list(absences_of(plan))
    context = {
        "plan": plan,
        "version": current_version(plan.queue_id, plan.week_start),
        "absences": absences,
        "absence_form": absence_form or _absence_form(plan, {"actor": request.GET.get("who", ""), **_first_day(request, plan)}),
        "repair_form": repair_form or RepairForm(initial=RepairForm.USUAL),
        "repair": found,
        "refused": [(one.actor_name, clash(one)) for one in refused.taken] if refused else [],
        **(_told(found, absences) if found else {}),
    }  # fmt: skip
    return render(request, "scheduling/repair.html", context, status=status)


@requires(Permission.PLAN_SCHEDULE)
@require_safe
def repair_progress(request: HttpRequest, repair_id: UUID) -> HttpResponse:
    """How the search gets on; when it is done the page loads anew."""
    found = _repair(repair_id)
    response = render(request, "scheduling/_repair_progress.html", {"repair": found})
    if not found.running:
        response.headers["HX-Refresh"] = "true"
    return response


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def new_absence(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Note who is absent; what is wrong is said beside the field."""
    plan = plan_or_404(plan_id)
    form = AbsenceForm(request.POST, people=_people(plan), week=week_of(plan))
    if not form.is_valid():
        return page(request, plan, absence_form=form, status=422)
    values = form.cleaned_data
    try:
        made = report_absence(
            actor_id=UUID(values["actor"]), first_day=values["first_day"], last_day=values["last_day"],
            kind=values["kind"], by=by_of(request), now=timezone.now(),
        )  # fmt: skip
    except NotPossible as error:
        form.add_error(None, str(error))
        return page(request, plan, absence_form=form, status=422)
    toast(request, _("%(name)s is noted absent.") % {"name": made.actor.display_name})
    return redirect(repair_url(plan))


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def end_absence(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    """Take an absence back, on the page of a plan's week."""
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        raise Http404
    plan = plan_or_404(form.cleaned_data["plan"])
    try:
        found = withdraw_absence(absence_id=absence_id, by=by_of(request), now=timezone.now())
    except Absence.DoesNotExist as error:
        raise Http404 from error
    except NotPossible as error:
        toast(request, str(error), level="error")
    else:
        toast(request, _("%(name)s’s absence is withdrawn.") % {"name": found.actor.display_name})
    return redirect(repair_url(plan))


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def find(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Have a worker look for the least change."""
    plan = plan_or_404(plan_id)
    form = RepairForm(request.POST)
    if not form.is_valid():
        return page(request, plan, repair_form=form, status=422)
    try:
        ask_repair(plan_id=plan.pk, by=by_of(request), now=timezone.now(), **form.asked)
    except NotPossible as error:
        toast(request, str(error), level="error")
    return redirect(repair_url(plan))


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def accept(request: HttpRequest, repair_id: UUID) -> HttpResponse:
    """Take the proposal; clashes with other clients name the shifts and change nothing."""
    found, form = _repair(repair_id), AcceptForm(request.POST)
    if not form.is_valid():
        toast(request, wrong(form), level="error")
        return redirect(repair_url(found.plan))
    try:
        made = accept_repair(
            repair_id=repair_id, reason=form.cleaned_data["reason"], by=by_of(request), now=timezone.now()
        )
    except Clash as refusal:
        return page(request, found.plan, refused=refusal, status=409)
    except NotPossible as error:
        toast(request, str(error), level="error")
        return redirect(repair_url(found.plan))
    if made is None and plan_or_404(found.plan_id).in_review:
        toast(request, _("The changes are in review. Somebody else publishes them."))
    elif made is None:
        toast(request, _("The changes are in the draft, beside those that were there. Publish them together."))
    else:
        toast(request, _("Version %(number)s is published; who is concerned is told.") % {"number": made.number})
    return redirect(board_url(found.plan))


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def discard(request: HttpRequest, repair_id: UUID) -> HttpResponse:
    """Leave everything as it is published."""
    found = _repair(repair_id)
    try:
        discard_repair(repair_id=repair_id, by=by_of(request), now=timezone.now())
    except NotPossible as error:
        toast(request, str(error), level="error")
    return redirect(repair_url(found.plan))


def repair_url(plan: SchedulePlan) -> str:
    return reverse("scheduling:repair", args=[plan.pk])


def _repair(repair_id: UUID) -> Repair:
    related = ("plan__queue", "plan__requirement__forecast", "of_version")
    found = Repair.objects.select_related(*related).filter(pk=repair_id).first()
    if found is None:
        raise Http404
    return found


def _people(plan: SchedulePlan) -> list[Actor]:
    return list(people_of(plan.queue_id, plan.week_start, plan.week_start + timedelta(days=DAYS)))


def _absence_form(plan: SchedulePlan, initial: dict[str, Any]) -> AbsenceForm:
    return AbsenceForm(initial=initial, people=_people(plan), week=week_of(plan))


def _first_day(request: HttpRequest, plan: SchedulePlan) -> dict[str, Any]:
    """The day asked for, else today if it is of the week, else the week's first."""
    week = week_of(plan)
    today = week.local(timezone.now()).date()
    dates = {one.isoformat(): one for one in week.dates}
    day = dates.get(request.GET.get("day", "")) or (today if today in week.dates else week.start)
    return {"first_day": day, "last_day": day}


def _told(found: Repair, absences: list[Absence]) -> dict[str, Any]:
    """The proposal in words and figures."""
    made = [Change.from_json(one) for one in found.changes]
    names = dict(Actor.objects.filter(pk__in={one.actor_id for one in made}).values_list("pk", "display_name"))
    rows = [_row(one, names.get(one.actor_id, ""), found) for one in made]
    moves = [row for row in rows if row.kind != "absent"]
    missing = len(rows) - len(moves)
    reason = ngettext("Makes up for %(n)s absent shift", "Makes up for %(n)s absent shifts", missing) % {"n": missing}
    return {
        "rows": rows,
        "moves": moves,
        "missing": missing,
        "regained": (found.short_absent or 0) - (found.short_after or 0),
        "stale": found.state == Repair.State.PROPOSED and {str(one.pk) for one in absences} != set(found.absences),
        "accept_form": AcceptForm(initial={"reason": reason}),
    }


def _row(change: Change, name: str, found: Repair) -> Row:
    first = min(one.starts_at for one in (change.before, change.after) if one)
    zone = found.plan.zone
    return Row(
        name, day_of(first, zone), change.kind, _slot(change.before, zone), _slot(change.after, zone),
        change.kind != "absent" and first < found.notice_until,
    )  # fmt: skip


def _slot(slot: Slot | None, zone: str) -> str:
    return f"{times(*slot.times, zone)} {slot.name}" if slot else ""
