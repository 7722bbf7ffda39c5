"""The engine against trying every design, and what it promises at any size: cover, breaks, bounds, repeating, stopping."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.domain.designing import Break, Kind, Problem, Progress, Shift, solve
from scheduling.domain.designing.checking import cost, counts, faults, missing
from scheduling.domain.designing.greedy import Filler
from tests.unit.scheduling.designing.tiny import every_shift, least, tiny

DAY = 1440
NINE = Kind(
    "nine hours",
    540,
    tuple(range(0, 7 * DAY, 120)),
    (Break("first", 15, 60, 180, True), Break("meal", 60, 150, 300), Break("second", 15, 300, 480, True)),
    between=60,
    stretch=240,
)


def week(peak: int, **more: object) -> Problem:
    """Quarter hours of a week that is busy from six to ten."""
    day = [1] * 24 + [peak // 2] * 16 + [peak] * 24 + [peak // 2] * 24 + [1] * 8
    return Problem(tuple(day * 7), (NINE,), 15, **more)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_the_best_of_every_design_is_found_and_proven(seed: int) -> None:
    problem = tiny(seed)
    found = solve(problem, effort=20)
    assert (found.objective, found.bound, found.status) == (least(problem), least(problem), "optimal")
    assert faults(problem, found.shifts) == []
    assert cost(problem, found.shifts) == found.objective


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**9), st.booleans())
def test_nobody_is_missing_where_somebody_could_serve(seed: int, wraps: bool) -> None:
    problem = replace(tiny(seed, steps=40, most=9), wraps=wraps, short=None)
    found = solve(problem, effort=0.3)
    out = set(problem.unreachable)
    short = missing(problem, found.shifts)
    assert all(short[step] == (need if step in out else 0) for step, need in enumerate(problem.required))
    assert faults(problem, found.shifts) == []
    assert found.bound <= found.objective == cost(problem, found.shifts)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_whatever_prices_are_named_no_design_costs_less_than_they_prove(seed: int, prices: int) -> None:
    problem = tiny(seed)
    named = [(prices >> step) % 7 for step in range(len(problem.required))]
    assert Filler(problem).least(named) <= least(problem) + 1e-6


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**9))
def test_a_step_is_out_of_reach_when_no_shift_serves_it(seed: int) -> None:
    problem = tiny(seed)
    there = [sum(counts(problem, [one])[step] for one in every_shift(problem)) for step in range(len(problem.required))]
    assert problem.reachable == {step for step, count in enumerate(there) if count}


def test_equal_seed_and_effort_make_the_same_design() -> None:
    first, second = (solve(week(9), effort=0.3, seed=7) for _ in range(2))
    assert (first.shifts, first.objective, first.bound) == (second.shifts, second.objective, second.bound)
    assert first.seed == 7


def test_a_week_with_breaks_whose_windows_meet_comes_close_to_its_bound() -> None:
    problem = week(12, wraps=True)
    found = solve(problem, effort=1)
    assert faults(problem, found.shifts) == []
    assert sum(missing(problem, found.shifts)) == 0
    assert found.gap < 0.03
    assert found.lp is not None
    assert found.lp <= found.bound


def test_each_better_design_is_told_and_keeps_every_rule() -> None:
    problem, told = week(9), list[Progress]()
    found = solve(problem, effort=0.4, tell=told.append)
    assert [one.objective for one in told] == sorted((one.objective for one in told), reverse=True)
    assert [one.bound for one in told] == sorted(one.bound for one in told)
    assert all(sum(missing(problem, one.shifts)) == 0 for one in told)
    assert (told[-1].objective, told[-1].bound) == (found.objective, found.bound)


def test_stopped_at_once_there_is_a_whole_design_all_the_same() -> None:
    problem = week(9)
    found = solve(problem, seconds=60, stop=lambda: True)
    assert sum(missing(problem, found.shifts)) == 0
    assert 0 < found.bound <= found.objective
    assert found.status == "feasible"


def test_a_search_that_goes_on_from_a_design_is_never_worse() -> None:
    problem = week(9)
    before = solve(problem, effort=0.5, seed=1)
    after = solve(problem, seconds=60, start=before.shifts, stop=lambda: True)
    assert after.objective <= before.objective


def test_a_shift_past_the_weeks_end_serves_its_beginning_only_where_the_week_repeats() -> None:
    late = Kind("late", 120, (5 * 60,))
    required = (1,) + (0,) * 22 + (1,)  # the first and the last of six hours
    round_, cut = (Problem(required, (late,), 15, wraps=wraps) for wraps in (True, False))
    assert solve(round_, effort=1).shifts == (Shift(0, 300),)
    assert round_.unreachable == ()
    assert solve(cut, effort=1).shifts == (Shift(0, 300),)
    assert cut.unreachable == (0,)
    assert missing(cut, [Shift(0, 300)])[0] == 1


def test_by_hand_two_shifts_take_their_breaks_in_turn() -> None:
    # one agent through four steps of an hour; a shift of four hours with an hour's break in the second or third
    problem = Problem((1, 1, 1, 1), (Kind("four", 240, (0,), (Break("meal", 60, 60, 120),)),), 60)
    assert solve(problem, effort=1).shifts == (Shift(0, 0, (60,)), Shift(0, 0, (120,)))
    assert solve(problem, effort=1).objective == 2 * 180


def test_by_hand_somebody_may_be_missing_where_that_costs_less() -> None:
    shift = Kind("two", 120, (0, 60, 120))
    cheap, dear = (Problem((2, 2, 1, 0), (shift,), 60, short=price) for price in (70, 100))
    assert (solve(cheap, effort=1).objective, solve(dear, effort=1).objective) == (2 * 120 + 70, 2 * 120 + 100)
    assert solve(replace(cheap, short=None), effort=1).objective == 3 * 120
    assert solve(replace(cheap, short=130), effort=1).objective == 3 * 120


def test_nothing_asked_for_takes_no_shifts() -> None:
    assert solve(Problem((0,) * 672, (NINE,), 15), effort=1).shifts == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Kind("k", 540, (0,), (Break("meal", 60, 500, 510),)), "within the shift"),
        (Kind("k", 540, (7,)), "steps of the week"),
        (Kind("k", 540, (0, 0)), "each once"),
        (Kind("k", 540, (0,), stretch=300), "without a break"),
        (Kind("k", 540, (0,), (Break("a", 15, 60, 60), Break("b", 15, 60, 60))), "can’t be placed"),
        (Kind("k", 540, (0,), (Break("meal", 60, 60, 90),), stretch=240), "can’t be placed"),
        (Kind("k", 5, (0,)), "at least a step"),
        (Kind("k", 540, (0,), cost=0), "costs at least 1"),
    ],
)
def test_a_kind_that_cant_be_meant_is_refused_by_name(wrong: Kind, said: str) -> None:
    with pytest.raises(ValueError, match=f"k: .*{said}"):
        Problem((1,) * 96, (wrong,), 15)


def test_a_requirement_below_zero_and_a_price_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="required"):
        Problem((-1,), (), 15)
    with pytest.raises(ValueError, match="short"):
        Problem((1,), (), 15, short=0)
