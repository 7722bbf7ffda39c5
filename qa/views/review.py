"""The Focus Queue: one interaction, its sound and words, and the form beside it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, Reach, may, requires
from interactions.hearing import playable
from interactions.models import Line, Recording
from interactions.selectors import within
from interactions.showing import drawn, place
from qa import selectors
from qa.domain.live import live
from qa.models import Evaluation, ReviewTask
from qa.models.note import Visibility
from qa.selectors import evidence_drafts, own_snippets, snippets_with
from qa.selectors.measures import agent_recent
from qa.services.queueing import held_by_other
from qa.showing import evidence_state, form_of, standing, state_of
from qa.views.queue import scoring_reach
from qa.words import basis, figure, picked


@requires(Permission.SCORE)
@require_safe
def screen(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """The review in hand. One that isn't says who has it, or offers to take it."""
    now, actor = timezone.now(), principal_of(request).actor_id
    task = task_by_id(task_id, reach=scoring_reach(request))
    mine = task.state == ReviewTask.State.CLAIMED and task.holder_id == actor
    one = draft_of(task, actor) if mine else None
    if one is None:
        may_take = may(principal_of(request), Permission.TAKE_REVIEWS)
        context = {"task": task, "held": held_by_other(task, by_of(request), now), "now": now, "may_take": may_take}
        return render(request, "qa/not_in_hand.html", context)
    return render(request, "qa/review.html", shown(task, one, now) | heard(request, task, now))


def shown(task: ReviewTask, one: Evaluation, now: datetime) -> dict[str, Any]:
    """Everything the screen shows of a review and its evaluation, read and worked out."""
    notes = selectors.drafts_of(one)
    interaction = task.interaction
    recording = getattr(interaction, "recording", None)
    found = live(one.scorecard_version.content, one.answers)
    return {
        "task": task,
        "one": one,
        "interaction": interaction,
        "now": now,
        "picked": picked(task),
        "lines": list(Line.objects.filter(interaction=interaction)),
        "sections": form_of(one, notes, found),
        "standing": standing(found),
        "notes": notes,
        "visibilities": Visibility.choices,
        "sound": _sound(recording, notes) if recording else None,
        "recent": _recent(task),
        "state": state_of(one, found) | _kept(one, notes),
    }


def heard(request: HttpRequest, task: ReviewTask, now: datetime) -> dict[str, Any]:
    """Where the page finds what it needs, the sound among it, and why there is none to hear."""
    recording = getattr(task.interaction, "recording", None)
    found = playable(request, recording, now=now) if recording else None
    again = reverse("interactions:sound_again", args=[task.interaction_id])
    return {"urls": _urls(task) | {"sound": found.url if found else "", "sound_again": again}, "playable": found}


def _kept(one: Evaluation, notes: list[Any]) -> dict[str, Any]:
    """What the page keeps beside the answers: whose it is, evidence, markers, versions of notes, time and share."""
    return {
        "evaluation": str(one.pk),
        "person": str(one.evaluator_id),
        "active": one.active_seconds,
        "share": float(one.heard_share or 0),
        "evidence": [evidence_state(piece) for piece in evidence_drafts(one)],
        "markers": one.markers,
        "snippets": snippets_with(one),
        "notes": {str(note.pk): note.version for note in notes},
    }


def task_by_id(task_id: UUID, *, reach: Reach | None) -> ReviewTask:
    """The task with everything its page shows, 404 where there is none or it is about somebody out of reach."""
    related = ("interaction__queue", "interaction__reason", "interaction__recording", "agent__team", "holder", "draw")
    found = ReviewTask.objects.select_related(*related).filter(within(reach), pk=task_id).first()
    if found is None:
        raise Http404
    return found


def draft_of(task: ReviewTask, actor: UUID | None) -> Evaluation | None:
    """This person's evaluation of the task while it is a draft."""
    own = Evaluation.objects.select_related("scorecard_version").annotate(sentences=own_snippets())
    return own.filter(task=task, evaluator_id=actor, state="draft").first()


def _sound(recording: Recording, notes: list[Any]) -> dict[str, Any]:
    """The recording drawn, with marks where they lie as percentages of its length."""
    length = recording.duration_ms
    marks = [{"x": place(note.at_ms, length), "note": note} for note in notes if note.at_ms is not None]
    return {**drawn(recording), "marks": marks}


def _recent(task: ReviewTask) -> dict[str, str]:
    found = agent_recent(task.agent_id, task.interaction.business_date)
    return {"figure": figure(found), "basis": basis(found)}


def _urls(task: ReviewTask) -> dict[str, str]:
    names = ("answers", "beat", "submit", "markers", "ahead")
    urls = {name: reverse(f"qa:review_{name}", args=[task.pk]) for name in names}
    home = urls["answers"].removesuffix("answers/")
    return urls | {
        "notes": f"{home}notes/",
        "evidence": f"{home}evidence/",
        "snippets": reverse("qa:snippet", args=[1]).removesuffix("1/"),
        "here": reverse("qa:review", args=[task.pk]),
    }
