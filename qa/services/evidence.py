"""Evidence, markers and sentences on keys: what a reviewer lays beside the answers while scoring."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bpo.actors import By
from interactions.models import Line
from qa.errors import NotPossible
from qa.models import Evaluation, Evidence, EvidenceDraft, Note, Snippet
from qa.selectors.notes import drafts_of
from qa.services.scoring import question_of, working

MOST: Final = 50  # pieces of evidence, and markers
LONGEST_MS: Final = 600_000


def attach_evidence(
    *,
    evaluation_id: UUID,
    evidence_id: UUID,
    start_ms: int,
    end_ms: int,
    by: By,
    now: datetime,
    question: str = "",
    note_id: UUID | None = None,
) -> EvidenceDraft:
    """Rest an answer or a note on a stretch of the interaction; the words said in it are copied from the transcript.

    The browser names it, so a resend is the same. Raises NotPossible for a stretch that ends before it starts or is
    longer than ten minutes, for neither or both of question and note, a note of another review, or too many;
    AnswerError for a strange question; InHand as `save_answer`.
    """
    if not 0 <= start_ms < end_ms <= start_ms + LONGEST_MS:
        raise NotPossible("end_ms", _("That is no stretch of the call."), _("Choose up to ten minutes of it."))
    if bool(question) == (note_id is not None):
        raise NotPossible("question", _("Evidence is of one answer or one note."), _("Name one of them."))
    with transaction.atomic():
        one = working(evaluation_id, by, now)
        if question:
            question_of(one, question)
        known = EvidenceDraft.objects.filter(pk=evidence_id).first()
        if known is not None and known.evaluation_id != one.pk:
            raise NotPossible("evidence", _("That belongs to another review."), _("Attach it again."))
        _check_room(one, evidence_id, note_id)
        values = {"start_ms": start_ms, "end_ms": end_ms, "question": question, "note_id": note_id, "saved_at": now}
        values |= {"evaluation": one, "quote": _said(one, start_ms, end_ms)}
        return EvidenceDraft.objects.update_or_create(pk=evidence_id, defaults=values)[0]


def _check_room(one: Evaluation, evidence_id: UUID, note_id: UUID | None) -> None:
    if note_id is not None and note_id not in {note.pk for note in drafts_of(one)}:
        raise NotPossible("note", _("That note isn't saved."), _("Save the note first."))
    if EvidenceDraft.objects.filter(evaluation=one).exclude(pk=evidence_id).count() >= MOST:
        raise NotPossible("evidence", _("There is enough evidence already."), _("Take some of it away."))


def _said(one: Evaluation, start_ms: int, end_ms: int) -> str:
    """The transcript's lines that begin in the stretch, or the one that it begins in."""
    lines = Line.objects.filter(interaction_id=one.interaction_id).order_by("number")
    found = lines.filter(starts_ms__gte=start_ms, starts_ms__lt=end_ms)
    texts = list(found.values_list("text", flat=True))
    if not texts:
        texts = list(lines.filter(starts_ms__lte=start_ms, ends_ms__gt=start_ms).values_list("text", flat=True))
    return "\n".join(texts)[:4000]


def detach_evidence(*, evaluation_id: UUID, evidence_id: UUID, by: By, now: datetime) -> None:
    """Take evidence of an evaluation being scored away; what isn't there is no error."""
    with transaction.atomic():
        one = working(evaluation_id, by, now)
        EvidenceDraft.objects.filter(evaluation=one, pk=evidence_id).delete()


def freeze_evidence(one: Evaluation, given: Iterable[tuple[UUID, Note]]) -> None:
    """Copy the evidence into the frozen table, in the caller's transaction. `given` are (draft's id, note) pairs."""
    revision, notes = one.current, dict(given)
    assert revision is not None  # noqa: S101 - the caller has just made it
    Evidence.objects.bulk_create(
        Evidence(
            revision=revision,
            interaction_id=one.interaction_id,
            agent_id=one.agent_id,
            note=notes[draft.note_id] if draft.note_id else None,
            question=draft.question,
            start_ms=draft.start_ms,
            end_ms=draft.end_ms,
            quote=draft.quote,
        )
        for draft in EvidenceDraft.objects.filter(evaluation=one)
        if draft.note_id or draft.question in revision.answers
    )


def mark(*, evaluation_id: UUID, at_ms: int, on: bool, by: By, now: datetime) -> list[int]:
    """Drop or lift one's own marker at a millisecond of the call; gives all of them, in order.

    Raises NotPossible for a strange place or too many, InHand as `save_answer`.
    """
    if at_ms < 0:
        raise NotPossible("at_ms", _("That is before the call."), _("Choose a place in it."))
    with transaction.atomic():
        one = working(evaluation_id, by, now)
        kept = {*one.markers, at_ms} if on else {*one.markers} - {at_ms}
        if len(kept) > MOST:
            raise NotPossible("at_ms", _("There are %(n)s markers already.") % {"n": MOST}, _("Lift one of them."))
        one.markers = sorted(kept)
        one.save(update_fields=["markers"])
        return list(one.markers)


def keep_snippet(*, place: int, text: str, by: By) -> None:
    """Lay a sentence of one's own on Alt and a number; an empty one frees the key.

    Raises NotPossible for a key that is none or an account without a seat here.
    """
    if by.actor_id is None or not 1 <= place <= 9:
        raise NotPossible("place", _("There is no such key."), _("Choose 1 to 9."))
    words = text.strip()[:400]
    if words:
        Snippet.objects.update_or_create(actor_id=by.actor_id, place=place, defaults={"text": words})
    else:
        Snippet.objects.filter(actor_id=by.actor_id, place=place).delete()
