"""A queue with people, shifts and a past, small enough to plan in a second."""

import time as time_module
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from bpo.actors import By, system
from bpo.tenancy.context import enter
from interactions.models import Actor, Interval, Queue, Skill
from scheduling.domain.requirement import Target
from scheduling.models import DraftShift, SchedulePlan, ShiftTemplate
from scheduling.services import make_forecast, make_requirement
from workforce.models import Employee, Seat

WEEK = date(2026, 11, 30)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BY: By = system("tests")
PAUSES = [
    {"after": 120, "minutes": 15, "name": "break", "paid": True},
    {"after": 240, "minutes": 60, "name": "meal", "paid": False},
]


@dataclass
class Floor:
    """One client's side of the story, by names."""

    client: Any
    queue_id: uuid.UUID
    actors: dict[str, uuid.UUID] = field(default_factory=dict)
    templates: dict[str, uuid.UUID] = field(default_factory=dict)


def employ(*names: str) -> dict[str, Employee]:
    found = {}
    for name in names:
        number = f"T{Employee.objects.count() + 1}"
        found[name] = Employee.objects.create(number=number, name=name, created_at=timezone.now())
    return found


def floor(client: Any, people: dict[str, Employee], *, starts: Iterable[int] = (6, 14)) -> Floor:
    """A queue the people serve, and shifts of nine hours at these hours UTC."""
    seats = {name: Seat.objects.create(client=client, employee=one).actor_id for name, one in people.items()}
    with enter(client.ref()):
        queue = Queue.objects.create(key="billing", name="Billing EN")
        found = Floor(client, queue.pk, seats)
        for number, (name, actor_id) in enumerate(seats.items()):
            actor = Actor.objects.create(pk=actor_id, display_name=name, pseudonym=f"Agent {9000 + number}")
            Skill.objects.create(actor=actor, queue=queue)
        for hour in starts:
            made = ShiftTemplate.objects.create(
                name=f"From {hour}", queue=queue, starts_at=time(hour), minutes=540, zone="UTC", pauses=PAUSES
            )
            found.templates[made.name] = made.pk
    return found


def past(floor: Floor, *, weeks: int = 6, offered: int = 6) -> None:
    """Calls from 08:00 to 20:00 UTC of the days before NOW, five minutes each."""
    rows = []
    for back in range(1, weeks * 7 + 1):
        day = NOW.replace(hour=0) - timedelta(days=back)
        for half in range(16, 40):
            at = day + timedelta(minutes=30 * half)
            rows.append(
                Interval(
                    queue_id=floor.queue_id, source="acd", starts_at=at, minutes=30, business_date=at.date(),
                    zone="UTC", offered=offered, answered=offered, in_target=offered, handle_seconds=offered * 300,
                )
            )  # fmt: skip
    Interval.objects.bulk_create(rows)


def staffed(floor: Floor, **more: Any) -> Any:
    """A forecast and a requirement for WEEK. Call it inside the client."""
    made = make_forecast(queue_id=floor.queue_id, week_start=WEEK, zone="UTC", by=BY, now=NOW)
    return make_requirement(forecast_id=made.pk, target=Target(0.8, 20, **more), by=BY, now=NOW)


def drafted(floor: Floor, shifts: Iterable[tuple[str, int, str]], *, week: date = WEEK) -> SchedulePlan:
    """A plan with these shifts: person, day number, template. Call it inside the client."""
    plan = SchedulePlan.objects.create(queue_id=floor.queue_id, week_start=week, zone="UTC")
    for name, number, template in shifts:
        add(plan, floor, name, number, template)
    return plan


def add(plan: SchedulePlan, floor: Floor, name: str, number: int, template: str) -> DraftShift:
    """Straight into the draft, past the rules."""
    made_of = ShiftTemplate.objects.get(pk=floor.templates[template])
    day = plan.week_start + timedelta(days=number)
    start = datetime.combine(day, made_of.starts_at, UTC)
    return DraftShift.objects.create(
        plan=plan, actor_id=floor.actors[name], template=made_of, template_name=made_of.name, starts_at=start,
        ends_at=start + timedelta(minutes=540), business_date=day, zone="UTC", pauses=made_of.pauses,
    )  # fmt: skip


def being_built(queue_id: uuid.UUID, week: date = WEEK) -> SchedulePlan:
    """A plan a worker is at, with the figures of a first roster. Call it inside the client."""
    return SchedulePlan.objects.create(
        queue_id=queue_id, week_start=week, zone="UTC", state="solving", queued_at=NOW, started_at=NOW,
        objective=1200, bound=900,
    )  # fmt: skip


def told_to_stop(stop: Callable[[], bool], *, seconds: float = 30) -> bool:
    """Whether a search is told within that time that it is enough, as one finds out that takes long."""
    until = time_module.monotonic() + seconds
    while not stop():
        if time_module.monotonic() > until:
            return False
        time_module.sleep(0.01)
    return True
