"""Changing a draft in the board's side panel."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpo.acting import by_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from interactions.models import Actor
from scheduling.domain.preferences import for_day
from scheduling.domain.rules import broken
from scheduling.domain.shifts import coverage
from scheduling.domain.weeks import DAYS
from scheduling.errors import NotPossible, StalePlan
from scheduling.forms import ShiftForm, VersionForm
from scheduling.models import DraftShift, PublishedShift, SchedulePlan, ShiftTemplate
from scheduling.problem import STEP, carried_over, required_steps, week_of
from scheduling.selectors import live_preferences, people_of, templates_of
from scheduling.services import add_shift, change_shift, remove_shift
from scheduling.services.changing import RuleBroken, beside, laid, stretch
from scheduling.services.moving import MoveRefused
from scheduling.views.board import board_url
from scheduling.views.week import short_hours, stretches
from scheduling.views.words import at_clock, day_of, preference_what, says, times


@dataclass(frozen=True, slots=True)
class Choice:
    """A template as a choice: its times, what forbids it, and agent hours short in the week with it."""

    template: ShiftTemplate
    times: str
    broken: list[str]
    short: float
    change: float
    current: bool


@requires(Permission.PLAN_SCHEDULE)
@require_safe
def shift(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """One shift of a draft: what it is, and what else it could be."""
    found = draft_shift(shift_id)
    return render(request, "scheduling/_shift.html", _choices(found))


@requires(Permission.SEE_SCHEDULE)
@require_safe
def published_shift(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """One published shift, to read."""
    found = PublishedShift.objects.select_related("actor", "version__queue").filter(pk=shift_id).first()
    if found is None:
        raise Http404
    context = {"shift": found, "plan": found.version, "times": times(found.starts_at, found.ends_at, found.zone)}
    return render(request, "scheduling/_published_shift.html", context)


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def change(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    found = draft_shift(shift_id)
    form = ShiftForm(request.POST)
    if not form.is_valid():
        raise Http404

    def work() -> str:
        change_shift(shift_id=found.pk, **_sent(form), by=by_of(request), now=timezone.now())
        return _("%(name)s’s shift is changed.") % {"name": found.actor.display_name}

    return _done(request, found.plan, found.business_date, work)


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def remove(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    found = draft_shift(shift_id)
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Http404

    def work() -> str:
        remove_shift(shift_id=found.pk, version=form.cleaned_data["version"], by=by_of(request), now=timezone.now())
        return _("%(name)s’s shift is taken out.") % {"name": found.actor.display_name}

    return _done(request, found.plan, found.business_date, work)


@requires(Permission.PLAN_SCHEDULE)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, plan_id: UUID, actor_id: UUID, day: str) -> HttpResponse:
    """Which shifts somebody free could take that day; a POST gives them one."""
    plan, on = plan_or_404(plan_id), parse_date(day)
    actor = Actor.objects.filter(pk=actor_id).first()
    if actor is None or on is None:
        raise Http404
    if request.method == "GET":
        return render(request, "scheduling/_shift.html", _choices(DraftShift(plan=plan, actor=actor, business_date=on)))
    form = ShiftForm(request.POST)
    if not form.is_valid():
        raise Http404

    def work() -> str:
        add_shift(plan_id=plan.pk, actor_id=actor.pk, day=on, **_sent(form), by=by_of(request), now=timezone.now())
        return _("%(name)s has a shift.") % {"name": actor.display_name}

    return _done(request, plan, on, work)


def _choices(found: DraftShift) -> dict[str, Any]:
    """The shift with each template it could have, judged by the rules and by the week's coverage."""
    plan = found.plan
    week = week_of(plan)
    others = list(plan.shifts.exclude(pk=found.pk))
    required = required_steps(plan)
    base = [a + b for a, b in zip(coverage(stretches(others), week, STEP), carried_over(plan), strict=True)]
    saved = DraftShift.objects.filter(pk=found.pk).exists()

    def short(with_it: list[DraftShift]) -> float:
        there = coverage(stretches(with_it), week, STEP)
        return short_hours(required, [a + b for a, b in zip(base, there, strict=True)])

    now, near = short([found] if saved else []), beside(plan, found)
    choices = []
    for template in templates_of(plan.queue_id):
        if template.weekdays and found.business_date.weekday() not in template.weekdays:
            continue
        trial = laid(DraftShift(pk=found.pk, plan=plan, actor=found.actor), template, found.business_date)
        then = short([trial])
        choices.append(
            Choice(
                template,
                times(trial.starts_at, trial.ends_at, trial.zone),
                [says(one) for one in broken(stretch(trial), near.others, near.busy, near.limits)],
                then,
                then - now,
                saved and found.template_id == template.pk,
            )
        )
    return {
        "shift": found if saved else None,
        "plan": plan,
        "actor": found.actor,
        "day": found.business_date,
        "choices": choices,
        "short": now,
        "times": times(found.starts_at, found.ends_at, found.zone) if saved else "",
        "said": _said(found),
        **(_movable(found) if saved else {}),
    }


