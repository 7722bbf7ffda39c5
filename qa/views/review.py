"""The Focus Queue: one interaction, its sound and words, and the form beside it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, Reach, reach, requires
from interactions.models import Line, Recording
from interactions.selectors import within
from qa.domain.live import live
from qa.domain.waveform import draw, ticks
from qa.models import Evaluation, ReviewTask
from qa.models.note import Visibility
from qa.selectors.measures import agent_recent
from qa.services.queueing import held_by_other
from qa.showing import form_of, standing, state_of
from qa.views.queue import scoring_reach
from qa.views.sound import play
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
        context = {"task": task, "held": held_by_other(task, by_of(request), now), "now": now}
        return render(request, "qa/not_in_hand.html", context)
    return render(request, "qa/review.html", shown(task, one, now))


def shown(task: ReviewTask, one: Evaluation, now: datetime) -> dict[str, Any]:
    """Everything the screen shows of a review and its evaluation, read and worked out."""
    notes = list(one.note_drafts.all())
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
        "state": state_of(one, found) | {"evaluation": str(one.pk), "active": one.active_seconds},
        "urls": _urls(task),
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
    own = Evaluation.objects.select_related("scorecard_version").prefetch_related("note_drafts")
    return own.filter(task=task, evaluator_id=actor, state="draft").first()


def _sound(recording: Recording, notes: list[Any]) -> dict[str, Any]:
    """The recording drawn, with marks where they lie as percentages of its length."""
    length = recording.duration_ms

    def at(ms: int) -> str:
        return f"{min(max(ms / length, 0), 1) * 100:.3f}%"

    gaps = [
        {"x": at(gap["from_ms"]), "width": at(gap["to_ms"] - gap["from_ms"]), **gap} for gap in recording.redactions
    ]
    wave = draw(recording.peaks)
    skips = [*wave.silences, *((gap["from_ms"], gap["to_ms"]) for gap in recording.redactions)]
    return {
        "wave": wave,
        "length_ms": length,
        "seconds": length / 1000,
        "longest": wave.longest_silence_ms / 1000,
        "gaps": gaps,
        "ticks": [_tick(second, at(second * 1000), length) for second in ticks(length)],
        "marks": [{"x": at(note.at_ms), "note": note} for note in notes if note.at_ms is not None],
        "skips": sorted(skips),
    }


def _tick(second: int, x: str, length: int) -> dict[str, Any]:
    """A mark of the time axis; its label stays inside at both ends."""
    share = second * 1000 / length
    anchor = "start" if not second else "end" if share > 0.97 else "middle"
    return {"x": x, "seconds": second, "anchor": anchor}


def _recent(task: ReviewTask) -> dict[str, str]:
    found = agent_recent(task.agent_id, task.interaction.business_date)
    return {"figure": figure(found), "basis": basis(found)}


def _urls(task: ReviewTask) -> dict[str, str]:
    names = ("answers", "beat", "submit", "sound")
    urls = {name: reverse(f"qa:review_{name}", args=[task.pk]) for name in names}
    return urls | {"notes": urls["answers"].replace("/answers/", "/notes/")}


@requires(Permission.PLAY_RECORDINGS)
@require_safe
def sound(request: HttpRequest, task_id: UUID) -> HttpResponseBase:
    """The sound of the interaction under review."""
    heard = within(reach(principal_of(request), Permission.PLAY_RECORDINGS), "interaction__agent")
    about = Recording.objects.select_related("file").filter(heard, interaction__review_tasks__pk=task_id)
    found = about.first()
    return play(request, found)
