"""The board: agents down, time across, one day of a queue's week; draft for planners, published for everyone else."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, may, requires
from bpo.ui.toasts import toast
from interactions.models import Actor
from scheduling.domain.weeks import DAYS, midnight, monday_of
from scheduling.errors import Clash, NotPossible
from scheduling.forms import BuildForm
from scheduling.ledger import Block
from scheduling.models import Requirement, SchedulePlan, ScheduleVersion
from scheduling.problem import Planlike, elsewhere
from scheduling.selectors import current_version, people_of, plan_of, versions_of
from scheduling.services import request_build, stop_build
from scheduling.services.publishing import changes
from scheduling.views.asked import Asked, asked
from scheduling.views.drawing import Window, around, pauses, ribbon
from scheduling.views.week import AnyShift, Covered, covered
from scheduling.views.words import clash, times

SECONDS = 15
MOST_HOLES = 24
WHOLE_LABEL, START_LABEL = 7.5, 4.0  # per cent of a lane that "06:00–14:30" and "06:00" take in a usual window


@dataclass(frozen=True, slots=True)
class Bar:
    """A shift in a lane."""

    left: str
    width: str
    label: str
    shown: str  # as much of the label as stands clear of the first break
    url: str
    breaks: list[tuple[str, str, str]]
    carried: bool  # began the day before


@dataclass(frozen=True, slots=True)
class Lane:
    """One person's day."""

    actor: Actor
    bars: list[Bar]
    busy: list[tuple[str, str]]
    paid: float
    add_url: str


@requires(Permission.SEE_SCHEDULE)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """A queue's week, the draft of it for who may plan."""
    now = timezone.now()
    about = asked(request, now, week=_usual_week(request, now))
    if about is None:
        return render(request, "scheduling/no_queue.html")
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
        context |= _drawn(shown, about, _day(request, about))
        context["pending"] = _pending(plan, version) if shown is plan and plan is not None else None
    return render(request, "scheduling/board.html", context, status=status)


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


def _day(request: HttpRequest, about: Asked) -> date:
    """The day asked for, today if it is of this week, else its first."""
    asked_for = parse_date(request.GET.get("day", "")) if request.GET.get("day") else None
    for day in (asked_for, about.week.local(timezone.now()).date()):
        if day in about.week.dates:
            return day
    return about.week.start


def _pending(plan: SchedulePlan, version: ScheduleVersion | None) -> dict[str, Any]:
    """What publishing would change."""
    change = changes(plan, version)
    new, dropped = len(change.new), len(change.dropped)
    return {"new": new, "dropped": dropped, "rested": len(change.rested), "any": change.any}


def _drawn(plan: Planlike, about: Asked, day: date) -> dict[str, Any]:
    shifts: list[AnyShift] = list(plan.shifts.select_related("actor"))
    found = covered(plan, shifts)
    start = midnight(day, about.week.zone)
    following = midnight(day + timedelta(days=1), about.week.zone)
    window = around(start, following, [(one.starts_at, one.ends_at) for one in shifts])
    zones = sorted({one.zone for one in shifts} - {about.week.zone})
    today = found.of(day)
    return {
        "day": day,
        "days": [(one, f"{about.query}&day={one.isoformat()}") for one in about.week.dates],
        "shown": plan,
        "today": today,
        "whole": found.of(),
        "holes": _holes(found, about),
        "zones": [about.week.zone, *zones],
        "hours": window.hours([about.week.zone, *zones]),
        "ribbon": ribbon(window, about.week.begins, found.required, found.scheduled),
        "lanes": _lanes(plan, shifts, about, window, (start, following)),
        "requirement": plan.requirement,
    }


def _holes(found: Covered, about: Asked) -> dict[str, Any]:
    every = found.holes()
    longest = sorted(every, key=lambda hole: -hole.hours)[:MOST_HOLES]
    rows = [
        (f"{about.query}&day={about.week.local(hole.start).date().isoformat()}", hole,
         times(hole.start, hole.end, about.week.zone))
        for hole in sorted(longest, key=lambda hole: hole.start)
    ]  # fmt: skip
    return {"rows": rows, "n": len(every), "left": len(every) - len(rows)}


def _lanes(
    plan: Planlike, shifts: list[AnyShift], about: Asked, window: Window, day: tuple[datetime, datetime]
) -> list[Lane]:
    """Everybody of the queue and whoever has a shift, by when they start; who does not work comes last."""
    people = {
        one.pk: one for one in people_of(plan.queue_id, about.week.start, about.week.start + timedelta(days=DAYS))
    }
    mine: dict[UUID, list[AnyShift]] = {actor_id: [] for actor_id in people}
    for one in shifts:
        people.setdefault(one.actor_id, one.actor)
        mine.setdefault(one.actor_id, []).append(one)
    taken = elsewhere(plan, people)
    lanes = [
        (_first(mine[actor_id], day), _lane(plan, actor, mine[actor_id], taken[actor_id], window, day))
        for actor_id, actor in people.items()
    ]
    return [lane for _, lane in sorted(lanes, key=lambda pair: (pair[0], pair[1].actor.display_name))]


def _first(shifts: list[AnyShift], day: tuple[datetime, datetime]) -> datetime:
    return min((one.starts_at for one in shifts if day[0] <= one.starts_at < day[1]), default=day[1])


def _lane(
    plan: Planlike,
    actor: Actor,
    shifts: list[AnyShift],
    taken: list[Block],
    window: Window,
    day: tuple[datetime, datetime],
) -> Lane:
    start, following = day
    inside = [one for one in shifts if window.holds(one.starts_at, one.ends_at) and one.starts_at < following]
    today = [one for one in inside if one.starts_at >= start]
    return Lane(
        actor,
        [_bar(one, plan, window, carried=one.starts_at < start) for one in inside],
        [window.place(one.start, one.end) for one in taken if window.holds(one.start, one.end)],
        sum(one.paid for one in today) / 60,
        "" if today or not isinstance(plan, SchedulePlan) else _add_url(plan, actor, start),
    )


def _bar(one: AnyShift, plan: Planlike, window: Window, *, carried: bool) -> Bar:
    left, width = window.place(one.starts_at, one.ends_at)
    name = "scheduling:shift" if isinstance(plan, SchedulePlan) else "scheduling:published_shift"
    label = times(one.starts_at, one.ends_at, plan.zone)
    breaks = pauses(window, one.starts_at, one.breaks)
    return Bar(left, width, label, _legible(label, left, width, breaks), reverse(name, args=[one.pk]), breaks, carried)


def _legible(label: str, left: str, width: str, breaks: list[tuple[str, str, str]]) -> str:
    """The times of a bar, its start alone, or nothing: what fits before a break, so that no number is cut."""
    room = min([float(width.rstrip("%"))] + [float(at.rstrip("%")) - float(left.rstrip("%")) for at, _, _ in breaks])
    return label if room >= WHOLE_LABEL else label[:5] if room >= START_LABEL else ""


def _add_url(plan: SchedulePlan, actor: Actor, start: datetime) -> str:
    day = start.astimezone(ZoneInfo(plan.zone)).date()
    return reverse("scheduling:add_shift", args=[plan.pk, actor.pk, day.isoformat()])


def latest(plan: SchedulePlan) -> ScheduleVersion | None:
    return current_version(plan.queue_id, plan.week_start)
