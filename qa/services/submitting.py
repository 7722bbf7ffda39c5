"""Submitting an evaluation: a frozen revision with its notes, shown to the agent after a short grace."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.outbox.services import enqueue
from interactions.models import Actor, Interaction
from qa.domain.content import critical_errors, visible
from qa.domain.live import whole
from qa.domain.scoring import ENGINE_VERSION, Score
from qa.errors import NotPossible, StaleAnswers
from qa.models import Evaluation, EvaluationRevision, Note, Release, ReviewTask
from qa.selectors.notes import drafts_of
from qa.services.evidence import freeze_evidence
from qa.services.queueing import close, locked, reopen
from qa.services.scoring import working

GRACE: Final = timedelta(seconds=10)  # to take a submission back; the agent sees it only then


def submit(*, evaluation_id: UUID, seq: int, by: By, now: datetime) -> EvaluationRevision:
    """Freeze the answers, score and notes as they stand, close the task, and release after the grace.

    `seq` is the last change the caller knows to be saved. Raises AnswerError naming the first question without an
    answer, StaleAnswers where more was saved than that, InHand or NotPossible as `save_answer`.
    """
    with transaction.atomic():
        one = working(evaluation_id, by, now)
        if seq != one.seq:
            raise StaleAnswers(one, sent=seq)
        task = locked(one.task_id)
        revision = _freeze(one, task, whole(one.scorecard_version.content, one.answers), now)
        one.state, one.current, one.saved_at = Evaluation.State.SUBMITTED, revision, now
        one.save(update_fields=["state", "current", "saved_at"])
        freeze_evidence(one, _freeze_notes(one, revision, now))
        close(task)
        detail = {"seq": revision.seq, "outcome": revision.outcome}
        record(action="qa.submitted", target=one, by=by, now=now, detail=detail)
        enqueue(
            kind="qa.release",
            dedupe_key=f"release:{revision.pk}",
            payload={"revision_id": str(revision.pk)},
            run_at=now + GRACE,
        )
    return revision


def take_back(*, evaluation_id: UUID, by: By, now: datetime) -> Evaluation:
    """Take one's submission back while the agent hasn't seen it; answers and notes are drafts again.

    The frozen revision stays and stands for nothing. Raises NotPossible once released or where nothing is submitted,
    Evaluation.DoesNotExist.
    """
    with transaction.atomic():
        one = Evaluation.objects.select_for_update(of=("self",)).get(pk=evaluation_id, evaluator_id=by.actor_id)
        if one.state == Evaluation.State.RELEASED or Release.objects.filter(revision=one.current_id).exists():
            raise NotPossible("state", _("The agent has it already."), _("Open the evaluation instead."))
        if one.state != Evaluation.State.SUBMITTED:
            raise NotPossible("state", _("Nothing is submitted."), _("Go on scoring."))
        taken = str(one.current_id)
        one.state, one.current = Evaluation.State.DRAFT, None
        one.save(update_fields=["state", "current"])
        reopen(locked(one.task_id), now)
        record(action="qa.taken_back", target=one, by=by, now=now, detail={"revision": taken})
    return one


def _freeze(one: Evaluation, task: ReviewTask, found: Score, now: datetime) -> EvaluationRevision:
    number = one.revisions.count() + 1
    content = one.scorecard_version.content
    about = Interaction.objects.only("queue_id", "business_date").get(pk=one.interaction_id)
    shown = set(visible(content, one.answers))
    asked, wrong = critical_errors(content, one.answers)
    return EvaluationRevision.objects.create(
        evaluation=one,
        seq=number,
        cause=EvaluationRevision.Cause.SUBMIT if number == 1 else EvaluationRevision.Cause.RESUBMIT,
        scorecard_version=one.scorecard_version,
        interaction_id=one.interaction_id,
        queue_id=about.queue_id,
        agent_id=one.agent_id,
        evaluator_id=one.evaluator_id,
        team_id=Actor.objects.values_list("team_id", flat=True).get(pk=one.agent_id),
        picked=task.picked,
        business_date=about.business_date,
        answers={key: value for key, value in one.answers.items() if key in shown},
        sources={key: value for key, value in one.sources.items() if key in shown},
        critical_asked=bool(asked),
        critical_error=bool(wrong),
        submitted_at=now,
        active_seconds=one.active_seconds,
        heard_share=one.heard_share,
        **result_fields(found),
    )


def _freeze_notes(one: Evaluation, revision: EvaluationRevision, now: datetime) -> list[tuple[UUID, Note]]:
    """The notes as given, each with the id of its draft."""
    drafts = drafts_of(one)
    given = [
        Note(
            revision=revision,
            interaction_id=one.interaction_id,
            agent_id=one.agent_id,
            author_id=one.evaluator_id,
            at_ms=draft.at_ms,
            question=draft.question,
            text=draft.text,
            visibility=draft.visibility,
            given_at=now,
        )
        for draft in drafts
    ]
    Note.objects.bulk_create(given)
    return [(draft.pk, note) for draft, note in zip(drafts, given, strict=True)]


def result_fields(found: Score) -> dict[str, Any]:
    """A score as the columns of a revision."""
    return {
        "engine": str(ENGINE_VERSION),
        "raw": found.raw,
        "uncapped": found.uncapped,
        "final": found.final,
        "outcome": found.outcome,
        "triggers": list(found.triggers),
        "sections": [
            [key, None if value is None else str(value), str(weight)] for key, value, weight in found.sections
        ],
    }
