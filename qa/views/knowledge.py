"""Knowledge to read: the list, one article, its versions and what changed between them, and what lies beside a review."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.permissions import Permission, may, requires
from interactions.models import Reason
from qa.domain.differing import differences
from qa.domain.markup import render as marked_up
from qa.forms_knowledge import AboutForm, question_key
from qa.models import Article, ArticleVersion
from qa.selectors import articles as selectors
from qa.selectors.articles import About, AskedQuestion
from qa.words import ARTICLE_FIELDS

PAGE = 25


@requires(Permission.SEE_KNOWLEDGE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Articles that fit; for who writes also what is being written and what lacks an article."""
    editor = may(principal_of(request), Permission.EDIT_KNOWLEDGE)
    answered = selectors.answered_for()
    form = AboutForm(request.GET, answered=answered, editor=editor)
    about = form.about
    page = Paginator(selectors.articles(about), PAGE).get_page(request.GET.get("page"))
    lacking = [one for one in form.questions if one.name not in answered]
    context = {
        "page": page,
        "rows": rows_of(page.object_list),
        "form": form,
        "filtered": about != About(),
        "about": about,
        "asked": form.asked if form.asked in lacking else None,
        "editor": editor,
        "drafts": selectors.being_written() if editor else [],
        "lacking": lacking,
        "now": timezone.now(),
    }
    return render(request, "qa/knowledge.html", context)


def rows_of(found: Any) -> list[dict[str, Any]]:
    """Versions with the place a search found, cut at what was searched for."""
    return [{"one": one, "lit": selectors.lit_parts(getattr(one, "lit", ""))} for one in found]


@requires(Permission.SEE_KNOWLEDGE)
@require_safe
def detail(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """One article as it stands. A new or withdrawn one only for who writes."""
    article = readable(request, article_id)
    return render(request, "qa/article.html", _shown(request, article, article.current))


@requires(Permission.SEE_KNOWLEDGE)
@require_safe
def version(request: HttpRequest, article_id: UUID, number: int) -> HttpResponse:
    """One version of an article, as it was published."""
    article = readable(request, article_id)
    found = article.versions.select_related("published_by").filter(number=number).first()
    if found is None:
        raise Http404
    return render(request, "qa/article.html", _shown(request, article, found))


@requires(Permission.SEE_KNOWLEDGE)
@require_safe
def changes(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """What changed from one version (`from`) to another (`to`); without, from the one before the newest to it."""
    article = readable(request, article_id)
    versions = selectors.versions_of(article)
    if len(versions) < 2:
        raise Http404
    new = _chosen(versions, request.GET.get("to"), versions[0])
    old = _chosen(versions, request.GET.get("from"), next((one for one in versions if one.number < new.number), new))
    context = {"article": article, "versions": versions, "old": old, "new": new, "parts": _parts(old, new)}
    return render(request, "qa/article_changes.html", context)


@requires(Permission.SEE_KNOWLEDGE)
@require_safe
def beside(request: HttpRequest) -> HttpResponse:
    """For the side panel of a review: articles of the active question and of the reason, or what a search finds."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:120]
    question = question_key(request.GET.get("question", ""))
    reason = _reason(request.GET.get("reason", ""))
    if text:
        found = list(selectors.articles(About(text=text))[:PAGE])
    else:
        found = selectors.beside(reason=reason.pk if reason else None, question=question)
    asked = next((one for one in selectors.asked_questions() if one.name == question), None)
    context = {"rows": rows_of(found), "text": text, "asked": asked, "reason": reason, "question": question}
    name = "qa/_beside_found.html" if request.GET.get("part") == "found" else "qa/beside.html"
    about, asked_for = _queries(request)
    return render(request, name, context | {"about": about, "query": asked_for})


@requires(Permission.SEE_KNOWLEDGE)
@require_safe
def read_beside(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """One article inside the side panel, with the way back to the list."""
    article = readable(request, article_id)
    if article.current is None:
        raise Http404
    context = {"article": article, "one": article.current, "html": html_of(article.current.body)}
    return render(request, "qa/beside_article.html", context | {"query": _queries(request)[1]})


def _queries(request: HttpRequest) -> tuple[str, str]:
    """What the panel was opened about as a query, and the same with what is looked for."""
    given = {name: request.GET[name] for name in ("question", "reason", "q") if request.GET.get(name)}
    return urlencode({name: value for name, value in given.items() if name != "q"}), urlencode(given)


def readable(request: HttpRequest, article_id: UUID) -> Article:
    """The article, 404 where there is none or the reader may not see it yet, or any more."""
    found = selectors.article_by_id(article_id)
    editor = may(principal_of(request), Permission.EDIT_KNOWLEDGE)
    if found is None or (found.state != Article.State.LIVE and not editor):
        raise Http404
    return found


def html_of(body: str) -> SafeString:
    """The body as HTML. Every character of the writer's is escaped by the renderer; the tags are its own."""
    return mark_safe(marked_up(body, selectors.known_links(body)))  # noqa: S308 - as its docstring says


def _shown(request: HttpRequest, article: Article, one: ArticleVersion | None) -> dict[str, Any]:
    draft = selectors.draft_of(article)
    editor = may(principal_of(request), Permission.EDIT_KNOWLEDGE)
    return {
        "article": article,
        "one": one,
        "old": one is not None and one.pk != article.current_id,
        "html": html_of(one.body) if one else "",
        "versions": selectors.versions_of(article),
        "reasons": list(Reason.objects.filter(pk__in=one.reasons)) if one else [],
        "questions": named_questions(one) if one else [],
        "editor": editor,
        "draft": draft if editor and draft is not None and draft.open else None,
        "now": timezone.now(),
    }


def named_questions(one: ArticleVersion) -> list[AskedQuestion]:
    wanted = {(UUID(scorecard), key) for scorecard, key in one.questions}
    return [asked for asked in selectors.asked_questions() if asked.name in wanted] if wanted else []


def _parts(old: ArticleVersion, new: ArticleVersion) -> list[dict[str, Any]]:
    names = {str(pk): name for pk, name in Reason.objects.values_list("pk", "name")}
    asked = {one.value: f"{one.scorecard} {one.number}, {one.short}" for one in selectors.asked_questions()}

    def texts(one: ArticleVersion) -> dict[str, str]:
        reasons = sorted(names.get(pk, "–") for pk in one.reasons)
        questions = sorted(asked.get(f"{card}:{key}", key) for card, key in one.questions)
        return {
            "title": one.title,
            "summary": one.summary,
            "body": one.body,
            "about": "\n".join([*reasons, *questions]),
        }

    before, after = texts(old), texts(new)
    return [
        {"label": ARTICLE_FIELDS[key], "lines": differences(text, after[key]), "same": text == after[key]}
        for key, text in before.items()
    ]


def _chosen(versions: list[ArticleVersion], given: str | None, otherwise: ArticleVersion) -> ArticleVersion:
    return next((one for one in versions if str(one.number) == given), otherwise)


def _reason(text: str) -> Reason | None:
    try:
        return Reason.objects.filter(pk=UUID(text)).first()
    except ValueError:
        return None
