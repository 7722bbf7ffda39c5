"""From a draft to a version that holds: sent for review, taken back, published; and what each version changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpo.acting import by_of
from bpo.actors import By
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from interactions.selectors import queues
from scheduling.domain.differences import BREAKS, Difference, Laid
from scheduling.errors import Clash, NotPossible, StalePlan
from scheduling.forms import PublishForm
from scheduling.models import SchedulePlan, ScheduleVersion
from scheduling.problem import week_of
from scheduling.selectors import current_version, differences_of, version_after, version_before
from scheduling.services import publish, send_for_review, take_back
from scheduling.services.publishing import changes, refusal_of
from scheduling.views.asked import Asked
from scheduling.views.board import board_url, page
from scheduling.views.shifts import plan_or_404, why
from scheduling.views.words import day_of, rests, times

MOST = 200  # changes a panel shows


@dataclass(frozen=True, slots=True)
class Row:
    """One changed day of a person: what it was and what it is, in times; empty where there is no shift."""

    day: str
    kind: str
    was: str
    now: str


@requires(Permission.PLAN_SCHEDULE)
@require_http_methods(["GET", "POST"])
def publication(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """What would change, and a reason for it; a POST publishes all of it or, with the clashes named, nothing."""
    plan = plan_or_404(plan_id)
    if request.method == "GET":
        return render(request, "scheduling/_publish.html", _publication(plan, by_of(request)))
    form = PublishForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        made = publish(plan_id=plan.pk, **form.cleaned_data, by=by_of(request), now=timezone.now())
    except Clash as refusal:
        about = Asked(plan.queue, week_of(plan), queues())
        return page(request, about, refused=refusal, status=409)
    except (NotPossible, StalePlan) as error:
        toast(request, why(error), level="error")
    else:
        toast(
            request,
            _("Version %(number)s is published: %(told)s.") % {"number": made.number, "told": _what_changed(made)},
        )
    return redirect(board_url(plan))


def _what_changed(made: ScheduleVersion) -> str:
    """What a version changed, by what there is of it."""
    parts = (
        (made.added, ngettext("%(n)s shift booked", "%(n)s shifts booked", made.added)),
        (made.dropped, ngettext("%(n)s released", "%(n)s released", made.dropped)),
        (made.rested, ngettext("%(n)s with other breaks", "%(n)s with other breaks", made.rested)),
    )
    return ", ".join(text % {"n": n} for n, text in parts if n) or _("no shift changes")


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def review(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Send a draft for review; from then on it is locked."""
    return _moved(request, plan_id, send_for_review, _("It is in review. Nothing of it changes until it is published."))


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def back(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Take a plan back from review, with the reason."""
    return _moved(request, plan_id, take_back, _("It is a draft again."))


@requires(Permission.SEE_SCHEDULE)
@require_safe
def version(request: HttpRequest, published_id: UUID) -> HttpResponse:
    """One version: why it was published, whether it holds, and what it changed against the one before it."""
    found = ScheduleVersion.objects.select_related("queue", "published_by", "sent_by").filter(pk=published_id).first()
    if found is None:
        raise Http404
    before = version_before(found)
    context = {"version": found, "before": before, "after": version_after(found), "shifts": found.shifts.count()}
    if before is not None:
        context |= _told(*differences_of(before, found))
    return render(request, "scheduling/_version.html", context)


def _moved(request: HttpRequest, plan_id: UUID, move: Callable[..., SchedulePlan], done: str) -> HttpResponse:
    """Do it to the plan and say so; a refusal stays on screen until it is read."""
    plan = plan_or_404(plan_id)
    form = PublishForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        move(plan_id=plan.pk, **form.cleaned_data, by=by_of(request), now=timezone.now())
    except (NotPossible, StalePlan) as error:
        toast(request, why(error), level="error")
    else:
        toast(request, done)
    return redirect(board_url(plan))


def _publication(plan: SchedulePlan, by: By) -> dict[str, Any]:
    before = current_version(plan.queue_id, plan.week_start)
    found = changes(plan, before)
    context: dict[str, Any] = {
        "plan": plan,
        "number": before.number + 1 if before else 1,
        "new": len(found.new),
        "dropped": len(found.dropped),
        "kept": len(found.kept),
        "people": len(found.actors()),
        "first": before is None,
        "not_by_me": refusal_of(plan, by),
    }
    if before is not None:
        context |= _told(*differences_of(before, plan))
    return context


def _told(found: list[Difference], names: dict[UUID, str]) -> dict[str, Any]:
    """The differences by person and day, as many as a panel shows, and how many are left."""
    ordered = sorted(found, key=lambda one: (names[one.laid.person], str(one.laid.person), one.laid.day))
    people: dict[UUID, list[Row]] = {}
    for one in ordered[:MOST]:
        people.setdefault(one.laid.person, []).append(_row(one))
    return {
        "changed": [(names[person], rows) for person, rows in people.items()],
        "left": max(len(ordered) - MOST, 0),
    }


def _row(one: Difference) -> Row:
    day = day_of(one.laid.start, one.laid.zone)
    if one.kind == BREAKS and one.before is not None and one.after is not None:
        gone, new = (set(first.breaks) - set(second.breaks) for first, second in _both_ways(one.before, one.after))
        return Row(day, one.kind, rests(gone, one.laid.zone), rests(new, one.laid.zone))
    return Row(day, one.kind, _times(one.before), _times(one.after))


def _both_ways(before: Laid, after: Laid) -> tuple[tuple[Laid, Laid], tuple[Laid, Laid]]:
    return (before, after), (after, before)


def _times(laid: Laid | None) -> str:
    return "" if laid is None else times(laid.start, laid.end, laid.zone)
