"""The shapes of the demo world. Days are dates, instants are whole seconds since 1970 in UTC."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from numpy.typing import NDArray

NOBODY: Final = -1  # in a column of numbers: no agent, no case, no such instant

Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """Where work of one kind waits. Open from hour to hour in `zone`; on Saturdays and Sundays if `weekends`."""

    id: UUID
    key: str
    name: str
    channel: str
    answer_within_seconds: int
    service_level_target: str
    zone: str
    opens: int
    closes: int
    weekends: bool
    per_day: float  # interactions offered on an average open day
    curve: tuple[float, ...]  # 24 relative weights by local hour


@dataclass(frozen=True, slots=True)
class ReasonPlan:
    """Why customers come to a queue: `share` of its work, and seconds of handling by an experienced agent."""

    id: UUID
    key: str
    name: str
    queue: str
    share: float
    handle_seconds: int


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A team, the queues its people serve, and its lead's employee number by the day it began."""

    id: UUID
    name: str
    queues: tuple[str, ...]
    leads: tuple[tuple[date, str], ...] = ()

    def lead_on(self, day: date) -> str | None:
        """The number of whoever leads the team on a day."""
        return next((number for since, number in reversed(self.leads) if since <= day), None)


@dataclass(frozen=True, slots=True)
class PatternPlan:
    """A shift that repeats: local start and net length in minutes. `share` of a client's agents work it."""

    key: str
    name: str
    start_minute: int
    minutes: int
    share: float


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """A client with its own words. `code` starts its case and customer numbers."""

    key: str
    name: str
    code: str
    zone: str
    colour: int
    site: str
    weekends: bool
    queues: tuple[QueuePlan, ...]
    reasons: tuple[ReasonPlan, ...]
    teams: tuple[TeamPlan, ...]
    patterns: tuple[PatternPlan, ...]

    def queue(self, key: str) -> QueuePlan:
        return next(queue for queue in self.queues if queue.key == key)

    def team(self, name: str) -> TeamPlan:
        return next(team for team in self.teams if team.name == name)


@dataclass(frozen=True, slots=True)
class SitePlan:
    id: UUID
    name: str
    zone: str
    country: str


@dataclass(frozen=True, slots=True)
class PlacementPlan:
    """A stretch in one team under one lead. `ends_on` is the first day no longer there."""

    id: UUID
    team: str
    team_id: UUID
    lead: str | None
    shift_pattern: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class AssignmentPlan:
    """A person's work for one client. `role` is a key of bpo.roles.ROLES; `ends_on` the first day without."""

    id: UUID
    client_key: str
    actor_id: UUID
    pseudonym: str
    role: str
    share: str
    starts_on: date
    ends_on: date | None
    placements: tuple[PlacementPlan, ...]

    def placement_on(self, day: date) -> PlacementPlan | None:
        return next((one for one in self.placements if _covers(one.starts_on, one.ends_on, day)), None)


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """An employee. `left_on` is the last day employed; `class_name` the group hired and trained together."""

    id: UUID
    number: str
    name: str
    email: str
    site: str
    role: str
    pay_type: str
    class_name: str
    hired_on: date
    left_on: date | None
    leave_reason: str | None
    voluntary: bool | None
    assignments: tuple[AssignmentPlan, ...]

    def works_on(self, day: date) -> bool:
        return self.hired_on <= day and (self.left_on is None or day <= self.left_on)

    def tenure_days(self, day: date) -> int:
        """Whole days since the day of hire."""
        return (day - self.hired_on).days

    def assignment_on(self, client_key: str, day: date) -> AssignmentPlan | None:
        return next(
            (a for a in self.assignments if a.client_key == client_key and _covers(a.starts_on, a.ends_on, day)), None
        )


def _covers(start: date, end: date | None, day: date) -> bool:
    return start <= day and (end is None or day < end)


@dataclass(frozen=True, slots=True)
class LoginPlan:
    """Somebody who signs in. Staff are persons by `number`; a client's own people have an actor alone."""

    role: str
    client_key: str | None
    name: str
    email: str
    number: str | None = None
    actor_id: UUID | None = None
    pseudonym: str = ""


@dataclass(frozen=True, slots=True)
class CustomerPlan:
    id: UUID
    reference: str
    name: str
    email: str
    phone: str
    language: str
    zone: str
    no_surveys: bool


@dataclass(frozen=True, slots=True)
class ShiftPlan:
    """A shift that was worked: whose, for whom, on which business date, from when to when (UTC seconds)."""

    number: str
    client_key: str
    agent: int  # index into ClientWork.agents
    day: date
    starts: int
    ends: int
    pattern: str


