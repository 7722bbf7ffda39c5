"""The demo world: `build(today)` gives the same people, clients and work whenever it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from console.demo import clients as client_plans
from console.demo.manifest import EFFECTS, HISTORY_DAYS, LEAD_CHANGE_DAYS_AGO, LEAD_TEAM, Effect
from console.demo.matters import customers, with_cases
from console.demo.people import careers
from console.demo.persons import logins, settled
from console.demo.plans import ClientPlan, ClientWork, LoginPlan, PersonPlan, SitePlan
from console.demo.shifts import agents_of, history, worked
from console.demo.traffic import interactions

SEED: Final = 20_260_301


@dataclass(frozen=True, eq=False, slots=True)
class World:
    """Everything invented. History runs over `days`, which end the day before `today`."""

    today: date
    seed: int
    sites: tuple[SitePlan, ...]
    clients: tuple[ClientPlan, ...]
    people: tuple[PersonPlan, ...]
    logins: tuple[LoginPlan, ...]
    work: Mapping[str, ClientWork]  # by client key
    effects: tuple[Effect, ...] = EFFECTS
    history_days: int = HISTORY_DAYS

    @property
    def days(self) -> list[date]:
        return history(self.today)

    def client(self, key: str) -> ClientPlan:
        return next(client for client in self.clients if client.key == key)

    def person(self, number: str) -> PersonPlan:
        return next(person for person in self.people if person.number == number)

    def staff_of(self, client_key: str, day: date, role: str = "") -> list[PersonPlan]:
        """Who is assigned to a client on a day; only those of one role, if it is given."""
        found = [(person, person.assignment_on(client_key, day)) for person in self.people]
        return [person for person, part in found if part is not None and role in ("", part.role)]

    def lead_changed(self, client_key: str, person: PersonPlan, day: date) -> bool:
        """Whether the person sat in the changed team under its new lead on that day."""
        if client_key != LEAD_TEAM[0] or (self.today - day).days > LEAD_CHANGE_DAYS_AGO:
            return False
        part = person.assignment_on(client_key, day)
        placement = part.placement_on(day) if part else None
        return placement is not None and placement.team == LEAD_TEAM[1]


@lru_cache(maxsize=2)
def build(today: date, seed: int = SEED) -> World:
    """The world as it stands on the morning of `today`. Pure: equal arguments give equal worlds, ids included."""
    clients, people, signing = cast(today, seed)
    return World(
        today=today,
        seed=seed,
        sites=client_plans.sites(seed),
        clients=clients,
        people=people,
        logins=signing,
        work=MappingProxyType({client.key: _work(seed, today, client, people) for client in clients}),
    )


def cast(today: date, seed: int = SEED) -> tuple[tuple[ClientPlan, ...], tuple[PersonPlan, ...], tuple[LoginPlan, ...]]:
    """The clients, the people and who signs in, without their work: quick."""
    drafts, clients = careers(seed, today, client_plans.clients(seed))
    people = settled(seed, drafts, clients)
    signing = {draft.number for draft in drafts if draft.signs_in}
    return clients, people, logins(seed, people, clients, signing)


def _work(seed: int, today: date, client: ClientPlan, people: tuple[PersonPlan, ...]) -> ClientWork:
    agents = agents_of(client, people, today)
    shifts = worked(seed, today, client, agents)
    found, cases = with_cases(seed, today, client, interactions(seed, today, client, agents, shifts))
    return ClientWork(client, agents, customers(seed, client), shifts, found, cases)
