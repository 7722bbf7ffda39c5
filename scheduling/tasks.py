"""Jobs of scheduling."""

from uuid import UUID

from django.utils import timezone

from bpo.outbox.registry import job
from scheduling.services import build_roster, design_shifts, find_repair, lose_build, lose_design, lose_repair


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
