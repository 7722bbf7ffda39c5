"""What the database guarantees of people's time, by the numbers of the domain model, against raw SQL.

As `app`, which writes the operator's own tables, and as a client's role, which reaches them by functions alone.
4 is for time-off allotments and offers, which are not there yet.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from psycopg import errors

from bpo.tenancy.context import as_app, enter
from tests.refusals import refused, rows, run
from workforce.models import Duty, Employee, Seat, WorkBlock

DUTY = """
INSERT INTO workforce_duty (id, employee_id, during, rest_minutes, business_date, zone, with_rest)
VALUES (%s, %s, tstzrange(%s, %s), %s, '2026-11-02', 'UTC', %s::tstzrange)
"""
BLOCK = """
INSERT INTO workforce_workblock (id, duty_id, employee_id, during, client_id, source)
VALUES (%s, %s, %s, tstzrange(%s, %s), %s, 'test')
"""
MOVE = "UPDATE workforce_workblock SET during = tstzrange(%s, %s) WHERE id = %s"
BOOK = "SELECT workforce_book(%s, %s, %s, '2026-11-02', 'UTC', 'test')"
LEDGER = ("workforce_duty", "workforce_workblock", "workforce_seat", "workforce_employee")


def at(hour: float) -> datetime:
    return datetime(2026, 11, 2, tzinfo=UTC) + timedelta(hours=hour)


@pytest.fixture
def maria(db: None) -> Employee:
    return Employee.objects.create(number="1", name="Maria", created_at=timezone.now())


def duty(who: Employee, start: float, end: float, *, rest: int = 660, with_rest: str | None = None) -> uuid.UUID:
    made = uuid.uuid4()
    run(DUTY, made, who.pk, at(start), at(end), rest, with_rest)
    return made


def block(who: Employee, of: uuid.UUID, start: float, end: float, client: Any) -> uuid.UUID:
    made = uuid.uuid4()
    run(BLOCK, made, of, who.pk, at(start), at(end), client.pk)
    return made


@pytest.mark.services
def test_1_nobody_is_booked_twice_whoever_the_clients_are(alpha: Any, beta: Any, maria: Employee) -> None:
    with as_app():
        day = duty(maria, 6, 14)
        first = block(maria, day, 6, 10, alpha)
        with refused(errors.ExclusionViolation, "nobody_is_booked_twice"):
            block(maria, day, 9, 12, beta)
        block(maria, day, 10, 14, beta)  # back to back
        with refused(errors.CheckViolation, "block_is_not_empty"):
            block(maria, day, 14, 14, alpha)
        with refused(errors.CheckViolation, "block_lies_in_its_duty"):
            block(maria, day, 13, 15, alpha)
        run("DELETE FROM workforce_workblock WHERE id = %s", first)
        block(maria, day, 6, 9, beta)  # what was given back is in nobody's way
    seat = Seat.objects.create(client=alpha, employee=maria)
    with enter(alpha.ref()):
        with refused(errors.InsufficientPrivilege):
            block(maria, day, 9, 10, alpha)
        with refused(errors.ExclusionViolation, "busy"):
            run(BOOK, seat.actor_id, at(8), at(10))
        assert run(BOOK, seat.actor_id, at(9), at(10)) == 1


@pytest.mark.services
def test_2_two_blocks_swap_by_two_updates_in_one_transaction(alpha: Any, beta: Any, maria: Employee) -> None:
    with as_app():
        day = duty(maria, 6, 14)
        early, late = block(maria, day, 6, 10, alpha), block(maria, day, 10, 14, beta)
        with transaction.atomic():
            run(MOVE, at(10), at(14), early)
            run(MOVE, at(6), at(10), late)
        assert rows("SELECT lower(during) FROM workforce_workblock WHERE id = %s", early) == [(at(10),)]
        with refused(errors.ExclusionViolation, "nobody_is_booked_twice"), transaction.atomic():
            run(MOVE, at(6), at(10), early)
            run("UPDATE workforce_workblock SET source = 'half a swap' WHERE id = %s", late)
        with refused(errors.ExclusionViolation, "nobody_is_booked_twice"):
            run(MOVE, at(6), at(10), early)
    with enter(alpha.ref()), refused(errors.InsufficientPrivilege):
        run(MOVE, at(6), at(10), early)


@pytest.mark.services
def test_2_a_client_hears_of_a_clash_at_once_all_the_same(alpha: Any, maria: Employee) -> None:
    seat = Seat.objects.create(client=alpha, employee=maria)
    with enter(alpha.ref()), transaction.atomic():
        run("SET CONSTRAINTS ALL DEFERRED")
        run(BOOK, seat.actor_id, at(6), at(10))
        with refused(errors.ExclusionViolation, "busy"), transaction.atomic():
            run(BOOK, seat.actor_id, at(9), at(12))
    assert WorkBlock.objects.count() == 1


@pytest.mark.services
def test_3_rest_holds_between_duties_and_not_between_blocks_of_one(alpha: Any, beta: Any, maria: Employee) -> None:
    with as_app():
        day = duty(maria, 6, 14)
        with refused(errors.ExclusionViolation, "rest_holds_between_duties"):
            duty(maria, 24, 32)  # ten hours after it, eleven are the rule
        with refused(errors.ExclusionViolation, "rest_holds_between_duties"):
            duty(maria, 24, 32, with_rest="[2030-01-01, 2030-01-02)")  # the trigger writes what is true
        with refused(errors.ExclusionViolation, "rest_holds_between_duties"):
            run(
                "UPDATE workforce_duty SET rest_minutes = 10000; " + DUTY,
                uuid.uuid4(),
                maria.pk,
                at(60),
                at(61),
                0,
                None,
            )
        with refused(errors.CheckViolation, "duty_has_both_ends"):
            run("UPDATE workforce_duty SET during = tstzrange(NULL, upper(during))")
        block(maria, day, 6, 10, alpha)
        block(maria, day, 10, 14, beta)
        following = duty(maria, 25, 33)
        assert rows("SELECT upper(with_rest) FROM workforce_duty WHERE id = %s", following) == [(at(44),)]
        run("UPDATE workforce_duty SET rest_minutes = 480 WHERE id = %s", following)
        duty(maria, 41, 45)  # a waiver is a shorter rest, written down
    with enter(alpha.ref()), refused(errors.InsufficientPrivilege):
        run("UPDATE workforce_duty SET rest_minutes = 0")
    assert Duty.objects.count() == 3


@pytest.mark.services
@pytest.mark.parametrize("table", LEDGER)
def test_10_a_client_reads_nothing_of_the_ledger(alpha: Any, maria: Employee, table: str) -> None:
    for statement in (
        f"SELECT * FROM public.{table}",
        f"SELECT count(*) FROM public.{table}",
        f"DELETE FROM public.{table}",
        f"SELECT 1 FROM public.{table} FOR UPDATE",
    ):
        with enter(alpha.ref()), refused(errors.InsufficientPrivilege):
            run(statement)
    with as_app():
        run(f"SELECT * FROM public.{table}")


@pytest.mark.services
def test_10_a_client_hears_when_its_own_people_are_busy_and_nothing_of_others(
    alpha: Any, beta: Any, maria: Employee
) -> None:
    other = Employee.objects.create(number="2", name="Only at beta", created_at=timezone.now())
    seats = [Seat.objects.create(client=client, employee=maria).actor_id for client in (alpha, beta)]
    theirs = Seat.objects.create(client=beta, employee=other).actor_id
    with enter(beta.ref()):
        run(BOOK, seats[1], at(6), at(10))
        run(BOOK, theirs, at(6), at(10))
    with enter(alpha.ref()):
        busy = "SELECT * FROM workforce_busy(%s, %s, %s)"
        assert rows(busy, seats[0], at(0), at(24)) == [(at(6), at(10), False)]
        assert rows(busy, theirs, at(0), at(24)) == []
        assert rows(busy, seats[1], at(0), at(24)) == [], "another client's id of the same person is nobody here"
        with refused(errors.NoDataFound):
            run(BOOK, theirs, at(12), at(13))
        assert rows("SELECT workforce_hold(%s::uuid[])", [theirs, seats[1]]) == [(0,)]
        assert rows("SELECT workforce_hold(%s::uuid[])", [seats[0]]) == [(1,)]
