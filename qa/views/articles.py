"""Writing knowledge: beginning an article, saving it while it is typed, publishing, withdrawing, giving up."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpo.acting import by_of
from bpo.permissions import Permission, requires
from bpo.ui.moments import ago
from bpo.ui.toasts import toast
from interactions.models import Reason
from qa import services
from qa.domain.merging import Field, merged
from qa.errors import NotPossible, StaleDraft
from qa.forms_knowledge import WhyPublishedForm, question_key
from qa.models import Article, ArticleDraft
from qa.selectors import articles as selectors
from qa.services.knowledge import FIELDS, checked, fields_of
from qa.views.knowledge import html_of
from qa.words import ARTICLE_FIELDS

LONG = 24  # characters that a choice still says in full
EMPTY: dict[str, Any] = {"title": "", "summary": "", "body": "", "reasons": [], "questions": []}


@requires(Permission.EDIT_KNOWLEDGE)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an article about a question (`question`) or a reason (`reason`), if one is named, and go on to write it."""
    question = question_key(request.POST.get("question", ""))
    reason = request.POST.get("reason", "")
    try:
        made = services.begin_article(
            reasons=[reason] if reason else [],
            questions=[question] if question else [],
            by=by_of(request),
            now=timezone.now(),
        )
    except (NotPossible, ValueError) as error:
        toast(request, str(error), level="warning")
        return redirect("qa:knowledge")
    return redirect("qa:edit_article", made.pk)


@requires(Permission.EDIT_KNOWLEDGE)
@require_safe
def edit(request: HttpRequest, article_id: UUID) -> HttpResponse:
    return _editor(request, _article(article_id))


