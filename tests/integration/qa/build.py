"""Rows of quality, made through its services, for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bpo.actors import By, system
from interactions.models import Actor, Interaction, Queue
from qa.models import Evaluation, EvaluationRevision, ReviewTask, Scorecard, ScorecardVersion
from qa.services import claim, publish_scorecard, queue_interaction, save_answer, submit
from qa.services.releasing import release
from qa.services.scoring import begin

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
YES_NO = [{"key": "yes", "points": 1, "label": "Yes"}, {"key": "no", "points": 0, "label": "No"}]
MONDAY = datetime(2026, 11, 16, tzinfo=UTC).date()


def question(key: str, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "type": "choice",
        "weight": 1,
        "text": f"Is {key} right?",
        "short": key,
        "options": YES_NO,
    } | more


def content(*, questions: int = 2, pass_mark: int = 80) -> dict[str, Any]:
    """Two sections; the last question fails the form and is compliance-critical, the first may be N/A."""
    fatal = [{**YES_NO[0]}, {**YES_NO[1], "autofail": True}]
    first = [question(f"q{number}", allow_na=number == 1) for number in range(1, questions)]
    last = question("law", options=fatal, error_class="compliance", autofail_scope="form")
    return {
        "mode": "nested",
        "pass_mark": pass_mark,
        "sections": [
            {"key": "talk", "title": "Talk", "weight": 60, "questions": first},
            {"key": "rules", "title": "Rules", "weight": 40, "questions": [last]},
        ],
    }


def actor(name: str) -> Actor:
    return Actor.objects.get_or_create(display_name=name, defaults={"pseudonym": name})[0]


def by(one: Actor) -> By:
    return By("person", one.display_name, actor_id=one.pk)


def card(key: str = "voice", **more: Any) -> ScorecardVersion:
    return publish_scorecard(key=key, name="Voice", content=content(**more), by=system("tests"), now=NOW)


def interaction(agent: Actor | None, number: str, *, days: int = 0, **more: Any) -> Interaction:
    started = NOW - timedelta(days=days)
    queue = Queue.objects.get_or_create(key="billing", defaults={"name": "Billing EN"})[0]
    values = {
        "source": "acd", "external_id": number, "agent": agent, "queue": queue, "started_at": started,
        "ended_at": started + timedelta(minutes=5), "business_date": started.date(), "zone": "Asia/Manila",
    }  # fmt: skip
    return Interaction.objects.create(**values | more)


def task(number: str = "1", *, agent: str = "Maricel", scorecard: Scorecard | None = None, days: int = 0) -> ReviewTask:
    return queue_interaction(
        interaction_id=interaction(actor(agent), number, days=days).pk,
        scorecard=scorecard or card().scorecard,
        why="Asked for by the lead",
        by=system("tests"),
        now=NOW,
    )


def begun(one: ReviewTask, lead: str = "Grace") -> Evaluation:
    who = by(actor(lead))
    return begin(task=claim(task_id=one.pk, by=who, now=NOW), by=who, now=NOW)


def answer(one: Evaluation, seq: int, key: str, value: Any, **more: Any) -> Evaluation:
    return save_answer(evaluation_id=one.pk, question=key, answer=value, seq=seq, by=by(one.evaluator), now=NOW, **more)


def submitted(number: str = "1", answers: dict[str, Any] | None = None, **more: Any) -> EvaluationRevision:
    one = begun(task(number, **more))
    given = answers or {"q1": "yes", "law": "yes"}
    for seq, (key, value) in enumerate(given.items(), start=1):
        answer(one, seq, key, value)
    return submit(evaluation_id=one.pk, seq=len(given), by=by(one.evaluator), now=NOW)


def released(number: str = "1", answers: dict[str, Any] | None = None, **more: Any) -> EvaluationRevision:
    revision = submitted(number, answers, **more)
    release(revision_id=revision.pk, by=system("tests"), now=NOW)
    return revision
