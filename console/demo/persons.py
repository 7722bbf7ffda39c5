"""The stories as plans: people with their assignments and placements, and who signs in."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from console.demo.people import AGENT, Draft, Part
from console.demo.plans import AssignmentPlan, ClientPlan, LoginPlan, PersonPlan, PlacementPlan
from console.demo.seeds import an_id
from console.demo.staff import CLIENT_PEOPLE, LEAVE_REASONS, STAFF


def settled(seed: int, drafts: Sequence[Draft], clients: Sequence[ClientPlan]) -> tuple[PersonPlan, ...]:
    """The stories as plans, with ids and pseudonyms."""
    by_key = {client.key: client for client in clients}
    seats = {client.key: 0 for client in clients}
    voluntary = {key: freely for key, freely, *_ in LEAVE_REASONS}
    used: set[str] = set()
    addresses = {one.name: _address(one.name, used) for one in STAFF}
    people = []
    for draft in drafts:
        pseudonyms = {}
        for key in dict.fromkeys(part.client for part in draft.parts):
            seats[key] += 1
            pseudonyms[key] = f"Agent {seats[key]:04d}"
        people.append(
            PersonPlan(
                id=an_id(seed, "person", draft.number),
                number=draft.number,
                name=draft.name,
                email=addresses.get(draft.name) or _address(draft.name, used),
                site=draft.site,
                role=draft.role,
                pay_type="hourly" if draft.role == AGENT else "salaried",
                class_name=draft.class_name,
                hired_on=draft.hired,
                left_on=draft.left,
                leave_reason=draft.reason,
                voluntary=voluntary[draft.reason] if draft.reason else None,
                assignments=tuple(_assignment(seed, draft, part, by_key, pseudonyms) for part in draft.parts),
            )
        )
    return tuple(people)


def _assignment(
    seed: int, draft: Draft, part: Part, by_key: dict[str, ClientPlan], pseudonyms: dict[str, str]
) -> AssignmentPlan:
    client = by_key[part.client]
    ends = part.ends or (draft.left + timedelta(days=1) if draft.left else None)
    key = (client.key, draft.number, str(part.starts))
    return AssignmentPlan(
        id=an_id(seed, "assignment", *key),
        client_key=client.key,
        actor_id=an_id(seed, client.key, "actor", draft.number),
        pseudonym=pseudonyms[client.key],
        role=draft.role,
        share=part.share,
        starts_on=part.starts,
        ends_on=ends,
        placements=tuple(_placements(seed, draft, part, client, ends)),
    )


def _placements(seed: int, draft: Draft, part: Part, client: ClientPlan, ends: date | None) -> Iterable[PlacementPlan]:
    """One placement for each stretch with the same team and lead."""
    marks = {since: (team, pattern) for team, pattern, since in part.teams if ends is None or since < ends}
    days = set(marks)
    for team in client.teams:
        days |= {since for since, _ in team.leads if since > part.starts and (ends is None or since < ends)}
    current = ("", "")
    stretches: list[tuple[date, str, str, str | None]] = []
    for day in sorted(days):
        current = marks.get(day, current)
        if not current[0]:
            continue
        lead = client.team(current[0]).lead_on(day) if draft.role == AGENT else None
        if not stretches or stretches[-1][1:] != (*current, lead):
            stretches.append((day, *current, lead))
    for (day, team_name, pattern, lead), following in pairwise([*stretches, None]):  # type: ignore[misc]
        yield PlacementPlan(
            id=an_id(seed, "placement", client.key, draft.number, str(day)),
            team=team_name,
            team_id=client.team(team_name).id,
            lead=lead,
            shift_pattern=pattern,
            starts_on=day,
            ends_on=following[0] if following else ends,
        )


def _address(name: str, used: set[str]) -> str:
    plain = name.lower().translate(str.maketrans("ąćęłńóśźżéáíúñåøöä", "acelnoszzeaiunaooa"))
    words = ["".join(c for c in word if c.isascii() and c.isalnum()) for word in plain.split()]
    for local in (words[0], f"{words[0]}.{words[-1]}", ".".join(words), f"{'.'.join(words)}.{len(used)}"):
        if local not in used:
            used.add(local)
            return f"{local}@bpo.example"
    raise ValueError(f"no address is left for {name}")


def logins(
    seed: int, people: Sequence[PersonPlan], clients: Sequence[ClientPlan], signing: set[str]
) -> tuple[LoginPlan, ...]:
    """A login for each role: staff by their assignments, the operator's admin everywhere, and the clients' own people."""
    found = []
    for person in people:
        if person.number not in signing:
            continue
        if not person.assignments:
            found.append(LoginPlan(person.role, None, person.name, person.email, person.number))
        if person.role == "operator_admin":
            found += [_visitor(seed, person, client) for client in clients]
        for key, part in {part.client_key: part for part in person.assignments}.items():
            found.append(
                LoginPlan(person.role, key, person.name, person.email, person.number, part.actor_id, part.pseudonym)
            )
    for count, (role, key, name, email) in enumerate(CLIENT_PEOPLE):
        actor = an_id(seed, key, "actor", email)
        found.append(LoginPlan(role, key, name, email, None, actor, f"Agent {9001 + count:04d}"))
    order = ("operator_admin", "hr", "team_lead", "qa_analyst", "planner", "agent", "client_user", "client_approver")
    return tuple(sorted(found, key=lambda one: (order.index(one.role), one.client_key or "", one.email)))


def _visitor(seed: int, person: PersonPlan, client: ClientPlan) -> LoginPlan:
    actor = an_id(seed, client.key, "actor", person.number)
    return LoginPlan(person.role, client.key, person.name, person.email, person.number, actor, "Agent 9000")
