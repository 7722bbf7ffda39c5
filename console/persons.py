"""Whom an export or an erasure is about: somebody we employ or employed, or a sign-in of nobody we employ."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Client, User
from accounts.selectors import current_memberships
from attrition.leavers import users_of
from console.models import PersonRequest
from workforce.models import Employee, Seat
from workforce.selectors.spells import is_employed


@dataclass(frozen=True, slots=True)
class Person:
    """One of the two is set."""

    employee: Employee | None = None
    user: User | None = None

    @property
    def row(self) -> Employee | User:
        found = self.employee or self.user
        assert found is not None  # noqa: S101 - a constraint of whatever asks: it is about one
        return found

    @property
    def pk(self) -> UUID:
        return self.row.pk

    @property
    def about(self) -> dict[str, Any]:
        """What a request about them says."""
        return {"employee": self.employee, "user": self.user}

    def users(self) -> list[User]:
        """Who signs in as them."""
        return users_of(self.employee) if self.employee else [self.user] if self.user else []

    def seats(self) -> QuerySet[Seat]:
        """Their seats at clients that are still there, with the client."""
        mine = Seat.objects.filter(employee=self.employee) if self.employee else Seat.objects.filter(user=self.user)
        return mine.exclude(client__status=Client.Status.DROPPED).select_related("client").order_by("client__key", "pk")

    def requests(self) -> QuerySet[PersonRequest]:
        return PersonRequest.objects.filter(**self.about)

    def is_needed(self, *, now: datetime) -> bool:
        """Whether they work here, or hold a role: nobody is erased meanwhile."""
        if self.employee:
            return is_employed(self.employee, now=now)
        return self.user is not None and current_memberships(self.user.pk, now=now).exists()


def person_of(user: User) -> Person:
    """Whom a sign-in stands for: its employee, by a seat or by the address of staff, or nobody but itself."""
    seat = Seat.objects.filter(user=user, employee__isnull=False).select_related("employee").first()
    employee = seat.employee if seat else None
    if employee is None and user.realm_id is None:
        employee = Employee.objects.filter(email__iexact=user.email).first()
    return Person(employee=employee) if employee else Person(user=user)


def asked_about(request: PersonRequest) -> Person:
    """Whom a request is about."""
    return Person(employee=request.employee, user=request.user)
