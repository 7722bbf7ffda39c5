"""What answers and notes rest on, and the sentences a reviewer keeps on keys."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from qa.models import Evaluation, Evidence, EvidenceDraft, Snippet


def evidence_drafts(one: Evaluation) -> list[EvidenceDraft]:
    return list(EvidenceDraft.objects.filter(evaluation=one))


def evidence_of(evaluation: Evaluation, notes: Iterable[UUID]) -> list[Evidence]:
    """Evidence of the standing revision: of its answers, and of these notes, which are those the reader may see."""
    shown = Q(note=None) | Q(note_id__in=list(notes))
    return list(Evidence.objects.filter(shown, revision_id=evaluation.current_id))


def own_snippets() -> ArraySubquery:
    """For `annotate(sentences=…)` of evaluations: their evaluator's sentences, read along with them."""
    own = Snippet.objects.filter(actor_id=OuterRef("evaluator_id")).order_by("place")
    return ArraySubquery(own.values(one=JSONObject(place="place", text="text")))


def snippets_with(one: Evaluation) -> dict[int, str]:
    """The evaluator's sentences by the number of their key: those read along, or read now."""
    read: list[dict[str, Any]] | None = getattr(one, "sentences", None)
    if read is None:
        return dict(Snippet.objects.filter(actor_id=one.evaluator_id).values_list("place", "text"))
    return {found["place"]: found["text"] for found in read}
