"""Jobs that copy public facts about people into a client."""

from uuid import UUID

from bpo.outbox.registry import job
from bpo.tenancy.context import enter
from bpo.tenancy.identities import ClientRef
from interactions.models import Actor
from workforce.selectors import dates_of_seat


@job("interactions.copy_actor_dates", scope="crossing")
def copy_actor_dates(*, client: ClientRef, seat_id: str) -> None:
    """The days an actor works here, as the assignments say them; running it again changes nothing."""
    found = dates_of_seat(UUID(seat_id))
    if found is None:
        return
    with enter(client):
        Actor.objects.filter(pk=found.actor_id).update(starts_on=found.starts_on, ends_on=found.ends_on)
