"""Writing knowledge: drafts saved as they are typed, published into versions, withdrawn and put back."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from bpo.actors import By
from bpo.audit.services import record
from bpo.ids import uuid7
from interactions.models import Reason
from qa.domain.markup import plain
from qa.errors import NotPossible, StaleDraft
from qa.models import Article, ArticleDraft, ArticleQuestion, ArticleReason, ArticleVersion, Scorecard

FIELDS: Final = ("title", "summary", "body", "reasons", "questions")
LENGTHS: Final = {"title": 120, "summary": 300, "body": 20_000}  # characters
MOST_LINKS: Final = 100


def begin_article(*, by: By, now: datetime, reasons: Iterable[str] = (), questions: Iterable[Any] = ()) -> Article:
    """An article with an empty draft, about these reasons and questions. Raises NotPossible for unknown ones."""
    given = {"title": "", "summary": "", "body": "", "reasons": list(reasons), "questions": list(questions)}
    fields = checked(given)
    with transaction.atomic():
        made = Article.objects.create(key=f"new-{uuid7().hex[-12:]}")
        ArticleDraft.objects.create(article=made, edited_at=now, edited_by_id=by.actor_id, **fields)
        record(action="knowledge.begun", target=made, by=by, now=now)
    return made


def save_draft(*, article_id: UUID, version: int, fields: Mapping[str, Any], by: By, now: datetime) -> ArticleDraft:
    """Save what is being written; `version` is the draft's that the writer saw, 0 where there was none.

    The same text again is saved once. Raises StaleDraft where somebody else saved since, NotPossible for what is too
    long or names what isn't there, Article.DoesNotExist.
    """
    values = checked(fields)
    with transaction.atomic():
        article = _locked(article_id)
        draft = ArticleDraft.objects.filter(article=article).first()
        if (draft.version if draft else 0) != version:
            raise StaleDraft(draft, sent=version)
        if draft is not None and draft.open and fields_of(draft) == values:
            return draft
        stamp = {"edited_at": now, "edited_by_id": by.actor_id, "open": True, "version": version + 1}
        return ArticleDraft.objects.update_or_create(article=article, defaults={**values, **stamp})[0]


def publish_article(*, article_id: UUID, version: int, why: str, by: By, now: datetime) -> ArticleVersion:
    """Freeze the draft into the next version and show it; its links are the article's from here on.

    Raises NotPossible without a title, a text or a reason, or where nothing differs; StaleDraft where the draft isn't
    the one the writer saw; Article.DoesNotExist.
    """
    reason = clean(why).strip()
    if not reason:
        raise NotPossible("why", _("The reason for the change is missing."), _("Say in a few words what is new."))
    if len(reason) > 200:
        raise NotPossible("why", _("The reason is too long."), _("Keep it to 200 characters."))
    with transaction.atomic():
        article = _locked(article_id)
        draft = ArticleDraft.objects.filter(article=article).first()
        if draft is not None and draft.version != version:
            raise StaleDraft(draft, sent=version)
        if draft is None or not draft.open:
            raise NotPossible("body", _("There is nothing new to publish."), _("Change something first."))
        values = fields_of(draft)
        _check_whole(article, values)
        number = article.versions.count() + 1
        made = ArticleVersion.objects.create(
            article=article, number=number, plain=plain(draft.body), why=reason, published_at=now,
            published_by_id=by.actor_id, **values,
        )  # fmt: skip
        if article.current_id is None:
            article.key = _free_key(draft.title)
        article.state, article.current = Article.State.LIVE, made
        article.save(update_fields=["key", "state", "current"])
        link(article, values)
        draft.open, draft.version = False, draft.version + 1
        draft.save(update_fields=["open", "version"])
        detail = {"number": number, "why": reason}
        record(action="knowledge.published", target=article, by=by, now=now, detail=detail)
    return made


def withdraw_article(*, article_id: UUID, by: By, now: datetime) -> Article:
    """Take an article out of every list and search; its versions stay. Raises NotPossible unless it is live."""
    return _turn(article_id, Article.State.LIVE, Article.State.WITHDRAWN, "knowledge.withdrawn", by, now)


def put_back_article(*, article_id: UUID, by: By, now: datetime) -> Article:
    """Show a withdrawn article again, as it was. Raises NotPossible unless it is withdrawn."""
    return _turn(article_id, Article.State.WITHDRAWN, Article.State.LIVE, "knowledge.put_back", by, now)


def drop_draft(*, article_id: UUID, by: By, now: datetime) -> ArticleDraft:
    """Give up what is being written. Its text stays until somebody writes again. Raises NotPossible without a draft."""
    return _open(article_id, False, "knowledge.draft_dropped", by, now)


def draft_back(*, article_id: UUID, by: By, now: datetime) -> ArticleDraft:
    """Have a draft back that was given up. Raises NotPossible where none was."""
    return _open(article_id, True, "knowledge.draft_back", by, now)


def fields_of(one: ArticleDraft | ArticleVersion) -> dict[str, Any]:
    """What a writer writes, of a draft or a version."""
    return {name: getattr(one, name) for name in FIELDS}


def clean(text: str) -> str:
    """The text with plain line ends and without control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs"))


def checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The five fields as they are stored. Raises NotPossible naming the one that can't be."""
    found: dict[str, Any] = {}
    for name, longest in LENGTHS.items():
        text = clean(str(fields.get(name, "")).replace("\t", " "))
        found[name] = text if name == "body" else " ".join(text.split())
        if len(found[name]) > longest:
            problem = _("That is %(n)s characters too long.") % {"n": len(found[name]) - longest}
            raise NotPossible(name, problem, _("Shorten it, or make two articles of it."))
    found["reasons"] = _known_reasons(fields.get("reasons") or [])
    found["questions"] = _known_questions(fields.get("questions") or [])
    return found


def link(article: Article, values: Mapping[str, Any]) -> None:
    """Make what the values name what the article is about."""
    article.of_reasons.all().delete()
    article.of_questions.all().delete()
    ArticleReason.objects.bulk_create(ArticleReason(article=article, reason_id=one) for one in values["reasons"])
    ArticleQuestion.objects.bulk_create(
        ArticleQuestion(article=article, scorecard_id=scorecard, question=key) for scorecard, key in values["questions"]
    )


def _known_reasons(given: Any) -> list[str]:
    wanted = sorted({str(UUID(str(one))) for one in given})
    if len(wanted) > MOST_LINKS or Reason.objects.filter(pk__in=wanted).count() != len(wanted):
        raise NotPossible("reasons", _("One of the reasons isn't there any more."), _("Choose from the list."))
    return wanted


def _known_questions(given: Any) -> list[list[str]]:
    wanted = sorted({(str(UUID(str(scorecard))), str(key)) for scorecard, key in given})
    if not wanted:
        return []
    known = {
        (str(version.scorecard_id), question["key"])
        for card in Scorecard.objects.filter(pk__in={one for one, _key in wanted}).prefetch_related("versions")
        for version in card.versions.all()
        for section in version.content["sections"]
        for question in section["questions"]
    }
    if len(wanted) > MOST_LINKS or not set(wanted) <= known:
        raise NotPossible("questions", _("One of the questions isn't there any more."), _("Choose from the list."))
    return [list(one) for one in wanted]


def _check_whole(article: Article, values: Mapping[str, Any]) -> None:
    if not values["title"]:
        raise NotPossible("title", _("The article has no title."), _("Give it one that people would search for."))
    if not values["body"].strip():
        raise NotPossible("body", _("The article says nothing yet."), _("Write what to do."))
    live = article.state == Article.State.LIVE
    if live and article.current is not None and fields_of(article.current) == values:
        raise NotPossible("body", _("Nothing differs from the version that is live."), _("Change something first."))


def _free_key(title: str) -> str:
    """A key made of the title that no article has."""
    stem = slugify(title).replace("_", "-")[:70].strip("-") or "article"
    taken = set(Article.objects.filter(key__startswith=stem).values_list("key", flat=True))
    tries = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 2))]
    return next(key for key in tries if key not in taken)


def _turn(article_id: UUID, before: str, after: str, action: str, by: By, now: datetime) -> Article:
    with transaction.atomic():
        article = _locked(article_id)
        if article.state != before:
            problem = _("This article is %(state)s.") % {"state": article.get_state_display()}
            raise NotPossible("state", problem, _("Open it and look again."))
        article.state = after
        article.save(update_fields=["state"])
        record(action=action, target=article, by=by, now=now)
    return article


def _open(article_id: UUID, wanted: bool, action: str, by: By, now: datetime) -> ArticleDraft:
    with transaction.atomic():
        article = _locked(article_id)
        draft = ArticleDraft.objects.filter(article=article).exclude(open=wanted).first()
        if draft is None:
            raise NotPossible("state", _("There is no such draft."), _("Open the article and look again."))
        draft.open = wanted
        draft.save(update_fields=["open"])
        record(action=action, target=article, by=by, now=now)
    return draft


def _locked(article_id: UUID) -> Article:
    return Article.objects.select_for_update(of=("self",)).select_related("current").get(pk=article_id)
