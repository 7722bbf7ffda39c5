"""The board: agents down, time across, one day of a queue's week; draft for planners, published for everyone else."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, may, requires
from bpo.ui.toasts import toast
from scheduling.domain.weeks import monday_of
from scheduling.errors import Clash, NotPossible
from scheduling.forms import BuildForm
from scheduling.models import PublishedShift, Requirement, SchedulePlan, ScheduleVersion
from scheduling.problem import Planlike
from scheduling.selectors import laid_of, plan_of, versions_of
from scheduling.services import request_build, stop_build
from scheduling.views.asked import Asked, asked, no_queue
from scheduling.views.lanes import floor, lanes, packed
from scheduling.views.week import AnyShift, Covered, covered, shifts_in
from scheduling.views.words import clash, rule, times

SECONDS = 15
MOST_HOLES = 24
MODULES = ("time", "week", "draw", "move", "card")  # of board.js, asked for before it asks itself
WEEK = "week"  # instead of a day: all seven


@requires(Permission.SEE_SCHEDULE)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """A queue's week, the draft of it for who may plan."""
    now = timezone.now()
    about = asked(request, now, week=_usual_week(request, now))
    if about is None:
        return no_queue(request)
    return page(request, about)


def page(request: HttpRequest, about: Asked, *, refused: Clash | None = None, status: int = 200) -> HttpResponse:
    """The board, with the clashes of a publication that was refused."""
    planning = may(principal_of(request), Permission.PLAN_SCHEDULE)
    plan = plan_of(about.queue.pk, about.week.start) if planning else None
    version = _version(request, about)
    shown: Planlike | None = plan if plan is not None and "version" not in request.GET else version
    context: dict[str, Any] = {
        "about": about,
        "plan": plan if shown is plan else None,
        "version": version,
        "versions": list(versions_of(about.queue.pk, about.week.start)),
        "may_plan": planning,
        "here": reverse("scheduling:board"),
        "refused": [(one.actor_name, clash(one)) for one in refused.taken] if refused else [],
    }
    if shown is not None and not (isinstance(shown, SchedulePlan) and shown.running):
        shifts = shifts_in(shown)
        context |= _drawn(shown, shifts, about, _day(request, about), may_plan=planning)
        context["pending"] = pending_of(shifts, version) if shown is plan else None
        context["rule_prices"] = _rule_prices(plan) if plan is not None and shown is plan else []
    return render(request, "scheduling/board.html", context, status=status)


def _rule_prices(plan: SchedulePlan) -> list[dict[str, Any]]:
    """What each rule cost the roster as it was built: hours in all, and the day most of it falls on."""
    found = []
    for one in plan.rule_prices:
        day, hours = max(one["days"].items(), key=lambda pair: pair[1], default=("", 0.0))
        worst = (date.fromisoformat(day), hours) if one["hours"] > 0 else None
        # Without it a cheaper roster may have an hour more short, for what it saves elsewhere: then it costs none.
        hours = max(one["hours"], 0.0)
        found.append({"rule": rule(one["rule"], one["limit"]), "worst": worst, "hours": hours, "proven": one["proven"]})
    return found


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def build(request: HttpRequest) -> HttpResponse:
    """Ask a worker for the roster of a requirement, and show how it gets on."""
    form = BuildForm(request.POST)
    if not form.is_valid():
        raise Http404
    seconds = form.cleaned_data["seconds"] or SECONDS
    try:
        plan = request_build(
            requirement_id=form.cleaned_data["requirement"], seconds=seconds, by=by_of(request), now=timezone.now()
        )
    except Requirement.DoesNotExist as error:
        raise Http404 from error
    except NotPossible as error:
        toast(request, str(error), level="error")
        return redirect(reverse("scheduling:staffing"))
    return redirect(board_url(plan))


