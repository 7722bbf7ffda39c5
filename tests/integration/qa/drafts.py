"""Drafts of scorecards for tests, written through the services."""

from typing import Any

from bpo.actors import By
from qa.domain.content import content_hash
from qa.models import Scorecard, ScorecardDraft, ScorecardReplay
from qa.services import ask_replay, begin_draft, edit_draft, publish_draft
from tests.integration.qa.build import NOW, actor, by

WRITER, READER = "Ana", "Grace"


def writer() -> By:
    return by(actor(WRITER))


def reader() -> By:
    return by(actor(READER))


def begun(card: Scorecard) -> ScorecardDraft:
    return begin_draft(card_id=card.pk, by=writer(), now=NOW)


def edited(draft: ScorecardDraft, who: By | None = None, version: int | None = None, **intent: Any) -> ScorecardDraft:
    """The draft after one edit, by Ana unless told, on what is there unless told."""
    there = ScorecardDraft.objects.get(pk=draft.pk)
    done = edit_draft(
        card_id=draft.scorecard_id, version=version or there.version, intent=intent, by=who or writer(), now=NOW
    )
    return done.draft


def reworded(draft: ScorecardDraft, text: str = "Was the greeting right?", **more: Any) -> ScorecardDraft:
    return edited(draft, do="set", kind="question", key="q1", field="text", value=text, **more)


def counted(draft: ScorecardDraft) -> ScorecardReplay:
    return ask_replay(card_id=draft.scorecard_id, by=writer(), now=NOW)


def published(draft: ScorecardDraft, who: By | None = None, **more: Any) -> Any:
    seen = content_hash(ScorecardDraft.objects.get(pk=draft.pk).content)
    given = {"seen": seen, "reason": "The greeting is asked about in other words"} | more
    return publish_draft(card_id=draft.scorecard_id, by=who or reader(), now=NOW, **given)
