"""Named reads of people, seats and the ledger, as `app`."""

from uuid import UUID

from workforce.models import Seat


def actor_of_user(user_id: UUID, client_id: UUID) -> UUID | None:
    """The Actor a user is in a client, or None without a seat."""
    return Seat.objects.filter(client_id=client_id, user_id=user_id).values_list("actor_id", flat=True).first()


def email_of_actor(client_id: UUID, actor_id: UUID) -> str | None:
    """Where to write to an Actor's person, or None."""
    seat = Seat.objects.filter(client_id=client_id, actor_id=actor_id).select_related("user", "employee").first()
    if seat is None:
        return None
    return (seat.user.email if seat.user else "") or (seat.employee.email if seat.employee else "") or None