@dataclass(frozen=True, slots=True)
class InteractionPlan:
    """One interaction, spelled out from its columns. Seconds are None where nothing was measured."""

    id: UUID
    external_id: str
    queue: QueuePlan
    reason: ReasonPlan
    actor_id: UUID | None
    customer: int
    case: int | None
    started_at: datetime
    business_date: date
    wait: int
    talk: int | None
    hold: int | None
    after_call: int | None
    abandoned: bool
    transferred: bool
    escalated: bool
    abusive_reason: str


@dataclass(frozen=True, eq=False, slots=True)
class Interactions:
    """A client's interactions as columns of equal length, by time of arrival. Seconds are NOBODY where not measured."""

    ids: Numbers  # (n, 16) bytes of the UUIDs
    queue: Numbers  # index into ClientPlan.queues
    reason: Numbers  # index into ClientPlan.reasons
    agent: Numbers  # index into ClientWork.agents, NOBODY when abandoned
    customer: Numbers  # index into ClientWork.customers
    case: Numbers  # row of ClientWork.cases, NOBODY for none
    started: Numbers  # UTC seconds
    day: Numbers  # ordinal of the business date in the queue's zone
    wait: Numbers
    talk: Numbers
    hold: Numbers
    after_call: Numbers
    abandoned: Numbers
    transferred: Numbers
    escalated: Numbers
    abusive: Numbers  # index into clients.ABUSE, NOBODY when it was not

    def __len__(self) -> int:
        return len(self.started)

    def id(self, row: int) -> UUID:
        return UUID(bytes=self.ids[row].tobytes())

    def handled(self) -> Numbers:
        """Seconds of talk, hold and after-call work of each; 0 when nobody answered."""
        found: Numbers = self.talk.clip(min=0) + self.hold.clip(min=0) + self.after_call.clip(min=0)
        return found

    def ended(self) -> Numbers:
        """When each was over: arrival, wait, talk and hold."""
        parts = (self.wait, self.talk, self.hold)
        seconds: Numbers = self.started + sum(part.clip(min=0) for part in parts)
        return seconds


@dataclass(frozen=True, eq=False, slots=True)
class Cases:
    """A client's cases as columns. Instants are UTC seconds, NOBODY for never."""

    ids: Numbers
    customer: Numbers
    queue: Numbers
    reason: Numbers
    opened: Numbers
    first_resolved: Numbers
    reopened: Numbers
    again_resolved: Numbers
    resolver: Numbers  # agent index of the first resolution
    last: Numbers  # row of the last interaction before the first resolution

    def __len__(self) -> int:
        return len(self.opened)

    def id(self, row: int) -> UUID:
        return UUID(bytes=self.ids[row].tobytes())


@dataclass(frozen=True, eq=False, slots=True)
class ClientWork:
    """What one client's people did in the weeks of history."""

    client: ClientPlan
    agents: tuple[tuple[PersonPlan, UUID], ...]  # everybody who served customers, with their actor here
    customers: tuple[CustomerPlan, ...]
    shifts: tuple[ShiftPlan, ...]
    interactions: Interactions
    cases: Cases

    def rows(self) -> Iterator[InteractionPlan]:
        """The interactions one by one; for a few thousand. Loaders read the columns."""
        return (self.row(number) for number in range(len(self.interactions)))

    def row(self, number: int) -> InteractionPlan:
        from console.demo.clients import ABUSE

        i = self.interactions
        agent, case, abusive = int(i.agent[number]), int(i.case[number]), int(i.abusive[number])
        return InteractionPlan(
            id=i.id(number),
            external_id=self.external_id(number),
            queue=self.client.queues[int(i.queue[number])],
            reason=self.client.reasons[int(i.reason[number])],
            actor_id=self.agents[agent][1] if agent >= 0 else None,
            customer=int(i.customer[number]),
            case=case if case >= 0 else None,
            started_at=datetime.fromtimestamp(int(i.started[number]), UTC),
            business_date=date.fromordinal(int(i.day[number])),
            wait=int(i.wait[number]),
            talk=_measured(i.talk[number]),
            hold=_measured(i.hold[number]),
            after_call=_measured(i.after_call[number]),
            abandoned=bool(i.abandoned[number]),
            transferred=bool(i.transferred[number]),
            escalated=bool(i.escalated[number]),
            abusive_reason=ABUSE[abusive] if abusive >= 0 else "",
        )

    def external_id(self, number: int) -> str:
        """The number the telephone system gave it."""
        return f"{self.client.code}{1_000_000 + number}"


def _measured(value: Any) -> int | None:
    return int(value) if value >= 0 else None
