"""Evaluations for leads: the list with its figures, one as it stands, and what agents were told."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.permissions import Permission, Reach, may, reach, requires
from interactions.hearing import playable, recording_of
from qa import selectors
from qa.analysis import measure, share
from qa.domain.content import sections
from qa.forms import EvaluationsForm
from qa.models import Evaluation, EvaluationRevision, Evidence
from qa.models.evaluation import BULK
from qa.selectors.measures import RECENT
from qa.selectors.notes import Audience, Said
from qa.showing import answer_words
from qa.words import DEFINITIONS, OUTCOMES

PAGE = 50


def _reach(request: HttpRequest) -> Reach | None:
    return reach(principal_of(request), Permission.SEE_EVALUATIONS)


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first, with what four weeks of random ones say."""
    form = EvaluationsForm(request.GET)
    page = Paginator(form.narrow(selectors.evaluations(reach=_reach(request))), PAGE).get_page(request.GET.get("page"))
    end = timezone.localdate() + timedelta(days=1)
    start = end - RECENT
    critical, passed = selectors.critical_accuracy(start, end), selectors.pass_rate(start, end)
    context = {
        "page": page,
        "form": form,
        "filtered": form.filtered,
        "mean": measure(selectors.mean_score(start, end), code="QA-MEAN"),
        "critical": share(critical, code="QA-CRIT"),
        "passed": share(passed, code="QA-PASS"),
    }
    return render(request, "qa/evaluations.html", context)


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def detail(request: HttpRequest, evaluation_id: UUID) -> HttpResponse:
    found = selectors.evaluation_by_id(evaluation_id, reach=_reach(request))
    if found is None:
        raise Http404
    audience = selectors.for_team(principal_of(request), now=timezone.now())
    coaches = may(principal_of(request), Permission.COACH) and found.agent_id != audience.actor
    return render(
        request,
        "qa/evaluation.html",
        shown(found, audience) | heard(request, found.interaction_id) | {"may_coach": coaches},
    )


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def definition(request: HttpRequest, key: str) -> HttpResponse:
    """What one figure counts and what it leaves out, for the side panel."""
    if key not in DEFINITIONS:
        raise Http404
    return render(request, "qa/measure.html", {"figure": DEFINITIONS[key], "name": f"qa-{key}"})


def shown(found: Evaluation, audience: Audience) -> dict[str, Any]:
    """One evaluation as a page of its staff shows it, with the notes that are for this audience."""
    revision = found.current
    assert revision is not None  # noqa: S101 - the selector gives submitted ones, the database keeps it so
    said = selectors.notes_of(found, audience)
    evidence = selectors.evidence_of(found, [note.id for note in said])
    said = [_resting(note, evidence) for note in said]
    label, tone = OUTCOMES[revision.outcome]
    release = getattr(revision, "release", None)
    return {
        "one": found,
        "revision": revision,
        "interaction": found.interaction,
        "parts": parts_of(revision, said, evidence),
        "general": [note for note in said if not note.question],
        "outcome": label,
        "tone": tone,
        "released": release,
        "seen": getattr(release, "acknowledgement", None),
    }


def _resting(note: Said, evidence: Iterable[Evidence]) -> Said:
    """The note with the evidence it rests on."""
    return replace(note, evidence=tuple(piece for piece in evidence if piece.note_id == note.id))


def parts_of(revision: EvaluationRevision, said: list[Said], evidence: Iterable[Evidence] = ()) -> list[dict[str, Any]]:
    """The sections of a form with each answer in words, the notes on it and what it rests on."""
    content = revision.scorecard_version.content
    scores = {key: value for key, value, _weight in revision.sections}
    words = answer_words(content, revision.answers)
    parts = []
    for section in sections(content):
        rows = [
            {
                "question": question,
                "answer": text or _("N/A"),
                "good": good,
                "na": not text,
                "trigger": question.key in revision.triggers,
                "bulk": revision.sources.get(question.key) == BULK,
                "evidence": [piece for piece in evidence if piece.question == question.key],
                "notes": [note for note in said if note.question == question.key],
            }
            for question, text, good in words
            if question.section == section.key
        ]
        parts.append({"section": section, "score": scores.get(section.key), "rows": rows})
    return parts


def heard(request: HttpRequest, interaction_id: UUID) -> dict[str, Any]:
    """The sound of an interaction, for who may hear it."""
    recording = recording_of(interaction_id)
    if recording is None:
        return {}
    return {
        "recording": playable(request, recording, now=timezone.now()),
        "again": reverse("interactions:sound_again", args=[interaction_id]),
    }


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def coaching(request: HttpRequest) -> HttpResponse:
    """What was said to agents, and what they haven't seen yet."""
    now = timezone.now()
    audience = selectors.for_team(principal_of(request), now=now)
    page = Paginator(selectors.coaching_notes(audience), PAGE).get_page(request.GET.get("page"))
    replies = selectors.replies_count(audience, [note.pk for note in page])
    rows = [(note, replies.get(note.pk, 0)) for note in page]
    unseen = list(selectors.unacknowledged(reach=_reach(request))[:PAGE])
    return render(request, "qa/coaching.html", {"page": page, "rows": rows, "unseen": unseen, "now": now})
