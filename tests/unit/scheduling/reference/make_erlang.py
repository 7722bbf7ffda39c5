"""Writes erlang.csv: 83 queues from 0.01 to 3,000 Erlangs, computed with mpmath to 60 digits by sums over states.

Nothing here is shared with the product: Erlang B as a sum of terms, Erlang A as the birth and death of each state,
and the wait of one who finds k others waiting as the k-th in a row of exponential departures. mpmath is no
dependency of ours: run `python tests/unit/scheduling/reference/make_erlang.py` with any Python that has it.
"""

import csv
from pathlib import Path
from typing import Any

import mpmath
from mpmath import mpf

mpmath.mp.dps = 60
CASES = 83
COLUMNS = (
    "traffic", "agents", "aht", "target", "patience", "short", "erlang_b", "c_wait", "c_level", "c_asa", "a_wait",
    "a_gone", "a_asa", "a_occupancy", "a_of_offered", "a_of_served", "a_of_long", "a_or_left", "a_of_late",
    "a_short_too",
)  # fmt: skip


def cases() -> list[tuple[Any, ...]]:
    """Loads in even steps of their logarithm; agents from a quarter too few to plenty, so that every shape occurs."""
    found = []
    for number in range(CASES):
        traffic = round(0.01 * (300_000 ** (number / (CASES - 1))), 6)
        root = traffic**0.5
        spread = (-0.25 * traffic, -root, 0.5 * root + 0.6, root + 1, 2 * root + 1, 4 * root + 2)[number % 6]
        agents = max(round(traffic + spread), 1)
        aht, target = (30, 180, 600, 1800)[number % 4], (0, 10, 20, 60, 300)[number % 5]
        patience = (15, 60, 180, 900, 7200, 60, 300)[number % 7]
        found.append((traffic, agents, aht, target, patience, min(target, (0, 5, 10)[number % 3])))
    return found


def blocking(a: Any, n: int) -> Any:
    total = term = mpf(1)
    for state in range(1, n + 1):
        term = term * a / state
        total += term
    return term / total


def endless(a: Any, n: int, aht: Any, target: Any, b: Any) -> list[Any]:
    if n <= a:
        return [mpf(1), mpf(0), mpf("inf")]
    wait = n * b / (n - a * (1 - b))
    return [wait, 1 - wait * mpmath.exp(-(n - a) * target / aht), wait * aht / (n - a)]


def chain(a: Any, n: int, aht: Any, patience: Any) -> tuple[list[Any], list[Any]]:
    """Probabilities of fewer than n at the agents, and of n and so many waiting."""
    weights, state = [mpf(1)], 0
    while True:
        state += 1
        weights.append(weights[-1] * a / (min(state, n) + max(state - n, 0) * aht / patience))
        if state > max(n, a) and weights[-1] < mpf(10) ** -50 * max(weights[n], weights[-2]):
            break
    whole = mpmath.fsum(weights)
    shares = [one / whole for one in weights]
    return shares[:n], shares[n:]


def in_time(waiting: list[Any], c: Any, limit: Any) -> tuple[Any, Any]:
    """Share served within `limit` (in mean patiences) after a wait, and share that leaves within it.

    With k waiting before, the wait ends after k + 1 departures at rates c, c + 1, ..., c + k: its distribution is an
    incomplete beta function, which a recurrence takes from k to k + 1.
    """
    u = -mpmath.expm1(-limit)
    served = left = mpf(0)
    with_patience, without = 1 - (1 - u) ** (c + 1), 1 - (1 - u) ** c  # I_u(k + 1, c + 1) and I_u(k + 1, c) at k = 0
    step_with, step_without = (c + 1) * u * (1 - u) ** (c + 1), c * u * (1 - u) ** c
    for k, share in enumerate(waiting):
        mine = c / (c + k + 1) * with_patience
        served += share * mine
        left += share * (1 - (1 - without) * (1 - u) - mine)
        with_patience, without = with_patience - step_with, without - step_without
        step_with *= u * (c + k + 2) / (k + 2)
        step_without *= u * (c + k + 1) / (k + 2)
    return served, left


def impatient(a: Any, n: int, aht: Any, target: Any, patience: Any, short: Any) -> list[Any]:
    free, waiting = chain(a, n, aht, patience)
    queue = mpmath.fsum(k * share for k, share in enumerate(waiting))
    asa = queue * aht / a
    gone = asa / patience
    busy = mpmath.fsum(k * share for k, share in enumerate(free)) + n * mpmath.fsum(waiting)
    c = n * patience / aht
    after_wait, within = in_time(waiting, c, target / patience)
    served = mpmath.fsum(free) + after_wait
    early = in_time(waiting, c, short / patience)[1]
    levels = [served, served / (1 - gone), served / (1 - early), served + within, served / (1 - within), served + early]
    return [mpmath.fsum(waiting), gone, asa, busy / n, *levels]


def main() -> None:
    with (Path(__file__).parent / "erlang.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for case in cases():
            a, n, aht, target, patience, short = mpf(case[0]), case[1], *(mpf(one) for one in case[2:])
            b = blocking(a, n)
            answers = [b, *endless(a, n, aht, target, b), *impatient(a, n, aht, target, patience, short)]
            rows.writerow([*case, *(mpmath.nstr(one, 20) for one in answers)])


if __name__ == "__main__":
    main()
