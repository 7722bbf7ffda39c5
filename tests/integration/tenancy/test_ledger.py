"""The work ledger: nobody booked twice, rest between duties, and not a word about the other client."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection
from django.utils import timezone

from bpo.tenancy.context import enter
from workforce.models import Duty, Employee, Seat, WorkBlock

BOOK = "SELECT workforce_book(%s, %s, %s, %s, 'Asia/Manila', 'test')"


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def book(actor: uuid.UUID, start: datetime, end: datetime) -> uuid.UUID:
    with connection.cursor() as cursor:
        cursor.execute(BOOK, [actor, start, end, start.date()])
        row: Any = cursor.fetchone()
    return uuid.UUID(str(row[0]))


@pytest.fixture
def seats(alpha: Any, beta: Any) -> dict[str, uuid.UUID]:
    """Maria works for both clients, under another actor id at each."""
    maria = Employee.objects.create(number="1", name="Maria", created_at=timezone.now())
    return {client.key: Seat.objects.create(client=client, employee=maria).actor_id for client in (alpha, beta)}


@pytest.mark.services
def test_two_clients_share_a_duty_without_overlap(alpha: Any, beta: Any, seats: dict[str, uuid.UUID]) -> None:
    with enter(alpha.ref()):
        book(seats["alpha"], at(2, 6), at(2, 10))
    with enter(beta.ref()), pytest.raises(IntegrityError) as caught:
        book(seats["beta"], at(2, 9), at(2, 12))
    said = str(caught.value)
    assert said.startswith("busy")
    assert "06:00" not in said
    assert str(alpha.pk) not in said
    assert WorkBlock.objects.count() == 1


@pytest.mark.services
def test_rest_holds_between_duties_of_two_clients(alpha: Any, beta: Any, seats: dict[str, uuid.UUID]) -> None:
    with enter(alpha.ref()):
        book(seats["alpha"], at(2, 6), at(2, 14))
    with enter(beta.ref()):
        with pytest.raises(IntegrityError, match="busy"):
            book(seats["beta"], at(3, 0), at(3, 4))  # ten hours later, eleven are needed
        book(seats["beta"], at(3, 1), at(3, 5))
    assert Duty.objects.count() == 2


@pytest.mark.services
def test_another_clients_block_shows_as_busy_and_nothing_more(
    alpha: Any, beta: Any, seats: dict[str, uuid.UUID]
) -> None:
    with enter(alpha.ref()):
        book(seats["alpha"], at(2, 6), at(2, 10))
    with enter(beta.ref()), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM workforce_busy(%s, %s, %s)", [seats["beta"], at(1, 0), at(3, 0)])
        assert cursor.fetchall() == [(at(2, 6), at(2, 10), False)]


@pytest.mark.services
def test_a_client_releases_its_own_blocks_only(alpha: Any, beta: Any, seats: dict[str, uuid.UUID]) -> None:
    with enter(alpha.ref()):
        block = book(seats["alpha"], at(2, 6), at(2, 10))
    for client, released in ((beta, False), (alpha, True)):
        with enter(client.ref()), connection.cursor() as cursor:
            cursor.execute("SELECT workforce_release(%s)", [block])
            assert cursor.fetchone() == (released,)
    assert Duty.objects.count() == 0


@pytest.mark.services
def test_a_stranger_has_no_seat_to_book(alpha: Any, beta: Any, seats: dict[str, uuid.UUID]) -> None:
    with enter(alpha.ref()), pytest.raises(DatabaseError, match="no such person here"):
        book(seats["beta"], at(2, 6), at(2, 10))


@pytest.mark.services
def test_a_block_outside_its_duty_is_refused_by_the_database(alpha: Any, seats: dict[str, uuid.UUID]) -> None:
    employee = Employee.objects.get()
    duty = Duty.objects.create(
        employee=employee, during=(at(2, 6), at(2, 10)), business_date=date(2026, 11, 2), zone="UTC"
    )
    WorkBlock.objects.create(duty=duty, employee=employee, during=(at(2, 6), at(2, 8)), client=alpha, source="t")
    with pytest.raises(IntegrityError, match="inside a duty"):
        WorkBlock.objects.create(duty=duty, employee=employee, during=(at(2, 9), at(2, 11)), client=alpha, source="t")
    duty.refresh_from_db()
    assert duty.with_rest.upper == at(2, 21)


@pytest.mark.services
def test_a_client_sees_its_own_people_alone(alpha: Any, beta: Any, seats: dict[str, uuid.UUID]) -> None:
    other = Employee.objects.create(number="2", name="Only at beta", created_at=timezone.now())
    Seat.objects.create(client=beta, employee=other)
    with enter(alpha.ref()), connection.cursor() as cursor:
        cursor.execute("SELECT actor_id, name FROM workforce_my_people")
        assert cursor.fetchall() == [(seats["alpha"], "Maria")]
