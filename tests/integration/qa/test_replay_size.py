"""Five thousand past evaluations under a draft: counted by a job, with progress, within a minute."""

import random
import time
from typing import Any

import pytest

from bpo.ids import uuid7
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from interactions.models import Interaction, Queue
from qa.domain.scoring import Form, score
from qa.models import Evaluation, EvaluationRevision, ReviewTask, ScorecardReplay, ScorecardVersion
from qa.services import ask_replay
from qa.services.submitting import result_fields
from qa.tasks import count_replay, give_up_replay
from tests.integration.qa.build import NOW, actor, card
from tests.integration.qa.drafts import begun, edited, writer

MANY = 5_000


def fill(version: ScorecardVersion, count: int) -> None:
    """Evaluations that stand, written in bulk: what thousands of submissions leave behind."""
    chance, form = random.Random(7), Form.from_dict(version.content)  # noqa: S311 - a fixed seed, guards nothing
    agent, lead = actor("Maricel"), actor("Grace")
    queue = Queue.objects.get_or_create(key="billing", defaults={"name": "Billing EN"})[0]
    day = NOW.date()
    calls, tasks, ones, revisions = [], [], [], []
    for number in range(count):
        answers = {key: chance.choice(["yes", "yes", "no"]) for key in ("q1", "q2", "q3")} | {"law": "yes"}
        call = Interaction(
            source="acd", external_id=f"many-{number}", agent=agent, queue=queue, started_at=NOW, ended_at=NOW,
            business_date=day, zone="UTC",
        )  # fmt: skip
        task = ReviewTask(
            interaction=call, scorecard_id=version.scorecard_id, agent=agent, picked="manual", why="x", state="done",
            created_at=NOW,
        )  # fmt: skip
        one = Evaluation(
            task=task, interaction=call, scorecard_id=version.scorecard_id, scorecard_version=version, agent=agent,
            evaluator=lead, answers=answers, started_at=NOW, saved_at=NOW,
        )  # fmt: skip
        revision = EvaluationRevision(
            id=uuid7(), evaluation=one, seq=1, scorecard_version=version, interaction=call, queue=queue, agent=agent,
            evaluator=lead, picked="random" if number % 2 else "manual", business_date=day, answers=answers,
            critical_asked=True, critical_error=False, submitted_at=NOW, **result_fields(score(form, answers)),
        )  # fmt: skip
        calls.append(call)
        tasks.append(task)
        ones.append(one)
        revisions.append(revision)
    for model, rows in ((Interaction, calls), (ReviewTask, tasks), (Evaluation, ones), (EvaluationRevision, revisions)):
        model.objects.bulk_create(rows, 1000)
    for one, revision in zip(ones, revisions, strict=True):
        one.state, one.current = "released", revision
    Evaluation.objects.bulk_update(ones, ["state", "current"], 1000)


def test_five_thousand_are_counted_by_a_job_with_progress(alpha: Any, record_property: Any) -> None:
    with enter(alpha.ref()):
        version = card(questions=4)
        fill(version, MANY)
        draft = edited(begun(version.scorecard), do="set", kind="question", key="q2", field="weight", value="4")
        draft = edited(draft, do="set", kind="form", field="pass_mark", value="70")
        one = ask_replay(card_id=version.scorecard_id, by=writer(), now=NOW)
        assert (one.state, one.total, one.done) == ("waiting", MANY, 0)
        assert ask_replay(card_id=version.scorecard_id, by=writer(), now=NOW).pk == one.pk
    job = Job.objects.get(kind="qa.replay")
    with enter(alpha.ref()):
        started = time.monotonic()
        count_replay(**job.payload)
        seconds = time.monotonic() - started
        record_property("seconds", round(seconds, 1))
        assert seconds < 60
        one = ScorecardReplay.objects.get(pk=one.pk)
        assert (one.state, one.done, one.result["compared"]) == ("done", MANY, MANY)
        # Each is found again by scoring it once more, without the replay.
        form = Form.from_dict(draft.content)
        changed = {}
        for revision in EvaluationRevision.objects.all():
            new = score(form, revision.answers)
            if (new.final, new.outcome) != (revision.final, revision.outcome):
                changed[str(revision.evaluation_id)] = [
                    str(revision.final),
                    revision.outcome,
                    str(new.final),
                    new.outcome,
                ]
        assert {row[0]: row[1:] for row in one.result["rows"]} == changed
        assert one.result["changed"] == len(changed) > 1000
        flips = [row[2] != row[4] for row in one.result["rows"]]
        assert flips == sorted(flips, reverse=True)
        assert sum(one.result["flips"].values()) == sum(flips)
        assert one.result["means"]["n"] == MANY // 2
        assert one.result["means"]["low"] < one.result["means"]["after"] - one.result["means"]["before"]
        give_up_replay(**job.payload)
        assert ScorecardReplay.objects.get(pk=one.pk).state == "done"


@pytest.mark.parametrize("count", [301])
def test_a_count_that_was_given_up_says_so_and_can_be_asked_for_again(alpha: Any, count: int) -> None:
    with enter(alpha.ref()):
        version = card(questions=4)
        fill(version, count)
        draft = edited(begun(version.scorecard), do="set", kind="form", field="pass_mark", value="70")
        one = ask_replay(card_id=draft.scorecard_id, by=writer(), now=NOW)
        give_up_replay(replay_id=str(one.pk))
        assert ScorecardReplay.objects.get().state == "failed"
        again = ask_replay(card_id=draft.scorecard_id, by=writer(), now=NOW)
        assert (again.pk, again.state) == (one.pk, "waiting")
