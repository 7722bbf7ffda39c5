"""Weeks to be rostered, from a seed: arrivals with a day's and a week's shape, shifts round the clock, people of kinds."""

from dataclasses import replace
from random import Random
from typing import Final

import numpy as np

from scheduling.domain.erlang import required_agents
from scheduling.domain.rostering import Option, Person, Problem, Step

QUARTERS, DAY = 96, 1440
EIGHT_HOURS = 480
STARTS: Final = {"06": 360, "07": 420, "0830": 510, "10": 600, "12": 720, "14": 840, "16": 960, "22": 1320}
EARLY: Final = frozenset({"06", "07", "0830"})


def made(*, agents: int, weeks: int = 1, seed: int = 2026) -> Problem:
    """A centre of so many agents that is short of people at its peaks and has some to spare at night."""
    days = 7 * weeks
    return Problem(
        steps=tuple(Step(need) for need in _needed(agents, days, seed)),
        options=tuple(
            Option(
                kind, day, day * DAY + start, day * DAY + start + EIGHT_HOURS, EIGHT_HOURS, _served(day, start, days)
            )
            for day in range(days)
            for kind, start in STARTS.items()
        ),
        people=tuple(_people(agents, weeks, seed)),
        rest=660,
        weekends=tuple((day, day + 1) for day in range(5, days, 7)),
        days=days,
    )


def times(problem: Problem, factor: int) -> Problem:
    """Everybody that often, under other names, and that much to cover."""
    return replace(
        problem,
        steps=tuple(replace(step, need=step.need * factor) for step in problem.steps),
        people=tuple(replace(one, key=f"{one.key}-{copy}") for copy in range(1, factor + 1) for one in problem.people),
    )


def _served(day: int, start: int, days: int) -> tuple[int, ...]:
    first = day * QUARTERS + start // 15
    return tuple(range(first, min(first + EIGHT_HOURS // 15, days * QUARTERS)))


def _needed(agents: int, days: int, seed: int) -> list[int]:
    hour = np.arange(QUARTERS) / 4
    day = 0.04 + np.exp(-(((hour - 10.5) / 3) ** 2)) + 0.8 * np.exp(-(((hour - 16) / 3) ** 2))
    week = np.array([1.15, 1.05, 1, 1, 0.95, 0.55, 0.4])[np.arange(days) % 7]
    calls = np.random.default_rng(seed).poisson(1.7 * agents * np.outer(week, day / day.max()))
    found = required_agents(
        calls=calls.ravel().astype(float), interval=900, aht=300, service_level=0.8, target=20, max_occupancy=0.9
    )
    return [int(count) for count in found.agents]


def _people(agents: int, weeks: int, seed: int) -> list[Person]:
    chance = Random(seed)  # noqa: S311 - a bench's people
    found = []
    for number in range(agents):
        part_time = chance.random() < 0.15
        kinds = chance.choices([None, frozenset(STARTS) - {"22"}, EARLY], [5, 3, 1])[0]
        off = frozenset({chance.randrange(7 * weeks)} if chance.random() < 0.2 else ())
        most = (3 if part_time else 5) * weeks
        one = Person(f"A{number:03}", kinds=kinds, days_off=off, max_days=most, max_minutes=most * EIGHT_HOURS)
        found.append(one if weeks == 1 else replace(one, max_run=6, min_free=2, max_weekends=weeks - 1))
    return found
