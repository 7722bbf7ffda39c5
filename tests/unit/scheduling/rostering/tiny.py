"""Problems so small that every roster can be tried, and ones of any size from a seed."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random

from scheduling.domain.rostering import Option, Person, Problem, Step, Wish
from scheduling.domain.rostering.checking import cost, violations
from scheduling.domain.rostering.problem import Held

KINDS = ("E", "L")
BEGINS = {"E": 360, "L": 840}


def maybe(chance: Random, likely: float, value: int) -> int | None:
    return value if chance.random() < likely else None


def person(chance: Random, number: int, days: int) -> Person:
    begin = chance.randrange(1440 * days)
    return Person(
        f"p{number}",
        skills=frozenset({"x"} if chance.random() < 0.9 else ()),
        kinds=None if chance.random() < 0.7 else frozenset({"E"}),
        days_off=frozenset(day for day in range(days) if chance.random() < 0.1),
        busy=((begin, begin + chance.randrange(60, 3000)),) if chance.random() < 0.2 else (),
        min_minutes=chance.choice([0, 0, 480, 900]),
        max_minutes=maybe(chance, 0.5, chance.choice([480, 960, 1500, 2000])),
        max_days=maybe(chance, 0.4, chance.randint(0, 4)),
        most_of=(("L", chance.randint(0, 2)),) if chance.random() < 0.4 else (),
        max_run=maybe(chance, 0.5, chance.randint(0, 3)),
        min_run=chance.randint(1, 3),
        min_free=chance.randint(1, 3),
        max_weekends=maybe(chance, 0.4, chance.randint(0, 1)),
        wishes=tuple(
            Wish(chance.randrange(days), chance.choice(KINDS), chance.randint(1, 5), chance.random() < 0.5)
            for _ in range(chance.randint(0, 2))
        ),
    )


def tiny(seed: int, *, days: int = 5, most: int = 2) -> Problem:
    """At most so many people on so many days, with every rule there is now and then."""
    chance = Random(seed)  # noqa: S311 - a test's problem
    lengths = {"E": chance.choice([300, 480]), "L": 480}
    days = chance.randint(3, days)
    options = tuple(
        Option(kind, day, day * 1440 + BEGINS[kind], day * 1440 + BEGINS[kind] + lengths[kind], lengths[kind],
               (2 * day + place, 2 * days + day), "x")
        for day in range(days)
        for place, kind in enumerate(KINDS)
        if chance.random() < 0.9
    )  # fmt: skip
    return Problem(
        steps=tuple(Step(chance.randint(0, 2), chance.choice([3, 10]), chance.choice([0, 1])) for _ in range(3 * days)),
        options=options,
        people=tuple(person(chance, number, days) for number in range(chance.randint(1, most))),
        rest=chance.choice([0, 600, 720]),
        never_after=frozenset({("L", "E")} if chance.random() < 0.3 else ()),
        weekends=((1, 2), (days - 1,)) if chance.random() < 0.6 and days > 3 else (),
        days=days,
    )


def every_roster(problem: Problem, number: int) -> Iterator[Held]:
    """All that keep one person's rules, by trying each option of each day."""
    one = replace(problem, people=(problem.people[number],))
    for chosen in product(*([None, *those] for those in problem.by_day.values())):
        held = tuple(index for index in chosen if index is not None)
        if not violations(one, [held]):
            yield held


def least(problem: Problem) -> float:
    """The cost of the best roster of all, infinity where somebody has none."""
    return min(
        (cost(problem, rosters) for rosters in product(*(every_roster(problem, number) for number in range(len(problem.people))))),
        default=math.inf,
    )  # fmt: skip
