"""Showing an evaluation to its agent, and keeping that it was seen."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.notices.services import tell
from bpo.webhooks.services import announce
from qa.errors import NotPossible
from qa.models import Acknowledgement, Evaluation, EvaluationRevision, Release

NOTICE = "review_released"
RELEASED: Final = "evaluation.released"
AUTO_FAILED: Final = "evaluation.auto_failed"


def release(*, revision_id: UUID, by: By, now: datetime) -> Release | None:
    """Show a submitted evaluation to its agent and tell them. Once; None where it was taken back meanwhile."""
    with transaction.atomic():
        one = Evaluation.objects.select_for_update(of=("self",)).filter(current=revision_id).first()
        if one is None:
            return None
        known = Release.objects.filter(revision=revision_id).first()
        if known is not None:
            return known
        found = Release.objects.create(revision_id=revision_id, released_at=now, released_by_id=by.actor_id)
        Evaluation.objects.filter(pk=one.pk).update(state=Evaluation.State.RELEASED)
        record(action="qa.released", target=one, by=by, now=now, detail={"revision": str(revision_id)})
        _announce(found.revision_id, now)
        tell(
            actor_id=one.agent_id,
            kind=NOTICE,
            text=_("One of your interactions was reviewed."),
            path=reverse("qa:my_review", args=[one.pk]),
            dedupe_key=f"review:{revision_id}",
            now=now,
        )
    return found


def _announce(revision_id: UUID, now: datetime) -> None:
    """Tell other systems of a release, and of one that an auto-fail decided."""
    revision = EvaluationRevision.objects.select_related(
        "agent", "queue", "scorecard_version__scorecard"
    ).get(pk=revision_id)  # fmt: skip
    data = figures(revision, now)
    for event in (RELEASED, AUTO_FAILED)[: 2 if revision.triggers else 1]:
        announce(event=event, event_id=uuid5(revision.pk, event), data=data, now=now)


def figures(revision: EvaluationRevision, released_at: datetime) -> dict[str, Any]:
    """What may leave of an evaluation: ids, figures, and the agent's pseudonym."""
    return {
        "evaluation": str(revision.evaluation_id),
        "interaction": str(revision.interaction_id),
        "queue": revision.queue.key,
        "agent": str(revision.agent_id),
        "agent_pseudonym": revision.agent.pseudonym,
        "business_date": revision.business_date.isoformat(),
        "picked": revision.picked,
        "scorecard": revision.scorecard_version.scorecard.key,
        "scorecard_version": revision.scorecard_version.number,
        "raw": None if revision.raw is None else str(revision.raw),
        "final": None if revision.final is None else str(revision.final),
        "outcome": revision.outcome,
        "triggers": revision.triggers,
        "critical_error": revision.critical_error,
        "released_at": released_at.isoformat(),
    }


def acknowledge(*, evaluation_id: UUID, by: By, now: datetime) -> Acknowledgement:
    """Keep that the agent has seen their evaluation, which says nothing about agreeing. Again changes nothing.

    Raises Evaluation.DoesNotExist for another person's, NotPossible where it isn't released.
    """
    with transaction.atomic():
        one = Evaluation.objects.select_for_update(of=("self",)).get(pk=evaluation_id, agent_id=by.actor_id)
        shown = Release.objects.filter(revision=one.current_id).first()
        if shown is None:
            raise NotPossible("state", _("This review isn't released."), _("Wait until it is."))
        known = Acknowledgement.objects.filter(release=shown).first()
        if known is not None:
            return known
        found = Acknowledgement.objects.create(release=shown, agent_id=one.agent_id, seen_at=now)
        record(action="qa.acknowledged", target=one, by=by, now=now)
    return found
