"""Knowledge: articles, their drafts and published versions, and what each is about."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bpo.data_classes import DataClass
from bpo.ids import uuid7
from bpo.typed import TypedChar, TypedJSON, TypedText
from interactions.models import Actor, Reason
from qa.models.scorecard import Scorecard

WORDS_AS = "simple"  # articles are in the client's language, whichever it is
LONGEST = 20_000  # characters of a body


def searched() -> Any:  # the stubs say less of a sum than Django does
    """What a search reads of a version: the title before the summary before the body. The index is of the same."""
    title = SearchVector("title", weight="A", config=WORDS_AS)
    summary = SearchVector("summary", weight="B", config=WORDS_AS)
    return title + summary + SearchVector("plain", weight="D", config=WORDS_AS)


class ArticleBase(models.Model):
    title = TypedChar(max_length=120)
    summary = TypedChar(max_length=300, blank=True, default="")
    body = TypedText(max_length=LONGEST, blank=True, default="")
    reasons = TypedJSON(default=list)  # ids of interactions.Reason
    questions = TypedJSON(default=list)  # [[id of a scorecard, key of a question], …]

    class Meta:
        abstract = True


class ArticleVersion(ArticleBase):
    """An article as it was published. Frozen: the client's role can't change it."""

    data = DataClass(scope="client", grants="frozen", retention="audit", part_of="article")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    article = models.ForeignKey("qa.Article", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    plain = TypedText(blank=True, default="")  # the body's words without its marks, for the search
    why = TypedChar(max_length=200)  # the reason for the change
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Actor, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_is_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="article_version_counts_from_one"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(why=""), name="article_version_has_title_and_why"),
        ]
        indexes = [GinIndex(searched(), name="articles_by_their_words")]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"


class Article(models.Model):
    """One thing to know, through all its versions."""

    class State(models.TextChoices):
        NEW = "new", _("not published yet")
        LIVE = "live", _("live")
        WITHDRAWN = "withdrawn", _("withdrawn")

    data = DataClass(scope="client")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = TypedChar(max_length=80, unique=True)  # what other articles link to
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    current = models.OneToOneField(
        ArticleVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="standing"
    )

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="new", current=None) | Q(state__in=["live", "withdrawn"], current__isnull=False),
                name="article_published_has_a_version",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class ArticleDraft(ArticleBase):
    """What is being written of an article; nobody reads it until it is published into a version. One row, used again."""

    data = DataClass(scope="client", part_of="article")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="draft")
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey(Actor, null=True, on_delete=models.SET_NULL, related_name="+")
    open = models.BooleanField(
        default=True
    )  # not published and not given up; its text stays, so that it can be had back
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.article} draft"


class ArticleReason(models.Model):
    """A published article is about a reason of interactions."""

    data = DataClass(scope="client", part_of="article", audit=False)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="of_reasons")
    reason = models.ForeignKey(Reason, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "reason"], name="article_names_a_reason_once"),
        ]

    def __str__(self) -> str:
        return f"{self.article}: {self.reason}"


class ArticleQuestion(models.Model):
    """A published article is about a question, through all versions of its scorecard."""

    data = DataClass(scope="client", part_of="article", audit=False)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="of_questions")
    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="+")
    question = TypedChar(max_length=60)  # a key of the scorecard

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "scorecard", "question"], name="article_names_a_question_once"),
            models.CheckConstraint(condition=~Q(question=""), name="article_question_is_named"),
        ]
        indexes = [models.Index(fields=["scorecard", "question"], name="articles_of_question")]

    def __str__(self) -> str:
        return f"{self.article}: {self.question}"
