"""Repairs: a published week of 100 and of 500 agents, ten of them absent for three days, mended within five seconds.

`SECONDS` is the search's time. The cost stands beside that of leaving everything, and beside the bound that is proven.
"""

import os
import time
from dataclasses import replace
from random import Random

from bench.lines import say
from bench.roster_weeks import made
from scheduling.domain.repairing import Prices, changed, repair, with_facts
from scheduling.domain.rostering import Problem, Step
from scheduling.domain.rostering.checking import cost, violations
from scheduling.domain.rostering.problem import Held
from scheduling.domain.rostering.search import solve

WORKERS = 2
USUAL, TARGET = 3.0, 5.0  # seconds
ABSENT, DAYS = 10, frozenset({1, 2, 3})
PRICES = Prices(1.0, 2.0, notice_until=2 * 1440)


def main() -> None:
    seconds = float(os.environ.get("SECONDS", USUAL))
    for agents in (100, 500):
        problem, told = standing(agents)
        began = time.monotonic()
        found = repair(problem, told, PRICES, seconds=seconds, workers=WORKERS)
        took = time.monotonic() - began
        priced = with_facts(problem, told, PRICES)
        if (broken := len(violations(problem, found.held))) or found.objective != cost(priced, found.held):
            raise SystemExit(f"{agents} agents: {broken} rules broken, or the cost is not {found.objective}")
        name = f"repair of {agents} agents after {ABSENT} absences"
        changes = len(changed(problem, told, found.held))
        say(name, took, "s", "five seconds", TARGET, 1.0, violations=broken, changes=changes, status=found.status)
        say(name, found.objective, "cost", "leaving everything", cost(priced, told), 1.0, bound=found.bound)


def standing(agents: int) -> tuple[Problem, list[Held]]:
    """A week as it was published, with who is absent gone from it; what it was short of before is not asked for."""
    week = made(agents=agents)
    published = solve(week, seconds=10, workers=WORKERS).held
    there = [0] * len(week.steps)
    for held in published:
        for index in held:
            for step in week.options[index].steps:
                there[step] += 1
    gone = set(Random(3).sample(range(agents), ABSENT))  # noqa: S311 - a bench's people
    people = [
        replace(person, days_off=person.days_off | DAYS) if number in gone else person
        for number, person in enumerate(week.people)
    ]
    steps = [
        Step(min(step.need, count), over=int(count >= step.need))
        for step, count in zip(week.steps, there, strict=True)
    ]  # fmt: skip
    told = [
        tuple(index for index in held if number not in gone or week.options[index].day not in DAYS)
        for number, held in enumerate(published)
    ]
    return replace(week, people=tuple(people), steps=tuple(steps)), told
