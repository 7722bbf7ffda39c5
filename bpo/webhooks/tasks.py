"""Deliveries that wait in the outbox. How often one is tried is its own affair: each attempt is a job of its own."""

from uuid import UUID

from django.utils import timezone

from bpo.outbox.registry import job
from bpo.webhooks import services


@job(services.JOB, scope="client", when_dead="webhooks.give_up", max_attempts=5)
def deliver(delivery_id: str, number: int) -> None:
    services.attempt(delivery_id=UUID(delivery_id), number=number, now=timezone.now())


@job("webhooks.give_up", scope="client")
def give_up(delivery_id: str, number: int) -> None:
    services.give_up(delivery_id=UUID(delivery_id), number=number, now=timezone.now())
