"""What the review screen sends while somebody scores: answers, notes, evidence, markers, signs of life."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bpo.acting import by_of
from bpo.permissions import Permission, requires
from qa.forms import EvidenceForm, NoteForm
from qa.services import (
    add_note,
    attach_evidence,
    detach_evidence,
    heartbeat,
    keep_snippet,
    mark,
    remove_note,
    save_answer,
)
from qa.services.scoring import CLEAR
from qa.showing import state_of
from qa.views.queue import check_reach
from qa.views.sending import noted, own_evaluation, problem, sent_object, told

MOST_SECONDS = 86_400


@requires(Permission.SCORE)
@require_http_methods(["PATCH"])
@told
def answers(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Save one answer: {seq, question, answer} or {seq, question, clear: true}, with active seconds and share heard."""
    sent = sent_object(request)
    one = save_answer(
        evaluation_id=own_evaluation(request, task_id).pk,
        question=str(sent["question"]),
        answer=CLEAR if sent.get("clear") else sent.get("answer"),
        seq=int(sent["seq"]),
        active_seconds=min(max(int(sent.get("active", 0)), 0), MOST_SECONDS),
        heard_share=float(sent["heard"]) if sent.get("heard") is not None else None,
        source=str(sent.get("source", "")),
        by=by_of(request),
        now=timezone.now(),
    )
    return JsonResponse(state_of(one))


@requires(Permission.SCORE)
@require_http_methods(["PUT", "DELETE"])
@told
def notes(request: HttpRequest, task_id: UUID, note_id: UUID) -> HttpResponse:
    """Write, change or take back one note."""
    one, by, now = own_evaluation(request, task_id), by_of(request), timezone.now()
    if request.method == "DELETE":
        remove_note(evaluation_id=one.pk, note_id=note_id, by=by, now=now)
        return JsonResponse({"note": None})
    form = NoteForm(sent_object(request))
    if not form.is_valid():
        return _unreadable(form)
    note = add_note(evaluation_id=one.pk, note_id=note_id, by=by, now=now, **form.cleaned_data)
    return JsonResponse(noted(note))


@requires(Permission.SCORE)
@require_http_methods(["PUT", "DELETE"])
@told
def evidence(request: HttpRequest, task_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Attach a stretch of the call to an answer or a note, or take it away."""
    one, by, now = own_evaluation(request, task_id), by_of(request), timezone.now()
    if request.method == "DELETE":
        detach_evidence(evaluation_id=one.pk, evidence_id=evidence_id, by=by, now=now)
        return JsonResponse({"evidence": None})
    form = EvidenceForm(sent_object(request))
    if not form.is_valid():
        return _unreadable(form)
    found = attach_evidence(evaluation_id=one.pk, evidence_id=evidence_id, by=by, now=now, **form.cleaned_data)
    return JsonResponse({"evidence": str(found.pk), "quote": found.quote})


@requires(Permission.SCORE)
@require_http_methods(["PUT"])
@told
def markers(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Drop one's own marker, {at_ms, on: true}, or lift it."""
    sent, one = sent_object(request), own_evaluation(request, task_id)
    on = bool(sent.get("on", True))
    kept = mark(evaluation_id=one.pk, at_ms=int(sent["at_ms"]), on=on, by=by_of(request), now=timezone.now())
    return JsonResponse({"markers": kept})


@requires(Permission.SCORE)
@require_http_methods(["PUT"])
@told
def snippets(request: HttpRequest, place: int) -> HttpResponse:
    """Lay a sentence of one's own on Alt and a number, {text}; an empty text frees the key."""
    keep_snippet(place=place, text=str(sent_object(request).get("text", "")), by=by_of(request))
    return JsonResponse({"place": place})


@requires(Permission.SCORE)
@require_POST
@told
def beat(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """A sign of life: prolong the lease."""
    check_reach(request, task_id)
    task = heartbeat(task_id=task_id, by=by_of(request), now=timezone.now())
    return JsonResponse({"lease_until": task.lease_until.isoformat() if task.lease_until else None})


def _unreadable(form: forms.Form) -> HttpResponse:
    field, problems = next(iter(form.errors.items()))
    return problem(422, field, str(problems[0]))
