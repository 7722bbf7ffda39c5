"""The list of people: one row a person, whatever the number of their employments, clients and teams."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from accounts.models import Client
from workforce.models import Assignment, Employee, Employment, Placement, Site, TrainingClass

EMPLOYED, LEFT, EVERYONE = "employed", "left", "everyone"
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; None and "" narrow nothing."""

    text: str = ""
    state: str = EMPLOYED
    client: UUID | None = None
    site: UUID | None = None
    team: UUID | None = None
    training_class: UUID | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What can be chosen: ids as text, with names."""

    clients: Choices
    sites: Choices
    teams: Choices
    classes: Choices


@dataclass(frozen=True, slots=True)
class AtClient:
    name: str
    colour: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class Person:
    """One row: who, the last employment, and where they work, or worked on their last day."""

    id: UUID
    number: str
    name: str
    starts_on: date | None = None
    ends_on: date | None = None
    site: str = ""
    training_class: str = ""
    clients: list[AtClient] = field(default_factory=list)
    team: str = ""


def options() -> Options:
    """Clients, sites, teams and classes by name: one statement."""
    groups = [
        _named("client", Client.objects.all(), "pk", "name"),
        _named("site", Site.objects.all(), "pk", "name"),
        _named("team", Placement.objects.all(), "team_id", "team_name"),
        _named("class", TrainingClass.objects.order_by(), "pk", "name"),
    ]
    found: dict[str, Choices] = defaultdict(list)
    for kind, key, name in groups[0].union(*groups[1:]).order_by("label"):
        found[kind].append((key, name))
    return Options(found["client"], found["site"], found["team"], found["class"])


def people(filters: Filters, *, today: date) -> QuerySet[Employee]:
    """Employees by name. `team`, `client` and `site` mean now, for who left the last; `state` is as of `today`."""
    last = Employment.objects.filter(employee=OuterRef("pk")).order_by("-starts_on")
    found = Employee.objects.order_by("name", "number")
    if filters.text:
        found = found.filter(Q(name__icontains=filters.text) | Q(number__istartswith=filters.text))
    current = Employment.objects.filter(employee=OuterRef("pk"), starts_on__lte=today).filter(_open("ends_on", today))
    if filters.state == EMPLOYED:
        found = found.filter(Exists(current))
    if filters.state == LEFT:
        found = found.filter(~Exists(current), Exists(last))
    if filters.site:
        found = found.annotate(site=Subquery(last.values("site")[:1])).filter(site=filters.site)
    if filters.training_class:
        found = found.filter(employments__enrolment__training_class=filters.training_class)
    if filters.client or filters.team:
        found = _working(found.annotate(ended=Subquery(last.values("ends_on")[:1])), filters, today)
    return found


def _working(found: "QuerySet[Employee]", filters: Filters, today: date) -> "QuerySet[Employee]":
    """Narrow to a client or a team: where they work today, or did when they left."""
    rows = Placement.objects.filter(assignment__employee=OuterRef("pk"))
    if filters.client:
        at_client = Assignment.objects.filter(employee=OuterRef("pk"), client=filters.client, starts_on__lte=today)
        found = found.filter(Exists(at_client.filter(_open("ends_on", today) | Q(ends_on=OuterRef("ended")))))
    if filters.team:
        in_team = rows.filter(team_id=filters.team, starts_on__lte=today)
        found = found.filter(Exists(in_team.filter(_open("ends_on", today) | Q(ends_on=OuterRef("ended")))))
    return found


def people_of(employees: Sequence[Employee], *, today: date) -> list[Person]:
    """The rows of these employees, in their order: three statements."""
    ids = [one.pk for one in employees]
    employments = _last_employments(ids)
    clients = _clients(ids, employments, today)
    teams = _teams(ids, employments, today)
    return [
        _person(one, employments.get(one.pk, (None, None, "", "")), clients[one.pk], teams[one.pk]) for one in employees
    ]


def _person(one: Employee, spell: "Spell", clients: list[AtClient], team: str) -> Person:
    start, end, site, of_class = spell
    return Person(one.pk, one.number, one.name, start, end, site, of_class, clients, team)


def find_people(text: str, *, most: int) -> list[tuple[UUID, str, str]]:
    """Id, name and number of the people whose name holds the text or whose number begins with it."""
    wanted = Q(name__icontains=text) | Q(number__istartswith=text)
    return list(Employee.objects.filter(wanted).order_by("name").values_list("pk", "name", "number")[:most])


Spell = tuple[date | None, date | None, str, str]


def _last_employments(ids: Iterable[UUID]) -> dict[UUID, Spell]:
    rows = (
        Employment.objects.filter(employee__in=ids)
        .order_by("starts_on")
        .values_list("employee_id", "starts_on", "ends_on", "site__name", "enrolment__training_class__name")
    )
    return {who: (start, end, site or "", of_class or "") for who, start, end, site, of_class in rows}


def _clients(ids: Iterable[UUID], spells: dict[UUID, Spell], today: date) -> dict[UUID, list[AtClient]]:
    rows = (
        Assignment.objects.filter(employee__in=ids)
        .order_by("-share", "client__name")
        .values_list("employee_id", "starts_on", "ends_on", "client__name", "client__colour", "share")
    )
    found: dict[UUID, list[AtClient]] = defaultdict(list)
    for who, start, end, name, colour, share in rows:
        if _holds(start, end, spells.get(who), today):
            found[who].append(AtClient(name, colour, share))
    return found


def _teams(ids: Iterable[UUID], spells: dict[UUID, Spell], today: date) -> dict[UUID, str]:
    rows = Placement.objects.filter(assignment__employee__in=ids).order_by("starts_on")
    found: dict[UUID, str] = defaultdict(str)
    for who, start, end, name in rows.values_list("assignment__employee_id", "starts_on", "ends_on", "team_name"):
        if _holds(start, end, spells.get(who), today):
            found[who] = name
    return found


def _holds(start: date, end: date | None, spell: Spell | None, today: date) -> bool:
    """Whether something holds today, or held to the end of an employment that is over."""
    over = spell[1] if spell else None
    if over and over <= today:
        return end == over
    return start <= today and (end is None or end > today)


def _open(name: str, today: date) -> Q:
    return Q(**{name: None}) | Q(**{f"{name}__gt": today})


def _named(kind: str, rows: Any, key: str, name: str) -> Any:
    """Rows of kind, id and label as texts, ready for a union."""
    text = CharField()
    named = rows.annotate(kind=Value(kind, output_field=text), key_text=Cast(key, text), label=Cast(name, text))
    return named.values_list("kind", "key_text", "label").order_by()
