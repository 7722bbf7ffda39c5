"""One client's side of the demo: its people, words, customers, cases, interactions and intervals."""

from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from django.db import transaction

from console.demo.clients import ABUSE, DISPOSITIONS
from console.demo.copying import copy, days, encoded, flags, ids, looked_up, moments, numbers, texts
from console.demo.plans import NOBODY, AssignmentPlan, ClientWork, Numbers, PersonPlan
from console.demo.seeds import an_id, stream, timed_ids
from console.demo.traffic import opened_slots
from console.demo.world import World
from interactions.models import (
    Actor,
    Case,
    Customer,
    Disposition,
    Interaction,
    Interval,
    Queue,
    Reason,
    Resolution,
    Skill,
    Team,
)

SOURCE: Final = "acd"
GRAIN: Final = 900  # seconds
AUTH: Final = (
    ("knowledge", "active", "passed"),
    ("voice print", "passive", "passed"),
    ("knowledge", "active", "failed"),
)


@transaction.atomic
def load_client(world: World, work: ClientWork) -> None:
    """Everything of one client, all or none. Call it inside the client; a client that has its data is left alone."""
    if Interaction.objects.filter(source=SOURCE).exists():
        return
    _words(world, work)
    _people(world, work)
    _customers(work)
    _cases(world, work)
    _interactions(world, work)
    _intervals(world, work)


def _words(world: World, work: ClientWork) -> None:
    client = work.client
    Team.objects.bulk_create([Team(id=team.id, name=team.name) for team in client.teams])
    Queue.objects.bulk_create(
        [
            Queue(
                id=queue.id,
                key=queue.key,
                name=queue.name,
                channel=queue.channel,
                answer_within_seconds=queue.answer_within_seconds,
                service_level_target=queue.service_level_target,
            )
            for queue in client.queues
        ]
    )
    Reason.objects.bulk_create([Reason(id=one.id, key=one.key, name=one.name) for one in client.reasons])
    Disposition.objects.bulk_create(
        [
            Disposition(id=an_id(world.seed, client.key, "disposition", key), key=key, name=name)
            for key, name in DISPOSITIONS
        ]
    )


def _people(world: World, work: ClientWork) -> None:
    client, yesterday = work.client, world.today - timedelta(days=1)
    actors: dict[Any, Actor] = {}
    skills = []
    for person in world.people:
        parts = _parts(person, client.key)
        if not parts:
            continue
        placement = parts[-1].placement_on(world.today) or parts[-1].placement_on(yesterday)
        actor = Actor(
            id=parts[0].actor_id,
            display_name=person.name,
            pseudonym=parts[0].pseudonym,
            team_id=placement.team_id if placement else None,
            acd_login=f"{client.code.lower()}{person.number[1:]}" if person.role == "agent" else None,
            starts_on=parts[0].starts_on,
            ends_on=parts[-1].ends_on,
        )
        actors[actor.pk] = actor
        if person.role == "agent" and placement and parts[-1].ends_on is None:
            skills += [(actor.pk, client.queue(key).id) for key in client.team(placement.team).queues]
    for login in world.logins:
        if login.client_key == client.key and login.actor_id not in actors and login.actor_id:
            actor = Actor(id=login.actor_id, display_name=login.name, pseudonym=login.pseudonym)
            actors[actor.pk] = actor
    Actor.objects.bulk_create(actors.values())
    Skill.objects.bulk_create(
        [Skill(id=an_id(world.seed, "skill", str(a), str(q)), actor_id=a, queue_id=q) for a, q in skills]
    )


def _customers(work: ClientWork) -> None:
    """Those who ever turned to the client."""
    used = [work.customers[number] for number in np.unique(work.interactions.customer).tolist()]
    names = ("id", "reference", "name", "email", "phone", "language", "zone", "no_surveys")
    copy(Customer, len(used), {name: texts(getattr(one, name) for one in used) for name in names})


