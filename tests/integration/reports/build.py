"""A week of a client's floor for tests of reports, made directly, with every case a measure must tell apart."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bpo.actors import CUSTOMER, system
from bpo.ids import uuid7
from interactions.models import Actor, Customer, Interaction, Queue
from surveys.models import Invitation
from surveys.secrets import token_of
from surveys.services import consider, record_answer
from tests.integration.surveys.build import resolution

MONDAY = date(2026, 11, 16)
SUNDAY = MONDAY + timedelta(days=6)
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def queue(key: str, seconds: int = 20, target: str = "0.800", channel: str = "voice") -> Queue:
    return Queue.objects.get_or_create(
        key=key,
        defaults={
            "name": key.title(), "channel": channel, "answer_within_seconds": seconds, "service_level_target": target,
        },
    )[0]  # fmt: skip


def people(n: int = 6) -> list[Actor]:
    return [
        Actor.objects.get_or_create(pseudonym=f"Person {i}", defaults={"display_name": f"Person {i}"})[0]
        for i in range(n)
    ]


def floor(*, weeks: int = 3, a_day: int = 30, last_monday: date = MONDAY, seed: int = 7) -> list[Interaction]:
    """Rows of two queues over full weeks that end with the week of `last_monday`."""
    chance = random.Random(seed)  # noqa: S311 - the same rows each time
    queues = [queue("billing", 20), queue("mail", 3600, "0.900", "email")]
    agents = people()
    customers = Customer.objects.bulk_create([Customer(reference=uuid7().hex) for _ in range(weeks * 60)])
    first = last_monday - timedelta(days=7 * (weeks - 1))
    rows = [
        row(chance, first + timedelta(days=day), chance.choice(queues), agents, customers)
        for day in range(7 * weeks)
        for _ in range(a_day)
    ]
    return Interaction.objects.bulk_create(rows)


def row(chance: random.Random, day: date, where: Queue, agents: list[Actor], customers: list[Customer]) -> Interaction:
    direction = chance.choices(["in", "out", "back_office"], [20, 1, 1])[0]
    left = direction == "in" and where.channel == "voice" and chance.random() < 0.08
    longest = where.answer_within_seconds * 2
    started = datetime.combine(day, time(chance.randrange(8, 20), chance.randrange(60)), UTC)
    more: dict[str, Any] = {} if left or chance.random() < 0.03 else {
        "talk_seconds": chance.randrange(60, 600), "after_call_seconds": chance.randrange(90),
        "hold_seconds": chance.choice([None, 0, 45]),
    }  # fmt: skip
    return Interaction(
        source="test", external_id=uuid7().hex, queue=where, channel=where.channel, direction=direction,
        agent=None if left else chance.choice(agents), customer=chance.choice([None, *[chance.choice(customers)] * 6]),
        started_at=started, ended_at=started + timedelta(minutes=12), business_date=day, zone="UTC", abandoned=left,
        wait_seconds=None if chance.random() < 0.02 else int(longest * chance.random() ** 2), **more,
    )  # fmt: skip


def answers(scores: list[int], *, day: date = MONDAY, now: datetime = NOW) -> None:
    """Survey answers about cases resolved on `day`; every second one with words."""
    for number, score in enumerate(scores):
        at = datetime.combine(day, time(10), UTC) + timedelta(minutes=number)
        one = resolution(f"c{number}-{day}@customer.example", at=at)
        consider(resolution_ids=[one.pk], by=system("tests"), now=at)
        link = token_of(Invitation.objects.latest("id")) or ""
        words = "She went through both bills with me, line by line." if number % 2 else ""
        record_answer(token=link, score=score, comment=words, by=CUSTOMER, now=min(now, at + timedelta(hours=1)))
