"""Answers of released evaluations, counted by the database: one row for each answer there is, whatever their number."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from qa.domain.judging import Judge, Judged
from qa.models import EvaluationRevision, ScorecardVersion

COLUMNS: Final = ("id", "scorecard_version_id", "evaluator_id", "business_date", "answers", "sections")


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a question of one version was answered in one way; `on` and `by` where it was grouped by them."""

    version: UUID
    question: str
    answer: Any
    n: int
    on: date | None = None
    by: UUID | None = None


class Judges:
    """A judge for each scorecard version, read in one statement."""

    def __init__(self) -> None:
        versions = ScorecardVersion.objects.select_related("scorecard").order_by("scorecard_id", "number")
        self.versions = {version.pk: version for version in versions}
        self._judges: dict[UUID, Judge] = {}
        self._known: dict[tuple[UUID, str, str], Judged | None] = {}

    def of(self, version: UUID) -> Judge:
        if version not in self._judges:
            self._judges[version] = Judge(self.versions[version].content)
        return self._judges[version]

    def judge(self, one: Counted) -> Judged | None:
        """None for N/A."""
        key = (one.version, one.question, json.dumps(one.answer))
        if key not in self._known:
            self._known[key] = self.of(one.version).judge(one.question, one.answer)
        return self._known[key]

    def scorecard(self, version: UUID) -> UUID:
        return self.versions[version].scorecard_id


def counted(found: QuerySet[EvaluationRevision], *, by_day: bool = False) -> list[Counted]:
    """Each way each question was answered, and how often; with `by_day` apart for each business date."""
    extra = "r.business_date" if by_day else "NULL::date"
    rows = run(
        "SELECT r.scorecard_version_id, a.key, a.value::text, count(*), {extra} "
        "FROM ({revisions}) r, jsonb_each(r.answers) a GROUP BY 1, 2, 3, 5",
        found,
        extra=extra,
    )
    return [Counted(version, key, json.loads(text), n, on) for version, key, text, n, on in rows]


def errors_by_class(
    found: QuerySet[EvaluationRevision], judges: Judges, answers: Iterable[Counted]
) -> dict[str, tuple[int, int]]:
    """Error class → (evaluations with an error of it, evaluations where it applied). Two in one count once."""
    classes = [
        {"version": str(version), "question": key, "class": kind}
        for version in judges.versions
        for key, kind in judges.of(version).critical()
    ]
    wrong = [
        {"version": str(one.version), "question": one.question, "answer": json.dumps(one.answer)}
        for one in answers
        if (judged := judges.judge(one)) is not None and judged.wrong
    ]
    rows = run(
        "SELECT x.class, count(*) FILTER (WHERE x.wrong), count(*) FROM ("
        "SELECT r.id, c.class, bool_or(w.question IS NOT NULL) AS wrong FROM ({revisions}) r "
        "JOIN jsonb_each(r.answers) a ON a.value <> 'null'::jsonb "
        "JOIN jsonb_to_recordset(%s::jsonb) AS c(version uuid, question text, class text) "
        "ON c.version = r.scorecard_version_id AND c.question = a.key "
        "LEFT JOIN jsonb_to_recordset(%s::jsonb) AS w(version uuid, question text, answer jsonb) "
        "ON w.version = r.scorecard_version_id AND w.question = a.key AND w.answer = a.value "
        "GROUP BY 1, 2) x GROUP BY 1",
        found,
        more=[json.dumps(classes), json.dumps([{**one, "answer": json.loads(one["answer"])} for one in wrong])],
    )
    return {kind: (errors, n) for kind, errors, n in rows}


def na_by_evaluator(found: QuerySet[EvaluationRevision], judges: Judges) -> dict[UUID, tuple[int, int]]:
    """Evaluator → (answers N/A, answers where N/A was allowed)."""
    allowed = [
        {"version": str(version), "question": key}
        for version in judges.versions
        for key, (_section, question) in judges.of(version).asked.items()
        if question.allow_na
    ]
    rows = run(
        "SELECT r.evaluator_id, count(*) FILTER (WHERE a.value = 'null'::jsonb), count(*) FROM ({revisions}) r "
        "JOIN jsonb_each(r.answers) a ON true "
        "JOIN jsonb_to_recordset(%s::jsonb) AS q(version uuid, question text) "
        "ON q.version = r.scorecard_version_id AND q.question = a.key GROUP BY 1",
        found,
        more=[json.dumps(allowed)],
    )
    return {evaluator: (na, n) for evaluator, na, n in rows}


def run(statement: str, found: QuerySet[EvaluationRevision], *, extra: str = "", more: Iterable[Any] = ()) -> Any:
    """Run a statement over the revisions a queryset finds. Its text is this module's and the ORM's, values are bound."""
    revisions, params = found.order_by().values(*COLUMNS).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement.format(revisions=revisions, extra=extra), [*params, *more])
        return cursor.fetchall()
