"""Jobs of the floor: copies of public facts about people, and of recordings with the redacted parts silenced."""

from uuid import UUID

from django.utils import timezone

from bpo.actors import system
from bpo.outbox.registry import job
from bpo.tenancy.context import enter
from bpo.tenancy.identities import ClientRef
from interactions.models import Actor
from interactions.voice import RENDER, render_copy
from workforce.selectors import dates_of_seat


@job("interactions.copy_actor_dates", scope="crossing")
def copy_actor_dates(*, client: ClientRef, seat_id: str) -> None:
    """The days an actor works here, as the assignments say them; running it again changes nothing."""
    found = dates_of_seat(UUID(seat_id))
    if found is None:
        return
    with enter(client):
        Actor.objects.filter(pk=found.actor_id).update(starts_on=found.starts_on, ends_on=found.ends_on)


@job(RENDER, scope="client", queue="imports", lease_seconds=900)
def make_copy(*, recording_id: str) -> None:
    """The copy of a recording that its redactions want; running it again makes nothing that stands."""
    render_copy(recording_id=UUID(recording_id), by=system("recordings"), now=timezone.now())
