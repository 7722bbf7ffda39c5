"""What surveys add to the floor's slots."""

from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone

from bpo.permissions import Permission, may
from bpo.slots import Panel, Rated, Reopened, Resolved
from surveys import selectors, services
from surveys.words import state_of


def on_resolved(event: Resolved) -> None:
    services.consider(resolution_ids=event.resolution_ids, by=event.by, now=event.now)


def on_reopened(event: Reopened) -> None:
    services.cancel(resolution_ids=event.resolution_ids, by=event.by, now=event.now)


def rated(asked: Rated) -> dict[UUID, int]:
    """What customers answered about interactions of those days; of two answers about one, the lower."""
    return selectors.scores_of_interactions(asked.start, asked.end, at_most=asked.at_most, only=asked.interactions)


def interaction_panel(panel: Panel) -> str | None:
    """What became of the survey about this interaction."""
    return _render(panel, selectors.candidates().filter(interaction_id=panel.object_id))


def case_panel(panel: Panel) -> str | None:
    """What became of the survey after each resolution of this case."""
    return _render(panel, selectors.candidates().filter(resolution__case_id=panel.object_id))


def _render(panel: Panel, found: Any) -> str | None:
    if not may(panel.principal, Permission.SEE_CSAT):
        return None
    now = timezone.now()
    rows = [state_of(candidate, now) for candidate in found]
    return render_to_string("surveys/panel.html", {"rows": rows})
