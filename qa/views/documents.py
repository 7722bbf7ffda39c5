"""Scorecards as JSON files: out, and in after a look at what they would bring."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bpo.acting import by_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from qa import selectors
from qa.building import said
from qa.building_words import label_of
from qa.comparing import blocks_of
from qa.domain.documents import Document, write
from qa.domain.following import follow
from qa.domain.problems import problems_of
from qa.domain.versions import diff
from qa.errors import NotPossible
from qa.models import Scorecard, ScorecardDraft, ScorecardVersion
from qa.scorecard_forms import FileForm, NamedForm
from qa.services import follow_template, new_scorecard, replace_draft
from qa.views.builder import draft_or_404

EMPTY: Mapping[str, Any] = {"sections": []}


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def version_file(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A version as a file."""
    found = ScorecardVersion.objects.select_related("scorecard").filter(pk=version_id).first()
    if found is None:
        raise Http404
    return _file(found.scorecard, found.content, f"version-{found.number}")


@requires(Permission.EDIT_SCORECARDS)
@require_safe
def draft_file(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """The draft as a file, problems and all."""
    draft = draft_or_404(card_id)
    return _file(draft.scorecard, draft.content, "draft")


@requires(Permission.EDIT_SCORECARDS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_from_file(request: HttpRequest) -> HttpResponse:
    """A new scorecard from a file: first a look, then its name and the draft."""
    form = FileForm(request.POST or None, request.FILES or None)
    named = NamedForm()
    if form.is_valid() and form.document is not None:
        document = form.document
        named = NamedForm(initial={"name": document.name, "channel": document.channel})
        if "take" in request.POST:
            named = NamedForm(request.POST)
            if named.is_valid():
                made = _begin(request, named, document)
                if made is not None:
                    return redirect("qa:draft", made.scorecard_id)
    return _look(request, form, named=named, before=EMPTY)


@requires(Permission.EDIT_SCORECARDS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_from_file(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Another content for a draft from a file: first what it would change, then the draft."""
    draft = draft_or_404(card_id)
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid() and form.document is not None and request.POST.get("take", "").isdecimal():
        version, content = int(request.POST["take"]), form.document.content
        try:
            replace_draft(card_id=card_id, version=version, content=content, by=by_of(request), now=timezone.now())
        except ScorecardDraft.DoesNotExist as error:
            raise Http404 from error
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            toast(request, _("The draft says what the file says. Undo in the builder brings back what it said."))
            return redirect("qa:draft", card_id)
    return _look(request, form, draft=draft, before=draft.content)


@requires(Permission.EDIT_SCORECARDS)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_from_template(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """What a newer version of the template would change in the draft; then the draft."""
    draft = draft_or_404(card_id)
    card = draft.scorecard
    newer = selectors.newer_template(card)
    if newer is None or card.template is None:
        raise Http404
    if request.method == "POST" and request.POST.get("take", "").isdecimal():
        version = int(request.POST["take"])
        try:
            follow_template(card_id=card_id, version=version, by=by_of(request), now=timezone.now())
        except NotPossible as error:
            toast(request, str(error), level="warning")
        else:
            toast(request, _("Version %(n)s of the template is in the draft.") % {"n": newer.number})
            return redirect("qa:draft", card_id)
    found = follow(card.template.content, newer.content, draft.content)
    changes = diff(draft.content, found.content)
    context = {
        "draft": draft,
        "newer": newer,
        "blocks": blocks_of(changes),
        "count": changes.count,
        "kept": [_kept(draft, key) for key in found.kept],
    }
    return render(request, "qa/template_take.html", context)


def _kept(draft: ScorecardDraft, key: str) -> str:
    """Something that both sides changed, by the name it has here."""
    keys = {question["key"] for section in draft.content["sections"] for question in section["questions"]}
    return label_of(draft.content, "question" if key in keys else "section" if key else "form", key)


def _begin(request: HttpRequest, named: NamedForm, document: Document) -> ScorecardDraft | None:
    try:
        given = {name: named.cleaned_data[name] for name in ("name", "channel")}
        return new_scorecard(**given, content=document.content, by=by_of(request), now=timezone.now())
    except NotPossible as error:
        named.add_error("name", str(error))
        return None


def _look(
    request: HttpRequest,
    form: FileForm,
    *,
    before: Mapping[str, Any],
    draft: ScorecardDraft | None = None,
    named: NamedForm | None = None,
) -> HttpResponse:
    """The page: the file wanted, its faults by path, or what it would bring."""
    context: dict[str, Any] = {"form": form, "draft": draft, "named": named, "faults": form.faults}
    if form.is_bound and form.document is not None:
        content = form.document.content
        found = diff(before, content)
        context |= {
            "document": form.document,
            "raw": form.raw,
            "blocks": blocks_of(found),
            "count": found.count,
            "problems": said(content, problems_of(content)),
        }
    wrong = form.errors or (named is not None and named.errors)
    return render(request, "qa/scorecard_file.html", context, status=422 if wrong else 200)


def _file(card: Scorecard, content: Mapping[str, Any], what: str) -> HttpResponse:
    text = write(Document(card.key, card.name, card.channel, dict(content)))
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{card.key}-{what}.json"'
    return response
