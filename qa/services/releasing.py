"""Showing an evaluation to its agent, and keeping that it was seen."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.notices.services import tell
from qa.errors import NotPossible
from qa.models import Acknowledgement, Evaluation, Release

NOTICE = "review_released"


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
        tell(
            actor_id=one.agent_id,
            kind=NOTICE,
            text=_("One of your interactions was reviewed."),
            path=reverse("qa:my_review", args=[one.pk]),
            dedupe_key=f"review:{revision_id}",
            now=now,
        )
    return found


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
