"""The operator's side of the demo: clients, sites, people, where they sit, and who signs in."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Client, Membership, User
from accounts.services import open_client
from bpo.actors import By
from bpo.ops_audit.services import record
from console.demo.plans import LoginPlan, PersonPlan
from console.demo.seeds import an_id
from console.demo.world import World
from workforce.models import Assignment, Employee, Employment, Placement, Seat, Site


def open_clients(world: World, *, by: By, now: datetime) -> dict[str, Client]:
    """The world's clients by key, opened where they are not yet."""
    known = Client.objects.in_bulk(field_name="key")
    for plan in world.clients:
        if plan.key not in known:
            known[plan.key] = open_client(
                key=plan.key, name=plan.name, zone=plan.zone, colour=plan.colour, by=by, now=now
            )
    return {plan.key: known[plan.key] for plan in world.clients}


@transaction.atomic
def load_people(world: World, clients: dict[str, Client], password: str, *, by: By, now: datetime) -> None:
    """Sites, employees, employments, assignments, placements, users, memberships and seats, all or none.

    Everybody employed today has a user; those of `world.logins` can sign in with `password`. Done before: nothing.
    """
    if Employee.objects.filter(pk=world.people[0].id).exists():
        return
    Site.objects.bulk_create([Site(id=s.id, name=s.name, zone=s.zone, country=s.country) for s in world.sites])
    sites = {site.name: site.id for site in world.sites}
    Employee.objects.bulk_create(
        [Employee(id=p.id, number=p.number, name=p.name, email=p.email, created_at=now) for p in world.people]
    )
    Employment.objects.bulk_create(
        [
            Employment(
                id=an_id(world.seed, "employment", p.number),
                employee_id=p.id,
                site_id=sites[p.site],
                starts_on=p.hired_on,
                ends_on=p.left_on + timedelta(days=1) if p.left_on else None,
            )
            for p in world.people
        ]
    )
    Assignment.objects.bulk_create(_assignments(world, clients))
    Placement.objects.bulk_create(_placements(world))
    users = _users(world, clients, password, now)
    _memberships(world, clients, users, now)
    Seat.objects.bulk_create(_seats(world, clients, users))
    for client in clients.values():
        record(action="demo.people_loaded", target=client, by=by, now=now, detail={"seed": world.seed})


def _assignments(world: World, clients: dict[str, Client]) -> list[Assignment]:
    return [
        Assignment(
            id=part.id,
            employee_id=person.id,
            client=clients[part.client_key],
            share=Decimal(part.share),
            starts_on=part.starts_on,
            ends_on=part.ends_on,
        )
        for person in world.people
        for part in person.assignments
    ]


def _placements(world: World) -> list[Placement]:
    by_number = {person.number: person.id for person in world.people}
    return [
        Placement(
            id=placement.id,
            assignment_id=part.id,
            team_id=placement.team_id,
            team_name=placement.team,
            lead_id=by_number[placement.lead] if placement.lead else None,
            shift_pattern=placement.shift_pattern,
            pay_type=person.pay_type,
            starts_on=placement.starts_on,
            ends_on=placement.ends_on,
        )
        for person in world.people
        for part in person.assignments
        for placement in part.placements
    ]


def _users(world: World, clients: dict[str, Client], password: str, now: datetime) -> dict[str, User]:
    """Users by e-mail: staff who are employed, and the clients' own people. One hash serves all who may sign in."""
    hashed, nobody = make_password(password), make_password(None)
    signing = {login.email for login in world.logins}
    found = [
        User(
            id=an_id(world.seed, "user", person.email),
            email=person.email,
            name=person.name,
            password=hashed if person.email in signing else nobody,
            created_at=now,
        )
        for person in _employed(world)
    ]
    found += [
        User(
            id=an_id(world.seed, "user", login.email),
            email=login.email,
            name=login.name,
            realm=clients[login.client_key],
            password=hashed,
            created_at=now,
        )
        for login in world.logins
        if login.number is None and login.client_key
    ]
    return {user.email: user for user in User.objects.bulk_create(found)}


def _employed(world: World) -> Iterator[PersonPlan]:
    return (person for person in world.people if person.works_on(world.today))


def _memberships(world: World, clients: dict[str, Client], users: dict[str, User], now: datetime) -> None:
    wanted = {(login.email, login.client_key, login.role) for login in world.logins}
    for person in _employed(world):
        parts = [part for part in person.assignments if part.ends_on is None]
        wanted |= {(person.email, part.client_key, part.role) for part in parts}
        if not person.assignments:
            wanted.add((person.email, None, person.role))
    Membership.objects.bulk_create(
        [
            Membership(
                id=an_id(world.seed, "membership", email, key or "", role),
                user=users[email],
                client=clients[key] if key else None,
                role=role,
                starts_at=now,
            )
            for email, key, role in sorted(wanted, key=str)
        ]
    )


def _seats(world: World, clients: dict[str, Client], users: dict[str, User]) -> Sequence[Seat]:
    """One for each person and client, kept when they leave; and one for each of the clients' own people."""
    found = {}
    for person in world.people:
        for part in person.assignments:
            found[part.client_key, part.actor_id] = Seat(
                id=an_id(world.seed, "seat", str(part.actor_id)),
                client=clients[part.client_key],
                actor_id=part.actor_id,
                employee_id=person.id,
                user=users.get(person.email),
            )
    for login in world.logins:
        if login.client_key and login.actor_id and (login.client_key, login.actor_id) not in found:
            seat = _seat(world, clients[login.client_key], login, login.actor_id, users)
            found[login.client_key, login.actor_id] = seat
    return list(found.values())


def _seat(world: World, client: Client, login: LoginPlan, actor_id: UUID, users: dict[str, User]) -> Seat:
    return Seat(
        id=an_id(world.seed, "seat", str(actor_id)),
        client=client,
        actor_id=actor_id,
        employee_id=world.person(login.number).id if login.number else None,
        user=users[login.email],
    )
