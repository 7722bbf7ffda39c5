"""The engine against trying every roster, and what it promises at any size: rules, bounds, repeating, stopping."""

import math
from dataclasses import replace
from itertools import pairwise, product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.math_opt.python import mathopt

from bench.roster_weeks import made
from scheduling.domain.rostering import Option, Person, Problem, Progress, Step
from scheduling.domain.rostering.bounding import groups
from scheduling.domain.rostering.budget import Budget
from scheduling.domain.rostering.checking import cost, violations
from scheduling.domain.rostering.columns import Columns
from scheduling.domain.rostering.covering import Cover
from scheduling.domain.rostering.model import Part
from scheduling.domain.rostering.search import GROUPS, LAST, Search, solve
from tests.unit.scheduling.rostering.tiny import every_roster, least, tiny

STEPS = 7 * 96
STARTS = (6, 14, 22)


def week(people: list[Person], need: int = 1, rest: int = 660) -> Problem:
    """Quarter hours of a week, three shifts a day."""
    options = []
    for day in range(7):
        for start in STARTS:
            begin = day * 1440 + start * 60
            steps = tuple(step for step in range(begin // 15, begin // 15 + 32) if step < STEPS)
            options.append(Option(f"s{start}", day, begin, begin + 480, 480, steps))
    return Problem((Step(need),) * STEPS, tuple(options), tuple(people), rest)


def somebody(number: int, **more: object) -> Person:
    return Person(f"p{number}", max_minutes=2400, max_days=5, **more)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_the_best_of_every_roster_is_found_and_proven(seed: int) -> None:
    problem = tiny(seed)
    best, found = least(problem), solve(problem, effort=20, seed=1)
    if math.isinf(best):
        assert found.status == "conflict"
        return
    assert (found.objective, found.bound, found.status) == (best, best, "optimal")
    assert violations(problem, found.held) == []
    assert cost(problem, found.held) == found.objective


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9))
def test_larger_ones_keep_every_rule_and_their_bound_holds(seed: int) -> None:
    problem = tiny(seed, days=14, most=9)
    found = solve(problem, effort=0.2)
    stuck = {one.person for one in found.conflicts}
    assert [one for one in violations(problem, found.held) if one.person not in stuck] == []
    assert cost(problem, found.held) == found.objective >= found.bound


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_the_prices_of_columns_prove_a_bound_that_no_roster_is_under(seed: int) -> None:
    problem = replace(tiny(seed), people=tuple(replace(one, min_minutes=0) for one in tiny(seed).people))
    assert 0 <= _bound(problem) <= least(problem)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_a_mix_is_the_best_of_the_columns_there_are(seed: int) -> None:
    problem, chance = tiny(seed, most=3), Random(seed)  # noqa: S311 - a test's choice
    every = [list(every_roster(problem, number)) for number in range(len(problem.people))]
    if not all(every):
        return
    before = [chance.choice(those) for those in every]
    free = sorted(chance.sample(range(len(every)), chance.randint(1, len(every))))
    columns = Columns(problem, Cover(problem))
    there = [[before[person]] for person in range(len(every))]
    for person in free:
        there[person] += chance.sample(every[person], min(6, len(every[person])))
        for held in there[person]:
            columns.add(person, held)
    after, proven = columns.mix(Budget(effort=20), 20, rosters=before, free=free, seed=1)
    assert after is not None
    assert proven
    assert all(held in those for held, those in zip(after, there, strict=True))
    assert cost(problem, after) == min(cost(problem, rosters) for rosters in product(*there))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9))
def test_a_part_may_change_on_its_days_alone_and_never_for_the_worse(seed: int) -> None:
    problem, chance = tiny(seed, most=3), Random(seed)  # noqa: S311 - a test's choice
    every = [list(every_roster(problem, number)) for number in range(len(problem.people))]
    if not all(every):
        return
    before, days = [chance.choice(those) for those in every], frozenset({1, 2})
    part = Part(problem, Cover(problem), before, dict.fromkeys(range(len(every)), days))
    part.hint(before)
    after, _bound, proven = part.solve(Budget(effort=20), 20, seed=1)
    assert after is not None
    assert proven
    assert violations(problem, after) == []
    assert cost(problem, after) <= cost(problem, before)
    for was, held in zip(before, after, strict=True):
        kept = [{one for one in those if problem.options[one].day not in days} for those in (was, held)]
        assert kept[0] == kept[1]


def test_enough_people_leave_nothing_short_but_before_the_first_shift() -> None:
    found = solve(week([somebody(number) for number in range(5)]), effort=20)
    assert (found.objective, found.status, found.gap) == (240, "optimal", 0.0)  # Monday before 06:00


def test_alike_people_are_counted_and_the_counts_shared_out_without_loss() -> None:
    problem = week([somebody(number) for number in range(60)], need=9)
    assert len(groups(problem)) == 1
    found = solve(problem, effort=20)
    assert violations(problem, found.held) == []
    assert (found.objective, found.status) == (found.bound, "optimal")
    assert found.objective == 24 * 9 * 10 + 24 * 0  # nothing but Monday before 06:00


