"""Many released evaluations at once, with the engine's scores, for figures and their speed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from bpo.ids import uuid7
from interactions.models import Interaction, Queue, Reason, Team
from qa.domain.content import critical_errors
from qa.domain.live import whole
from qa.models import Draw, Evaluation, EvaluationRevision, ReviewTask, ScorecardVersion
from qa.services.submitting import result_fields
from tests.integration.qa.build import NOW, actor, card


def released_rows(
    version: ScorecardVersion,
    answers: Sequence[dict[str, Any]],
    *,
    today: date,
    reason: Reason | None = None,
    picked: str = "random",
    agents: Sequence[Any] = (),
    evaluators: Sequence[Any] = (),
    within_days: int = 20,
    seconds: int = 300,
) -> list[EvaluationRevision]:
    """One released evaluation for each set of answers; agents, evaluators and days take turns."""
    agents = list(agents) or [actor("Maricel")]
    evaluators = list(evaluators) or [actor("Grace")]
    queue = Queue.objects.get_or_create(key="billing", defaults={"name": "Billing EN"})[0]
    draw = _draw(version, today) if picked == "random" else None
    first = Interaction.objects.count()
    calls: list[Any] = []
    tasks: list[Any] = []
    evaluations: list[Any] = []
    revisions: list[Any] = []
    for place, given in enumerate(answers):
        agent, evaluator = agents[place % len(agents)], evaluators[place % len(evaluators)]
        day = today - timedelta(days=place % within_days)
        call = Interaction(
            source="many", external_id=f"m{first + place}", agent=agent, queue=queue, reason=reason, started_at=NOW,
            ended_at=NOW, business_date=day, zone="UTC",
        )  # fmt: skip
        task = ReviewTask(
            interaction=call, scorecard_id=version.scorecard_id, agent=agent, picked=picked, draw=draw,
            place=1 if draw else None, places=2 if draw else None, why="" if draw else "Asked for", state="done",
            holder=evaluator, created_at=NOW,
        )  # fmt: skip
        common: dict[str, Any] = {
            "interaction": call, "scorecard_version": version, "agent": agent, "evaluator": evaluator, "answers": given,
        }  # fmt: skip
        evaluation = Evaluation(
            task=task, scorecard_id=version.scorecard_id, state="draft", started_at=NOW, saved_at=NOW, **common
        )
        asked, wrong = critical_errors(version.content, given)
        revision = EvaluationRevision(
            id=uuid7(), evaluation=evaluation, seq=1, queue=queue, team_id=agent.team_id, picked=picked, business_date=day,
            critical_asked=bool(asked), critical_error=bool(wrong), submitted_at=NOW, active_seconds=seconds + place % 100,
            heard_share="0.800", **common, **result_fields(whole(version.content, given)),
        )  # fmt: skip
        for rows, one in ((calls, call), (tasks, task), (evaluations, evaluation), (revisions, revision)):
            rows.append(one)
    for model, rows in (
        (Interaction, calls),
        (ReviewTask, tasks),
        (Evaluation, evaluations),
        (EvaluationRevision, revisions),
    ):
        model.objects.bulk_create(rows, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE qa_evaluation e SET state = 'released', current_id = r.id FROM qa_evaluationrevision r "
            "WHERE r.evaluation_id = e.id AND e.state = 'draft'"
        )
    return revisions


def _draw(version: ScorecardVersion, today: date) -> Draw:
    last = Draw.objects.filter(scorecard_id=version.scorecard_id).aggregate(week=Max("week"))["week"]
    week = (last or today - timedelta(days=700)) + timedelta(days=7)
    return Draw.objects.create(
        scorecard_id=version.scorecard_id, week=week, quota=2, seed="s", frame_size=9, frame_hash="h", drawn_at=NOW
    )


def many(count: int, *, agents: int = 8, teams: int = 3) -> None:
    """Evaluations that vary over agents, teams, evaluators and days, some with an N/A."""
    made = [Team.objects.get_or_create(name=f"Team {number}")[0] for number in range(teams)]
    people = []
    for number in range(agents):
        one = actor(f"Agent {number:03}")
        one.team = made[number % teams]
        one.save(update_fields=["team"])
        people.append(one)
    given = [
        {
            "q1": (None, "yes", "no", "yes", "yes", "yes", "yes")[place % 7],
            "q2": ("yes", "no", "yes", "yes", "yes")[(place // 3) % 5],
            "law": "no" if place % 29 == 0 else "yes",
        }
        for place in range(count)
    ]
    graders = [actor(name) for name in ("Grace", "Ana", "Liza")]
    version = card(questions=3)
    released_rows(version, given, today=timezone.localdate(), agents=people, evaluators=graders, within_days=56)