@requires(Permission.EDIT_KNOWLEDGE)
@require_http_methods(["PATCH", "POST"])
def draft(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Save the draft: PATCH {version, fields, before} while it is typed, POST of the merge view after a 409."""
    if request.method == "PATCH":
        return _typed(request, article_id)
    sent = {name: request.POST.get(name, "") for name in ("title", "summary", "body")}
    sent |= {name: _listed(request.POST.get(name, "")) for name in ("reasons", "questions")}
    try:
        version = int(request.POST.get("version", ""))
        services.save_draft(article_id=article_id, version=version, fields=sent, by=by_of(request), now=timezone.now())
    except StaleDraft as error:
        return _merge(request, article_id, error, before={}, mine=sent, page=True)
    except Article.DoesNotExist as error:
        raise Http404 from error
    except (NotPossible, ValueError, TypeError) as error:
        toast(request, str(error), level="warning")
    else:
        toast(request, _("Saved, with both your changes and theirs."))
    return redirect("qa:edit_article", article_id)


def _typed(request: HttpRequest, article_id: UUID) -> HttpResponse:
    try:
        sent = json.loads(request.body)
        version, fields = int(sent["version"]), {name: sent["fields"][name] for name in FIELDS}
        found = services.save_draft(
            article_id=article_id, version=version, fields=fields, by=by_of(request), now=timezone.now()
        )
    except StaleDraft as error:
        return _merge(request, article_id, error, before=sent.get("before"), mine=fields)
    except NotPossible as error:
        return JsonResponse({"problem": error.field, "text": str(error)}, status=422)
    except Article.DoesNotExist as error:
        raise Http404 from error
    except (ValueError, TypeError, KeyError) as error:
        return JsonResponse({"problem": "unreadable", "text": str(error)}, status=400)
    return JsonResponse({"version": found.version, "fields": fields_of(found), "html": html_of(found.body)})


@requires(Permission.EDIT_KNOWLEDGE)
@require_POST
def publish(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Publish the draft with its reason. What lacks comes back with its field marked, 422."""
    article, form = _article(article_id), WhyPublishedForm(request.POST)
    if not form.is_valid():
        return _editor(request, article, form=form, status=422)
    try:
        made = services.publish_article(
            article_id=article_id, by=by_of(request), now=timezone.now(), **form.cleaned_data
        )
    except StaleDraft:
        problem = _("Somebody saved another version of this draft while you read it.")
        form.add_error("why", problem + " " + _("Read what is here now, then publish."))
        return _editor(request, _article(article_id), form=form, status=409)
    except NotPossible as error:
        form.add_error("why", str(error))
        return _editor(request, article, form=form, status=422)
    toast(request, _("Version %(n)s is live.") % {"n": made.number})
    return redirect("qa:article", article_id)


@requires(Permission.EDIT_KNOWLEDGE)
@require_POST
def withdraw(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Take the article out of lists and searches, with an undo."""
    undo = reverse("qa:put_back_article", args=[article_id])
    return _turned(request, article_id, services.withdraw_article, _("Withdrawn. Nobody finds it any more."), undo)


@requires(Permission.EDIT_KNOWLEDGE)
@require_POST
def put_back(request: HttpRequest, article_id: UUID) -> HttpResponse:
    return _turned(request, article_id, services.put_back_article, _("Live again, as it was."))


@requires(Permission.EDIT_KNOWLEDGE)
@require_POST
def drop(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Give the draft up, with an undo."""
    undo = reverse("qa:draft_back", args=[article_id])
    return _turned(request, article_id, services.drop_draft, _("Draft given up."), undo)


@requires(Permission.EDIT_KNOWLEDGE)
@require_POST
def back(request: HttpRequest, article_id: UUID) -> HttpResponse:
    return _turned(request, article_id, services.draft_back, _("The draft is back."))


def _turned(
    request: HttpRequest, article_id: UUID, verb: Callable[..., Any], told: str, undo: str = ""
) -> HttpResponse:
    try:
        verb(article_id=article_id, by=by_of(request), now=timezone.now())
    except Article.DoesNotExist as error:
        raise Http404 from error
    except NotPossible as error:
        toast(request, str(error), level="warning")
    else:
        toast(request, told, undo=undo)
    found = _article(article_id)
    return redirect("qa:knowledge") if found.current_id is None else redirect("qa:article", article_id)


def _article(article_id: UUID) -> Article:
    found = selectors.article_by_id(article_id)
    if found is None:
        raise Http404
    return found


def _standing(article: Article) -> tuple[int, dict[str, Any], ArticleDraft | None]:
    """What an editor starts from: the draft's version, the fields, and the draft while it is open."""
    found = selectors.draft_of(article)
    if found is not None and found.open:
        return found.version, fields_of(found), found
    return found.version if found else 0, fields_of(article.current) if article.current else EMPTY, None


def _editor(
    request: HttpRequest, article: Article, *, form: WhyPublishedForm | None = None, status: int = 200
) -> HttpResponse:
    version, fields, open_draft = _standing(article)
    chosen = {tuple(one) for one in fields["questions"]}
    first = {"why": "" if article.current_id else _("First version"), "version": version}
    context = {
        "article": article,
        "draft": open_draft,
        "fields": fields,
        "state": {"version": version, "fields": fields},
        "html": html_of(fields["body"]),
        "form": form or WhyPublishedForm(initial=first),
        "reasons": [(one, str(one.pk) in fields["reasons"]) for one in Reason.objects.all()],
        "questions": [(one, (str(one.scorecard_id), one.key) in chosen) for one in selectors.asked_questions()],
        "version": version,
        "now": timezone.now(),
    }
    return render(request, "qa/article_editor.html", context, status=status)


def _merge(
    request: HttpRequest, article_id: UUID, error: StaleDraft, *, before: Any, mine: Any, page: bool = False
) -> HttpResponse:
    """409: what both changed, field by field; only what doesn't fit together asks for a choice."""
    theirs = fields_of(error.draft) if error.draft else EMPTY
    fields = merged(before if isinstance(before, dict) else {}, theirs, checked(mine))
    names = _names(theirs, mine)
    by = error.draft.edited_by if error.draft else None
    context = {
        "who": by.display_name if by else _("Somebody"),
        "what": _("this draft"),
        "ago": ago(error.draft.edited_at, now=timezone.now()) if error.draft else "",
        "rows": [_row(one, names) for one in fields],
        "conflicts": sum(one.conflict for one in fields),
        "version": error.draft.version if error.draft else 0,
        "save_url": reverse("qa:article_draft", args=[article_id]),
        "keep_url": reverse("qa:edit_article", args=[article_id]),
    }
    name = "qa/article_stale.html" if page else "qa/_article_stale.html"
    return render(request, name, context, status=409)


def _row(one: Field, names: dict[str, str]) -> dict[str, Any]:
    """A field as the merge view shows it; lists travel as JSON and are shown by name."""

    def shown(value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(names.get(json.dumps(item), "–") for item in value) or "–"
        return str(value if value is not None else "") or "–"

    def kept(value: Any) -> str:
        return json.dumps(value) if isinstance(value, list) else str(value)

    values = {"before": shown(one.before), "theirs": shown(one.theirs), "mine": shown(one.mine)}
    sent = {"theirs_value": kept(one.theirs), "mine_value": kept(one.mine), "result_value": kept(one.result)}
    if max(map(len, values.values())) > LONG:
        sent |= {"theirs_label": _("Theirs"), "mine_label": _("Mine")}
    label = ARTICLE_FIELDS[one.key]
    return {"key": one.key, "label": label, "conflict": one.conflict, "result": shown(one.result), **values, **sent}


def _names(*sides: Any) -> dict[str, str]:
    """What reasons and questions are called, by how JSON writes them."""
    wanted = {str(one) for side in sides for one in side.get("reasons") or []}
    found = {json.dumps(str(pk)): name for pk, name in Reason.objects.filter(pk__in=wanted).values_list("pk", "name")}
    for one in selectors.asked_questions():
        found[json.dumps([str(one.scorecard_id), one.key])] = f"{one.scorecard} {one.number}"
    return found


def _listed(text: str) -> Any:
    return json.loads(text or "[]")
