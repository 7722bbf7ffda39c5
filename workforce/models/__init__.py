"""The BPO's people: employment, where they work, their seats at clients, and when they are taken."""

from workforce.models.classes import Enrolment, TrainingClass
from workforce.models.employment import Assignment, Employee, Employment, Site
from workforce.models.erased import ErasedPerson
from workforce.models.imported import PeopleImport, PeopleProblem
from workforce.models.ledger import Duty, WorkBlock
from workforce.models.seats import Placement, Seat

__all__ = [
    "Assignment",
    "Duty",
    "Employee",
    "Employment",
    "Enrolment",
    "ErasedPerson",
    "PeopleImport",
    "PeopleProblem",
    "Placement",
    "Seat",
    "Site",
    "TrainingClass",
    "WorkBlock",
]
