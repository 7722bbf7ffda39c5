"""From a draft to a version: what is different, what past reviews would have scored, and somebody else's word."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bpo.acting import by_of, principal_of
from bpo.permissions import Permission, may, reach, requires
from bpo.ui.toasts import toast
from interactions.models import Actor
from qa import selectors
from qa.building import said
from qa.comparing import blocks_of
from qa.domain.content import content_hash
from qa.domain.problems import problems_of
from qa.domain.versions import diff
from qa.errors import NotPossible
from qa.models import ScorecardDraft, ScorecardReplay
from qa.replay_showing import rows_of, summary_of
from qa.scorecard_forms import ReasonForm
from qa.services import ask_publication, ask_replay, publish_draft
from qa.services.publishing import editors_of
from qa.services.replaying import standing_of
from qa.views.builder import draft_or_404

PAGE = 50
NOTHING: dict[str, Any] = {"sections": []}  # what a first version is compared with


@requires(Permission.SEE_EVALUATIONS)
@never_cache
@require_http_methods(["GET", "HEAD"])
def changes(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """What the draft changes against the newest version, and the way to publish it."""
    return _page(request, draft_or_404(card_id), ReasonForm())


@requires(Permission.SEE_EVALUATIONS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def replay(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """The part of the page about past reviews. POST counts them; while a job does, it asks again by itself."""
    draft = draft_or_404(card_id)
    if request.method == "POST":
        try:
            ask_replay(card_id=card_id, by=by_of(request), now=timezone.now())
        except NotPossible as error:
            toast(request, str(error), level="warning")
        if request.headers.get("HX-Request") != "true":
            return redirect("qa:draft_changes", card_id)
    return render(request, "qa/_replay.html", _replayed(request, draft))


@requires(Permission.EDIT_SCORECARDS)
@require_POST
def ask(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Ask those who may publish."""
    try:
        ask_publication(card_id=card_id, by=by_of(request), now=timezone.now())
    except ScorecardDraft.DoesNotExist as error:
        raise Http404 from error
    except NotPossible as error:
        toast(request, str(error), level="warning")
    else:
        toast(request, _("Asked. Who may publish it is told."))
    return redirect("qa:draft_changes", card_id)


@requires(Permission.PUBLISH_SCORECARDS)
@require_POST
def publish(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Publish the draft as it was seen, with a reason. Refused, the page says why: 422, or 409 if it was edited."""
    draft, form = draft_or_404(card_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, draft, form, status=422)
    try:
        version = publish_draft(card_id=card_id, by=by_of(request), now=timezone.now(), **form.cleaned_data)
    except ScorecardDraft.DoesNotExist as error:
        raise Http404 from error
    except NotPossible as error:
        form.add_error("reason" if error.field == "reason" else None, str(error))
        return _page(request, draft, form, status=409 if error.field == "seen" else 422)
    toast(request, _("Version %(n)s is published.") % {"n": version.number})
    return redirect("qa:scorecard", version.pk)


def _page(request: HttpRequest, draft: ScorecardDraft, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    newest = selectors.newest_version(draft.scorecard_id)
    problems = problems_of(draft.content)
    found = diff(newest.content if newest else NOTHING, draft.content)
    principal = principal_of(request)
    wrote = editors_of(draft)
    context = {
        "draft": draft,
        "card": draft.scorecard,
        "newest": newest,
        "number": newest.number + 1 if newest else 1,
        "problems": said(draft.content, problems),
        "count": found.count,
        "blocks": blocks_of(found),
        "form": form,
        "seen": content_hash(draft.content),
        "may_edit": may(principal, Permission.EDIT_SCORECARDS),
        "may_publish": may(principal, Permission.PUBLISH_SCORECARDS),
        "wrote": principal.actor_id in wrote,
        "editors": list(Actor.objects.filter(pk__in=wrote)),
        "now": timezone.now(),
        **_replayed(request, draft),
    }
    return render(request, "qa/draft_changes.html", context, status=status)


def _replayed(request: HttpRequest, draft: ScorecardDraft) -> dict[str, Any]:
    """The replay of this very content, if it was counted, with one page of what changes within reach."""
    card_id, digest = draft.scorecard_id, content_hash(draft.content)
    one = ScorecardReplay.objects.filter(scorecard_id=card_id, content_hash=digest).first()
    context: dict[str, Any] = {"draft": draft, "card": draft.scorecard, "replay": one, "now": timezone.now()}
    context["standing"] = standing_of(card_id).count() if one is None or one.state != "waiting" else one.total
    if one is None or one.state != ScorecardReplay.State.DONE:
        return context
    reached = reach(principal_of(request), Permission.SEE_EVALUATIONS)
    page = Paginator(one.result["rows"], PAGE).get_page(request.GET.get("page"))
    rows = rows_of(list(page.object_list), reach=reached)
    return context | {"summary": summary_of(one), "page": page, "rows": rows, "narrowed": reached is not None}
