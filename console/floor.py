"""Inviting the floor to a client: who gets a mail, who a role alone, who is left out and why; then one job a person."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import Client, Membership, SignInLink, User
from bpo.actors import By
from bpo.ids import uuid7
from bpo.ops_audit.services import record
from bpo.outbox.models import Job
from bpo.outbox.registry import Permanent
from bpo.outbox.services import enqueue_many
from bpo.roles import ROLES
from console.access import give_to, invite_to
from workforce.models import Assignment, Employee, Employment, Placement, Seat

KIND = "console.invite_employee"


class Outcome(StrEnum):
    """What inviting somebody comes to."""

    MAIL = "mail"
    ROLE = "role"  # they can sign in already
    HOLDS = "holds"
    INVITED = "invited"
    UNDER_WAY = "under_way"
    NO_ADDRESS = "no_address"
    SHARED = "shared"
    SWITCHED_OFF = "switched_off"


INVITABLE = (Outcome.MAIL, Outcome.ROLE)


@dataclass(frozen=True, slots=True)
class OnFloor:
    """One of the floor, and what inviting them comes to."""

    employee: Employee
    team: str
    outcome: Outcome

    @property
    def invitable(self) -> bool:
        return self.outcome in INVITABLE


def floor_of(client: Client, *, text: str = "", on: date) -> QuerySet[Employee]:
    """Who is employed on a day and works for this client, or for none yet: whoever just came by an import."""
    employed = Employment.objects.filter(employee=OuterRef("pk"), starts_on__lte=on).exclude(ends_on__lte=on)
    works = Assignment.objects.filter(employee=OuterRef("pk"), starts_on__lte=on).exclude(ends_on__lte=on)
    here = Exists(works.filter(client=client))
    found = Employee.objects.filter(Exists(employed)).filter(here | ~Exists(works))
    if text:
        found = found.filter(Q(name__icontains=text) | Q(number__icontains=text) | Q(email__icontains=text))
    return found.order_by("name", "number")


def looked_at(client: Client, people: Iterable[Employee], *, now: datetime) -> list[OnFloor]:
    """What inviting each comes to. The number of statements doesn't depend on the number of people."""
    people = list(people)
    known = _Known.about(client, people, now)
    return [OnFloor(one, known.teams.get(one.pk, ""), known.outcome(one)) for one in people]


