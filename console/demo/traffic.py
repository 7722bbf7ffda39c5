"""What arrived, when it was answered and by whom: a small simulation of each client's floor."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from console.demo.manifest import (
    ABUSE_CALLERS,
    ABUSE_CALLS,
    ABUSE_DAYS,
    ABUSE_HOURS,
    ABUSE_QUEUE,
    BAD_DAY,
    HOLD_REASON,
    HOLD_SECONDS,
    HOLDS,
    tenure_row,
)
from console.demo.plans import NOBODY, ClientPlan, Interactions, Numbers, QueuePlan, ShiftPlan
from console.demo.seeds import stream, timed_ids
from console.demo.shifts import Agents, history

SLOT: Final = 1800  # seconds: shifts begin and end on half hours
CUSTOMERS: Final = {"norvik": 9000, "sunda": 7000, "alder": 4500}
WEEKDAY: Final = {
    "norvik": (1.14, 1.08, 1.03, 1.00, 0.98, 0.90, 0.87),
    "sunda": (1.12, 1.04, 1.00, 0.98, 1.00, 0.92, 0.94),
    "alder": (1.26, 1.06, 0.96, 0.90, 0.82, 0.0, 0.0),
}
SEASON: Final = {  # by week of history
    "norvik": (1.00, 0.98, 1.02, 1.01, 0.99, 1.03, 1.00, 0.97),
    "sunda": (0.80, 0.82, 0.86, 0.90, 1.00, 1.14, 1.34, 1.52),
    "alder": (0.97, 1.00, 1.02, 1.00, 1.03, 0.99, 1.01, 1.00),
}
PATIENCE: Final = {"voice": 300.0, "chat": 360.0}  # seconds, mean
DELAY: Final = {"email": (2700.0, 0.85), "back_office": (21_600.0, 0.8)}  # seconds: median, and spread of the log


@dataclass
class Arrivals:
    """What came in, in order of time: columns of equal length."""

    queue: Numbers
    started: Numbers
    day: Numbers
    load: Numbers  # how busy the hour was, 0..1 of the queue's busiest
    abuser: Numbers  # which of the abusive callers, NOBODY for all others


def arrivals(seed: int, today: date, client: ClientPlan) -> Arrivals:
    parts = [_of_queue(seed, today, client, place) for place in range(len(client.queues))]
    if client.key == ABUSE_QUEUE[0]:
        parts.append(_abuse(seed, today, client))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(columns[1], kind="stable")
    return Arrivals(*(column[order] for column in columns))


def _of_queue(seed: int, today: date, client: ClientPlan, place: int) -> tuple[Numbers, ...]:
    queue = client.queues[place]
    rng = stream(seed, client.key, "arrivals", queue.key)
    curve = np.repeat(np.array(queue.curve, dtype=float), 4)
    curve = np.convolve(np.concatenate([curve[-2:], curve, curve[:2]]), np.ones(5) / 5, "valid")
    hours = np.repeat(np.arange(24), 4)
    curve = np.where((hours >= queue.opens) & (hours < queue.closes), curve, 0.0)
    found = []
    for number, day in enumerate(history(today)):
        size = queue.per_day * WEEKDAY[client.key][day.weekday()] * SEASON[client.key][number // 7]
        counts = rng.poisson(curve / curve.sum() * size * rng.gamma(400, 1 / 400))
        seconds = np.repeat(np.arange(96) * 900, counts) + rng.integers(0, 900, counts.sum())
        load = np.repeat(curve / curve.max(), counts)
        found.append((_instants(queue, day, seconds), np.full(len(seconds), day.toordinal()), load))
    started, days, loads = (np.concatenate(column) for column in zip(*found, strict=True))
    return np.full(len(started), place), started, days, loads, np.full(len(started), NOBODY)


def _instants(queue: QueuePlan, day: date, seconds: Numbers) -> Numbers:
    """Local seconds of a day as UTC. Queues that change their clocks at night keep one offset by hour."""
    zone = ZoneInfo(queue.zone)
    midnight = datetime.combine(day, time())
    by_hour = [int((midnight + timedelta(hours=hour)).replace(tzinfo=zone).timestamp()) for hour in range(24)]
    found: Numbers = np.array(by_hour, dtype=np.int64)[seconds // 3600] + seconds % 3600
    return found


def opened_slots(queue: QueuePlan, days: Sequence[date]) -> tuple[Numbers, Numbers]:
    """The quarter hours in which a queue was open: UTC seconds rising, and the ordinal of their business date."""
    quarters = np.arange(queue.opens * 4, queue.closes * 4) * 900
    open_days = [day for day in days if queue.weekends or day.weekday() < 5]
    starts = np.concatenate([_instants(queue, day, quarters) for day in open_days])
    ordinals = np.repeat([day.toordinal() for day in open_days], len(quarters))
    once, rows = np.unique(starts, return_index=True)  # the hour that clocks leave out in spring is there once
    return once, ordinals[rows]


def _abuse(seed: int, today: date, client: ClientPlan) -> tuple[Numbers, ...]:
    rng = stream(seed, client.key, "abuse")
    place = [queue.key for queue in client.queues].index(ABUSE_QUEUE[1])
    days = [today - timedelta(days=int(back)) for back in rng.integers(1, ABUSE_DAYS, ABUSE_CALLS)]
    seconds = rng.integers(ABUSE_HOURS[0] * 3600, ABUSE_HOURS[1] * 3600, ABUSE_CALLS)
    started = np.array([int(_instants(client.queues[place], day, seconds[n : n + 1])[0]) for n, day in enumerate(days)])
    ordinals = np.array([day.toordinal() for day in days])
    callers = np.arange(ABUSE_CALLS) % ABUSE_CALLERS
    return np.full(ABUSE_CALLS, place), started, ordinals, np.full(ABUSE_CALLS, 0.5), callers


class Floor:
    """Who is on shift in which half hour for which queue, and until when each is busy."""

    def __init__(self, client: ClientPlan, agents: Agents, shifts: Sequence[ShiftPlan]) -> None:
        self.on: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.busy = [[0, 0] for _ in agents]
        places = {queue.key: place for place, queue in enumerate(client.queues)}
        for shift in shifts:
            placement = next(
                part.placement_on(shift.day)
                for part in agents[shift.agent][0].assignments
                if part.client_key == client.key and part.placement_on(shift.day)
            )
            served = client.team(placement.team).queues if placement else ()
            for slot in range(shift.starts // SLOT, shift.ends // SLOT):
                for key in served:
                    self.on[slot, places[key]].append(shift.agent)

    def next_staffed(self, queue: int, at: int) -> int:
        """The instant from `at` on at which somebody serves the queue; `at` itself if nobody does for two days."""
        for slot in range(at // SLOT, at // SLOT + 96):
            if (slot, queue) in self.on:
                return max(at, slot * SLOT)
        return at

    def take(self, queue: int, at: int, luck: int, lanes: int) -> tuple[int, int, int]:
        """The agent, lane and instant of the answer; NOBODY if nobody is on shift."""
        there = self.on.get((at // SLOT, queue), ())
        best, best_lane, best_at = NOBODY, 0, 1 << 60
        for step in range(len(there)):
            agent = there[(luck + step) % len(there)]
            for lane in range(lanes):
                free = self.busy[agent][lane]
                if free <= at:
                    return agent, lane, at
                if free < best_at:
                    best, best_lane, best_at = agent, lane, free
        return best, best_lane, best_at


def interactions(
    seed: int, today: date, client: ClientPlan, agents: Agents, shifts: Sequence[ShiftPlan]
) -> Interactions:
    """A client's interactions; without cases, which follow from them. What waits still on the last day is left out."""
    came = arrivals(seed, today, client)
    rng = stream(seed, client.key, "handling")
    size = len(came.started)
    reason, base = _reasons(rng, client, came.queue)
    normal_handle = base * np.exp(rng.normal(0, 0.38, size) - 0.38**2 / 2)
    wait, agent, handle = _answered(rng, client, agents, Floor(client, agents, shifts), came, normal_handle)
    abandoned = agent == NOBODY
    talk, hold, after = _parts(rng, client, came.queue, handle, abandoned)
    if client.key == HOLD_REASON[0]:
        hold = hold + _long_holds(seed, client, reason, agent, came.started + wait, handle)
    day = came.day
    if client.key == BAD_DAY[0]:
        bad = (day == (today - timedelta(days=BAD_DAY[1])).toordinal()) & ~abandoned
        talk, hold, after = (np.where(bad, 0, part) for part in (talk, hold, after))
    abusive = _abusive(rng, client, came, abandoned)
    found = Interactions(
        ids=timed_ids(came.started, rng),
        queue=came.queue,
        reason=reason,
        agent=agent,
        customer=_customers(rng, client, came),
        case=np.full(size, NOBODY),
        started=came.started,
        day=day,
        wait=wait,
        talk=talk,
        hold=hold,
        after_call=after,
        abandoned=abandoned,
        transferred=~abandoned & (rng.random(size) < _by_tenure(agents, agent, day, 2)),
        escalated=~abandoned & (rng.random(size) < np.where(abusive >= 0, 0.6, 0.025)),
        abusive=abusive,
    )
    calls = np.array([queue.channel in PATIENCE for queue in client.queues])[came.queue]
    return _only(found, calls | ~abandoned)


