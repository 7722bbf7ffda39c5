"""Answers and notes while an interaction is scored. Each is saved at once; none is lost to a second window."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.cards import masked_all
from qa.domain.content import Question, questions
from qa.domain.scoring import AnswerError
from qa.errors import NotPossible, StaleAnswers, StaleNote
from qa.models import Evaluation, NoteDraft, ReviewTask, ScorecardVersion
from qa.models.evaluation import BULK
from qa.models.note import Visibility
from qa.services.queueing import LEASE, check_may_score, held_by_other, in_hand, locked

CLEAR: Final = "__clear__"
MOST_NOTES: Final = 50


def begin(*, task: ReviewTask, by: By, now: datetime) -> Evaluation:
    """This actor's evaluation of a task in hand; the first time with the newest version of its scorecard.

    Raises NotPossible where the scorecard was never published.
    """
    own = Evaluation.objects.select_related("scorecard_version").filter(task=task, evaluator_id=by.actor_id)
    known = own.first()
    if known is not None:
        return known
    version = ScorecardVersion.objects.filter(scorecard_id=task.scorecard_id).order_by("-number").first()
    if version is None:
        raise NotPossible("scorecard", _("This scorecard was never published."), _("Publish it first."))
    values = {
        "interaction_id": task.interaction_id,
        "scorecard_id": task.scorecard_id,
        "scorecard_version": version,
        "agent_id": task.agent_id,
        "started_at": now,
        "saved_at": now,
    }
    return Evaluation.objects.get_or_create(task=task, evaluator_id=by.actor_id, defaults=values)[0]


def save_answer(
    *,
    evaluation_id: UUID,
    question: str,
    answer: Any,
    seq: int,
    by: By,
    now: datetime,
    active_seconds: int = 0,
    heard_share: float | None = None,
    source: str = "",
) -> Evaluation:
    """Save one answer as change `seq` of this evaluation; the next after the one saved last.

    `answer` is an option's key, a list of keys, a number, None for N/A, or CLEAR to take the answer back. `source` is
    BULK where it was passed with the rest of its section. A change sent twice is saved once. Raises StaleAnswers where another window saved something since, AnswerError for what the
    question doesn't take, InHand or NotPossible where the review is no longer in hand, Evaluation.DoesNotExist.
    """
    with transaction.atomic():
        one = working(evaluation_id, by, now)
        asked = question_of(one, question)
        _check(asked, answer)
        _check_source(asked, source)
        same = one.answers.get(question, CLEAR) == answer
        if seq != one.seq + 1 and not (same and seq <= one.seq):
            raise StaleAnswers(one, sent=seq)
        if seq == one.seq + 1:
            _put(one, question, answer, source)
            one.seq = seq
        one.active_seconds = max(one.active_seconds, active_seconds)
        if heard_share is not None:
            one.heard_share = max(one.heard_share or Decimal(0), Decimal(str(min(max(heard_share, 0.0), 1.0))))
        one.saved_at = now
        one.save(update_fields=["answers", "sources", "seq", "active_seconds", "heard_share", "saved_at"])
    return one


def add_note(
    *,
    evaluation_id: UUID,
    note_id: UUID,
    text: str,
    by: By,
    now: datetime,
    at_ms: int | None = None,
    question: str = "",
    visibility: str = Visibility.AGENT,
    version: int | None = None,
) -> NoteDraft:
    """Write or change a note of an evaluation being scored. The browser names it, so a resend is the same note.

    `version` is the one it was changed from, 0 for a new note, None not to ask. Raises NotPossible for an empty text,
    a strange question or visibility, or too many; StaleNote where another window changed it since; InHand as
    `save_answer`.
    """
    words = text.strip()
    if not words:
        raise NotPossible("text", _("The note is empty."), _("Write it, or press Esc."))
    if visibility not in Visibility.values:
        raise NotPossible("visibility", _("Nobody is called that."), _("Choose who sees the note."))
    with transaction.atomic():
        one = working(evaluation_id, by, now)
        if question:
            question_of(one, question)
        known = _draft(one, note_id)
        said = (masked_all(words[:2000]), visibility)
        if known is not None and version is not None and version != known.version:
            if said == (known.text, known.visibility):
                return known
            raise StaleNote(known)
        values: dict[str, Any] = {
            "at_ms": at_ms,
            "question": question,
            "text": words[:2000],
            "visibility": visibility,
            "saved_at": now,
        }
        values |= {"evaluation": one, "version": known.version + 1 if known else 1}
        return NoteDraft.objects.update_or_create(pk=note_id, defaults=values)[0]


def _draft(one: Evaluation, note_id: UUID) -> NoteDraft | None:
    """The note of that name, None for a new one. NotPossible where it is another review's, or there are too many."""
    if NoteDraft.objects.filter(evaluation=one).exclude(pk=note_id).count() >= MOST_NOTES:
        raise NotPossible("text", _("There are %(n)s notes already.") % {"n": MOST_NOTES}, _("Change one of them."))
    known = NoteDraft.objects.filter(pk=note_id).first()
    if known is not None and known.evaluation_id != one.pk:
        raise NotPossible("note", _("That note belongs to another review."), _("Write a new one."))
    return known


