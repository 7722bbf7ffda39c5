"""The console's jobs."""

from datetime import UTC, datetime, time
from uuid import UUID

from django.db import transaction

from accounts.models import Client, User
from bpo.actors import By, system
from bpo.outbox.registry import job
from bpo.outbox.slots import daily, hourly
from bpo.privacy.services import note_erasure
from bpo.tenancy.context import enter
from bpo.tenancy.identities import ClientRef
from console import person_erasures, person_exports
from console.erasures import note_asked
from console.floor import invite_employee
from console.heads import note_heads as note
from console.library import copy_template
from console.openings import asker_of
from console.people import copy_actor, named_seat, open_account, rename_actor, seat_of
from console.retention import note_night
from console.rollups import refresh
from console.terms import copy_terms


@job("console.first_access", scope="crossing")
def first_access(*, client: ClientRef, opening_id: str) -> None:
    """Who opened a client may enter it: membership, seat and actor. Running it again changes nothing."""
    user = asker_of(UUID(opening_id))
    if user is None or user.realm_id is not None:
        return
    open_account(
        email=user.email, name=user.name, password="", role="operator_admin", client=Client.objects.get(pk=client.id),
        client_realm=False, by=system("provisioner"), now=datetime.now(UTC),
    )  # fmt: skip


@job("console.seat", scope="crossing")
def seat(*, client: ClientRef, user_id: str) -> None:
    """A seat and an actor for who came by the client's own sign-in. Running it again changes nothing."""
    user = User.objects.filter(pk=user_id, realm_id=client.id).first()
    if user is None:
        return
    with transaction.atomic():
        found = seat_of(user, Client.objects.get(pk=client.id), datetime.now(UTC))
    with enter(client):
        copy_actor(found, user.name)


@job("console.copy_name", scope="crossing")
def copy_name(*, client: ClientRef, user_id: str) -> None:
    """The name somebody gave when they accepted an invitation, taken to their actor. Running it again changes nothing."""
    found = named_seat(UUID(user_id), client.id)
    if found is None:
        return
    with enter(client):
        rename_actor(found[0], found[1])


@job("console.invite_employee", scope="crossing", max_attempts=4)
def invite_one(*, client: ClientRef, employee_id: str, role: str, scope: str, by: str) -> None:
    """One of the floor invited. Running it again changes nothing."""
    invite_employee(
        client=Client.objects.get(pk=client.id), employee_id=UUID(employee_id), role=role, scope=scope,
        by=By("operator", "", user_id=UUID(by) if by else None), now=datetime.now(UTC),
    )  # fmt: skip


@job("console.copy_terms", scope="crossing")
def take_terms(*, client: ClientRef) -> None:
    """What was agreed with a client, taken into its schema."""
    copy_terms(client=client, now=datetime.now(UTC))


@job("console.copy_template", scope="crossing")
def copy_offered(*, client: ClientRef, offer_id: str) -> None:
    """A template of the library that was offered to a client, taken into its schema."""
    copy_template(client=client, offer_id=UUID(offer_id), now=datetime.now(UTC))


@job("privacy.erase", scope="crossing")
def hand_to_provisioner(*, client: ClientRef, request_id: str) -> None:
    """An erasure asked for inside a client, made known to who holds the owner."""
    note_asked(client=client, request_id=UUID(request_id))


@job("console.erase_person", scope="operator", max_attempts=3)
def erase_person(*, request_id: str) -> None:
    person_erasures.erase_person(request_id=UUID(request_id), now=datetime.now(UTC))


@job("console.erase_actor", scope="crossing")
def erase_actor(*, client: ClientRef, actor_id: str, ground: str) -> None:
    """What one client holds of a person who was erased."""
    with enter(client):
        note_erasure(
            kind="person", subject_id=UUID(actor_id), ground=ground, by=system("people"), now=datetime.now(UTC)
        )


@job("console.export_person", scope="operator", queue="reports", max_attempts=3, lease_seconds=900)
def export_person(*, request_id: str) -> None:
    person_exports.build(request_id=UUID(request_id), now=datetime.now(UTC))


@job("console.refresh_weeks", scope="crossing")
def refresh_weeks(*, client: ClientRef) -> None:
    """The client's weekly figures, each local day once."""
    refresh(client, now=datetime.now(UTC))


daily("console.refresh_weeks", at=time(3, 30))


@job("console.retention", scope="crossing")
def end_kept_too_long(*, client: ClientRef) -> None:
    """A client's night, each local day once."""
    note_night(client=client, now=datetime.now(UTC))


daily("console.retention", at=time(4, 10))


@job("console.note_heads", scope="operator")
def note_heads() -> None:
    """The ends of all audit chains, kept elsewhere each hour."""
    note(now=datetime.now(UTC))


hourly("console.note_heads")