def _only(found: Interactions, rows: Numbers) -> Interactions:
    return Interactions(*(getattr(found, field.name)[rows] for field in fields(found)))


def _reasons(rng: np.random.Generator, client: ClientPlan, queue: Numbers) -> tuple[Numbers, Numbers]:
    """The reason of each, and the seconds it takes an experienced agent on average."""
    reason = np.zeros(len(queue), dtype=np.int64)
    for place, plan in enumerate(client.queues):
        own = [number for number, one in enumerate(client.reasons) if one.queue == plan.key]
        shares = np.array([client.reasons[number].share for number in own])
        here = queue == place
        reason[here] = rng.choice(own, here.sum(), p=shares / shares.sum())
    return reason, np.array([one.handle_seconds for one in client.reasons], dtype=float)[reason]


def _by_tenure(agents: Agents, agent: Numbers, day: Numbers, column: int) -> Numbers:
    """A column of the tenure table for each interaction; 0 where nobody answered."""
    pairs, where = np.unique(np.stack([agent, day]), axis=1, return_inverse=True)
    values = [
        tenure_row(on - agents[who][0].hired_on.toordinal())[column] if who >= 0 else 0.0
        for who, on in pairs.T.tolist()
    ]
    found: Numbers = np.array(values)[where.ravel()]
    return found


