"""A separation ends what hangs on an employment, agrees with it whatever is written, and can be put right."""

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.errors import Refused
from attrition.models import Separation
from attrition.services import Stale, correct_separation, record_separation, take_back
from bpo.ops_audit.models import Entry
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from interactions.models import Actor
from tests.integration.attrition.build import BY, NOW, assignments, person
from workforce.models import Assignment, Employment, Placement, Seat
from workforce.services import assign, hire, place, transfer

START, LAST = date(2026, 3, 2), date(2026, 10, 14)


def leave(employment: Employment, last: date = LAST, reason: str = "commute") -> Separation:
    return record_separation(employment=employment, last_day=last, reason=reason, note=" far ", by=BY, now=NOW)


def test_recording_ends_the_employment_its_assignments_and_placements(alpha: Any, beta: Any) -> None:
    employment = person("P1", START, (alpha, "0.6"), (beta, "0.4"))
    [at_alpha, _at_beta] = assignments(employment)
    place(assignment=at_alpha, team_id=uuid.uuid4(), team_name="Billing", starts_on=START, by=BY, now=NOW)
    made = leave(employment)
    employment.refresh_from_db()
    assert employment.ends_on == date(2026, 10, 15)
    assert {one.ends_on for one in assignments(employment)} == {date(2026, 10, 15)}
    assert Placement.objects.get().ends_on == date(2026, 10, 15)
    assert (made.kind, made.reason, made.note) == ("voluntary", "commute", "far")
    entry = Entry.objects.get(action="separation.recorded")
    assert entry.detail["last_day"] == "2026-10-14"
    assert "far" not in str(entry.detail)


def test_what_would_begin_later_is_dropped_and_comes_back_when_taken_back(alpha: Any, beta: Any) -> None:
    employment = person("P1", START, (alpha, "1"))
    transfer(assignment=assignments(employment)[0], client=beta, on=date(2026, 12, 1), by=BY, now=NOW)
    before = list(Assignment.objects.order_by("starts_on").values_list("pk", "client", "ends_on"))
    made = leave(employment)
    assert [one.client_id for one in assignments(employment)] == [alpha.pk]
    take_back(separation=made, version=1, by=BY, now=NOW)
    assert list(Assignment.objects.order_by("starts_on").values_list("pk", "client", "ends_on")) == before
    assert Employment.objects.get().ends_on is None
    assert not Separation.objects.exists()


def test_a_correction_moves_the_end_and_keeps_what_was_said_before(alpha: Any) -> None:
    employment = person("P1", START, (alpha, "1"))
    made = leave(employment)
    fixed = correct_separation(
        separation=made, version=1, last_day=date(2026, 10, 31), reason="conduct", by=BY, now=NOW
    )
    assert (fixed.version, fixed.kind) == (2, "involuntary")
    assert assignments(employment)[0].ends_on == Employment.objects.get().ends_on == date(2026, 11, 1)
    detail = Entry.objects.get(action="separation.corrected").detail
    assert (detail["was"]["reason"], detail["is"]["reason"]) == ("commute", "conduct")
    with pytest.raises(Stale):
        correct_separation(separation=made, version=1, last_day=LAST, reason="conduct", by=BY, now=NOW)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"last_day": date(2026, 3, 1)}, "last_day"),
        ({"reason": "bored"}, "reason"),
        ({"notice_on": date(2026, 10, 15)}, "notice_on"),
    ],
)
def test_what_can_not_be_is_refused_by_name(alpha: Any, change: dict[str, Any], field: str) -> None:
    employment = person("P1", START, (alpha, "1"))
    with pytest.raises(Refused) as refused:
        record_separation(
            **{"employment": employment, "last_day": LAST, "reason": "study", "by": BY, "now": NOW} | change
        )
    assert refused.value.field == field
    assert Employment.objects.get().ends_on is None


def test_an_employment_ends_once(alpha: Any) -> None:
    employment = person("P1", START, (alpha, "1"))
    leave(employment)
    with pytest.raises(Refused):
        leave(employment)


def test_nobody_comes_back_to_a_spell_once_hired_again(alpha: Any) -> None:
    employment = person("P1", START, (alpha, "1"))
    made = leave(employment)
    again = hire(number="P1", name="", starts_on=date(2026, 11, 2), by=BY, now=NOW)
    assign(employee=again.employee, client=alpha, starts_on=date(2026, 11, 2), by=BY, now=NOW)
    with pytest.raises(Refused):
        take_back(separation=made, version=1, by=BY, now=NOW)
    correct_separation(separation=made, version=1, last_day=date(2026, 10, 1), reason="study", by=BY, now=NOW)
    assert [one.ends_on for one in assignments(employment)] == [date(2026, 10, 2), None]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE attrition_separation SET last_day = '2026-10-20'",
        "UPDATE workforce_employment SET ends_on = NULL",
        "UPDATE workforce_employment SET ends_on = '2026-10-14'",
    ],
)
def test_the_database_holds_the_two_days_together(alpha: Any, statement: str) -> None:
    leave(person("P1", START, (alpha, "1")))
    with pytest.raises(IntegrityError, match="the day after the last day"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("column", "value"), [("kind", "other"), ("reason", "bored"), ("notice_on", date(2026, 10, 15))]
)
def test_the_database_holds_reason_kind_and_notice(alpha: Any, column: str, value: Any) -> None:
    made = leave(person("P1", START, (alpha, "1")))
    with pytest.raises(IntegrityError), transaction.atomic():
        Separation.objects.filter(pk=made.pk).update(**{column: value})


def test_the_actor_learns_the_dates_by_a_job_that_may_run_twice(alpha: Any) -> None:
    employment = person("P1", START, (alpha, "1"))
    seat = Seat.objects.create(client=alpha, employee=employment.employee)
    with enter(alpha.ref()):
        Actor.objects.create(pk=seat.actor_id, display_name="P", pseudonym="Agent 1")
    leave(employment)
    jobs = list(Job.objects.filter(kind="interactions.copy_actor_dates").values_list("pk", flat=True))
    assert len(jobs) == 1
    for _ in range(2):
        execute(jobs[0], "interactions.copy_actor_dates")
    with enter(alpha.ref()):
        actor = Actor.objects.get(pk=seat.actor_id)
    assert (actor.starts_on, actor.ends_on) == (START, date(2026, 10, 15))


def test_shares_of_a_person_never_exceed_one(alpha: Any, beta: Any) -> None:
    employment = person("P1", START, (alpha, "0.6"))
    with pytest.raises(Refused) as refused:
        assign(employee=employment.employee, client=beta, starts_on=START, by=BY, now=NOW)
    assert refused.value.field == "share"
