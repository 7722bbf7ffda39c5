"""Jobs of scheduling."""

from uuid import UUID

from django.utils import timezone

from accounts.selectors import users_with_role
from bpo.outbox.registry import job
from bpo.tenancy.context import enter
from bpo.tenancy.identities import ClientRef
from scheduling.services import (
    ask_second_person,
    build_roster,
    design_shifts,
    find_repair,
    lose_build,
    lose_design,
    lose_repair,
)
from workforce.selectors import actors_of_users

PLANNERS = ("planner",)


@job("scheduling.build", scope="client", max_attempts=3, lease_seconds=90, when_dead="scheduling.build_lost")
def build(*, plan_id: str) -> None:
    """Solve a plan; its time limit is at most 20 seconds, the lease leaves room for a slow machine."""
    build_roster(plan_id=UUID(plan_id), clock=timezone.now)


@job("scheduling.build_lost", scope="client")
def give_up_build(*, plan_id: str) -> None:
    lose_build(plan_id=UUID(plan_id), now=timezone.now())


@job("scheduling.repair", scope="client", max_attempts=3, lease_seconds=60, when_dead="scheduling.repair_lost")
def find(*, repair_id: str) -> None:
    """Look for a repair, which takes some seconds."""
    find_repair(repair_id=UUID(repair_id), clock=timezone.now)


@job("scheduling.repair_lost", scope="client")
def give_up_repair(*, repair_id: str) -> None:
    lose_repair(repair_id=UUID(repair_id), now=timezone.now())


@job("scheduling.design", scope="client", max_attempts=3, lease_seconds=240, when_dead="scheduling.design_lost")
def design(*, design_id: str) -> None:
    """Design shifts; the time limit is at most 120 seconds, the lease leaves room for a slow machine."""
    design_shifts(design_id=UUID(design_id), clock=timezone.now)


@job("scheduling.design_lost", scope="client")
def give_up_design(*, design_id: str) -> None:
    lose_design(design_id=UUID(design_id), now=timezone.now())


@job("scheduling.second_person", scope="crossing")
def find_second_person(*, client: ClientRef, plan_id: str, version: int) -> None:
    """Tell the client's planners of a plan in review. Who plans is public, what they are told is the client's."""
    now = timezone.now()
    planners = actors_of_users(client.id, users_with_role(client.id, PLANNERS, now=now))
    with enter(client):
        ask_second_person(plan_id=UUID(plan_id), version=version, actor_ids=planners, now=now)
