"""Rosters: the rules hold whatever is asked, the exact one is never worse, and the bound is under it."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.domain.roster import Option, Person, Problem, Roster, apart, greedy, solve, weigh

STEPS = 7 * 96
STARTS = (6, 14, 22)


def options() -> tuple[Option, ...]:
    found = []
    for day in range(7):
        for start in STARTS:
            begin = day * 1440 + start * 60
            steps = tuple(step for step in range(begin // 15, begin // 15 + 32) if step < STEPS)
            found.append(Option(f"s{start}", day, begin, begin + 480, 480, steps))
    return tuple(found)


def problem(people: list[Person], need: int = 1, rest: int = 660) -> Problem:
    return Problem("billing", (need,) * STEPS, options(), tuple(people), rest)


def person(number: int, **more: object) -> Person:
    return Person(f"p{number}", frozenset({"billing"}), **more)  # type: ignore[arg-type]


def held(found: Roster, asked: Problem, key: str) -> list[Option]:
    return sorted((asked.options[index] for who, index in found.assignments if who == key), key=lambda one: one.start)


def check(found: Roster, asked: Problem) -> None:
    """No rule is broken, and the figures are those of the shifts themselves."""
    for one in asked.people:
        mine = held(found, asked, one.key)
        assert len(mine) <= one.max_days
        assert sum(option.paid for option in mine) <= one.max_minutes
        assert len({option.day for option in mine}) == len(mine)
        assert not {option.day for option in mine} & one.days_off
        for before, after in pairwise(mine):
            assert apart(before.start, before.end, after.start, after.end) >= asked.rest
        for option in mine:
            assert all(apart(option.start, option.end, *taken) >= asked.rest for taken in one.busy)
        assert not mine or asked.skill in one.skills
    objective, short, over = weigh(asked, [index for _, index in found.assignments])
    assert (found.objective, found.short, found.over) == (objective, short, over)
    assert found.bound <= found.objective


def test_enough_people_leave_nothing_short_and_the_optimum_is_proven() -> None:
    asked = problem([person(number) for number in range(5)])
    found = solve(asked, seconds=10, workers=1)
    check(found, asked)
    assert (sum(found.short[24:]), found.status, found.gap) == (0, "optimal", 0.0)
    assert sum(found.short[:24]) == 24  # nobody can start before Monday 06:00
    assert found.objective == 240


def test_whoever_lacks_the_skill_or_is_off_or_taken_elsewhere_is_not_rostered_then() -> None:
    asked = problem(
        [
            Person("stranger", frozenset({"sales"})),
            person(1, days_off=frozenset(range(1, 7))),
            person(2, busy=((0, 7 * 1440),)),
            person(3, busy=((2 * 1440, 3 * 1440),)),
        ]
    )
    found = solve(asked, seconds=10, workers=1)
    check(found, asked)
    assert held(found, asked, "stranger") == held(found, asked, "p2") == []
    assert [one.day for one in held(found, asked, "p1")] == [0]
    assert 2 not in [one.day for one in held(found, asked, "p3")]


def test_nobody_at_all_is_short_everywhere_and_no_error() -> None:
    found = solve(problem([]), seconds=5, workers=1)
    assert (found.assignments, sum(found.short), found.objective) == ((), STEPS, 10 * STEPS)


def test_the_same_seed_gives_the_same_roster() -> None:
    asked = problem([person(number) for number in range(4)])
    first, second = (solve(asked, seconds=20, workers=1, seed=7) for _ in range(2))
    assert first.assignments == second.assignments


def test_minimum_hours_are_worked_where_they_can_be() -> None:
    asked = problem([person(number, min_minutes=2400) for number in range(8)], need=1)
    found = solve(asked, seconds=10, workers=1)
    assert all(sum(one.paid for one in held(found, asked, f"p{number}")) == 2400 for number in range(8))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda days, low, length, off, limit: (days, ((low, low + length),), frozenset(off), limit),
            st.integers(0, 6),
            st.integers(0, 9000),
            st.integers(60, 600),
            st.sets(st.integers(0, 6), max_size=2),
            st.sampled_from([480, 1440, 2400]),
        ),
        max_size=6,
    ),
    st.integers(0, 3),
)
def test_no_rule_is_ever_broken_and_the_exact_is_never_worse(
    rows: list[tuple[int, tuple[tuple[int, int]], frozenset[int], int]], need: int
) -> None:
    people = [
        person(number, max_days=days, busy=busy, days_off=off, max_minutes=limit)
        for number, (days, busy, off, limit) in enumerate(rows)
    ]
    asked = problem(people, need)
    quick, exact = greedy(asked), solve(asked, seconds=2, workers=1)
    check(quick, asked)
    check(exact, asked)
    assert exact.objective <= quick.objective


@pytest.mark.parametrize("rest", [480, 960])
def test_rest_decides_what_may_follow(rest: int) -> None:
    """One person; day 0 late and day 1 early leave 8 hours."""
    asked = problem([person(1, max_days=7, max_minutes=9999)], need=1, rest=rest)
    found = solve(asked, seconds=5, workers=1)
    check(found, asked)
    gaps = [after.start - before.end for before, after in pairwise(held(found, asked, "p1"))]
    assert min(gaps) >= rest
