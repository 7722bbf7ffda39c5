"""Leaving in the demo: the classes people were hired in, and a separation with its reason for everybody gone."""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import Client
from attrition.domain.reasons import VOLUNTARY, kind_of
from attrition.models import Separation
from console.demo.plans import PersonPlan
from console.demo.seeds import an_id
from console.demo.world import World
from workforce.models import Assignment, Employment, Enrolment, Placement, TrainingClass
from workforce.services import Closed, kept

# The world's reasons in the product's vocabulary.
REASONS: Final = MappingProxyType(
    {
        "pay": "better_pay",
        "health_family": "family",
        "no_show": "job_abandonment",
        "end_of_contract": "contract_end",
    }
)
NOTICE_DAYS: Final = 14


@transaction.atomic
def seed(world: World, *, now: datetime) -> None:
    """Write classes, enrolments and separations that are not there yet. Moves are in the assignments already."""
    employments = {one.employee_id: one for one in Employment.objects.all()}
    _classes(world, employments)
    known = set(Separation.objects.values_list("employment_id", flat=True))
    gone = [one for one in world.people if one.left_on and employments[one.id].pk not in known]
    closed = _closed(employments)
    Separation.objects.bulk_create(_separation(world, one, employments[one.id], closed[one.id]) for one in gone)


def _classes(world: World, employments: dict[UUID, Employment]) -> None:
    if TrainingClass.objects.exists():
        return
    clients = {client.key: client for client in Client.objects.all()}
    members = defaultdict(list)
    for person in world.people:
        if person.class_name:
            members[person.class_name].append(person)
    made = {
        name: TrainingClass(
            id=an_id(world.seed, "class", name),
            client=clients[people[0].assignments[0].client_key],
            name=name,
            starts_on=people[0].hired_on,
        )
        for name, people in members.items()
    }
    TrainingClass.objects.bulk_create(made.values())
    Enrolment.objects.bulk_create(
        Enrolment(training_class=made[name], employment=employments[person.id])
        for name, people in members.items()
        for person in people
    )


def _closed(employments: dict[UUID, Employment]) -> dict[UUID, Closed]:
    """What each separation ended, as it would have gone on: so that it can be taken back like any other."""
    found: dict[UUID, Closed] = defaultdict(lambda: {"employment": None, "rows": []})
    for assignment in Assignment.objects.exclude(ends_on=None):
        if assignment.ends_on == employments[assignment.employee_id].ends_on:
            assignment.ends_on = None
            found[assignment.employee_id]["rows"].append(kept(assignment))
    for placement in Placement.objects.exclude(ends_on=None).select_related("assignment"):
        if placement.ends_on == employments[placement.assignment.employee_id].ends_on:
            placement.ends_on = None
            found[placement.assignment.employee_id]["rows"].append(kept(placement))
    return found


def _separation(world: World, person: PersonPlan, employment: Employment, closed: Closed) -> Separation:
    last_day = person.left_on
    if last_day is None or person.leave_reason is None:
        raise ValueError(f"{person.number} has not left")
    reason = REASONS.get(person.leave_reason, person.leave_reason)
    notice = max(person.hired_on, last_day - timedelta(days=NOTICE_DAYS))
    announced = kind_of(reason) == VOLUNTARY and reason != "job_abandonment"
    return Separation(
        id=an_id(world.seed, "separation", person.number),
        employment=employment,
        last_day=last_day,
        notice_on=notice if announced else None,
        kind=kind_of(reason),
        reason=reason,
        closed=closed,
        recorded_by="HR",
        recorded_at=datetime.combine(last_day, time(9), UTC),
    )