def test_counting_by_groups_leaves_most_of_the_time_to_columns() -> None:
    problem, budget = made(agents=60, weeks=4), Budget(effort=2)
    search = Search(problem, budget, seed=1)
    search.answers()
    assert search.columns.fits
    search.by_groups()
    assert budget.used <= 2 * GROUPS * budget.whole


def test_the_exact_model_has_the_last_of_the_time_and_begins_from_the_best_so_far(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem, heard = made(agents=24, weeks=2), []
    whole = Search.whole

    def listened(self: Search, most: float) -> None:
        before = self.objective
        whole(self, most)
        heard.append((self.budget.whole, most, before, self.objective))

    monkeypatch.setattr(Search, "whole", listened)
    found = solve(problem, effort=0.2)
    assert violations(problem, found.held) == []
    [(all_of_it, last, before, after)] = heard
    assert 0 < last <= LAST * all_of_it
    assert after <= before


def test_a_solver_that_loses_its_way_is_begun_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """As GLOP does now and then, of what it had, with four weeks of 500 agents."""
    problem = week([somebody(number) for number in range(5)])
    right = _bound(problem)
    solve_as_before, asked = mathopt.IncrementalSolver.solve, []

    def lost(self: Any) -> Any:
        asked.append(self)
        if len(set(map(id, asked))) == 1 and len(asked) > 1:
            raise RuntimeError("ABNORMAL")
        return solve_as_before(self)

    monkeypatch.setattr(mathopt.IncrementalSolver, "solve", lost)
    assert _bound(problem) == right
    assert len(set(map(id, asked))) == 2, "the first lost its way, and the second did not"


def _bound(problem: Problem) -> int:
    columns, budget = Columns(problem, Cover(problem)), Budget(effort=10)
    for person in range(len(problem.people)):
        columns.add(person, ())
    columns.improve(range(len(problem.people)), budget, lambda: budget.left, prove=True)
    return columns.bounded


def test_whoever_is_off_or_taken_elsewhere_or_lacks_the_skill_is_not_rostered_then() -> None:
    people = [
        somebody(0, days_off=frozenset(range(1, 7))),
        somebody(1, busy=((0, 7 * 1440),)),
        somebody(2, busy=((2 * 1440, 3 * 1440),)),
        somebody(3),
    ]
    plain = week(people)
    problem = replace(plain, options=tuple(replace(one, skill="billing") for one in plain.options))
    problem = replace(problem, people=(*(replace(one, skills=frozenset({"billing"})) for one in people[:3]), people[3]))
    found = solve(problem, effort=20)
    days = [[problem.options[index].day for index in held] for held in found.held]
    assert days[0] == [0]
    assert days[1] == days[3] == []
    assert 2 not in days[2]
    assert len(days[2]) > 2


def test_nobody_at_all_is_short_everywhere_and_no_error() -> None:
    found = solve(week([]), effort=5)
    assert (found.held, found.objective, found.bound, found.status) == ((), 10 * STEPS, 10 * STEPS, "optimal")


def test_an_equal_effort_and_seed_give_an_equal_roster_however_long_it_takes() -> None:
    problem = tiny(3, days=14, most=9)
    first, second = (solve(problem, effort=1.5, seed=7) for _ in range(2))
    assert (first.held, first.objective, first.bound) == (second.held, second.objective, second.bound)


def test_the_best_so_far_is_told_as_it_is_found_and_only_better_ones() -> None:
    told: list[Progress] = []
    found = solve(tiny(5, days=14, most=9), effort=2, tell=told.append)
    assert told[-1].objective == found.objective
    assert [one.objective for one in told] == sorted((one.objective for one in told), reverse=True)
    assert [one.bound for one in told] == sorted(one.bound for one in told)
    assert all(one.bound <= one.objective for one in told)


def test_who_stops_it_at_once_still_gets_a_roster_that_keeps_the_rules() -> None:
    problem = week([somebody(number, busy=((number * 600, number * 600 + 500),)) for number in range(12)], need=3)
    found = solve(problem, seconds=600, stop=lambda: True)
    assert violations(problem, found.held) == []
    assert found.seconds < 60
    assert 0 < found.objective < 10 * 3 * STEPS  # something was rostered


@pytest.mark.parametrize("rest", [480, 960])
def test_rest_decides_what_may_follow(rest: int) -> None:
    problem = week([Person("p", max_days=7)], rest=rest)
    found = solve(problem, effort=10)
    shifts = [problem.options[index] for index in found.held[0]]
    assert min(after.start - before.end for before, after in pairwise(shifts)) >= rest
    assert len(shifts) > 3


def test_time_is_given_as_seconds_or_as_effort() -> None:
    with pytest.raises(ValueError, match="give one of them"):
        solve(week([]))
