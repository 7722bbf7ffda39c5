"""Customers, and the cases that group their interactions."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Final

import numpy as np

from console.demo.manifest import ABUSE_CALLERS
from console.demo.names import draw
from console.demo.plans import NOBODY, Cases, ClientPlan, CustomerPlan, Interactions
from console.demo.seeds import an_id, stream, timed_ids
from console.demo.traffic import CUSTOMERS

A_CASE: Final = {"norvik": 0.52, "sunda": 0.66, "alder": 0.40}  # of what is answered
AT_ONCE: Final = 0.84  # of cases are resolved in the interaction
LATER: Final = 0.93  # of the rest, some time after
REOPENED: Final = 0.035
_COUNTRIES: Final = {
    "norvik": ("XX", "en", "America/Chicago"),
    "sunda": ("PL", "pl", "Europe/Warsaw"),
    "alder": ("XX", "en", "America/New_York"),
}


def customers(seed: int, client: ClientPlan) -> tuple[CustomerPlan, ...]:
    """A client's customers; a few have no address, a few asked not to be surveyed."""
    rng = stream(seed, client.key, "customers")
    country, language, zone = _COUNTRIES[client.key]
    chance = rng.random((CUSTOMERS[client.key], 2))
    found = []
    for number, (no_address, opted_out) in enumerate(chance.tolist()):
        reference = f"{client.code}-C{10_000 + number}"
        bare = no_address < 0.07 or number < ABUSE_CALLERS
        found.append(
            CustomerPlan(
                id=an_id(seed, client.key, "customer", str(number)),
                reference=reference,
                name=draw(rng, country),
                email="" if bare else f"{reference.lower()}@customers.example",
                phone=f"+1 555 01{number % 100:02d} {number:04d}",
                language=language,
                zone=zone,
                no_surveys=opted_out < 0.015,
            )
        )
    return tuple(found)


def with_cases(seed: int, today: date, client: ClientPlan, found: Interactions) -> tuple[Interactions, Cases]:
    """The interactions with the case each belongs to, and the cases.

    A customer who returns while a case of the queue is open joins it; the next interaction then resolves it.
    """
    rng = stream(seed, client.key, "cases")
    size = len(found)
    about, at_once, later = (rng.random(size) < chance for chance in (A_CASE[client.key], AT_ONCE, LATER))
    until = int(datetime.combine(today, time(), UTC).timestamp())
    delays = rng.exponential(130_000, size).astype(np.int64).tolist()
    ended = found.ended().tolist()
    customer, queue, agent = found.customer.tolist(), found.queue.tolist(), found.agent.tolist()
    case = [NOBODY] * size
    first_row: list[int] = []
    last_row: list[int] = []
    resolved: list[int] = []
    standing: dict[tuple[int, int], int] = {}
    for row in range(size):
        if agent[row] == NOBODY or not about[row]:
            continue
        key = (customer[row], queue[row])
        number = standing.get(key, NOBODY)
        if number != NOBODY and resolved[number] != NOBODY and resolved[number] <= ended[row]:
            number = NOBODY
        if number == NOBODY:
            number = standing[key] = len(first_row)
            first_row.append(row)
            last_row.append(row)
            resolved.append(NOBODY)
        case[row] = number
        last_row[number] = row
        when = ended[row] if at_once[row] else ended[row] + 600 + delays[row] if later[row] else NOBODY
        resolved[number] = when if NOBODY < when < until else NOBODY
    cases = _cases(rng, found, np.array(first_row), np.array(last_row), np.array(resolved), until)
    return replace(found, case=np.array(case)), cases


def _cases(
    rng: np.random.Generator, found: Interactions, first: np.ndarray, last: np.ndarray, resolved: np.ndarray, until: int
) -> Cases:
    size = len(first)
    back = resolved + 3600 + rng.exponential(150_000, size).astype(np.int64)
    reopens = (rng.random(size) < REOPENED) & (resolved != NOBODY) & (back < until)
    reopened = np.where(reopens, back, NOBODY)
    again = back + 1800 + rng.exponential(90_000, size).astype(np.int64)
    opened = found.started[first]
    return Cases(
        ids=timed_ids(opened, rng),
        customer=found.customer[first],
        queue=found.queue[first],
        reason=found.reason[first],
        opened=opened,
        first_resolved=resolved,
        reopened=reopened,
        again_resolved=np.where(reopens & (again < until), again, NOBODY),
        resolver=found.agent[last],
        last=last,
    )
