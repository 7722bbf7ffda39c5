"""An agent's own reviews: what they may see of them, the word that they saw it, and their answers to notes."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
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
from qa import selectors
from qa.analysis import measure
from qa.forms import ReplyForm
from qa.models import Evaluation, Note
from qa.selectors.articles import of_questions
from qa.selectors.notes import Audience
from qa.services import acknowledge
from qa.views.evaluations import heard, shown
from qa.views.notes import answered, fresh_reply
from qa.words import middle

PAGE = 25
MOST_LOOSE = 10  # notes of no review beside the list; older ones are in their notices


@requires(Permission.SEE_OWN_REVIEWS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """My released reviews, newest first, with my own mean of the random ones, and notes that came by themselves."""
    actor = principal_of(request).actor_id
    if actor is None:
        raise Http404
    page = Paginator(selectors.evaluations_of_agent(actor), PAGE).get_page(request.GET.get("page"))
    loose = selectors.loose_notes(_audience(request))[:MOST_LOOSE] if page.number == 1 else []
    context = {"page": page, "loose": list(loose), "now": timezone.now(), **_compared(actor)}
    return render(request, "qa/mine.html", context)


@requires(Permission.SEE_OWN_REVIEWS)
@require_safe
def detail(request: HttpRequest, evaluation_id: UUID) -> HttpResponse:
    """One of my reviews, with the notes that are for me."""
    found = _own(request, evaluation_id)
    context = {"now": timezone.now(), **shown(found, _audience(request)), **_compared(found.agent_id)}
    if may(principal_of(request), Permission.SEE_KNOWLEDGE):
        context["knowledge"] = _knowledge(found, context)
    return render(request, "qa/my_review.html", context | heard(request, found.interaction_id))


def _knowledge(one: Evaluation, context: dict[str, Any]) -> list[dict[str, Any]]:
    """Live articles about the questions that were answered with less than the best, in the order of the form."""
    lowered = {
        row["question"].key: row["question"]
        for part in context["parts"]
        for row in part["rows"]
        if not row["good"] and not row["na"]
    }
    if not lowered:
        return []
    links = of_questions([(one.scorecard_id, key) for key in lowered])
    rows = [{"question": lowered[link.question], "article": link.article} for link in links]
    return sorted(rows, key=lambda row: row["question"].number)


@requires(Permission.SEE_OWN_REVIEWS)
@require_POST
def seen(request: HttpRequest, evaluation_id: UUID) -> HttpResponse:
    """Acknowledge: seen, which says nothing about agreed."""
    _own(request, evaluation_id)
    acknowledge(evaluation_id=evaluation_id, by=by_of(request), now=timezone.now())
    toast(request, _("Noted that you have seen it."))
    return redirect("qa:my_review", evaluation_id)


@requires(Permission.SEE_OWN_REVIEWS)
@require_safe
def note(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """One note for me, with its thread."""
    return _note_page(request, _my_note(request, note_id), fresh_reply(note_id))


@requires(Permission.SEE_OWN_REVIEWS)
@require_POST
def answer(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Answer a note; its author is told. One written on the page of a review leads back to it."""
    found = _my_note(request, note_id)
    form = answered(request, note_id)
    if form.errors:
        return _note_page(request, found, form, status=422)
    standing = found.revision.standing if found.revision else None
    place = reverse("qa:my_review", args=[standing.pk]) if standing else reverse("qa:my_note", args=[note_id])
    return redirect(f"{place}#note-{note_id}")


def _note_page(request: HttpRequest, found: Note, form: ReplyForm, status: int = 200) -> HttpResponse:
    audience = _audience(request)
    [said] = selectors.said(selectors.notes_for(audience).filter(pk=found.pk), audience)
    context = {
        "note": said,
        "form": form,
        "interaction": found.interaction,
        "review": found.revision.standing if found.revision else None,
        **heard(request, found.interaction_id),
        "now": timezone.now(),
    }
    return render(request, "qa/my_note.html", context, status=status)


def _compared(actor: UUID) -> dict[str, Any]:
    """My own mean of the random ones, and the median of my team, each with what it is made of."""
    today = timezone.localdate()
    team = Actor.objects.values_list("team_id", flat=True).filter(pk=actor).first()
    return {"mean": measure(selectors.agent_recent(actor, today)), "median": middle(selectors.team_median(team, today))}


def _audience(request: HttpRequest) -> Audience:
    return selectors.for_agent(principal_of(request), now=timezone.now())


def _my_note(request: HttpRequest, note_id: UUID) -> Note:
    found = selectors.note_for(_audience(request), note_id)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, evaluation_id: UUID) -> Evaluation:
    """The evaluation, 404 unless it is this agent's and released."""
    found = selectors.evaluation_by_id(evaluation_id)
    actor = principal_of(request).actor_id
    if found is None or actor is None or found.agent_id != actor or found.state != Evaluation.State.RELEASED:
        raise Http404
    return found
