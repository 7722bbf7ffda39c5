"""Calls we make: what is behind a number of agents, and whether a queue makes any."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bpo.acting import by_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from interactions.errors import NotPossible
from interactions.queues import turn_queue
from scheduling.domain.attempts import OutboundTarget
from scheduling.domain.weeks import place_of
from scheduling.forms_outbound import TurnForm
from scheduling.models import RequirementInterval
from scheduling.staffing import target_of
from scheduling.views.asked import asked
from scheduling.views.words import decided, part_name


@requires(Permission.PLAN_SCHEDULE)
@require_POST
def turn(request: HttpRequest) -> HttpResponse:
    """Say that a queue calls customers, or that they turn to it; its weeks are planned so from now on."""
    now = timezone.now()
    about, form = asked(request, now), TurnForm(request.POST)
    if about is None or not form.is_valid():
        raise Http404
    try:
        queue = turn_queue(
            queue_id=about.queue.pk, direction=form.cleaned_data["direction"], by=by_of(request), now=now
        )
    except NotPossible as error:
        toast(request, str(error), level="warning")
    else:
        toast(request, _("%(queue)s is %(direction)s.") % {
            "queue": queue.name, "direction": queue.get_direction_display(),
        })  # fmt: skip
    return redirect(f"{reverse('scheduling:forecast')}?{about.query}")


def attempts_behind(one: RequirementInterval) -> dict[str, Any]:
    """All that a number of agents for calls we make was made of, step by step."""
    requirement = one.requirement
    target, zone = target_of(requirement), requirement.forecast.zone
    if not isinstance(target, OutboundTarget):
        raise TypeError(f"requirement {requirement.pk} is of no calls we make")
    rows = list(requirement.intervals.values_list("calls", "reach"))
    seconds, hour = requirement.forecast.minutes * 60, place_of(one.starts_at, zone)[1] // 60
    occupancy = target.max_occupancy or 1.0
    return {
        "row": one,
        "requirement": requirement,
        "forecast": requirement.forecast,
        "hour": f"{hour:02}:00",
        "own": hour in dict(target.reach),
        "tried": target.learned.of(hour),
        "whole": target.learned.whole,
        "attempts": sum(calls for calls, _reach in rows),
        "open": sum(reach is not None for _calls, reach in rows),
        "reached": one.calls * (one.reach or 0.0),
        "seconds": seconds,
        "traffic": one.calls * one.aht_seconds / seconds,
        "needed": one.calls * one.aht_seconds / (seconds * occupancy),
        "for_calls": one.agents - one.callback_agents,
        "share_left": 1 - requirement.shrinkage,
        "parts": [(part_name(name), share) for name, share in requirement.parts],
        "decided_by": decided(one.decided_by),
    }
