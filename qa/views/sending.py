"""What all addresses share that the review screen sends to: whose review it is, what was sent, what is refused."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from bpo.acting import principal_of
from qa.domain.scoring import AnswerError
from qa.errors import InHand, NotPossible, StaleAnswers, StaleNote
from qa.models import Evaluation, NoteDraft, ReviewTask
from qa.showing import state_of

View = Callable[..., HttpResponse]


def told(view: View) -> View:
    """Turn a refusal into what the browser can act on: 409 with the state there is, 422 naming the question."""

    @wraps(view)
    def answer(request: HttpRequest, *about: Any, **more: Any) -> HttpResponse:
        try:
            return view(request, *about, **more)
        except (StaleAnswers, StaleNote) as error:
            return stale(error)
        except AnswerError as error:
            return problem(422, "answer", error.problem, question=error.question)
        except InHand as error:
            return problem(409, "in_hand", str(error), holder=error.holder)
        except NotPossible as error:
            return problem(409 if error.field == "state" else 422, error.field, str(error))
        except (Evaluation.DoesNotExist, ReviewTask.DoesNotExist) as error:
            raise Http404 from error
        except (ValueError, TypeError) as error:
            return problem(400, "unreadable", str(error))

    return answer


def stale(error: StaleAnswers | StaleNote) -> JsonResponse:
    """409 with what another window saved."""
    if isinstance(error, StaleNote):
        return problem(409, "stale_note", _("Another window changed this note since."), theirs=noted(error.note))
    return problem(409, "stale", _("Another window saved something since."), **state_of(error.evaluation))


def problem(status: int, kind: str, text: str, **more: Any) -> JsonResponse:
    return JsonResponse({"problem": kind, "text": text, **more}, status=status)


def own_evaluation(request: HttpRequest, task_id: UUID) -> Evaluation:
    """This person's evaluation of the task, 404 where they have none."""
    found = Evaluation.objects.filter(task_id=task_id, evaluator_id=principal_of(request).actor_id).first()
    meant = request.headers.get("X-Evaluation")  # a page left open by somebody else saves nothing of theirs here
    if found is None or (meant and meant != str(found.pk)):
        raise Http404
    return found


def sent_object(request: HttpRequest) -> dict[str, Any]:
    found = json.loads(request.body)
    if not isinstance(found, dict):
        raise ValueError("An object is expected.")
    return found


def noted(note: NoteDraft) -> dict[str, Any]:
    """A note as the browser keeps it."""
    return {
        "note": str(note.pk),
        "at_ms": note.at_ms,
        "text": note.text,
        "question": note.question,
        "visibility": note.visibility,
        "version": note.version,
    }