def _cases(world: World, work: ClientWork) -> None:
    cases, client = work.cases, work.client
    size = len(cases)
    again, first, reopened = cases.again_resolved, cases.first_resolved, cases.reopened
    resolved = (again >= 0) | ((first >= 0) & (reopened < 0))
    case_ids = ids(cases.ids)
    copy(
        Case,
        size,
        {
            "id": case_ids,
            "reference": [f"{client.code}-{200_000 + number}" for number in range(size)],
            "customer_id": looked_up(cases.customer, lambda n: work.customers[n].id),
            "reason_id": looked_up(cases.reason, lambda n: client.reasons[n].id),
            "queue_id": looked_up(cases.queue, lambda n: client.queues[n].id),
            "state": ["resolved" if done else "open" for done in resolved.tolist()],
            "opened_at": moments(cases.opened),
            "resolved_at": moments(np.where(again >= 0, again, first)),
            "reopened_at": moments(reopened),
            "resolution_number": numbers((first >= 0).astype(int) + (again >= 0)),
        },
    )
    for number, at in ((1, first), (2, again)):
        rows = np.flatnonzero(at >= 0)
        copy(
            Resolution,
            len(rows),
            {
                "id": ids(resolution_ids(world, work, number)[rows]),
                "case_id": [case_ids[row] for row in rows.tolist()],
                "number": number,
                "resolved_at": moments(at[rows]),
                "actor_id": looked_up(cases.resolver[rows], lambda n: work.agents[n][1]),
                "source": "person",
            },
        )


def resolution_ids(world: World, work: ClientWork, number: int) -> Numbers:
    """The ids of the first or second resolution of each case, (cases, 16); meaningless where there was none."""
    at = work.cases.first_resolved if number == 1 else work.cases.again_resolved
    return timed_ids(at.clip(min=0), stream(world.seed, work.client.key, "resolutions", str(number)))


def _interactions(world: World, work: ClientWork) -> None:
    i, client = work.interactions, work.client
    size = len(i)
    case_ids = ids(work.cases.ids)
    back_office = np.array([queue.channel == "back_office" for queue in client.queues])
    copy(
        Interaction,
        size,
        {
            "id": ids(i.ids),
            "source": SOURCE,
            "external_id": [work.external_id(row) for row in range(size)],
            "direction": looked_up(back_office[i.queue].astype(int), ("in", "back_office").__getitem__),
            "channel": looked_up(i.queue, lambda n: client.queues[n].channel),
            "queue_id": looked_up(i.queue, lambda n: client.queues[n].id),
            "reason_id": looked_up(i.reason, lambda n: client.reasons[n].id),
            "disposition_id": looked_up(_disposition(work), lambda n: _disposition_id(world, work, n)),
            "agent_id": looked_up(i.agent, lambda n: work.agents[n][1]),
            "customer_id": looked_up(i.customer, lambda n: work.customers[n].id),
            "case_id": looked_up(i.case, case_ids.__getitem__),
            "started_at": moments(i.started),
            "ended_at": moments(i.ended()),
            "business_date": days(i.day),
            "zone": looked_up(i.queue, lambda n: client.queues[n].zone),
            "wait_seconds": numbers(i.wait),
            "talk_seconds": numbers(i.talk),
            "hold_seconds": numbers(i.hold),
            "after_call_seconds": numbers(i.after_call),
            "abandoned": flags(i.abandoned),
            "transferred": flags(i.transferred),
            "escalated": flags(i.escalated),
            "abusive": flags(i.abusive >= 0),
            **_duty(world, work),
            "abusive_reason": looked_up(i.abusive + 1, ("", *ABUSE).__getitem__),
            **_authentication(world, work),
        },
    )


