"""Mending a roster people were told of, against trying every roster, and what it promises at any size."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.domain.repairing import Changed, Prices, changed, repair, with_facts
from scheduling.domain.rostering import Option, Person, Problem, Step
from scheduling.domain.rostering.checking import cost, violations
from scheduling.domain.rostering.problem import Held
from scheduling.domain.rostering.search import solve
from tests.unit.scheduling.rostering.tiny import least, tiny

DAY = 1440
HOURS = Prices(1.0, 2.0, notice_until=DAY)  # 40 and 80 in the problem's units


def days(*needs: int, people: int, reach: int = 4) -> Problem:
    """A shift of `reach` hours a day and another six hours later, so many needed through the first, all may work all."""
    options, steps = [], []
    for day, need in enumerate(needs):
        for kind, start in (("early", 8), ("late", 14)):
            begin = day * DAY + start * 60
            places = range(len(steps), len(steps) + reach * 4)
            options.append(Option(kind, day, begin, begin + reach * 60, reach * 60, tuple(places)))
            steps += [Step(need if kind == "early" else 0, over=0)] * len(places)
    return Problem(tuple(steps), tuple(options), tuple(Person(f"p{n}") for n in range(people)), 60, days=len(needs))


def without(problem: Problem, number: int, *days_off: int) -> Problem:
    people = list(problem.people)
    people[number] = replace(people[number], days_off=people[number].days_off | frozenset(days_off))
    return replace(problem, people=tuple(people))


def test_one_colleague_comes_in_for_who_is_absent_and_nobody_else_changes() -> None:
    problem = without(days(1, 1, 1, people=3), 0, 1)
    told: list[Held] = [(0, 4), (), ()]
    found = repair(problem, told, HOURS, effort=5)
    moved = changed(problem, told, found.held)
    assert len(moved) == 1
    assert (moved[0].day, moved[0].before, moved[0].after) == (1, None, 2)
    assert found.status == "optimal"


def test_a_change_that_wins_less_than_its_price_is_not_made() -> None:
    """Four hours are missing: 160 in the problem's units, as much as a change at short notice for four hours costs."""
    problem = without(days(1, 0, people=2), 0, 0)
    told: list[Held] = [(), ()]
    assert changed(problem, told, repair(problem, told, Prices(1, 3.9, DAY), effort=5).held) == [Changed(1, 0, None, 0)]
    assert repair(problem, told, Prices(1, 4.1, DAY), effort=5).held == tuple(told)
    later = Prices(1, 4.1, notice_until=8 * 60)  # the shift begins as the notice is kept
    assert len(changed(problem, told, repair(problem, told, later, effort=5).held)) == 1


def test_to_move_a_shift_within_its_day_is_one_change() -> None:
    problem = days(1, people=1)
    found = repair(problem, [(1,)], Prices(1, 1, 0), effort=5)
    assert changed(problem, [(1,)], found.held) == [Changed(0, 0, 1, 0)]
    priced = with_facts(problem, [(1,)], Prices(1, 1, 0))
    assert cost(priced, found.held) - cost(problem, found.held) == 40


def test_a_roster_that_breaks_a_rule_is_no_start() -> None:
    problem = without(days(1, people=1), 0, 0)
    with pytest.raises(ValueError, match="told: p0 breaks day_off on day 0"):
        repair(problem, [(0,)], HOURS, effort=1)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_the_best_of_every_repair_is_found_and_proven(seed: int) -> None:
    problem, told = standing(seed)
    found = repair(problem, told, HOURS, effort=20)
    priced = with_facts(problem, told, HOURS)
    assert (found.objective, found.bound) == (least(priced), least(priced))
    assert violations(problem, found.held) == []


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**9))
def test_it_never_costs_more_than_leaving_everything(seed: int) -> None:
    problem, told = standing(seed, days=10, most=8)
    found = repair(problem, told, HOURS, effort=0.05)
    priced = with_facts(problem, told, HOURS)
    assert found.objective == cost(priced, found.held) <= cost(priced, told)
    assert violations(problem, found.held) == []
    assert found.bound <= found.objective


def test_an_equal_effort_gives_an_equal_repair() -> None:
    problem, told = standing(7, days=10, most=8)
    assert repair(problem, told, HOURS, effort=0.3).held == repair(problem, told, HOURS, effort=0.3).held


def standing(seed: int, **size: int) -> tuple[Problem, Sequence[Held]]:
    """A small problem whose people owe nothing, a roster of it, and one of them gone for a day."""
    made = tiny(seed, **size)
    made = replace(made, people=tuple(replace(one, min_minutes=0, min_run=1, min_free=1) for one in made.people))
    chance = Random(seed)  # noqa: S311 - a test's choice
    gone, day = chance.randrange(len(made.people)), chance.randrange(made.days)
    problem = without(made, gone, day)
    told = [
        tuple(index for index in held if number != gone or made.options[index].day != day)
        for number, held in enumerate(solve(made, effort=0.2).held)
    ]
    return problem, told
