"""Designing shifts: what to choose from, how the search gets on, what begins when, and templates made of that."""

from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, may, requires
from bpo.ui.charts import at
from bpo.ui.toasts import toast
from scheduling.domain.designing.asked import usual
from scheduling.domain.designing.checking import counts
from scheduling.domain.designing.kept import problem_of, shifts_of
from scheduling.domain.designing.problem import Problem, Shift
from scheduling.domain.designing.templates import Begun, by_start, heads
from scheduling.domain.weeks import Week, midnight
from scheduling.errors import NotPossible
from scheduling.forms_design import DesignForm
from scheduling.models import Requirement, ShiftDesign
from scheduling.selectors import design_of, designs_of, proposals, templates_of
from scheduling.services import request_design, stop_design, use_design
from scheduling.views.drawing import Window
from scheduling.views.ribbon import ribbon
from scheduling.views.words import times

EACH = (3, 4, 5, 6)  # shifts a week that one person may work
USUALLY = 5


@requires(Permission.PLAN_SCHEDULE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, requirement_id: UUID) -> HttpResponse:
    """Kinds of shift to choose from, as the queue has them; a POST has a worker look for the best."""
    requirement = Requirement.objects.select_related("forecast__queue").filter(pk=requirement_id).first()
    if requirement is None:
        raise Http404
    if request.method == "GET":
        return _asking(request, requirement, DesignForm(given=_given(requirement)))
    form = DesignForm(request.POST)
    if not form.is_valid():
        return _asking(request, requirement, form, status=422)
    try:
        made = request_design(requirement_id=requirement.pk, **form.values, by=by_of(request), now=timezone.now())
    except NotPossible as error:
        toast(request, str(error), level="error")
        return _asking(request, requirement, form, status=409)
    return redirect("scheduling:design", made.pk)


