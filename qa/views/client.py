"""What a client's own people are shown of quality: released evaluations without who scored them, and their notes."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.permissions import Permission, requires
from qa import selectors
from qa.models import Evaluation
from qa.views.evaluations import parts_of
from qa.words import OUTCOMES

PAGE = 50
MOST_LOOSE = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One evaluation as a client reads it: figures and words, no name of ours."""

    id: UUID
    agent: str  # the pseudonym
    queue: str
    business_date: date
    scorecard: str
    number: int
    final: Decimal | None
    pass_mark: Decimal
    label: str | Promise
    tone: str
    released_at: datetime


def row(one: Evaluation) -> Row:
    revision = one.current
    assert revision is not None  # noqa: S101 - released has a revision, the database keeps it so
    label, tone = OUTCOMES[revision.outcome]
    version = revision.scorecard_version
    return Row(
        one.pk, one.agent.pseudonym, one.interaction.queue.name, revision.business_date, one.scorecard.name,
        version.number, revision.final, version.pass_mark, label, tone, revision.release.released_at,
    )  # fmt: skip


@requires(Permission.SEE_CLIENT_EVALUATIONS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Released evaluations, newest first, and notes for the client that belong to none."""
    page = Paginator(selectors.evaluations_for_client(), PAGE).get_page(request.GET.get("page"))
    audience = selectors.for_client(principal_of(request), now=timezone.now())
    loose = selectors.loose_notes(audience)[:MOST_LOOSE] if page.number == 1 else []
    notes = [{"queue": one.interaction.queue.name, "agent": one.agent.pseudonym, "note": one} for one in loose]
    context = {"page": page, "rows": [row(one) for one in page], "notes": notes, "now": timezone.now()}
    return render(request, "qa/client_evaluations.html", context)


@requires(Permission.SEE_CLIENT_EVALUATIONS)
@require_safe
def detail(request: HttpRequest, evaluation_id: UUID) -> HttpResponse:
    """One of them with its answers and the notes for the client."""
    found = selectors.evaluations_for_client().filter(pk=evaluation_id).first()
    if found is None or found.current is None:
        raise Http404
    audience = selectors.for_client(principal_of(request), now=timezone.now())
    said = selectors.notes_of(found, audience)
    context: dict[str, Any] = {
        "row": row(found),
        "parts": parts_of(found.current, said),
        "general": [note for note in said if not note.question],
    }
    return render(request, "qa/client_evaluation.html", context)
