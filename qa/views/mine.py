"""An agent's own reviews: what they may see of them, and the word that they saw it."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from qa import selectors
from qa.models import Evaluation
from qa.services import acknowledge
from qa.views.evaluations import measure, recording_of, shown
from qa.views.sound import play

PAGE = 25


@requires(Permission.SEE_OWN_REVIEWS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """My released reviews, newest first, with my own mean of the random ones."""
    actor = principal_of(request).actor_id
    if actor is None:
        raise Http404
    page = Paginator(selectors.evaluations_of_agent(actor), PAGE).get_page(request.GET.get("page"))
    mean = selectors.agent_recent(actor, timezone.localdate())
    return render(request, "qa/mine.html", {"page": page, "mean": measure(mean), "now": timezone.now()})


@requires(Permission.SEE_OWN_REVIEWS)
@require_safe
def detail(request: HttpRequest, evaluation_id: UUID) -> HttpResponse:
    """One of my reviews, with the notes that are for me."""
    return render(request, "qa/my_review.html", shown(_own(request, evaluation_id), for_agent=True))


@requires(Permission.SEE_OWN_REVIEWS)
@require_safe
def sound(request: HttpRequest, evaluation_id: UUID) -> HttpResponseBase:
    """The sound of one of my reviewed interactions."""
    return play(request, recording_of(_own(request, evaluation_id)))


@requires(Permission.SEE_OWN_REVIEWS)
@require_POST
def seen(request: HttpRequest, evaluation_id: UUID) -> HttpResponse:
    """Acknowledge: seen, which says nothing about agreed."""
    _own(request, evaluation_id)
    acknowledge(evaluation_id=evaluation_id, by=by_of(request), now=timezone.now())
    toast(request, _("Noted that you have seen it."))
    return redirect("qa:my_review", evaluation_id)


def _own(request: HttpRequest, evaluation_id: UUID) -> Evaluation:
    """The evaluation, 404 unless it is this agent's and released."""
    found = selectors.evaluation_by_id(evaluation_id)
    actor = principal_of(request).actor_id
    if found is None or actor is None or found.agent_id != actor or found.state != Evaluation.State.RELEASED:
        raise Http404
    return found
