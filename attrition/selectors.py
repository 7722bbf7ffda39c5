"""Named reads of leaving, as `app`. `read_book` asks twice; everything else is made of what it read."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from attrition.domain.book import AssignmentRow, Book, Curve, EmploymentRow
from attrition.domain.movement import Movement, headcount, movement
from attrition.facts import Facts
from attrition.models import Separation
from workforce.models import Assignment, Employment


def read_book() -> Book:
    """Every employment with its separation and class, and every assignment: two statements."""
    employments = Employment.objects.values_list(
        "employee_id", "starts_on", "ends_on", "separation__kind", "enrolment__training_class_id"
    )
    assignments = Assignment.objects.values_list("employee_id", "client_id", "share", "starts_on", "ends_on")
    return Book(
        [EmploymentRow(who, start, end, kind or "", in_class) for who, start, end, kind, in_class in employments],
        [AssignmentRow(*row) for row in assignments],
    )


def month(day: date) -> tuple[date, date]:
    """The first and last day of the month a day is in."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def months_back(first: date, count: int) -> date:
    """The first day of the month `count` months before `first`'s."""
    place = first.year * 12 + first.month - 1 - count
    return date(place // 12, place % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Rates:
    """A range of days: the company, and each client by its id."""

    company: Facts
    clients: dict[UUID, Facts]


def rates(first: date, last: date, *, book: Book | None = None) -> Rates:
    """Attrition of the company and of every client that had anybody from `first` to `last`, both counted."""
    book = book or read_book()
    clients = {client: movement(spells, first, last) for client, spells in book.by_client.items()}
    return Rates(
        Facts(movement(book.company(), first, last)),
        {client: Facts(moved) for client, moved in clients.items() if _anybody(moved)},
    )


def rates_of_month(day: date, *, book: Book | None = None) -> Rates:
    """`rates` of the month a day is in."""
    return rates(*month(day), book=book)


def headcount_on(day: date, *, client_id: UUID | None = None, book: Book | None = None) -> Decimal:
    """Who works that day, the last day included: heads of the company, or the weight at a client."""
    book = book or read_book()
    return headcount(book.company() if client_id is None else book.by_client.get(client_id, []), day)


def curve_of_class(class_id: UUID, *, until: date, book: Book | None = None) -> Curve:
    """Kaplan-Meier curve of a training class by days since hire."""
    book = book or read_book()
    return book.curve(book.cohort(lambda row: row.training_class == class_id), until=until)


def curve_of_hires(
    hired_from: date | None,
    hired_to: date | None,
    *,
    until: date,
    client_id: UUID | None = None,
    book: Book | None = None,
) -> Curve:
    """Kaplan-Meier curve of the people hired from one day to another, for whom a client was the first."""
    book = book or read_book()

    def wanted(row: EmploymentRow) -> bool:
        if (hired_from and row.starts_on < hired_from) or (hired_to and row.starts_on > hired_to):
            return False
        return client_id is None or book.first_client(row) == client_id

    return book.curve(book.cohort(wanted), until=until)


def separations(first: date, last: date, *, client_id: UUID | None = None) -> QuerySet[Separation]:
    """Separations with their people, by last day worked; of a client, those whose assignment there ended with it."""
    found = Separation.objects.filter(last_day__range=(first, last)).select_related("employment__employee")
    if client_id is not None:
        ended = (first + timedelta(days=1), last + timedelta(days=1))
        at_client = Assignment.objects.filter(client_id=client_id, ends_on__range=ended)
        found = found.filter(employment__employee__in=at_client.values("employee"))
    return found.order_by("last_day", "employment__employee__number")


def _anybody(moved: Movement) -> bool:
    return bool(moved.people or moved.leavers or moved.moved_out)