def _said(found: DraftShift) -> dict[str, str] | None:
    """What the person would rather have that day; None where they asked for nothing."""
    rows = {one.pk: one for one in live_preferences([found.actor_id], found.business_date)}
    said = for_day([one.preferred for one in rows.values()], found.business_date)
    if said is None:
        return None
    return {"what": preference_what(rows[said.key]), "how": str(rows[said.key].get_strength_display())}


def _movable(found: DraftShift) -> dict[str, Any]:
    """What the form of a move starts from, on the shift's own clock."""
    plan, place = found.plan, ZoneInfo(found.zone)
    return {
        "at": found.starts_at.astimezone(place),
        "days": week_of(plan).dates,
        "people": people_of(plan.queue_id, plan.week_start, plan.week_start + timedelta(days=DAYS)),
        "breaks": [
            (number, one, (found.starts_at + timedelta(minutes=one.after)).astimezone(place))
            for number, one in enumerate(found.breaks)
        ],
    }


def draft_shift(shift_id: UUID) -> DraftShift:
    """A shift of a draft with what a panel says of it. Http404 without one."""
    related = ("plan__queue", "plan__requirement__forecast", "actor", "template")
    found = DraftShift.objects.select_related(*related).filter(pk=shift_id).first()
    if found is None:
        raise Http404
    return found


def plan_or_404(plan_id: UUID) -> SchedulePlan:
    """The plan of an address."""
    related = ("queue", "requirement__forecast", "sent_by")
    found = SchedulePlan.objects.select_related(*related).filter(pk=plan_id).first()
    if found is None:
        raise Http404
    return found


def _sent(form: ShiftForm) -> dict[str, Any]:
    return {"template_id": form.cleaned_data["template"], "version": form.cleaned_data["version"]}


def _done(request: HttpRequest, plan: SchedulePlan, day: date, work: Any) -> HttpResponse:
    """Do it and say so; a refusal stays on screen until it is read."""
    try:
        toast(request, work())
    except (NotPossible, StalePlan) as error:
        toast(request, why(error), level="error")
    return redirect(board_url(plan, day))


def why(error: Exception) -> str:
    """What refused a change, in words."""
    if isinstance(error, StalePlan) and error.published is not None:
        return _(
            "Somebody published this week meanwhile, as version %(number)s. Look at it, and change it further if it is "
            "not yet right."
        ) % {"number": error.published}
    if isinstance(error, StalePlan):
        return _("Somebody changed this plan meanwhile. This is what is there now; do yours again if it still fits.")
    if isinstance(error, RuleBroken):
        rules = "; ".join(says(one) for one in error.broken)
        if isinstance(error, MoveRefused):
            return _moved(error, rules)
        return _("Not placed: %(rules)s. Choose another shift.") % {"rules": rules}
    return str(error)


def _moved(error: MoveRefused, rules: str) -> str:
    """Why a shift is where it was, and the nearest start that is legal."""
    if error.offer is None:
        return _("Not placed: %(rules)s. Choose another time or person.") % {"rules": rules}
    words = {"rules": rules, "when": f"{day_of(error.offer, error.zone)}, {at_clock(error.offer, error.zone)}"}
    return _("Not placed: %(rules)s. The nearest legal start is %(when)s.") % words
