"""How many agents that takes: every number opens what went into it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, may, requires
from bpo.ui.numbers import number
from bpo.ui.toasts import toast
from scheduling.domain.requirement import Target, ladder
from scheduling.errors import NotPossible
from scheduling.forms import LEVELS
from scheduling.forms_outbound import OutboundForm
from scheduling.models import ForecastInterval, Requirement, RequirementInterval
from scheduling.selectors import edits_of, latest_forecast, latest_requirement, plan_of, points_of
from scheduling.services import make_outbound, make_requirement
from scheduling.services.demand import UNBOUNDED
from scheduling.staffing import calls_out, compared, staffed, target_of
from scheduling.views.asked import Asked, asked, no_queue
from scheduling.views.attempts import attempts_behind
from scheduling.views.forecast import behind
from scheduling.views.grid import chart, grid, stepped
from scheduling.views.promise import promise
from scheduling.views.targets import blank_form, sent_form
from scheduling.views.words import decided, part_name


@requires(Permission.SEE_FORECAST)
@require_safe
def staffing(request: HttpRequest) -> HttpResponse:
    """Agents for each interval of the newest requirement of a queue's week."""
    now = timezone.now()
    about = asked(request, now)
    if about is None:
        return no_queue(request)
    return _page(request, about, now)


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Staff the newest forecast for the targets sent; without any, for the queue's own promise."""
    now = timezone.now()
    about = asked(request, now)
    found = latest_forecast(about.queue.pk, about.week.start) if about else None
    if about is None or (found is None and not calls_out(about.queue)):
        raise Http404
    form = sent_form(about, request.POST, latest_requirement(about.queue.pk, about.week.start), now)
    if not form.is_valid():
        return _page(request, about, now, form=form, status=422)
    by, week = by_of(request), about.week
    try:
        if isinstance(form, OutboundForm):
            make_outbound(
                queue_id=about.queue.pk, week_start=week.start, zone=week.zone, target=form.target, by=by, now=now
            )
        elif found is not None:
            make_requirement(forecast_id=found.pk, target=form.target, by=by, now=now)
    except NotPossible as error:
        toast(request, str(error), level="warning")
    return redirect(f"{reverse('scheduling:staffing')}?{about.query}")


@requires(Permission.SEE_FORECAST)
@require_safe
def what_if(request: HttpRequest) -> HttpResponse:
    """What other targets would take, beside what was calculated; nothing is kept."""
    now = timezone.now()
    about = asked(request, now)
    requirement = latest_requirement(about.queue.pk, about.week.start) if about else None
    if about is None or requirement is None:
        return render(request, "scheduling/_what_if.html", {"missing": True})
    form = sent_form(about, request.GET, requirement, now)
    context: dict[str, Any] = {"about": about, "form": form, "outbound": isinstance(form, OutboundForm)}
    if form.is_valid():
        made_of = requirement.forecast
        points = points_of(made_of, edits_of(about.queue.pk, about.week))
        try:
            rows, _load = staffed(made_of, points, form.target)
            context["if"] = compared(rows, list(requirement.intervals.all()), hours=made_of.minutes / 60) | {
                "shrinkage": form.target.shrinkage
            }
        except ValueError as error:
            context["refused"] = str(error)
    return render(request, "scheduling/_what_if.html", context, status=200 if "if" in context else 422)


@requires(Permission.SEE_FORECAST)
@require_safe
def interval(request: HttpRequest, interval_id: UUID) -> HttpResponse:
    """One interval's inputs, formula and result, with what one agent fewer or more would do."""
    one = RequirementInterval.objects.select_related("requirement__forecast__queue").filter(pk=interval_id).first()
    if one is None:
        raise Http404
    if one.requirement.method == Requirement.Method.OUTBOUND:
        return render(request, "scheduling/_staffing_attempts.html", attempts_behind(one))
    return render(request, "scheduling/_staffing_interval.html", _behind(one))


def _behind(one: RequirementInterval) -> dict[str, Any]:
    requirement = one.requirement
    seconds = requirement.forecast.minutes * 60
    expected = ForecastInterval.objects.select_related("forecast__queue").get(
        forecast_id=requirement.forecast_id, starts_at=one.starts_at
    )
    rungs, target = [], target_of(requirement)
    if one.calls and isinstance(target, Target):
        rungs = ladder(
            one.calls,
            one.aht_seconds,
            target,
            interval=seconds,
            agents=one.agents - one.callback_agents,
        )
    return {
        "row": one,
        "requirement": requirement,
        "traffic": one.calls * one.aht_seconds / seconds,
        "asa": None if one.asa_seconds == UNBOUNDED else one.asa_seconds,
        "rungs": rungs,
        "seconds": seconds,
        "due_hours": requirement.target_seconds / 3600,
        "share_left": 1 - requirement.shrinkage,
        "definition": dict(LEVELS).get(requirement.definition, requirement.definition),
        "parts": [(part_name(name), share) for name, share in requirement.parts],
        "decided_by": decided(one.decided_by),
        "for_calls": one.agents - one.callback_agents,
        **behind(expected),
    }


def _page(
    request: HttpRequest, about: Asked, now: datetime, *, form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    requirement = latest_requirement(about.queue.pk, about.week.start)
    last = None if request.GET.get("from") == "promise" else requirement  # else anew, from what the contract says
    context: dict[str, Any] = {
        "about": about,
        "requirement": requirement,
        "forecast": latest_forecast(about.queue.pk, about.week.start),
        "form": form or blank_form(about, last, now),
        "outbound": calls_out(about.queue),
        "promise": promise(about.queue, requirement),
        "plan": plan_of(about.queue.pk, about.week.start),
        "may_plan": may(principal_of(request), Permission.PLAN_SCHEDULE),
        "here": reverse("scheduling:staffing"),
    }
    if requirement is not None:
        context |= _shown(requirement, about)
    return render(request, "scheduling/staffing.html", context, status=status)


def _shown(requirement: Requirement, about: Asked) -> dict[str, Any]:
    rows = list(requirement.intervals.all())
    hours = requirement.forecast.minutes / 60
    busiest = max(rows, key=lambda row: row.scheduled)
    return {
        "grid": grid(about.week, [(row.starts_at, row.scheduled, row.pk) for row in rows], number),
        "chart": chart(about.week, stepped([row.scheduled for row in rows]), stepped([row.agents for row in rows])),
        "hours": sum(row.scheduled for row in rows) * hours,
        "serving_hours": sum(row.agents for row in rows) * hours,
        "busiest": busiest,
        "calls": sum(row.calls for row in rows),
        "late": sum(row.late or 0.0 for row in rows),
        "due_hours": requirement.target_seconds / 3600,
        "reached": sum(row.calls * (row.reach or 0.0) for row in rows),
    }
