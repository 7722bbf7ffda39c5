"""What the review screen sends while somebody scores: answers, notes, signs of life, the submission."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from qa import selectors
from qa.domain.scoring import AnswerError
from qa.errors import InHand, NotPossible, StaleAnswers
from qa.forms import NoteForm
from qa.models import Evaluation, EvaluationRevision, ReviewTask
from qa.services import add_note, claim, heartbeat, remove_note, save_answer, submit, take_back
from qa.services.scoring import CLEAR, begin
from qa.showing import state_of
from qa.views.queue import check_reach, scoring_reach
from qa.words import points

View = Callable[..., HttpResponse]
MOST_SECONDS = 86_400


def told(view: View) -> View:
    """Turn a refusal into what the browser can act on: 409 with the state there is, 422 naming the question."""

    @wraps(view)
    def answer(request: HttpRequest, task_id: UUID, **more: Any) -> HttpResponse:
        try:
            return view(request, task_id, **more)
        except StaleAnswers as error:
            state = state_of(error.evaluation)
            return _problem(409, "stale", _("Another window saved something since."), **state)
        except AnswerError as error:
            return _problem(422, "answer", error.problem, question=error.question)
        except InHand as error:
            return _problem(409, "in_hand", str(error), holder=error.holder)
        except NotPossible as error:
            return _problem(409 if error.field == "state" else 422, error.field, str(error))
        except (Evaluation.DoesNotExist, ReviewTask.DoesNotExist) as error:
            raise Http404 from error
        except (ValueError, TypeError) as error:
            return _problem(400, "unreadable", str(error))

    return answer


def _problem(status: int, kind: str, text: str, **more: Any) -> JsonResponse:
    return JsonResponse({"problem": kind, "text": text, **more}, status=status)


@requires(Permission.SCORE)
@require_http_methods(["PATCH"])
@told
def answers(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Save one answer: {seq, question, answer} or {seq, question, clear: true}, with active seconds and share heard."""
    sent = _sent(request)
    one = save_answer(
        evaluation_id=_own(request, task_id).pk,
        question=str(sent["question"]),
        answer=CLEAR if sent.get("clear") else sent.get("answer"),
        seq=int(sent["seq"]),
        active_seconds=min(max(int(sent.get("active", 0)), 0), MOST_SECONDS),
        heard_share=float(sent["heard"]) if sent.get("heard") is not None else None,
        by=by_of(request),
        now=timezone.now(),
    )
    return JsonResponse(state_of(one))


@requires(Permission.SCORE)
@require_http_methods(["PUT", "DELETE"])
@told
def notes(request: HttpRequest, task_id: UUID, note_id: UUID) -> HttpResponse:
    """Write, change or take back one note."""
    one, by, now = _own(request, task_id), by_of(request), timezone.now()
    if request.method == "DELETE":
        remove_note(evaluation_id=one.pk, note_id=note_id, by=by, now=now)
        return JsonResponse({"note": None})
    form = NoteForm(_sent(request))
    if not form.is_valid():
        field, problems = next(iter(form.errors.items()))
        return _problem(422, field, str(problems[0]))
    given = form.cleaned_data
    note = add_note(evaluation_id=one.pk, note_id=note_id, by=by, now=now, **given)
    return JsonResponse({"note": str(note.pk), "at_ms": note.at_ms, "text": note.text, "question": note.question})


@requires(Permission.SCORE)
@require_POST
@told
def beat(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """A sign of life: prolong the lease."""
    check_reach(request, task_id)
    task = heartbeat(task_id=task_id, by=by_of(request), now=timezone.now())
    return JsonResponse({"lease_until": task.lease_until.isoformat() if task.lease_until else None})


@requires(Permission.SCORE)
@require_POST
@told
def send(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Submit, take the next review in hand, and say where it is."""
    one, by, now = _own(request, task_id), by_of(request), timezone.now()
    revision = submit(evaluation_id=one.pk, seq=int(_sent(request)["seq"]), by=by, now=now)
    toast(request, _submitted(revision), undo=reverse("qa:review_undo", args=[task_id]))
    return JsonResponse({"next": _following(request, task_id)})


def _following(request: HttpRequest, task_id: UUID) -> str:
    """Where to go on: the next review, taken in hand, or the queue when there is none or somebody was faster."""
    by, now = by_of(request), timezone.now()
    found = selectors.next_task(actor=by.actor_id, now=now, after=task_id, reach=scoring_reach(request))
    if found is None:
        return reverse("qa:queue")
    try:
        begin(task=claim(task_id=found.pk, by=by, now=now), by=by, now=now)
    except NotPossible:
        return reverse("qa:queue")
    return reverse("qa:review", args=[found.pk])


@requires(Permission.SCORE)
@require_POST
def undo(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Take the submission back while nobody has seen it, and go on scoring."""
    try:
        take_back(evaluation_id=_own(request, task_id).pk, by=by_of(request), now=timezone.now())
    except NotPossible as error:
        toast(request, str(error), level="warning")
        return redirect("qa:queue")
    toast(request, _("Taken back. Nobody has seen it."))
    return redirect("qa:review", task_id)


def _own(request: HttpRequest, task_id: UUID) -> Evaluation:
    """This person's evaluation of the task, 404 where they have none."""
    found = Evaluation.objects.filter(task_id=task_id, evaluator_id=principal_of(request).actor_id).first()
    if found is None:
        raise Http404
    return found


def _sent(request: HttpRequest) -> dict[str, Any]:
    found = json.loads(request.body)
    if not isinstance(found, dict):
        raise ValueError("An object is expected.")
    return found


def _submitted(revision: EvaluationRevision) -> str:
    about = {"name": revision.agent.display_name, "score": points(revision.final)}
    return _("Review of %(name)s submitted, %(score)s") % about
