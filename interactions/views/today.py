"""An agent's own places: today, put together by the apps above, and me."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.notices.selectors import preferences_of
from bpo.permissions import Permission, requires
from bpo.roles import ROLES
from bpo.slots import Panel, agent_home


@requires(Permission.SEE_HOME)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What the day holds for whoever looks: one card from each app that has something to say."""
    principal = principal_of(request)
    cards = agent_home.collect(Panel(principal.actor_id, principal)) if principal.actor_id else []
    context = {
        "cards": [mark_safe(card) for card in cards],  # noqa: S308 - rendered by templates, which escape
        "now": timezone.now(),
    }
    return render(request, "interactions/today.html", context)


@requires(Permission.SEE_HOME)
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Who one is here, how the product looks and tells, and the way out."""
    principal = principal_of(request)
    roles = [ROLES[key] for key in sorted(principal.roles) if key in ROLES]
    wishes = preferences_of(principal.actor_id) if principal.actor_id else []
    return render(request, "interactions/me.html", {"principal": principal, "roles": roles, "wishes": wishes})
