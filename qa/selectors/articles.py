"""Knowledge to read: articles that are live, what they are about, and what is being written."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import Q, QuerySet
from django.urls import reverse

from qa.domain.content import questions
from qa.domain.markup import Known, linked
from qa.models import Article, ArticleDraft, ArticleQuestion, ArticleReason, ArticleVersion, ScorecardVersion
from qa.models.article import WORDS_AS, searched

LIT, UNLIT = "\x02", "\x03"  # around what was searched for; no stored text holds them
MOST: Final = 50
QuestionKey = tuple[UUID, str]  # a scorecard's id and a key of its questions


@dataclass(frozen=True, slots=True)
class About:
    """What articles are narrowed to; None, "" and False ask for everything."""

    text: str = ""
    reason: UUID | None = None
    question: QuestionKey | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of a scorecard as its newest version words it."""

    scorecard_id: UUID
    scorecard: str
    key: str
    number: int
    short: str
    text: str

    @property
    def name(self) -> QuestionKey:
        return self.scorecard_id, self.key

    @property
    def value(self) -> str:
        """How an address and a form name it."""
        return f"{self.scorecard_id}:{self.key}"


def articles(about: About = About()) -> QuerySet[ArticleVersion]:
    """The version that stands of each article, the best fit of a text first, else by title."""
    found = ArticleVersion.objects.filter(standing__state="withdrawn" if about.withdrawn else "live")
    found = found.select_related("standing")
    if about.reason is not None:
        found = found.filter(standing__of_reasons__reason_id=about.reason)
    if about.question is not None:
        scorecard, key = about.question
        found = found.filter(standing__of_questions__scorecard_id=scorecard, standing__of_questions__question=key)
    if not about.text:
        return found.order_by("title", "id")
    query = SearchQuery(about.text, config=WORDS_AS, search_type="websearch")
    vector = searched()
    lit = SearchHeadline("plain", query, config=WORDS_AS, start_sel=LIT, stop_sel=UNLIT, max_words=30, min_words=15)
    return (
        found.annotate(vector=vector, rank=SearchRank(vector, query))
        .filter(vector=query)
        .annotate(lit=lit)
        .order_by("-rank", "title", "id")
    )


def lit_parts(text: str) -> list[tuple[bool, str]]:
    """A headline cut at its marks: whether each piece was searched for, and the piece."""
    pieces = text.replace(UNLIT, LIT).split(LIT)
    return [(bool(place % 2), piece) for place, piece in enumerate(pieces) if piece]


def beside(*, reason: UUID | None, question: QuestionKey | None) -> list[ArticleVersion]:
    """Articles about a question or a reason, those about the question first."""
    wanted = Q(pk__in=[])
    if question is not None:
        wanted |= Q(pk__in=of_questions([question]).values("article__current"))
    if reason is not None:
        wanted |= Q(standing__of_reasons__reason_id=reason)
    found = list(articles().filter(wanted).distinct()[:MOST])
    own = {one.pk for one in found if question and list(question) in _pairs(one)}
    return sorted(found, key=lambda one: (one.pk not in own, one.title))


def _pairs(one: ArticleVersion) -> list[list[object]]:
    return [[UUID(scorecard), key] for scorecard, key in one.questions]


def of_questions(keys: Iterable[QuestionKey]) -> QuerySet[ArticleQuestion]:
    """The links of live articles to any of these questions."""
    wanted = Q(pk__in=[])
    for scorecard, key in keys:
        wanted |= Q(scorecard_id=scorecard, question=key)
    found = ArticleQuestion.objects.filter(wanted, article__state="live")
    return found.select_related("article__current").order_by("article__current__title")


def article_by_id(article_id: UUID) -> Article | None:
    """An article with its version and its draft."""
    return Article.objects.select_related("current__published_by", "draft__edited_by").filter(pk=article_id).first()


def versions_of(article: Article) -> list[ArticleVersion]:
    return list(article.versions.select_related("published_by").order_by("-number"))


def being_written() -> list[ArticleDraft]:
    """Drafts that wait for their publication, the last touched first."""
    found = ArticleDraft.objects.filter(open=True).select_related("article", "edited_by")
    return list(found.order_by("-edited_at")[:MOST])


def draft_of(article: Article) -> ArticleDraft | None:
    found: ArticleDraft | None = getattr(article, "draft", None)
    return found


def known_links(*bodies: str) -> Known:
    """Title and address of each live article that the bodies link to."""
    keys = set().union(*(linked(body) for body in bodies))
    if not keys:
        return {}
    found = Article.objects.filter(key__in=keys, state="live").values_list("key", "current__title", "pk")
    return {key: (title or key, reverse("qa:article", args=[pk])) for key, title, pk in found}


def asked_questions() -> list[AskedQuestion]:
    """Every question of the newest version of each scorecard in use."""
    newest = ScorecardVersion.objects.filter(scorecard__active=True).order_by("scorecard_id", "-number")
    found = []
    for version in newest.distinct("scorecard_id").select_related("scorecard"):
        card = version.scorecard
        found += [
            AskedQuestion(card.pk, card.name, one.key, one.number, one.short, one.text)
            for one in questions(version.content)
        ]
    return sorted(found, key=lambda one: (one.scorecard, one.number))


def answered_for() -> set[QuestionKey]:
    """The questions that a live article is about."""
    return set(ArticleQuestion.objects.filter(article__state="live").values_list("scorecard_id", "question"))


def reasons_with_articles() -> set[UUID]:
    return set(ArticleReason.objects.filter(article__state="live").values_list("reason_id", flat=True))