def _duty(world: World, work: ClientWork) -> dict[str, list[str]]:
    """Who led the agent on that day, and the shift: what a telephone system exports beside each call."""
    actors = {person.number: parts[0].actor_id for person in world.people if (parts := _parts(person, work.client.key))}
    names = {pattern.key: pattern.name for pattern in work.client.patterns}
    known: dict[tuple[int, int], tuple[str, str]] = {}
    pairs = list(zip(work.interactions.agent.tolist(), work.interactions.day.tolist(), strict=True))
    for agent, ordinal in set(pairs):
        day = date.fromordinal(ordinal)
        part = work.agents[agent][0].assignment_on(work.client.key, day) if agent >= 0 else None
        placement = part.placement_on(day) if part else None
        lead = actors.get(placement.lead) if placement and placement.lead else None
        known[agent, ordinal] = encoded(lead), names.get(placement.shift_pattern, "") if placement else ""
    return {"supervisor_id": [known[pair][0] for pair in pairs], "shift": [known[pair][1] for pair in pairs]}


def _parts(person: PersonPlan, client_key: str) -> list[AssignmentPlan]:
    return [part for part in person.assignments if part.client_key == client_key]


def _disposition(work: ClientWork) -> Numbers:
    """The index of DISPOSITIONS that fits what happened; NOBODY when nobody answered."""
    i, cases = work.interactions, work.cases
    ended = cases.first_resolved[i.case] if len(cases) else i.started
    at_once = (i.case < 0) | ((ended >= 0) & (ended <= i.ended()))
    found: Numbers = np.where(i.abandoned, NOBODY, np.where(i.transferred, 2, np.where(at_once, 0, 1)))
    return found


def _disposition_id(world: World, work: ClientWork, number: int) -> Any:
    return an_id(world.seed, work.client.key, "disposition", DISPOSITIONS[number][0])


def _authentication(world: World, work: ClientWork) -> dict[str, list[str]]:
    """How callers proved who they are; writing proves nothing."""
    i = work.interactions
    rng = stream(world.seed, work.client.key, "authentication")
    spoken = np.array([queue.channel == "voice" for queue in work.client.queues])[i.queue] & ~i.abandoned
    which = np.where(spoken & (rng.random(len(i)) < 0.9), rng.choice(3, len(i), p=(0.62, 0.35, 0.03)), NOBODY)
    seconds = np.where(which == 1, rng.integers(4, 12, len(i)), rng.integers(18, 65, len(i)))
    return {
        "auth_method": looked_up(which + 1, ("", *(row[0] for row in AUTH)).__getitem__),
        "auth_mode": looked_up(which + 1, ("", *(row[1] for row in AUTH)).__getitem__),
        "auth_result": looked_up(which + 1, ("", *(row[2] for row in AUTH)).__getitem__),
        "auth_seconds": numbers(np.where(which >= 0, seconds, NOBODY)),
    }


def _intervals(world: World, work: ClientWork) -> None:
    """What each queue saw in each quarter hour that it was open, zeros included."""
    i = work.interactions
    handle = i.handled()
    for place, queue in enumerate(work.client.queues):
        starts, ordinals = opened_slots(queue, world.days)
        own = i.queue == place
        slot = np.searchsorted(starts, i.started[own], side="right") - 1
        answered = ~i.abandoned[own]
        in_target = answered & (i.wait[own] <= queue.answer_within_seconds)

        def counted(weights: Numbers, slot: Numbers = slot, size: int = len(starts)) -> list[str]:
            return numbers(np.bincount(slot, weights=weights, minlength=size).astype(np.int64))

        copy(
            Interval,
            len(starts),
            {
                "id": ids(timed_ids(starts, stream(world.seed, work.client.key, "intervals", queue.key))),
                "queue_id": queue.id,
                "source": SOURCE,
                "starts_at": moments(starts),
                "minutes": GRAIN // 60,
                "business_date": days(ordinals),
                "zone": queue.zone,
                "offered": counted(np.ones(own.sum())),
                "answered": counted(answered),
                "in_target": counted(in_target),
                "abandoned": counted(~answered),
                "handle_seconds": counted(handle[own]),
            },
        )