@requires(Permission.SEE_SCHEDULE)
@require_safe
def progress(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """How a build gets on; when it is done the page loads anew."""
    plan = SchedulePlan.objects.select_related("queue").filter(pk=plan_id).first()
    if plan is None:
        raise Http404
    now = timezone.now()
    since = plan.started_at or plan.queued_at or now
    context = {
        "plan": plan,
        "elapsed": min((now - since).total_seconds(), plan.seconds),
        "may_plan": may(principal_of(request), Permission.PLAN_SCHEDULE),
    }
    response = render(request, "scheduling/_progress.html", context)
    if not plan.running:
        response.headers["HX-Refresh"] = "true"
    return response


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def stop(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Take the best roster found so far instead of waiting for a better one."""
    try:
        plan = stop_build(plan_id=plan_id, by=by_of(request), now=timezone.now())
    except SchedulePlan.DoesNotExist as error:
        raise Http404 from error
    except NotPossible as error:  # it was done by then
        toast(request, str(error), level="error")
        plan = SchedulePlan.objects.select_related("queue").get(pk=plan_id)
    return redirect(board_url(plan))


def board_url(plan: Planlike, day: date | None = None) -> str:
    """The board of a plan's week, at a day of it."""
    query = {"queue": plan.queue.key, "week": plan.week_start.isoformat()}
    if day is not None:
        query["day"] = day.isoformat()
    return f"{reverse('scheduling:board')}?{urlencode(query)}"


def _usual_week(request: HttpRequest, now: datetime) -> date | None:
    """The week a planner works on, which is the next unpublished once it has a draft; else the one that runs."""
    about = asked(request, now)
    if about is None:
        return None
    planning = may(principal_of(request), Permission.PLAN_SCHEDULE)
    if planning and plan_of(about.queue.pk, about.week.start) is not None:
        return about.week.start
    return monday_of(about.week.local(now).date())


def _version(request: HttpRequest, about: Asked) -> ScheduleVersion | None:
    found = versions_of(about.queue.pk, about.week.start).select_related("requirement__forecast")
    if number := request.GET.get("version", ""):
        chosen = found.filter(number=number).first() if number.isdigit() else None
        if chosen is None:
            raise Http404
        return chosen
    return found.first()


def _day(request: HttpRequest, about: Asked) -> date | None:
    """The day asked for, today if it is of this week, else its first; None for the whole week."""
    if request.GET.get("day") == WEEK:
        return None
    asked_for = parse_date(request.GET.get("day", "")) if request.GET.get("day") else None
    for day in (asked_for, about.week.local(timezone.now()).date()):
        if day in about.week.dates:
            return day
    return about.week.start


def pending_of(shifts: Iterable[AnyShift], version: ScheduleVersion | None) -> dict[str, Any]:
    """How many shifts publishing would book, give back, and leave with other breaks alone.

    A shift is the same with the same person and instants.
    """
    drafted = {(one.actor_id, one.starts_at, one.ends_at): one for one in shifts}
    held = dict[Any, PublishedShift]()
    if version is not None:
        held = {(one.actor_id, one.starts_at, one.ends_at): one for one in version.shifts.order_by()}
    new, dropped = len(drafted.keys() - held.keys()), len(held.keys() - drafted.keys())
    rested = sum(
        drafted[key].pauses != held[key].pauses and laid_of(drafted[key]).breaks != laid_of(held[key]).breaks
        for key in drafted.keys() & held.keys()
    )
    return {"new": new, "dropped": dropped, "rested": rested, "any": bool(new or dropped or rested)}


def _drawn(plan: Planlike, shifts: list[AnyShift], about: Asked, day: date | None, *, may_plan: bool) -> dict[str, Any]:
    found, on = covered(plan, shifts), floor(plan, shifts, may_plan=may_plan)
    about = replace(about, week=found.week)  # on the plan's clock, whatever the client's is by now
    days = [(one.isoformat(), one, f"{about.query}&day={one.isoformat()}") for one in about.week.dates]
    data = packed(plan, on, found, day)
    return {
        "day": day,
        "days": days,
        "week_query": f"{about.query}&day={WEEK}",
        "shown": plan,
        "today": found.of(day),
        "data": data,
        "zones": [one["name"] for one in data["zones"]],
        "lanes": lanes(plan, on, about.week, day, may_plan=may_plan),
        "people": len(on.people),
        "requirement": plan.requirement,
        "modules": MODULES,
        **behind(found, about),
    }


def behind(found: Covered, about: Asked) -> dict[str, Any]:
    """The week's figures, and the longest stretches in which people are missing."""
    every = found.holes()
    longest = sorted(every, key=lambda hole: -hole.hours)[:MOST_HOLES]
    rows = [
        (f"{about.query}&day={about.week.local(hole.start).date().isoformat()}", hole,
         times(hole.start, hole.end, about.week.zone))
        for hole in sorted(longest, key=lambda hole: hole.start)
    ]  # fmt: skip
    return {"whole": found.of(), "holes": {"rows": rows, "n": len(every), "left": len(every) - len(rows)}}
