"""Articles for tests, made through the services."""

from datetime import datetime
from typing import Any

from bpo.actors import By, system
from qa.models import Article
from qa.services import begin_article, publish_article, save_draft
from qa.services.knowledge import FIELDS
from tests.integration.qa.build import NOW

BY = system("tests")
EMPTY: dict[str, Any] = {"title": "", "summary": "", "body": "", "reasons": [], "questions": []}
assert set(EMPTY) == set(FIELDS)


def written(
    title: str = "Refunds", body: str = "Say by Friday.", *, by: By = BY, now: datetime = NOW, **more: Any
) -> Article:
    """An article in its first version."""
    made = begin_article(by=by, now=now)
    again(made, title=title, body=body, by=by, now=now, **more)
    return Article.objects.get(pk=made.pk)


def again(article: Article, *, why: str = "First version", by: By = BY, now: datetime = NOW, **fields: Any) -> None:
    """Its next version."""
    draft = getattr(Article.objects.select_related("draft").get(pk=article.pk), "draft", None)
    version = draft.version if draft else 0
    saved = save_draft(article_id=article.pk, version=version, fields={**EMPTY, **fields}, by=by, now=now)
    publish_article(article_id=article.pk, version=saved.version, why=why, by=by, now=now)