def counts(rows: Iterable[OnFloor]) -> Counter[Outcome]:
    return Counter(one.outcome for one in rows)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of some people at one client, read once."""

    users: dict[str, User]  # staff by address
    seated: dict[UUID, User]  # employee → who signs in as them here
    holding: frozenset[UUID]  # users with a role here
    invited: frozenset[UUID]  # users with an invitation that waits
    under_way: frozenset[str]  # employees with a job that waits
    shared: frozenset[str]  # addresses of more than one employee
    teams: dict[UUID, str]

    @classmethod
    def about(cls, client: Client, people: list[Employee], now: datetime) -> "_Known":
        ids, addresses = [one.pk for one in people], {one.email.lower() for one in people if one.email}
        seats = Seat.objects.filter(client=client, employee__in=ids, user__isnull=False).select_related("user")
        seated = {one.employee_id: one.user for one in seats if one.employee_id and one.user}
        users = {one.email: one for one in User.objects.filter(realm=None, email__in=addresses)}
        theirs = {one.pk for one in (*users.values(), *seated.values())}
        held = Membership.objects.filter(user__in=theirs, client=client, starts_at__lte=now).exclude(ends_at__lte=now)
        waiting = SignInLink.objects.filter(
            purpose=SignInLink.Purpose.INVITATION, user__in=theirs, used_at=None, ended_at=None, expires_at__gt=now
        )
        jobs = Job.objects.filter(kind=KIND, client=client, state__in=[Job.State.READY, Job.State.RUNNING])
        same = Employee.objects.annotate(address=Lower("email")).filter(address__in=addresses)
        often = Counter(same.values_list("address", flat=True))
        sits = Placement.objects.filter(assignment__client=client, assignment__employee__in=ids)
        sits = sits.filter(starts_on__lte=now.date()).exclude(ends_on__lte=now.date())
        return cls(
            users, seated,
            frozenset(held.values_list("user_id", flat=True)),
            frozenset(one for one in waiting.values_list("user_id", flat=True) if one),
            frozenset(jobs.values_list("payload__employee_id", flat=True)),
            frozenset(address for address, times in often.items() if times > 1),
            dict(sits.values_list("assignment__employee_id", "team_name")),
        )  # fmt: skip

    def user_of(self, one: Employee) -> User | None:
        return self.seated.get(one.pk) or (self.users.get(one.email.lower()) if one.email else None)

    def outcome(self, one: Employee) -> Outcome:
        user = self.user_of(one)
        if str(one.pk) in self.under_way:
            return Outcome.UNDER_WAY
        if user is not None and not user.is_active:
            return Outcome.SWITCHED_OFF
        if user is not None and user.pk in self.holding:
            return Outcome.INVITED if user.pk in self.invited else Outcome.HOLDS
        if not one.email:
            return Outcome.NO_ADDRESS
        if one.email.lower() in self.shared:
            return Outcome.SHARED
        return Outcome.ROLE if user is not None and user.has_usable_password() else Outcome.MAIL


def invite_floor(
    *, client: Client, chosen: Iterable[UUID] | None, role: str, scope: str, by: By, now: datetime
) -> list[OnFloor]:
    """Ask for an invitation of each of those chosen (None: everybody) who can be invited; returns whom.

    Asked twice, each is invited once. Raises Refused naming the field.
    """
    if not client.ref().enterable:
        raise Refused(
            "role", _("The client is %(status)s.") % {"status": client.get_status_display()}, _("Resume it first.")
        )
    if role not in ROLES or ROLES[role].realm != "staff":
        raise Refused("role", _("The floor can't have that role."), _("Choose a role of staff."))
    with transaction.atomic():
        Client.objects.select_for_update(no_key=True).get(
            pk=client.pk
        )  # of two at once the second sees the first's jobs
        people = floor_of(client, on=now.date())
        rows = looked_at(client, people if chosen is None else people.filter(pk__in=list(chosen)), now=now)
        asked = [one for one in rows if one.invitable]
        if asked:
            terms = {"role": role, "scope": scope, "by": str(by.user_id) if by.user_id else ""}
            work = [(f"invite:{uuid7()}", {"employee_id": str(one.employee.pk), **terms}) for one in asked]
            enqueue_many(kind=KIND, work=work, client_id=client.pk)
            record(action="floor.invited", target=client, by=by, now=now, detail={"people": len(asked), "role": role})
    return asked


def invite_employee(*, client: Client, employee_id: UUID, role: str, scope: str, by: By, now: datetime) -> None:
    """Invite one of the floor, if that still stands. Run again it changes nothing; Permanent for what can't be."""
    one = floor_of(client, on=now.date()).filter(pk=employee_id).first()
    if one is None:
        return
    known = replace(_Known.about(client, [one], now), under_way=frozenset())  # the job under way is this one
    user, outcome = known.user_of(one), known.outcome(one)
    terms: dict[str, Any] = {"role": role, "scope": scope, "ends_at": None, "by": by, "now": now}
    try:
        if outcome is Outcome.MAIL:
            invite_to(client, None, user.email if user else one.email, one.name, **terms)
        elif outcome is Outcome.ROLE and user is not None:
            give_to(user=user, client=client, **terms)
    except Refused as error:
        raise Permanent(f"{error.problem} {error.remedy}") from error


@dataclass(frozen=True, slots=True)
class Progress:
    """How the invitations asked for at a client go on."""

    waiting: int
    failed: int


def progress_of(client: Client) -> Progress:
    mine = Job.objects.filter(kind=KIND, client=client)
    waiting, failed = (Q(state__in=states) for states in (("ready", "running"), ("dead", "uncertain")))
    return Progress(**mine.aggregate(waiting=Count("pk", filter=waiting), failed=Count("pk", filter=failed)))


def invitable_at(client: Client, *, now: datetime) -> int:
    """How many of the floor could be invited to a client."""
    rows = looked_at(client, floor_of(client, on=now.date()), now=now)
    return sum(one.invitable for one in rows)
