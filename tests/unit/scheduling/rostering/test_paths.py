"""One person's best roster: the walk over the days against trying every roster."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.domain.rostering.paths import Walk
from tests.unit.scheduling.rostering.tiny import every_roster, tiny


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9))
def test_no_roster_that_keeps_the_rules_is_cheaper(seed: int) -> None:
    problem = tiny(seed, most=1)
    chance = np.random.default_rng(seed)
    prices = np.full((2, len(problem.options)), np.inf)
    for row in range(2):
        prices[row, list(problem.choices[0])] = chance.integers(-5, 6, len(problem.choices[0]))
    every = list(every_roster(problem, 0))
    assert problem.chained
    for row, (value, held) in enumerate(Walk(problem, [0]).best(prices)):
        assert value == min((sum(prices[row, list(one)]) for one in every), default=math.inf)
        if every:
            assert held in every
            assert sum(prices[row, list(held)]) == value
