"""Recordings for the client's own people and evaluators of a third party: with the redacted parts silent and unsaid."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.permissions import Permission, Reach, reach, requires
from interactions.hearing import playable
from interactions.models import Interaction, Line, Recording
from interactions.selectors import recordings
from interactions.showing import drawn, transcript
from interactions.views.recording_panel import timed

PAGE = 50


@requires(Permission.HEAR_REDACTED)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first, 50 a page. The number of statements does not depend on the number of rows."""
    page = Paginator(recordings(reach=_reach(request)), PAGE).get_page(request.GET.get("page"))
    return render(request, "interactions/recordings.html", {"page": page})


@requires(Permission.HEAR_REDACTED)
@require_safe
def detail(request: HttpRequest, interaction_id: UUID) -> HttpResponse:
    """One recording. What was said in a silenced stretch is on no part of the page."""
    found = _recording(request, interaction_id)
    refused = found.interaction.consent == Interaction.Consent.REFUSED
    lines = [] if refused else list(Line.objects.filter(interaction_id=interaction_id))
    context = {
        "recording": found,
        "one": found.interaction,
        "playable": playable(request, found, now=timezone.now()),
        "sound": drawn(found),
        "lines": [timed(line) for line in transcript(found, lines, whole=False)],
    }
    return render(request, "interactions/recording.html", context)


def _reach(request: HttpRequest) -> Reach | None:
    return reach(principal_of(request), Permission.HEAR_REDACTED)


def _recording(request: HttpRequest, interaction_id: UUID) -> Recording:
    found = recordings(reach=_reach(request)).filter(interaction_id=interaction_id).first()
    if found is None:
        raise Http404
    return found
