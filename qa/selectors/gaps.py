"""Questions and reasons that reviews find failed, beside what is written about them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils import timezone

from bpo.permissions import Reach
from qa.domain.gaps import Day, Gap, gap, ordered
from qa.models import ArticleQuestion, ArticleReason
from qa.selectors.answers import Judges, counted
from qa.selectors.articles import QuestionKey
from qa.selectors.measures import standing

K = TypeVar("K")


def question_gaps(start: date, end: date, *, reach: Reach | None = None) -> list[Gap[QuestionKey]]:
    """Each question asked in the period: answers that were errors, of those that weren't N/A. Random ones only."""
    judges = Judges()
    days: dict[QuestionKey, list[Day]] = defaultdict(list)
    for one in counted(standing(start, end, reach=reach), by_day=True):
        judged = judges.judge(one)
        if judged is not None and one.on is not None:
            name = judges.scorecard(one.version), one.question
            days[name].append(Day(one.on, one.n if judged.wrong else 0, one.n))
    written = ArticleQuestion.objects.filter(article__state="live").values_list("scorecard_id", "question")
    newest = written.annotate(at=Max("article__current__published_at"))
    return _gaps(days, {(card, key): at for card, key, at in newest})


def reason_gaps(start: date, end: date, *, reach: Reach | None = None) -> list[Gap[UUID]]:
    """Each reason of the period: evaluations that failed, of those with a score. Random ones only."""
    scored = standing(start, end, reach=reach).exclude(outcome="UNSCORED").filter(interaction__reason__isnull=False)
    rows = scored.values_list("interaction__reason_id", "business_date").annotate(
        n=Count("id"), failed=Count("id", filter=Q(outcome="FAIL"))
    )
    days: dict[UUID, list[Day]] = defaultdict(list)
    for reason, on, n, failed in rows:
        days[reason].append(Day(on, failed, n))
    written = ArticleReason.objects.filter(article__state="live").values_list("reason_id")
    return _gaps(days, dict(written.annotate(at=Max("article__current__published_at"))))


def _gaps(days: dict[K, list[Day]], written: dict[K, Any]) -> list[Gap[K]]:
    found: Iterable[Gap[K]] = (
        gap(key, known, timezone.localtime(written[key]).date() if key in written else None)
        for key, known in days.items()
    )
    return ordered(found)