def _answered(
    rng: np.random.Generator, client: ClientPlan, agents: Agents, floor: Floor, came: Arrivals, normal: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Seconds waited, the agent and seconds of handling of each; NOBODY and 0 for those that were abandoned."""
    size = len(came.started)
    channels = [queue.channel for queue in client.queues]
    first = _first_wait(rng, client, came)
    patience = np.array([PATIENCE.get(channel, np.inf) for channel in channels])[came.queue] * rng.exponential(1, size)
    patience = np.where(came.abuser >= 0, np.inf, patience)
    luck = rng.integers(0, 1 << 30, size).tolist()
    order = np.argsort(came.started + first, kind="stable").tolist()
    started, queues, days = came.started.tolist(), came.queue.tolist(), came.day.tolist()
    waits, patient, handles = first.tolist(), patience.tolist(), normal.tolist()
    hired = [person.hired_on.toordinal() for person, _ in agents]
    taken = [NOBODY] * size
    for row in order:
        queue = queues[row]
        at = started[row] + waits[row]
        if channels[queue] not in PATIENCE or patient[row] == np.inf:
            at = floor.next_staffed(queue, at)
        agent, lane, answered = floor.take(queue, at, luck[row], 2 if channels[queue] == "chat" else 1)
        wait = answered - started[row]
        if agent == NOBODY or wait > patient[row]:
            waits[row], handles[row] = int(min(patient[row], 1800)), 0
            continue
        handles[row] = round(handles[row] * tenure_row(days[row] - hired[agent])[1])
        floor.busy[agent][lane] = answered + handles[row]
        waits[row], taken[row] = wait, agent
    return np.array(waits), np.array(taken), np.array(handles)


def _first_wait(rng: np.random.Generator, client: ClientPlan, came: Arrivals) -> Numbers:
    """Seconds until an answer if somebody is free then: ringing, and a queue when the hour is busy."""
    size = len(came.started)
    stress = np.exp(rng.normal(0, 0.25, 1 << 12))[came.day % (1 << 12)]
    queued = rng.random(size) < np.clip((0.07 + 0.20 * came.load) * stress, 0, 0.9)
    found = rng.integers(2, 8, size) + np.where(queued, rng.exponential(42, size), 0).astype(np.int64)
    for place, queue in enumerate(client.queues):
        if queue.channel in DELAY:
            median, spread = DELAY[queue.channel]
            here = came.queue == place
            found[here] = (median * np.exp(rng.normal(0, spread, here.sum()))).astype(np.int64)
    whole: Numbers = found
    return whole


def _parts(
    rng: np.random.Generator, client: ClientPlan, queue: Numbers, handle: Numbers, abandoned: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Handling split into talk, hold and after-call work that add up to it; writing is all talk."""
    spoken = np.array([one.channel == "voice" for one in client.queues])[queue]
    held = spoken & (rng.random(len(queue)) < 0.38)
    hold = np.where(held, handle * rng.uniform(0.05, 0.25, len(queue)), 0).astype(np.int64)
    after = np.where(spoken, handle * rng.uniform(0.06, 0.18, len(queue)), 0).astype(np.int64)
    talk = handle - hold - after
    return (
        np.where(abandoned, NOBODY, talk),
        np.where(abandoned, NOBODY, hold),
        np.where(abandoned, NOBODY, after),
    )


def _long_holds(
    seed: int, client: ClientPlan, reason: Numbers, agent: Numbers, answered: Numbers, handle: Numbers
) -> Numbers:
    """Seconds more on hold: a few calls of one reason, where the agent's next answer leaves the time for it."""
    rng = stream(seed, client.key, "long holds")
    order = np.lexsort((answered, agent))
    free = np.full(len(agent), 0)
    same = agent[order][1:] == agent[order][:-1]
    free[order[:-1]] = np.where(same, answered[order][1:] - answered[order][:-1], 0) - handle[order[:-1]]
    place = [one.key for one in client.reasons].index(HOLD_REASON[1])
    fit = np.flatnonzero((reason == place) & (agent != NOBODY) & (free >= HOLD_SECONDS[1]))
    found = np.zeros(len(agent), dtype=np.int64)
    chosen = rng.permutation(fit)[:HOLDS]
    found[chosen] = rng.integers(*HOLD_SECONDS, len(chosen))
    return found


def _customers(rng: np.random.Generator, client: ClientPlan, came: Arrivals) -> Numbers:
    """Who it was: some turn to the client often. The first few customers are the abusive callers and nobody else."""
    many = CUSTOMERS[client.key]
    often = (rng.random(len(came.started)) ** 1.6 * (many - ABUSE_CALLERS)).astype(np.int64) + ABUSE_CALLERS
    found: Numbers = np.where(came.abuser >= 0, came.abuser, often)
    return found


def _abusive(rng: np.random.Generator, client: ClientPlan, came: Arrivals, abandoned: Numbers) -> Numbers:
    now_and_then = ~abandoned & (rng.random(len(came.started)) < 0.0006)
    which = rng.integers(0, 3, len(came.started))
    found: Numbers = np.where((came.abuser >= 0) | now_and_then, which, NOBODY)
    return found
