"""Frozen rows and the outbox policy hold against raw SQL as the client role and as app."""

import uuid
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from bpo.outbox.models import Job
from bpo.tenancy.context import as_app, enter
from surveys.models import Survey, SurveyVersion


def run(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return int(cursor.rowcount)


@pytest.fixture
def version(alpha: Any) -> SurveyVersion:
    with enter(alpha.ref()):
        survey = Survey.objects.create(key="after", name="After the call")
        return SurveyVersion.objects.create(
            survey=survey, number=1, question="How was it?", low_label="Bad", high_label="Good",
            mail_subject="s", mail_text="t", thanks="Thank you", published_at=timezone.now(),
        )  # fmt: skip


@pytest.mark.services
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE surveys_surveyversion SET question = 'x'",
        "DELETE FROM surveys_surveyversion",
        "TRUNCATE surveys_surveyversion CASCADE",
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE surveys_response SET score = 5",
        "UPDATE interactions_resolution SET number = 2",
    ],
)
def test_a_frozen_table_refuses_its_own_client(alpha: Any, version: SurveyVersion, statement: str) -> None:
    with enter(alpha.ref()), pytest.raises(ProgrammingError, match="permission denied for table"):
        run(statement)


@pytest.mark.services
def test_the_same_statement_works_on_a_table_that_may_change(alpha: Any, version: SurveyVersion) -> None:
    with enter(alpha.ref()):
        assert run("UPDATE surveys_survey SET name = 'Renamed'") == 1


@pytest.mark.services
@pytest.mark.parametrize("statement", ["UPDATE ops_audit_entry SET action = 'x'", "DELETE FROM ops_audit_entry"])
def test_the_operators_log_refuses_app(db: None, statement: str) -> None:
    with as_app(), pytest.raises(ProgrammingError, match="permission denied for table"):
        run(statement)


INSERT = "INSERT INTO outbox_job (id, client_id, kind, dedupe_key, payload, state, attempts, max_attempts, fence, last_error) VALUES (%s, %s, 'k', %s, '{}', %s, 0, 8, 0, '')"


@pytest.mark.services
def test_a_client_adds_work_for_itself_and_for_nobody_else(alpha: Any, beta: Any) -> None:
    with enter(alpha.ref()):
        assert run(INSERT, uuid.uuid4(), alpha.pk, "mine", "ready") == 1
        for client, state in ((beta.pk, "ready"), (None, "ready"), (alpha.pk, "done")):
            with pytest.raises(ProgrammingError, match="row-level security"):
                run(INSERT, uuid.uuid4(), client, "theirs", state)
        with pytest.raises(ProgrammingError, match="permission denied for table outbox_job"):
            run("SELECT * FROM outbox_job")
    assert list(Job.objects.values_list("client_id", "dedupe_key")) == [(alpha.pk, "mine")]


@pytest.mark.services
def test_work_and_its_cause_roll_back_together(alpha: Any) -> None:
    with enter(alpha.ref()), pytest.raises(ZeroDivisionError), transaction.atomic():
        run(INSERT, uuid.uuid4(), alpha.pk, "mine", "ready")
        Survey.objects.create(key="x", name="x")
        1 / 0  # noqa: B018 - raised on purpose
    assert Job.objects.count() == 0
