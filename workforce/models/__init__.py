"""The BPO's people: employment, where they work, their seats at clients, and when they are taken."""

from workforce.models.employment import Assignment, Employee, Employment, Site
from workforce.models.ledger import Duty, WorkBlock
from workforce.models.seats import Placement, Seat

__all__ = ["Assignment", "Duty", "Employee", "Employment", "Placement", "Seat", "Site", "WorkBlock"]
