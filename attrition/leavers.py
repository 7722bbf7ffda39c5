"""Leaver day: once somebody's last day has passed where they work, nothing of theirs opens anything any more."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import Membership, Token, User
from accounts.services.leaving import end_all_access
from bpo.actors import By, system
from bpo.ops_audit.services import record
from bpo.outbox.services import enqueue
from workforce.models import Employee, Employment, Seat
from workforce.selectors.spells import has_left, over_at

BY = system("leaver day")
EAST, WEST = timedelta(hours=14), timedelta(hours=12)  # how far local days run ahead of UTC and behind it


def users_of(employee: Employee) -> list[User]:
    """Who signs in as this person: by their seats, and staff of their very address unless another employee has it."""
    mine = Q(seats__employee=employee)
    if employee.email and not Employee.objects.filter(email__iexact=employee.email).exclude(pk=employee.pk).exists():
        mine |= Q(email=employee.email.lower())
    return list(User.objects.filter(mine, realm=None).distinct().order_by("pk"))


def end_access(*, employee: Employee, by: By, now: datetime) -> int:
    """End every session, role, token, hand-off and seat of a person; how many there were.

    The seat stays theirs, for what they did is theirs; nobody signs in to it any more.
    """
    with transaction.atomic():
        ended = sum(end_all_access(user=user, by=by, now=now) for user in users_of(employee))
        for seat in Seat.objects.select_related("client").filter(employee=employee).exclude(user=None):
            Seat.objects.filter(pk=seat.pk).update(user=None)
            record(action="seat.left", target=seat, by=by, now=now, detail={"client": seat.client.key})
            ended += 1
    return ended


def end_if_left(*, employee_id: UUID, by: By = BY, now: datetime) -> int:
    """End the access of a person who has left by now; nothing for everybody else."""
    employee = Employee.objects.filter(pk=employee_id).first()
    return end_access(employee=employee, by=by, now=now) if employee and has_left(employee, now=now) else 0


def watch_end(*, employment: Employment, by: By, now: datetime) -> None:
    """After an end was recorded: at once if it has passed, else a job at that midnight. In the caller's transaction."""
    employment = Employment.objects.select_related("site", "employee").get(pk=employment.pk)
    at = over_at(employment)
    if at is None:
        return
    if at <= now:
        end_if_left(employee_id=employment.employee_id, by=by, now=now)
        return
    enqueue(
        kind="attrition.leaver_day", dedupe_key=f"leaver:{employment.pk}:{employment.ends_on}:{employment.version}",
        payload={"employee_id": str(employment.employee_id)}, run_at=at,
    )  # fmt: skip


def end_due(*, now: datetime) -> int:
    """Everybody who has left and can still come in, however their end was written; how many there were."""
    return sum(1 for one in leavers(now=now) if end_if_left(employee_id=one, now=now))


def leavers(*, now: datetime) -> QuerySet[Employee, UUID]:
    """Who may have left, by the days of all zones, and has something left to end. `has_left` then asks exactly."""
    spells = Employment.objects.filter(employee=OuterRef("pk"))
    ahead, behind = (now + EAST).date(), (now - WEST).date()
    working = spells.filter(starts_on__lte=behind).filter(Q(ends_on=None) | Q(ends_on__gt=ahead))
    return (
        Employee.objects.filter(Exists(spells.filter(ends_on__lte=ahead)))
        .exclude(Exists(working))
        .filter(Exists(Seat.objects.filter(employee=OuterRef("pk")).exclude(user=None)) | Exists(_may_come_in(now)))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _may_come_in(now: datetime) -> QuerySet[User]:
    """Staff of the employee's address who hold a role or a token."""
    role = Membership.objects.filter(user=OuterRef("pk")).exclude(ends_at__lte=now)
    token = Token.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(realm=None, email=Lower(OuterRef("email"))).filter(Exists(role) | Exists(token))
