"""Counts become single shifts."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.domain.designing import Problem
from scheduling.domain.designing.checking import Fault, faults
from scheduling.domain.designing.pairing import paired
from scheduling.domain.designing.problem import Shift, arrangements
from scheduling.domain.designing.rows import Rows, running
from tests.unit.scheduling.designing.test_search import NINE

ALL = list(arrangements(NINE, 15))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_breaks_that_could_be_paired_somehow_are_paired_well_when_sorted(chosen: list[tuple[int, ...]], chance) -> None:  # type: ignore[no-untyped-def]
    columns = [list(one) for one in zip(*chosen, strict=True)]
    for column in columns:
        chance.shuffle(column)
    shifts = paired(0, 0, len(chosen), [Counter(column) for column in columns])
    assert faults(Problem((1,) * 672, (NINE,), 15), shifts) == []
    assert [sorted(column) for column in columns] == [
        sorted(one) for one in zip(*(s.breaks for s in shifts), strict=True)
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=5), st.data())
def test_the_rows_let_through_exactly_the_counts_that_can_be_paired(chosen: list[tuple[int, ...]], data) -> None:  # type: ignore[no-untyped-def]
    problem = Problem((0,) * 672, (NINE,), 15)
    windows = problem.places[0]
    which = data.draw(st.integers(0, 2))
    at = data.draw(st.sampled_from(windows[which]))
    moved = [*chosen[0][:which], at, *chosen[0][which + 1 :]]
    shifts = [Shift(0, 0, tuple(moved)), *(Shift(0, 0, one) for one in chosen[1:])]
    rows = Rows(problem, [(0, 0)], [99] * 672)
    values = rows.values(shifts)
    keeps = all(
        row.low <= sum(factor * values[which] for which, factor in row.terms) <= row.high
        for row in rows.rows
        if row.low != 99
    )
    again = paired(0, 0, len(shifts), [Counter(column) for column in zip(*(s.breaks for s in shifts), strict=True)])
    assert keeps == (faults(problem, again) == [])


def test_a_break_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="breaks"):
        paired(0, 0, 1, [{60: 1, 75: 1}])


def test_whole_numbers_follow_the_sums_of_shares() -> None:
    assert running([0.4, 0.4, 0.4, 0.8]) == [0, 1, 0, 1]


def test_the_second_opinion_names_what_is_wrong() -> None:
    problem = Problem((1,) * 672, (NINE,), 15)
    wrong = Shift(0, 60, (60, 75, 480))
    said = [one.what for one in faults(problem, [wrong])]
    assert said == ["start", "window of meal", "too little work between breaks", "too much work without a break"]
    assert faults(problem, [Shift(0, 0, (60,))]) == [Fault(Shift(0, 0, (60,)), "breaks")]
