"""Published scorecards, to read."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bpo.permissions import Permission, requires
from qa.domain.content import sections
from qa.models import ScorecardVersion


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The newest version of each scorecard, with the ones before it."""
    versions = list(ScorecardVersion.objects.select_related("scorecard").order_by("scorecard__name", "-number")[:200])
    return render(request, "qa/scorecards.html", {"versions": versions})


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def detail(request: HttpRequest, version_id: UUID) -> HttpResponse:
    found = ScorecardVersion.objects.select_related("scorecard", "published_by").filter(pk=version_id).first()
    if found is None:
        raise Http404
    context = {"version": found, "parts": [_part(raw, part) for raw, part in _parts(found)]}
    return render(request, "qa/scorecard.html", context)


def _parts(version: ScorecardVersion) -> list[tuple[dict[str, object], object]]:
    return list(zip(version.content["sections"], sections(version.content), strict=True))


def _part(raw: dict[str, object], part: object) -> dict[str, object]:
    """A section's questions, each beside what the engine reads of it."""
    return {"section": part, "rows": list(zip(raw["questions"], part.questions, strict=True))}  # type: ignore[attr-defined,call-overload]