def remove_note(*, evaluation_id: UUID, note_id: UUID, by: By, now: datetime) -> None:
    """Take back a note of an evaluation being scored; one that isn't there is no error."""
    with transaction.atomic():
        NoteDraft.objects.filter(evaluation=working(evaluation_id, by, now), pk=note_id).delete()


def working(evaluation_id: UUID, by: By, now: datetime) -> Evaluation:
    """The evaluation, locked, with its lease prolonged. Raises unless it is one's own, a draft, and in hand."""
    one = Evaluation.objects.select_related("scorecard_version").get(pk=evaluation_id, evaluator_id=by.actor_id)
    task = locked(one.task_id)
    check_may_score(task, by)
    if held_by_other(task, by, now):
        raise in_hand(task)
    one = Evaluation.objects.select_for_update(of=("self",)).select_related("scorecard_version").get(pk=one.pk)
    if one.state != Evaluation.State.DRAFT or task.state in (ReviewTask.State.DONE, ReviewTask.State.SKIPPED):
        raise NotPossible("state", _("This review is closed."), _("Open the next one in the queue."))
    ReviewTask.objects.filter(pk=task.pk).update(
        state=ReviewTask.State.CLAIMED, holder_id=by.actor_id, lease_until=now + LEASE
    )
    return one


def _put(one: Evaluation, question: str, answer: Any, source: str) -> None:
    one.sources.pop(question, None)
    if source:
        one.sources[question] = source
    if answer == CLEAR:
        one.answers.pop(question, None)
    else:
        one.answers[question] = answer


def question_of(one: Evaluation, key: str) -> Question:
    """The question of an evaluation's form. Raises AnswerError where it has none of that name."""
    for question in questions(one.scorecard_version.content):
        if question.key == key:
            return question
    raise AnswerError(key, "is no question of the form")


def _check_source(question: Question, source: str) -> None:
    """Raise AnswerError for a way of answering there isn't, or one this question doesn't allow."""
    if source not in ("", BULK):
        raise AnswerError(question.key, f"can't be answered by {source!r}")
    if source == BULK and (question.critical or question.autofail):
        raise AnswerError(question.key, "is critical and can't be passed with the rest of its section")


def _check(question: Question, answer: Any) -> None:
    """Raise AnswerError for what this question never takes; ranges are the engine's, when it scores."""
    if answer == CLEAR:
        return
    if answer is None:
        if not question.allow_na:
            raise AnswerError(question.key, "can't be N/A")
        return
    known = {key for key, _label in question.options}
    given = answer if question.kind == "multi" else [answer]
    if question.kind == "number":
        if isinstance(answer, bool) or not isinstance(answer, int | float):
            raise AnswerError(question.key, f"{answer!r} is not a number")
    elif not isinstance(given, list) or not all(isinstance(one, str) and one in known for one in given):
        raise AnswerError(question.key, f"{answer!r} is none of its options")
