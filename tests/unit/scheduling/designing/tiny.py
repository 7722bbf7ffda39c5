"""Weeks so short that every design can be tried."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from random import Random

from scheduling.domain.designing import Break, Kind, Problem, Shift
from scheduling.domain.designing.checking import counts
from scheduling.domain.designing.problem import arrangements

STEP = 15


def tiny(seed: int, *, steps: int = 8, most: int = 2) -> Problem:
    """Up to so many steps, two short kinds with breaks whose windows may meet, and every option now and then."""
    chance = Random(seed)  # noqa: S311 - a test's problem
    steps = chance.randint(5, steps)
    starts = tuple(at * STEP for at in range(steps) if chance.random() < 0.7) or (0,)
    return Problem(
        required=tuple(chance.randint(0, most) for _ in range(steps)),
        kinds=tuple(kind(chance, number, starts) for number in range(chance.randint(1, 2))),
        step=STEP,
        wraps=chance.random() < 0.5,
        short=chance.choice([None, None, 20, 60]),
    )


def kind(chance: Random, number: int, starts: tuple[int, ...]) -> Kind:
    """One whose breaks can be placed; chance is asked again until they can."""
    while True:
        length = chance.randint(2, 5) * STEP
        breaks = tuple(_break(chance, which, length) for which in range(chance.randint(0, 2)))
        try:
            made = Kind(
                f"kind {number}", length, starts, breaks, chance.choice([0, 0, 15]), chance.choice([None, None, 30, 45])
            )
            Problem((1,) * 8, (Kind(made.key, length, (0,), breaks, made.between, made.stretch),), STEP)
        except ValueError:
            continue
        return made


def _break(chance: Random, which: int, length: int) -> Break:
    first = chance.randrange(0, length, STEP)
    return Break(
        f"break {which}", chance.choice([10, 15]), first, first + chance.choice([0, 15, 30]), chance.random() < 0.5
    )


def every_shift(problem: Problem) -> Iterator[Shift]:
    for number, one in enumerate(problem.kinds):
        for breaks in arrangements(one, problem.step):
            for start in one.starts:
                yield Shift(number, start, breaks)


def least(problem: Problem) -> int:
    """The least cost of all, by what is still missing after each shift: no rows, no counts, no windows."""
    out = set(problem.unreachable)
    serving: dict[tuple[int, ...], int] = {}
    for one in every_shift(problem):
        steps, price = _served(problem, one), problem.kinds[one.kind].price
        serving[steps] = min(price, serving.get(steps, price))
    by_steps = sorted(((Counter(steps), price) for steps, price in serving.items()), key=lambda one: one[1])

    @cache
    def best(left: tuple[int, ...]) -> int:
        step = next((step for step, need in enumerate(left) if need), None)
        if step is None:
            return 0
        ways = [price + best(tuple(max(need - one[at], 0) for at, need in enumerate(left)))
                for one, price in by_steps if one[step]]  # fmt: skip
        if problem.short is not None:
            ways.append(problem.short + best((*left[:step], left[step] - 1, *left[step + 1 :])))
        return min(ways)

    return best(tuple(0 if step in out else need for step, need in enumerate(problem.required)))


def _served(problem: Problem, one: Shift) -> tuple[int, ...]:
    return tuple(step for step, count in enumerate(counts(problem, [one])) for _ in range(count))
