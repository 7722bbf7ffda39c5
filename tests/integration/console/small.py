"""A small client with something in many tables: what exports are tested with, and what is kept of each release."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

from django.db import transaction

from accounts.models import Client
from bpo.actors import By, system
from bpo.audit.services import record
from bpo.files.services import store_file
from bpo.outbox.services import enqueue
from bpo.tenancy.context import enter
from console.people import open_account
from interactions.models import Actor, Case, Customer, Interaction, Queue, Resolution, Team

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ODD = "Łódź “quoted”, tab\there, back\\slash, line\nbreak, \u2028 and 😀, \\N and \\."
CONTENT = b"name;rating\nAna;5\n"


def fill(client: Client) -> None:
    """Staff and a user of its own, customers with odd names, calls, a resolved case, a file, audit and a waiting job."""
    for role, own in (("team_lead", False), ("client_user", True)):
        open_account(
            email=f"{role}@{client.key}.example", name=role.title(), password="", role=role, client=client,
            client_realm=own, by=system("tests"), now=NOW,
        )  # fmt: skip
    with enter(client.ref()), transaction.atomic():
        agent = Actor.objects.create(
            display_name=ODD, pseudonym="Agent 1", team=Team.objects.create(name="North"), acd_login=None
        )
        queue = Queue.objects.create(key="billing", name="Billing")
        by = By("person", "Maricel", actor_id=agent.pk)
        for n in range(12):
            customer = Customer.objects.create(name=ODD if n == 3 else f"Customer {n}", reference=f"C{n}")
            started = NOW - timedelta(hours=n, microseconds=n)
            Interaction.objects.create(
                source="test", external_id=f"call-{n}", queue=queue, agent=agent, customer=customer,
                started_at=started, ended_at=started + timedelta(minutes=5), business_date=started.date(), zone="UTC",
            )  # fmt: skip
        case = Case.objects.create(
            reference="K1", customer=customer, opened_at=NOW, state="resolved", resolved_at=NOW, resolution_number=1
        )
        Resolution.objects.create(case=case, number=1, resolved_at=NOW, source="person", actor=agent)
        stored = store_file(stream=BytesIO(CONTENT), name="ratings.csv", purpose="import", by=by, now=NOW, limit=10_000)
        record(action="file.stored", target=stored, by=by, now=NOW, detail={"size": stored.size})
        enqueue(kind="notices.send_mail", dedupe_key="waits", payload={})
