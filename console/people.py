"""Giving a person access to a client: user, membership, seat and local actor."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr

from accounts.models import Client, User
from accounts.services import create_user
from bpo.actors import By
from bpo.privacy.models import Tombstone
from bpo.tenancy.context import enter
from interactions.models import Actor
from workforce.models import Employee, Seat


def open_account(
    *, email: str, name: str, password: str, role: str, client: Client | None, client_realm: bool, by: By, now: datetime
) -> User:
    """A user who can work at once. The actor is copied into the client after the public rows are committed.

    Calling it again mends a copy that a crash left out. Raises accounts' Refused naming the field.
    """
    with transaction.atomic():
        realm = client if client_realm else None
        user = create_user(
            email=email, name=name, password=password, role=role, client=client, realm=realm, by=by, now=now
        )
        seat = seat_of(user, client, now) if client else None
    if client and seat:
        with enter(client.ref()):
            copy_actor(seat, user.name)
    return user


def seat_of(user: User, client: Client, now: datetime) -> Seat:
    """The user's seat at the client; staff get the employee behind it too, since the ledger books employees.

    A seat that the same person left, or had before they could sign in, is theirs again.
    """
    seat = Seat.objects.filter(client=client, user=user).first()
    if seat is not None:
        return seat
    employee = None if user.realm_id else _employee(user, now)
    if employee is not None:
        Seat.objects.filter(client=client, employee=employee, user=None).update(user=user)
        seat = Seat.objects.filter(client=client, user=user).first()
    return seat or Seat.objects.create(client=client, user=user, employee=employee)


def _employee(user: User, now: datetime) -> Employee:
    known = Employee.objects.filter(email__iexact=user.email).first()
    if known is not None:
        return known
    number = f"E{Employee.objects.count() + 1:05d}"
    return Employee.objects.create(number=number, name=user.name, email=user.email, created_at=now)


def copy_actor(seat: Seat, name: str) -> None:
    """The local actor of a seat, made once; a pseudonym is a number nobody else has here."""
    if Actor.objects.filter(pk=seat.actor_id).exists():
        return
    numbers = Actor.objects.filter(pseudonym__regex=r"^Agent \d{1,9}$")
    for left in reversed(range(5)):
        highest = numbers.aggregate(n=Max(Cast(Substr("pseudonym", 7), IntegerField())))["n"] or 0
        try:
            Actor.objects.create(pk=seat.actor_id, display_name=name, pseudonym=f"Agent {highest + 1:04d}")
        except IntegrityError:
            if not left:
                raise
            continue
        return


def named_seat(user_id: UUID, client_id: UUID) -> tuple[UUID, str] | None:
    """The actor of a user at a client and what the user is called; None for who has left, or never had a seat."""
    seat = (
        Seat.objects.select_related("user").filter(user_id=user_id, client_id=client_id, user__is_active=True).first()
    )
    return (seat.actor_id, seat.user.name) if seat and seat.user else None


def rename_actor(actor_id: UUID, name: str) -> None:
    """The client's own row of somebody, under the name they have now; who was erased there keeps the pseudonym."""
    erased = Tombstone.objects.filter(subject_id=actor_id)
    if not erased.exists():
        Actor.objects.filter(pk=actor_id).update(display_name=name)
