"""Who was asked after a resolution, and what they said: decided by the product's rules and the planted chances."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID

import numpy as np

from console.demo.manifest import satisfied_chance
from console.demo.plans import NOBODY, ClientWork, Numbers
from console.demo.seeds import stream
from console.demo.world import World

COOLDOWN: Final = 30 * 86_400
EXPIRES_DAYS: Final = 14
ANSWERING: Final = {"voice": 0.20, "chat": 0.29, "email": 0.25, "back_office": 0.16}  # of those whom the mail reached
REFUSED: Final = 0.009
UNCERTAIN: Final = 0.002
MEAN_DELAY: Final = 40_000  # seconds until an answer
ESCALATED: Final = -0.15  # chance of a satisfied answer

GLAD: Final = (
    "Quick and friendly, thank you.",
    "Solved in one go. I did not expect that.",
    "The agent listened first and then explained every step.",
    "Very patient with me. Please pass on my thanks.",
    "Clear answer, no waiting, all done.",
    "Best experience with your support so far.",
    "She called back when she said she would.",
)
SORRY: Final = (
    "I had to explain everything twice.",
    "Still not solved. I will have to write again.",
    "Nobody told me how long it would take.",
    "Passed from one person to the next and back.",
    "The agent sounded as if reading from a sheet.",
    "I waited long and got half an answer.",
    "Friendly, but did not know the product.",
    "Third time about the same thing.",
)


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """A client's resolutions in order of time, as columns of equal length. Instants are UTC seconds, NOBODY for never."""

    case: Numbers
    number: Numbers  # 1, or 2 after a reopening
    at: Numbers
    row: Numbers  # the interaction it was about
    skip: list[str]  # a key of surveys' Candidate.Skip, "" when invited
    refused: Numbers
    uncertain: Numbers
    cancelled: Numbers
    answered: Numbers
    score: Numbers
    comment: list[str]

    def __len__(self) -> int:
        return len(self.at)


def asked(world: World, work: ClientWork) -> Asked:
    """Every resolution of a client with what became of its survey by the end of history."""
    case, number, at = _resolutions(work)
    row = work.cases.last[case]
    size = len(at)
    rng = stream(world.seed, work.client.key, "surveys")
    skip = _skips(work, case, at)
    invited = np.array([not reason for reason in skip])
    luck = rng.random(size)
    refused, uncertain = invited & (luck < REFUSED), invited & (luck >= 1 - UNCERTAIN)
    reopened = np.where(invited & (number == 1), work.cases.reopened[case], NOBODY)
    channels = [work.client.queues[place].channel for place in work.interactions.queue[row].tolist()]
    answers = invited & ~refused & (rng.random(size) < np.array([ANSWERING[channel] for channel in channels]))
    when = at + 120 + rng.exponential(MEAN_DELAY, size).astype(np.int64)
    until = int(datetime.combine(world.today, time(), UTC).timestamp())
    answers &= (when < until) & (when < at + EXPIRES_DAYS * 86_400) & ((reopened == NOBODY) | (when < reopened))
    score = _scores(world, work, row, rng)
    words = rng.integers(0, 1 << 30, size)
    speaks = rng.random(size) < np.where(score >= 4, 0.16, 0.42)
    return Asked(
        case=case,
        number=number,
        at=at,
        row=row,
        skip=skip,
        refused=refused,
        uncertain=uncertain,
        cancelled=np.where(answers, NOBODY, reopened),
        answered=np.where(answers, when, NOBODY),
        score=score,
        comment=[_comment(*of) for of in zip(score.tolist(), speaks.tolist(), words.tolist(), strict=True)],
    )


def _resolutions(work: ClientWork) -> tuple[Numbers, Numbers, Numbers]:
    first, again = np.flatnonzero(work.cases.first_resolved >= 0), np.flatnonzero(work.cases.again_resolved >= 0)
    case = np.concatenate([first, again])
    number = np.concatenate([np.ones(len(first), dtype=int), np.full(len(again), 2)])
    at = np.concatenate([work.cases.first_resolved[first], work.cases.again_resolved[again]])
    order = np.argsort(at, kind="stable")
    return case[order], number[order], at[order]


def _skips(work: ClientWork, case: Numbers, at: Numbers) -> list[str]:
    """Why each was not asked: the rules of surveys' `consider`, in its order."""
    asked_at: dict[str, int] = {}
    found = []
    for customer, moment in zip(work.cases.customer[case].tolist(), at.tolist(), strict=True):
        plan = work.customers[customer]
        if plan.no_surveys:
            found.append("opted_out")
        elif not plan.email:
            found.append("no_address")
        elif moment - asked_at.get(plan.email, -COOLDOWN) < COOLDOWN:
            found.append("asked_recently")
        else:
            asked_at[plan.email] = moment
            found.append("")
    return found


def _scores(world: World, work: ClientWork, row: Numbers, rng: np.random.Generator) -> Numbers:
    i = work.interactions
    pairs = zip(i.agent[row].tolist(), i.day[row].tolist(), strict=True)
    known: dict[tuple[int, int], float] = {}
    chances = [known[pair] if pair in known else known.setdefault(pair, _chance(world, work, *pair)) for pair in pairs]
    satisfied = rng.random(len(row)) < np.array(chances) + ESCALATED * i.escalated[row]
    high = np.where(rng.random(len(row)) < 0.66, 5, 4)
    low = rng.choice((1, 2, 3), len(row), p=(0.42, 0.26, 0.32))
    found: Numbers = np.where(satisfied, high, low)
    return found


def _chance(world: World, work: ClientWork, agent: int, ordinal: int) -> float:
    person, day = work.agents[agent][0], date.fromordinal(ordinal)
    changed = world.lead_changed(work.client.key, person, day)
    return satisfied_chance(person.tenure_days(day), lead_changed=changed)


def team_of(work: ClientWork, agent: int, ordinal: int) -> UUID | None:
    """The team an agent sat in on a day."""
    day = date.fromordinal(ordinal)
    part = work.agents[agent][0].assignment_on(work.client.key, day)
    placement = part.placement_on(day) if part else None
    return placement.team_id if placement else None


def _comment(score: int, speaks: bool, luck: int) -> str:
    if not speaks:
        return ""
    words = GLAD if score >= 4 else SORRY
    return words[luck % len(words)]
