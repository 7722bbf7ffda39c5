"""Scorecards: what there is, beginning one, reading a version, and two of them side by side."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, may, requires
from qa import selectors
from qa.comparing import blocks_of
from qa.domain.content import sections
from qa.domain.versions import diff
from qa.errors import NotPossible
from qa.models import Scorecard, ScorecardVersion
from qa.scorecard_forms import NewForm
from qa.services import new_scorecard

PAGE = 50


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Each scorecard with its newest version and its draft."""
    page = Paginator(selectors.scorecards(), PAGE).get_page(request.GET.get("page"))
    return render(request, "qa/scorecards.html", {"page": page, "now": timezone.now(), **_rights(request)})


@requires(Permission.EDIT_SCORECARDS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a scorecard: empty, from an example, or from what the operator's library offers."""
    offered = list(selectors.templates())
    form = NewForm(request.POST if request.method == "POST" else None, templates=offered)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("name", "channel")}
        try:
            draft = new_scorecard(
                **given, content=form.content, template=form.template, by=by_of(request), now=timezone.now()
            )
        except NotPossible as error:
            form.add_error("name", str(error))
        else:
            return redirect("qa:draft", draft.scorecard_id)
    return render(request, "qa/new_scorecard.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def detail(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One version to read, with the others, the draft, and how it stands to its template."""
    related = ("scorecard__template", "scorecard__draft", "published_by", "written_by")
    found = ScorecardVersion.objects.select_related(*related).filter(pk=version_id).first()
    if found is None:
        raise Http404
    context = {
        "version": found,
        "card": found.scorecard,
        "draft": getattr(found.scorecard, "draft", None),
        "versions": list(selectors.versions_of(found.scorecard_id)[:PAGE]),
        "parts": [_part(raw, part) for raw, part in _parts(found)],
        "now": timezone.now(),
        **_rights(request),
        **_template_facts(found.scorecard, found.content),
    }
    return render(request, "qa/scorecard.html", context)


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def compare(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Two contents of one scorecard: numbers of versions, "draft" or "template"; the draft or newest by itself."""
    card = card_or_404(card_id)
    known = _contents(card)
    if not known:
        raise Http404
    names = list(known)
    asked = {side: request.GET.get(side, "") for side in ("a", "b")}
    new_name = asked["b"] if asked["b"] in known else names[0]
    old_name = asked["a"] if asked["a"] in known else names[min(1, len(names) - 1)]
    found = diff(known[old_name], known[new_name])
    everything = request.GET.get("all") == "1"
    context = {
        "card": card,
        "names": [(name, name_words(name)) for name in names],
        "a": old_name,
        "b": new_name,
        "old_name": name_words(old_name),
        "new_name": name_words(new_name),
        "count": found.count,
        "everything": everything,
        "blocks": blocks_of(found, everything=everything),
    }
    return render(request, "qa/compare.html", context)


def card_or_404(card_id: UUID) -> Scorecard:
    found = selectors.scorecard_by_id(card_id)
    if found is None:
        raise Http404
    return found


def name_words(name: str) -> str:
    """How a side of the comparison is called."""
    if name == "draft":
        return _("Draft")
    if name == "template":
        return _("Template it started from")
    if name == "newer":
        return _("Newest template offered")
    return _("Version %(n)s") % {"n": name}


def _contents(card: Scorecard) -> dict[str, Mapping[str, Any]]:
    """What can be compared, the newest first."""
    draft = selectors.draft_of(card.pk)
    found: dict[str, Mapping[str, Any]] = {"draft": draft.content} if draft else {}
    found |= {str(one.number): one.content for one in selectors.versions_of(card.pk)[:PAGE]}
    if card.template is not None:
        found["template"] = card.template.content
    newer = selectors.newer_template(card)
    if newer is not None:
        found["newer"] = newer.content
    return found


def _template_facts(card: Scorecard, content: Mapping[str, Any]) -> dict[str, Any]:
    """How far a content is from its template, and whether a newer one was offered."""
    if card.template is None:
        return {}
    return {
        "template": card.template,
        "from_template": diff(card.template.content, content).count,
        "newer": selectors.newer_template(card),
    }


def _rights(request: HttpRequest) -> dict[str, bool]:
    principal = principal_of(request)
    return {
        "may_edit": may(principal, Permission.EDIT_SCORECARDS),
        "may_publish": may(principal, Permission.PUBLISH_SCORECARDS),
    }


def _parts(version: ScorecardVersion) -> list[tuple[dict[str, object], object]]:
    return list(zip(version.content["sections"], sections(version.content), strict=True))


def _part(raw: dict[str, object], part: object) -> dict[str, object]:
    """A section's questions, each beside what the engine reads of it."""
    return {"section": part, "rows": list(zip(raw["questions"], part.questions, strict=True))}  # type: ignore[attr-defined,call-overload]