@requires(Permission.SEE_FORECAST)
@require_safe
def design(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """How the search gets on; once it is over, its shifts, what they cover and how good they are."""
    found = _found(design_id)
    context = _about(found) | {
        "design": found,
        "others": [one for one in designs_of(found.requirement_id) if one.pk != found.pk],
        "may_plan": may(principal_of(request), Permission.PLAN_SCHEDULE),
        **_progress(found),
    }
    if found.shifts is not None and not found.running:
        context |= _result(found, _each(request))
    return render(request, "scheduling/design.html", context)


@requires(Permission.SEE_FORECAST)
@require_safe
def progress(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """How a search gets on; when it is over the page loads anew."""
    found = _found(design_id)
    context = {"design": found, "may_plan": may(principal_of(request), Permission.PLAN_SCHEDULE), **_progress(found)}
    response = render(request, "scheduling/_design_progress.html", context)
    if not found.running:
        response.headers["HX-Refresh"] = "true"
    return response


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def stop(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Take the best found so far instead of waiting for a better one."""
    try:
        stop_design(design_id=design_id, by=by_of(request), now=timezone.now())
    except ShiftDesign.DoesNotExist as error:
        raise Http404 from error
    except NotPossible as error:  # it was done by then
        toast(request, str(error), level="error")
    return redirect("scheduling:design", design_id)


@requires(Permission.PLAN_SCHEDULE)
@require_http_methods(["GET", "POST"])
def use(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Which shift templates a design would make; a POST makes those that aren't there."""
    found = _found(design_id)
    if request.method == "POST":
        try:
            made = len(use_design(design_id=found.pk, by=by_of(request), now=timezone.now()))
        except NotPossible as error:
            toast(request, str(error), level="error")
        else:
            toast(request, ngettext("%(n)s shift template made.", "%(n)s shift templates made.", made) % {"n": made})
        return redirect("scheduling:design", found.pk)
    if not found.found:
        raise Http404
    rows = proposals(found)
    context = _about(found) | {"design": found, "new": [one for one in rows if not one.exists], "all": len(rows)}
    return render(request, "scheduling/_design_use.html", context)


def _found(design_id: UUID) -> ShiftDesign:
    found = design_of(design_id)
    if found is None:
        raise Http404
    return found


def _given(requirement: Requirement) -> list[Any]:
    those = [one.pattern for one in templates_of(requirement.forecast.queue_id)]
    return usual((one.start.hour * 60 + one.start.minute, one.minutes, one.pauses) for one in those)


def _asking(request: HttpRequest, requirement: Requirement, form: DesignForm, *, status: int = 200) -> HttpResponse:
    forecast = requirement.forecast
    context = {
        "requirement": requirement,
        "week": Week(forecast.week_start, forecast.zone),
        "queue": forecast.queue,
        "form": form,
        "designs": list(designs_of(requirement.pk)),
        "staffing_url": _staffing_url(requirement),
    }
    return render(request, "scheduling/design_new.html", context, status=status)


def _staffing_url(requirement: Requirement) -> str:
    forecast = requirement.forecast
    return f"{reverse('scheduling:staffing')}?queue={forecast.queue.key}&week={forecast.week_start.isoformat()}"


def _about(found: ShiftDesign) -> dict[str, Any]:
    forecast = found.requirement.forecast
    return {
        "week": Week(forecast.week_start, forecast.zone),
        "queue": forecast.queue,
        "requirement": found.requirement,
        "staffing_url": _staffing_url(found.requirement),
    }


def _progress(found: ShiftDesign) -> dict[str, Any]:
    now = timezone.now()
    since = found.started_at or found.asked_at
    figures = {"elapsed": min((now - since).total_seconds(), found.seconds)}
    if found.objective is not None and found.bound is not None:
        figures |= {"cost_hours": found.objective / 60, "bound_hours": found.bound / 60}
    return figures


def _each(request: HttpRequest) -> int:
    asked = request.GET.get("each", "")
    return int(asked) if asked.isdigit() and int(asked) in EACH else USUALLY


def _result(found: ShiftDesign, each: int) -> dict[str, Any]:
    problem = problem_of(found.problem)
    shifts = shifts_of(problem, found.shifts)
    week: Week = _about(found)["week"]
    there = counts(problem, shifts)
    begun = by_start(shifts, week)
    over = sum(max(count - need, 0) for count, need in zip(there, problem.required, strict=True))
    short = sum(max(need - count, 0) for count, need in zip(there, problem.required, strict=True))
    out = sum(problem.required[step] for step in problem.unreachable)  # where nobody serves, so that all of it is short
    hours = problem.step / 60
    window = Window(week.begins, week.ends)
    return {
        "count": len(shifts),
        "hours": sum(problem.kinds[one.kind].paid for one in shifts) / 60,
        "short_hours": (short - out) * hours,
        "required_hours": sum(problem.required) * hours,
        "over_hours": over * hours,
        "all_short_hours": short * hours,
        "out": _out_of_reach(problem, week),
        "out_hours": out * hours,
        "rows": [_row(problem, one) for one in begun],
        "totals": [sum(column) for column in zip(*(one.counts for one in begun), strict=True)],
        "each": each,
        "heads": [(one, heads(len(shifts), one)) for one in EACH],
        "people": heads(len(shifts), each),
        "ribbon": ribbon(window, week.begins, problem.required, there),
        "days": [(at(window.part(midnight(day, week.zone))), day) for day in week.dates],
        "wraps": problem.wraps,
    }


def _row(problem: Problem, one: Begun) -> dict[str, Any]:
    return {
        "start": one.start,
        "kind": problem.kinds[one.kind].key,
        "counts": one.counts,
        "total": sum(one.counts),
        "breaks": _breaks(problem, one.shifts),
    }


def _breaks(problem: Problem, shifts: tuple[Shift, ...]) -> list[tuple[str, str, str]]:
    """Each break's name, and the first and last time one of these shifts has it, in hours and minutes after its start."""
    names = [one.name for one in problem.kinds[shifts[0].kind].breaks]
    columns = zip(*(one.breaks for one in shifts), strict=True)
    return [(_word(name), _span(min(column)), _span(max(column))) for name, column in zip(names, columns, strict=False)]


def _word(name: str) -> str:
    return _("meal") if name == "meal" else _("break")


def _span(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _out_of_reach(problem: Problem, week: Week) -> list[tuple[Any, str]]:
    """The stretches in which nobody can serve, by their beginning and their times."""
    found = []
    for _place, those in groupby(enumerate(problem.unreachable), key=lambda one: one[1] - one[0]):
        steps = [step for _number, step in those]
        start = week.begins + timedelta(minutes=steps[0] * problem.step)
        end = week.begins + timedelta(minutes=(steps[-1] + 1) * problem.step)
        found.append((start, times(start, end, week.zone)))
    return found
