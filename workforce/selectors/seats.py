"""Named reads of people, seats and the ledger, as `app`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from accounts.selectors import current_memberships
from workforce.models import Assignment, Placement, Seat
from workforce.selectors.spells import has_left


def actor_of_user(user_id: UUID, client_id: UUID) -> UUID | None:
    """The Actor a user is in a client, or None without a seat."""
    return Seat.objects.filter(client_id=client_id, user_id=user_id).values_list("actor_id", flat=True).first()


def actors_of_users(client_id: UUID, user_ids: Iterable[UUID]) -> list[UUID]:
    """The Actors these users are in a client; who has no seat there is left out."""
    return list(Seat.objects.filter(client_id=client_id, user_id__in=list(user_ids)).values_list("actor_id", flat=True))


def email_of_actor(client_id: UUID, actor_id: UUID, *, now: datetime) -> str | None:
    """Where to write to an Actor's person; None for nobody, and for who has left or holds no role there any more."""
    seat = Seat.objects.filter(client_id=client_id, actor_id=actor_id).select_related("user", "employee").first()
    if seat is None or (seat.employee and has_left(seat.employee, now=now)):
        return None
    if seat.user is None:
        return (seat.employee.email if seat.employee else "") or None
    holds = current_memberships(seat.user.pk, now=now).filter(client_id=client_id)
    return seat.user.email if seat.user.is_active and holds.exists() else None


def teams_of_user(user_id: UUID, client_id: UUID, *, on: date) -> frozenset[UUID]:
    """The teams a user sits in or leads at a client on a day, by the dated truth of placements."""
    person = Q(assignment__employee__seats__user_id=user_id) | Q(lead__seats__user_id=user_id)
    found = Placement.objects.filter(person, assignment__client_id=client_id, starts_on__lte=on)
    return frozenset(found.exclude(ends_on__lte=on).values_list("team_id", flat=True))


@dataclass(frozen=True, slots=True)
class SeatDates:
    """An actor's first day at its client and the first day no longer there (None: no end in sight)."""

    actor_id: UUID
    starts_on: date | None
    ends_on: date | None


def dates_of_seat(seat_id: UUID) -> SeatDates | None:
    """From when until when the seat's person is assigned to the seat's client; None for an unknown seat."""
    seat = Seat.objects.filter(pk=seat_id).first()
    if seat is None:
        return None
    if seat.employee_id is None:
        return SeatDates(seat.actor_id, None, None)
    spells = Assignment.objects.filter(employee_id=seat.employee_id, client_id=seat.client_id)
    days = list(spells.values_list("starts_on", "ends_on"))
    ends = [end for _, end in days]
    open_end = not ends or None in ends
    return SeatDates(
        seat.actor_id,
        min((start for start, _ in days), default=None),
        None if open_end else max(end for end in ends if end),
    )
