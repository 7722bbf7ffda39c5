"""What people would rather have, stated by them or for them, and what a week's draft makes of it and of fairness."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, may, requires
from bpo.ui.toasts import toast
from interactions.models import Actor
from scheduling.domain.preferences import Outcome
from scheduling.domain.shifts import business_date
from scheduling.domain.weeks import DAYS
from scheduling.errors import NotPossible
from scheduling.forms_preference import AgentPreferenceForm, PreferenceForm
from scheduling.models import DraftShift, Preference, SchedulePlan
from scheduling.selectors import live_preferences, people_of
from scheduling.services import put_back_preference, state_preference, take_back_preference
from scheduling.views import mine
from scheduling.views.shifts import plan_or_404
from scheduling.views.words import preference_what, preference_when, times
from scheduling.weighing import Asked, Weigher, balances, outcomes

PART = 20  # rows of a list at once


@dataclass(frozen=True, slots=True)
class Row:
    """A preference on one day as it is read."""

    asked: Asked
    what: str
    when: str
    has: str
    instead: str


@requires(Permission.PLAN_SCHEDULE)
@require_safe
def fairness(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """What a draft makes of everybody's preferences and of who carried how much."""
    return page(request, plan_or_404(plan_id), timezone.now())


def page(
    request: HttpRequest,
    plan: SchedulePlan,
    now: datetime,
    *,
    form: AgentPreferenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    people, shifts = _people(plan), _drafted(plan)
    found = outcomes(plan, people, shifts)
    weigher = Weigher(plan, people, shifts)
    asked = _part(request, "asked", sorted(found, key=lambda one: one.outcome is not Outcome.UNMET))  # by day and name
    stated = live_preferences([one.pk for one in people], plan.week_start).select_related("actor", "stated_by")
    live = _part(request, "live", stated.order_by("actor__display_name", "weekday", "date", "pk"))
    context = {
        "plan": plan,
        "asked_page": asked,
        "rows": [_row(weigher.weigh(one), plan) for one in asked],
        "balances": _part(request, "page", balances(plan, people, shifts)),
        "live_page": live,
        "live": [(one, preference_when(one), preference_what(one)) for one in live],
        "form": form or AgentPreferenceForm(people=people, today=business_date(now, plan.zone)),
        **_counted(found),
    }
    return render(request, "scheduling/fairness.html", context, status=status)


@requires(Permission.PLAN_SCHEDULE)
@require_safe
def fairness_sum(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The same in three figures, fetched by the board once it is there."""
    plan = plan_or_404(plan_id)
    people, shifts = _people(plan), _drafted(plan)
    found = balances(plan, people, shifts)
    context = {
        "plan": plan,
        "ahead": [one for one in found if one.level][:3],
        "count": sum(one.level > 0 for one in found),
        **_counted(outcomes(plan, people, shifts)),
    }
    return render(request, "scheduling/_fairness_sum.html", context)


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def new_for_agent(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Note what an agent would rather have, on their behalf; the log says who did."""
    plan, now = plan_or_404(plan_id), timezone.now()
    form = AgentPreferenceForm(request.POST, people=_people(plan), today=business_date(now, plan.zone))
    if form.is_valid():
        try:
            made = state_preference(
                actor_id=UUID(form.cleaned_data["actor"]), wanted=form.wanted(plan.zone), by=by_of(request),
                now=now,
            )  # fmt: skip
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            undo = f"{reverse('scheduling:take_back_preference', args=[made.pk])}?{urlencode({'plan': plan.pk})}"
            toast(request, _("%(name)s’s preference is noted.") % {"name": made.actor.display_name}, undo=undo)
            return redirect(_url(plan))
    return page(request, plan, now, form=form, status=422)


@requires(Permission.SEE_OWN_SCHEDULE)
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """State what one would rather have; what is wrong is said beside the field."""
    now, actor_id = timezone.now(), principal_of(request).actor_id
    if actor_id is None:
        raise Http404
    zone = mine.zone_of(actor_id, now)
    form = PreferenceForm(request.POST, today=business_date(now, zone))
    if form.is_valid():
        try:
            made = state_preference(actor_id=actor_id, wanted=form.wanted(zone), by=by_of(request), now=now)
        except Actor.DoesNotExist as error:
            raise Http404 from error
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            undo = reverse("scheduling:take_back_preference", args=[made.pk])
            toast(request, _("Your preference is noted."), undo=undo)
            return redirect(f"{reverse('scheduling:mine')}#preferences")
    return mine.page(request, form=form, status=422)


@requires(Permission.SEE_OWN_SCHEDULE)
@require_POST
def take_back(request: HttpRequest, preference_id: UUID) -> HttpResponse:
    """Let a preference count no longer: one's own, or for who plans anybody's. A click puts it back."""
    found = _own_or_404(request, preference_id)
    take_back_preference(preference_id=found.pk, by=by_of(request), now=timezone.now())
    plan = _plan(request)
    undo = reverse("scheduling:put_back_preference", args=[found.pk])
    toast(request, _("The preference is taken back."), undo=f"{undo}?{urlencode({'plan': plan.pk})}" if plan else undo)
    return _back(plan)


@requires(Permission.SEE_OWN_SCHEDULE)
@require_POST
def put_back(request: HttpRequest, preference_id: UUID) -> HttpResponse:
    """State again what was taken back."""
    found = _own_or_404(request, preference_id)
    try:
        put_back_preference(preference_id=found.pk, by=by_of(request), now=timezone.now())
    except NotPossible as error:
        toast(request, str(error), level="error")
    else:
        toast(request, _("The preference holds again."))
    return _back(_plan(request))


def _own_or_404(request: HttpRequest, preference_id: UUID) -> Preference:
    """One's own preference, or for who plans anybody's; others' are as missing as those there are none of."""
    principal = principal_of(request)
    found = Preference.objects.filter(pk=preference_id).first()
    if found is None or (found.actor_id != principal.actor_id and not may(principal, Permission.PLAN_SCHEDULE)):
        raise Http404
    return found


def _plan(request: HttpRequest) -> SchedulePlan | None:
    """The plan somebody came from, if they plan."""
    text = request.GET.get("plan", "")
    if not text or not may(principal_of(request), Permission.PLAN_SCHEDULE):
        return None
    try:
        return plan_or_404(UUID(text))
    except ValueError as error:
        raise Http404 from error


def _back(plan: SchedulePlan | None) -> HttpResponse:
    return redirect(_url(plan) if plan else f"{reverse('scheduling:mine')}#preferences")


def _part(request: HttpRequest, name: str, rows: Any) -> Page[Any]:
    """The page of these rows that the address asks for by that name."""
    return Paginator(rows, PART).get_page(request.GET.get(name))


def _url(plan: SchedulePlan) -> str:
    return reverse("scheduling:fairness", args=[plan.pk])


def _people(plan: SchedulePlan) -> list[Actor]:
    return list(people_of(plan.queue_id, plan.week_start, plan.week_start + timedelta(days=DAYS)))


def _drafted(plan: SchedulePlan) -> list[DraftShift]:
    return list(DraftShift.objects.filter(plan_id=plan.pk))


def _counted(found: list[Asked]) -> dict[str, int]:
    """How many preferences fall on a day of the week, and what became of them."""
    counts = {str(kind): sum(one.outcome is kind for one in found) for kind in Outcome}
    return {"asked": len(found), **counts}


def _row(asked: Asked, plan: SchedulePlan) -> Row:
    shift, other = asked.shift, asked.instead
    return Row(
        asked,
        preference_what(asked.preference),
        preference_when(asked.preference),
        times(shift.starts_at, shift.ends_at, plan.zone) if shift else "",
        times(other.start, other.end, plan.zone) if other else "",
    )
