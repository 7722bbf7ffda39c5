"""Who worked when: the shifts of the weeks of history."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from console.demo.manifest import HISTORY_DAYS
from console.demo.people import AGENT
from console.demo.plans import AssignmentPlan, ClientPlan, PersonPlan, ShiftPlan
from console.demo.seeds import stream
from console.demo.staff import TRAINING_DAYS

ABSENT: Final = 0.05
FIRST_CLIENT_DAYS: Final = (0, 1, 2)  # somebody with two clients: Monday to Wednesday for one,
SECOND_CLIENT_DAYS: Final = (3, 4, 5)  # Thursday to Saturday for the other

Agents = tuple[tuple[PersonPlan, UUID], ...]


def history(today: date) -> list[date]:
    """The days of history, oldest first; the last is yesterday."""
    return [today - timedelta(days=back) for back in range(HISTORY_DAYS, 0, -1)]


def agents_of(client: ClientPlan, people: Sequence[PersonPlan], today: date) -> Agents:
    """Everybody who served the client's customers in the weeks of history, with their actor."""
    first = history(today)[0]
    found: dict[str, tuple[PersonPlan, UUID]] = {}
    for person in people:
        for part in person.assignments:
            late_enough = part.ends_on is None or part.ends_on > first
            if part.client_key == client.key and part.role == AGENT and late_enough:
                found[person.number] = (person, part.actor_id)
    return tuple(found.values())


def worked(seed: int, today: date, client: ClientPlan, agents: Agents) -> tuple[ShiftPlan, ...]:
    """Shifts by day and agent: two days off a week, now and then an absence, nobody for two clients on one day."""
    days = [history(today)[0] - timedelta(days=1), *history(today)]  # the night before reaches into the first day
    away = stream(seed, client.key, "absence").random((len(agents), len(days))) < ABSENT
    found = [
        shift
        for place, day in enumerate(days)
        for shift in _of_day(client, agents, day, [bool(gone) for gone in away[:, place]])
    ]
    return tuple(found)


def on_day(client: ClientPlan, agents: Agents, day: date) -> list[ShiftPlan]:
    """The shifts of a day by pattern alone: what was planned for it, whoever came."""
    return list(_of_day(client, agents, day, [False] * len(agents)))


def _of_day(client: ClientPlan, agents: Agents, day: date, away: list[bool]) -> Iterator[ShiftPlan]:
    patterns = {pattern.key: pattern for pattern in client.patterns}
    for agent, (person, _) in enumerate(agents):
        part = person.assignment_on(client.key, day)
        if part is None or away[agent] or not _on_duty(client, person, part, day):
            continue
        placement = part.placement_on(day)
        pattern = patterns.get(placement.shift_pattern if placement else "")
        if pattern is None:
            continue
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(client.zone))
        starts = int((midnight + timedelta(minutes=pattern.start_minute)).timestamp())
        yield ShiftPlan(person.number, client.key, agent, day, starts, starts + pattern.minutes * 60, pattern.key)


def _on_duty(client: ClientPlan, person: PersonPlan, part: AssignmentPlan, day: date) -> bool:
    if not person.works_on(day) or person.tenure_days(day) < TRAINING_DAYS:
        return False
    if not client.weekends and day.weekday() >= 5:
        return False
    both = [one for one in person.assignments if one.starts_on <= day and (one.ends_on is None or day < one.ends_on)]
    if len(both) > 1:
        return day.weekday() in (FIRST_CLIENT_DAYS if both[0].client_key == client.key else SECOND_CLIENT_DAYS)
    if not client.weekends:
        return True
    return (day.weekday() - int(person.number[1:])) % 7 < 5
