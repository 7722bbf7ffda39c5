"""One person: employment, work, seats, what is booked, and what was done to them on record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from bpo.ops_audit.models import Entry
from workforce.models import Assignment, Employee, Employment, Placement, Seat, WorkBlock

AHEAD: Final = timedelta(days=14)
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything the person's page shows; the newest employment, assignment and entry first."""

    employee: Employee
    employments: list[Employment]
    assignments: list[Assignment]
    placements: list[Placement]
    seats: list[Seat]
    blocks: list[WorkBlock]
    entries: list[Entry]

    @property
    def employment(self) -> Employment | None:
        """The last one."""
        return self.employments[0] if self.employments else None


def employee_by_id(employee_id: UUID) -> Employee | None:
    return Employee.objects.filter(pk=employee_id).first()


def person_page(employee: Employee, *, now: datetime) -> PersonPage:
    """Read a person's page: six statements, whatever they have."""
    employments = employee.employments.select_related("site", "enrolment__training_class").order_by("-starts_on")
    assignments = list(employee.assignments.select_related("client").order_by("-starts_on", "client__name"))
    placements = Placement.objects.filter(assignment__employee=employee).select_related("assignment__client", "lead")
    blocks = WorkBlock.objects.filter(employee=employee, during__overlap=(now, now + AHEAD))
    page = PersonPage(
        employee,
        list(employments),
        assignments,
        list(placements.order_by("-starts_on")),
        list(employee.seats.select_related("client", "user").order_by("client__name")),
        list(blocks.select_related("client", "duty").order_by("during")[:MOST]),
        [],
    )
    rows = [employee, *page.employments, *page.assignments, *page.placements]
    page.entries.extend(Entry.objects.filter(target_id__in=[str(row.pk) for row in rows]).order_by("-seq")[:MOST])
    return page
