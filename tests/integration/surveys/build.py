"""Rows of the floor, made directly, for tests of surveys."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bpo.ids import uuid7
from interactions.models import Actor, Case, Customer, Interaction, Queue, Reason, Resolution, Team

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


def queue() -> Queue:
    return Queue.objects.get_or_create(key="billing", defaults={"name": "Billing"})[0]


def reason(name: str) -> Reason:
    return Reason.objects.get_or_create(key=name.lower(), defaults={"name": name})[0]


def agent(name: str, team: str = "North") -> Actor:
    home = Team.objects.get_or_create(name=team)[0]
    return Actor.objects.get_or_create(display_name=name, defaults={"pseudonym": name, "team": home})[0]


def interaction(**more: Any) -> Interaction:
    number = uuid7().hex
    started = more.pop("started_at", NOON)
    return Interaction.objects.create(
        **{
            "source": "test",
            "external_id": number,
            "queue": queue(),
            "started_at": started,
            "ended_at": started + timedelta(minutes=5),
            "business_date": started.date(),
            "zone": "UTC",
        }
        | more
    )


def resolution(email: str = "", *, at: datetime = NOON, no_surveys: bool = False, **about: Any) -> Resolution:
    """A resolved case of a new customer, with one interaction before it."""
    customer = Customer.objects.create(email=email, no_surveys=no_surveys)
    case = Case.objects.create(
        reference=uuid7().hex, customer=customer, opened_at=at, state="resolved", resolved_at=at, resolution_number=1
    )
    interaction(case=case, customer=customer, started_at=at, **about)
    return Resolution.objects.create(case=case, number=1, resolved_at=at, source="person")
