"""Figures of a period's evaluations, one way of picking at a time: the database adds up, one statement a table.

Random and targeted ones are never in one figure: each function takes the revisions of one way of picking.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Aggregate, Avg, Count, FloatField, QuerySet, StdDev
from django.db.models.functions import TruncWeek

from bpo.permissions import Reach
from bpo.ratio import Ratio
from interactions.models import Actor, Team
from interactions.selectors import within
from qa.domain.content import CRITICAL, questions, sections
from qa.domain.means import Mean, mean_from
from qa.models import EvaluationRevision
from qa.selectors.answers import Counted, Judges, errors_by_class, na_by_evaluator, run
from qa.selectors.articles import QuestionKey

ScoredRevisions = QuerySet[EvaluationRevision]
SPREAD: Final = {"n": Count("final"), "middle": Avg("final"), "spread": StdDev("final", sample=True)}


class Median(Aggregate):
    """The middle value, between two where their number is even."""

    name = "Median"
    template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True, slots=True)
class SectionMean:
    scorecard: str
    number: int  # its place in the newest version that has it
    title: str
    mean: Mean


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """How one question was answered. `asked` is with N/A, `n` without; `kind` is its error class or "other"."""

    scorecard: str
    number: int
    short: str
    kind: str
    asked: int
    na: int
    n: int
    best: int
    errors: int


@dataclass(frozen=True, slots=True)
class EvaluatorFigures:
    """One evaluator: the mean they give, N/A where it was allowed, median active seconds, mean share heard."""

    name: str
    mean: Mean
    na: Ratio
    seconds: float | None
    heard: float | None


def by_kind(start: date, end: date, *, reach: Reach | None) -> dict[str, Mean]:
    """The mean of each way of picking, apart."""
    found = EvaluationRevision.objects.filter(
        within(reach), standing__state="released", business_date__gte=start, business_date__lt=end
    )
    return _means(found.order_by(), "picked")


def by_group(found: ScoredRevisions, field: str) -> dict[Any, Mean]:
    """The mean of each team (`team_id`, of its time) or agent (`agent_id`)."""
    return _means(found, field)


def weekly(found: ScoredRevisions) -> dict[date, Mean]:
    """The mean of each week, by its Monday; weeks without a score are left out."""
    return dict(sorted(_means(found.annotate(week=TruncWeek("business_date")), "week").items()))


def by_section(found: ScoredRevisions, judges: Judges) -> list[SectionMean]:
    """The mean of each section where something in it applied."""
    rows = run(
        "SELECT v.scorecard_id, s.value->>0, count(*), avg((s.value->>1)::float), stddev_samp((s.value->>1)::float) "
        "FROM ({revisions}) r JOIN qa_scorecardversion v ON v.id = r.scorecard_version_id "
        "JOIN jsonb_array_elements(r.sections) s ON s.value->>1 IS NOT NULL GROUP BY 1, 2",
        found,
    )
    names = _section_names(judges)
    made = [SectionMean(*names[card, key], mean_from(n, middle, spread)) for card, key, n, middle, spread in rows]
    return sorted(made, key=lambda one: (one.scorecard, one.number))


def by_question(answers: Iterable[Counted], judges: Judges) -> list[QuestionFigures]:
    """Each question through the versions of its scorecard, as its newest version words it."""
    tallies: dict[QuestionKey, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for one in answers:
        tally, judged = tallies[judges.scorecard(one.version), one.question], judges.judge(one)
        tally[0] += one.n
        if judged is not None:
            tally[1] += one.n
            tally[2] += one.n if judged.best else 0
            tally[3] += one.n if judged.wrong else 0
    names = _question_names(judges)
    made = [
        QuestionFigures(*names[key], asked, asked - n, n, best, errors)
        for key, (asked, n, best, errors) in tallies.items()
        if key in names
    ]
    return sorted(made, key=lambda one: (one.scorecard, one.number))


def accuracies(found: ScoredRevisions, answers: list[Counted], judges: Judges) -> dict[str, Ratio]:
    """Accuracy of each error class. Of a critical one the unit is the evaluation, of "other" the answer."""
    wrong = errors_by_class(found, judges, answers)
    made = {kind: Ratio(n - errors, n) for kind in CRITICAL for errors, n in [wrong.get(kind, (0, 0))]}
    errors = opportunities = 0
    for one in answers:
        judged = judges.judge(one)
        if judged is not None and judges.of(one.version).class_of(one.question) == "other":
            opportunities += one.n
            errors += one.n if judged.wrong else 0
    return made | {"other": Ratio(opportunities - errors, opportunities)}


def by_evaluator(found: ScoredRevisions, judges: Judges) -> list[EvaluatorFigures]:
    """Everybody who scored in the period, by name."""
    more: dict[str, Any] = {**SPREAD, "seconds": Median("active_seconds"), "heard": Avg("heard_share")}
    rows: Any = found.values("evaluator_id", "evaluator__display_name").annotate(**more)
    na = na_by_evaluator(found, judges)
    made = [
        EvaluatorFigures(
            row["evaluator__display_name"],
            mean_from(row["n"], _float(row["middle"]), _float(row["spread"])),
            Ratio(*na.get(row["evaluator_id"], (0, 0))),
            row["seconds"],
            _float(row["heard"]),
        )
        for row in rows
    ]
    return sorted(made, key=lambda one: one.name)


def names_of(actors: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Actor.objects.filter(pk__in=set(actors)).values_list("pk", "display_name"))


def team_names() -> dict[UUID, str]:
    return dict(Team.objects.values_list("pk", "name"))


def _means(found: ScoredRevisions, field: str) -> dict[Any, Mean]:
    rows = found.values(field).annotate(**SPREAD)
    return {row[field]: mean_from(row["n"], _float(row["middle"]), _float(row["spread"])) for row in rows if row["n"]}


def _section_names(judges: Judges) -> dict[tuple[UUID, str], tuple[str, int, str]]:
    """By scorecard and key; a later version's words stand over an earlier's."""
    return {
        (version.scorecard_id, section.key): (version.scorecard.name, place, section.title)
        for version in judges.versions.values()
        for place, section in enumerate(sections(version.content), start=1)
    }


def _question_names(judges: Judges) -> dict[QuestionKey, tuple[str, int, str, str]]:
    return {
        (version.scorecard_id, one.key): (
            version.scorecard.name, one.number, one.short, judges.of(version.pk).class_of(one.key),
        )
        for version in judges.versions.values()
        for one in questions(version.content)
    }  # fmt: skip


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
