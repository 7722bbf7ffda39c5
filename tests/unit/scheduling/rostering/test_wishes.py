"""Wishes as small as preferences and fairness are: in the best roster, no free shift that fills a step is left out."""

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduling.domain.fairness import MOST
from scheduling.domain.preferences import MUCH
from scheduling.domain.rostering import Problem, Step, Wish
from scheduling.domain.rostering.checking import violations
from scheduling.domain.rostering.search import solve
from tests.unit.scheduling.rostering.tiny import tiny


def leaning(seed: int) -> Problem:
    """A tiny problem in which everybody is against some shifts as much as anybody can be, and too many cost nothing."""
    problem, chance = tiny(seed, most=3), Random(seed)  # noqa: S311 - a test's problem
    people = tuple(
        replace(
            person,
            wishes=tuple(
                Wish(one.day, one.key, chance.choice([1, MOST, MUCH, MUCH + MOST]), on=False)
                for one in problem.options
                if chance.random() < 0.7
            ),
        )
        for person in problem.people
    )
    return replace(problem, people=people, steps=tuple(Step(one.need, over=0) for one in problem.steps))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_nobodys_wish_leaves_a_step_without_somebody_who_is_free(seed: int) -> None:
    problem = leaning(seed)
    roster = solve(problem, effort=20)
    assume(roster.status == "optimal")
    there = Counter(step for held in roster.held for index in held for step in problem.options[index].steps)
    short = {step for step, one in enumerate(problem.steps) if there[step] < one.need}
    for number, held in enumerate(roster.held):
        for index in set(problem.choices[number]) - set(held):
            if short & set(problem.options[index].steps):
                more = tuple(sorted((*held, index), key=lambda one: problem.options[one].day))
                trial = [*roster.held[:number], more, *roster.held[number + 1 :]]
                assert violations(problem, trial), f"{problem.people[number].key} could fill {short}"
