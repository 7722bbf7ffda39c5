"""Random samples on screen: plans, their draws, and the check that a draw can be repeated."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpo.acting import by_of, principal_of, served_client
from bpo.permissions import Permission, Reach, may, reach, requires
from bpo.ratio import wilson
from bpo.ui.numbers import Measure
from bpo.ui.toasts import toast
from qa import selectors
from qa.domain.sampling import last_week
from qa.errors import NotPossible, StalePlan
from qa.forms_finding import NewPlanForm, PlanForm
from qa.models import Draw, SamplingPlan
from qa.selectors.sampling import Skips
from qa.services import change_plan, draw_for_plan, make_plan, pause_plan

PAGE = 50
WEEKS = 13


def _reach(request: HttpRequest) -> Reach | None:
    return reach(principal_of(request), Permission.SEE_EVALUATIONS)


def _today(request: HttpRequest) -> date:
    """The client's day, whatever the zone of who looks."""
    return timezone.now().astimezone(ZoneInfo(served_client(request).zone)).date()


def _plan(sampling_id: UUID) -> SamplingPlan:
    found = selectors.plan_by_id(sampling_id)
    if found is None:
        raise Http404
    return found


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every plan with its newest draw."""
    page = Paginator(selectors.plans(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "may_plan": may(principal_of(request), Permission.PLAN_SAMPLES),
        "more": selectors.cards_without_plan().exists(),
        "here": "plans",
    }
    return render(request, "qa/plans.html", context)


@requires(Permission.PLAN_SAMPLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A plan for a scorecard that has none."""
    form = NewPlanForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        card = form.cleaned_data["scorecard"]
        try:
            made = make_plan(scorecard_id=card.pk, by=by_of(request), now=timezone.now(), **form.agreed)
        except NotPossible as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            toast(request, _("The first draw is on Monday; you can draw last week now."))
            return redirect("qa:plan", made.pk)
    cards = form.fields["scorecard"].queryset.exists()  # type: ignore[attr-defined]
    context = {"form": form, "cards": cards, "plans": selectors.plans().exists()}
    return render(request, "qa/new_plan.html", context, status=422 if form.errors else 200)


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def detail(request: HttpRequest, sampling_id: UUID) -> HttpResponse:
    """A plan: what it draws, its draws, and what evaluators skip."""
    return _page(request, _plan(sampling_id))


@requires(Permission.PLAN_SAMPLES)
@require_POST
def change(request: HttpRequest, sampling_id: UUID) -> HttpResponse:
    """Change what the next draws obey. Somebody faster: 409, with both versions side by side."""
    plan = _plan(sampling_id)
    form = PlanForm.of(plan, request.POST)
    if not form.is_valid():
        return _page(request, plan, form=form)
    version, by, now = form.cleaned_data["version"] or 0, by_of(request), timezone.now()
    try:
        change_plan(plan_id=plan.pk, version=version, by=by, now=now, **form.agreed)
    except StalePlan as error:
        rows = [
            (form.fields[name].label, getattr(error.plan, name), form.cleaned_data[name], name)
            for name in ("quota", "due_days", "replaces")
        ]
        context = {"plan": plan, "rows": rows, "version": error.plan.version, "sent": error.sent}
        return render(request, "qa/stale_plan.html", context, status=409)
    toast(request, _("From the next draw on."))
    return redirect("qa:plan", plan.pk)


@requires(Permission.PLAN_SAMPLES)
@require_POST
def pause(request: HttpRequest, sampling_id: UUID) -> HttpResponse:
    """Let a plan rest, or go on with it; the other way is the undo."""
    plan = _plan(sampling_id)
    active = request.POST.get("active") == "yes" or request.GET.get("active") == "yes"
    pause_plan(plan_id=plan.pk, active=active, by=by_of(request), now=timezone.now())
    back = f"{reverse('qa:pause_plan', args=[plan.pk])}?active={'no' if active else 'yes'}"
    toast(request, _("It draws again from Monday on.") if active else _("Paused; nothing is drawn."), undo=back)
    return redirect("qa:plan", plan.pk)


@requires(Permission.PLAN_SAMPLES)
@require_POST
def draw_now(request: HttpRequest, sampling_id: UUID) -> HttpResponse:
    """Draw the week that is over, where Monday's draw was missed or the plan is new."""
    plan, today = _plan(sampling_id), _today(request)
    try:
        made = draw_for_plan(plan_id=plan.pk, week=last_week(today), today=today, by=by_of(request), now=timezone.now())
    except IntegrityError:
        toast(request, _("Somebody queued one of these just now. Draw again."), level="warning")
        return redirect("qa:plan", plan.pk)
    return redirect("qa:draw", made.pk)


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def draw(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """One draw: what was there, what was drawn, who had too few, and what was skipped."""
    found = _draw(draw_id)
    reached = _reach(request)
    tasks = selectors.tasks_of(found, reach=reached)
    page = Paginator(tasks, PAGE).get_page(request.GET.get("page"))
    states = list(tasks.order_by().prefetch_related(None).values_list("state", "replaces"))
    context = {
        "one": found,
        "sunday": found.week + timedelta(days=6),
        "page": page,
        "short": selectors.short_of(found, reach=reached),
        "drawn": sum(1 for _state, replaces in states if replaces is None),
        "replacements": sum(1 for _state, replaces in states if replaces is not None),
        "done": sum(1 for state, _replaces in states if state == "done"),
        "skipped": sum(1 for state, _replaces in states if state == "skipped"),
        "narrowed": reached is not None,
        "here": "plans",
    }
    return render(request, "qa/draw.html", context)


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def again(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """The sample made once more from what was kept of it, and whether it is the same."""
    found = _draw(draw_id)
    fragment = request.headers.get("HX-Request") == "true"
    context = {"one": found, "again": selectors.draw_again(found, reach=_reach(request))}
    return render(request, "qa/_again.html" if fragment else "qa/again.html", context)


def _draw(draw_id: UUID) -> Draw:
    found = selectors.draw_by_id(draw_id)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, plan: SamplingPlan, *, form: PlanForm | None = None) -> HttpResponse:
    draws = selectors.draws_of(plan)
    page = Paginator(draws, WEEKS).get_page(request.GET.get("page"))
    week = last_week(_today(request))
    context = {
        "plan": plan,
        "form": form or PlanForm.of(plan),
        "page": page,
        "skips": [_skip_row(one) for one in selectors.skips_of(plan, reach=_reach(request))],
        "may_plan": may(principal_of(request), Permission.PLAN_SAMPLES),
        "missing": None if plan.draws.filter(week=week).exists() else week,
        "next_on": week + timedelta(days=14),
        "here": "plans",
    }
    return render(request, "qa/plan.html", context, status=422 if form is not None else 200)


def _skip_row(one: Skips) -> dict[str, object]:
    num, den = int(one.skipped.num), int(one.skipped.den)
    low, high = wilson(num, den)
    return {"who": one.evaluator, "skipped": Measure(one.skipped.value, num, den, low, high), "replaced": one.replaced}
