"""Submitting, the review after it, and taking a submission back."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from interactions.models import Line
from qa import selectors
from qa.errors import NotPossible
from qa.models import Evaluation, EvaluationRevision, ReviewTask, ScorecardVersion
from qa.services import claim, submit, take_back
from qa.services.scoring import begin
from qa.views.queue import scoring_reach
from qa.views.review import heard, shown, task_by_id
from qa.views.sending import own_evaluation, sent_object, told
from qa.words import points


@requires(Permission.SCORE)
@never_cache
@require_safe
def ahead(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """The page of the review that would come after this one, drawn before anybody takes it. 204 where none waits.

    Nothing is claimed by looking ahead. What was drawn is shown only where submitting takes that very review in hand
    and its mark is still the same.
    """
    actor, now, reached = principal_of(request).actor_id, timezone.now(), scoring_reach(request)
    if not selectors.task_within(task_id, reach=reached):
        raise Http404
    found = selectors.next_task(actor=actor, now=now, after=task_id, reach=reached)
    if found is None or actor is None or Evaluation.objects.filter(task=found, evaluator_id=actor).exists():
        return HttpResponse(status=204)
    task = task_by_id(found.pk, reach=reached)
    version = ScorecardVersion.objects.filter(scorecard_id=task.scorecard_id).order_by("-number").first()
    if version is None:
        return HttpResponse(status=204)
    one = Evaluation(task=task, scorecard_version=version, evaluator_id=actor, interaction=task.interaction)
    context = shown(task, one, now) | heard(request, task, now)
    context["state"] |= {"mark": mark_of(task, one)}
    return render(request, "qa/review.html", context)


def mark_of(task: ReviewTask, one: Evaluation) -> str:
    """What must be the same for a page drawn ahead to be the page of the review."""
    recording = getattr(task.interaction, "recording", None)
    lines = Line.objects.filter(interaction_id=task.interaction_id).count()
    return f"{task.pk}:{one.scorecard_version_id}:{recording.pk if recording else ''}:{lines}"


@requires(Permission.SCORE)
@require_POST
@told
def send(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Submit, take the next review in hand, and say where it is.

    With {shows: true} the page goes on without being loaded anew: it is told what to say and which page drawn ahead
    may be shown.
    """
    one, by, now = own_evaluation(request, task_id), by_of(request), timezone.now()
    sent = sent_object(request)
    revision = submit(evaluation_id=one.pk, seq=int(sent["seq"]), by=by, now=now)
    undo_url, following = reverse("qa:review_undo", args=[task_id]), _following(request, task_id)
    if following is None or not sent.get("shows"):
        toast(request, _submitted(revision), undo=undo_url)
    if following is None:
        return JsonResponse({"next": reverse("qa:queue")})
    told_next = {"next": reverse("qa:review", args=[following.task_id])}
    if sent.get("shows"):
        fresh = following.started_at >= now and not following.seq
        told_next |= {"said": _submitted(revision), "undo": undo_url, "evaluation": str(following.pk)}
        told_next |= {"mark": mark_of(task_by_id(following.task_id, reach=None), following) if fresh else ""}
    return JsonResponse(told_next)


def _following(request: HttpRequest, task_id: UUID) -> Evaluation | None:
    """The next review, taken in hand; None when there is none or somebody was faster."""
    by, now = by_of(request), timezone.now()
    found = selectors.next_task(actor=by.actor_id, now=now, after=task_id, reach=scoring_reach(request))
    if found is None:
        return None
    try:
        return begin(task=claim(task_id=found.pk, by=by, now=now), by=by, now=now)
    except NotPossible:
        return None


@requires(Permission.SCORE)
@require_POST
def undo(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Take the submission back while nobody has seen it, and go on scoring."""
    try:
        take_back(evaluation_id=own_evaluation(request, task_id).pk, by=by_of(request), now=timezone.now())
    except NotPossible as error:
        toast(request, str(error), level="warning")
        return redirect("qa:queue")
    toast(request, _("Taken back. Nobody has seen it."))
    return redirect("qa:review", task_id)


def _submitted(revision: EvaluationRevision) -> str:
    about = {"name": revision.agent.display_name, "score": points(revision.final)}
    return _("Review of %(name)s submitted, %(score)s") % about
