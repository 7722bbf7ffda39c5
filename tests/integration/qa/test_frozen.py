"""What must not happen to reviews, tried by raw SQL as the client's role."""

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection

from bpo.tenancy.context import enter
from qa.models import Evaluation, ReviewTask
from tests.integration.qa.build import actor, begun, released, submitted, task


def run(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return int(cursor.rowcount)


FROZEN = (
    "scorecardversion", "draw", "drawnfrom", "evaluationrevision", "evidence", "note", "release", "acknowledgement",
)  # fmt: skip


@pytest.mark.services
@pytest.mark.parametrize("table", FROZEN)
def test_a_frozen_table_refuses_update_delete_and_truncate(alpha: Any, table: str) -> None:
    with enter(alpha.ref()):
        released()
        for statement in (f"UPDATE qa_{table} SET id = id", f"DELETE FROM qa_{table}", f"TRUNCATE qa_{table} CASCADE"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                run(statement)


@pytest.mark.services
@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE qa_reviewtask SET state = 'claimed', lease_until = NULL", "task_in_hand_has_holder_and_lease"),
        ("UPDATE qa_reviewtask SET holder_id = agent_id", "task_holder_is_not_agent"),
        ("UPDATE qa_reviewtask SET picked = 'random'", "task_says_why_it_is_here"),
        ("UPDATE qa_reviewtask SET state = 'skipped', skip_reason = ''", "task_skip_gives_reason"),
        ("UPDATE qa_evaluation SET state = 'released', current_id = NULL", "evaluation_submitted_has_a_revision"),
        ("UPDATE qa_evaluation SET evaluator_id = agent_id", "evaluation_evaluator_is_not_agent"),
    ],
)
def test_a_constraint_holds_against_raw_sql(alpha: Any, statement: str, constraint: str) -> None:
    with enter(alpha.ref()):
        submitted()
        with pytest.raises(IntegrityError, match=constraint):
            run(statement)


@pytest.mark.services
def test_two_people_never_score_one_interaction(alpha: Any) -> None:
    """Two drafts may exist when a lease ran out; only one of them can ever be submitted."""
    with enter(alpha.ref()):
        revision = submitted()
        first = Evaluation.objects.get()
        second = Evaluation.objects.get()
        second.pk, second._state.adding = None, True
        from bpo.ids import uuid7

        second.pk, second.evaluator, second.state, second.current = uuid7(), actor("Ana"), "draft", None
        second.save(force_insert=True)
        other = submitted("2")
        Evaluation.objects.exclude(pk__in=[first.pk, second.pk]).update(state="draft", current=None)
        with pytest.raises(IntegrityError, match="interaction_is_scored_once"):
            run("UPDATE qa_evaluation SET state = 'submitted', current_id = %s WHERE id = %s", other.pk, second.pk)
        assert Evaluation.objects.get(current=revision).pk == first.pk


@pytest.mark.services
def test_an_interaction_is_queued_once(alpha: Any) -> None:
    with enter(alpha.ref()):
        one = task()
        begun(one)
        copy = ReviewTask.objects.get(pk=one.pk)
        from bpo.ids import uuid7

        copy.pk, copy._state.adding = uuid7(), True
        with pytest.raises(IntegrityError, match="task_is_queued_once"):
            copy.save(force_insert=True)


@pytest.mark.services
def test_a_score_without_an_outcome_is_no_score(alpha: Any) -> None:
    with enter(alpha.ref()):
        revision = submitted()
        from bpo.ids import uuid7

        for changes, name in (
            ({"outcome": "UNSCORED"}, "revision_outcome_fits_score"),
            ({"evaluator_id": revision.agent_id}, "revision_evaluator_is_not_agent"),
            ({"critical_asked": False, "critical_error": True}, "revision_error_was_asked_about"),
        ):
            copy = type(revision).objects.get(pk=revision.pk)
            copy.pk, copy.seq, copy._state.adding = uuid7(), 7, True
            for field, value in changes.items():
                setattr(copy, field, value)
            with pytest.raises(IntegrityError, match=name):
                copy.save(force_insert=True)
