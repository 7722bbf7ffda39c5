"""Calls we make: attempts until one is reached, and the agents for them."""

import random

import pytest

from scheduling.domain.outbound import by_attempts

DAY = {"is_open": [True] * 8, "interval": 3600, "talk": 300, "unanswered": 60}


def test_one_attempt_each():
    found = by_attempts(records=480, reach=[0.25] * 8, **DAY)
    assert (found.attempts, found.reached) == (480, pytest.approx(120))
    # 60 an hour: 15 talk for five minutes, 45 ring for one: two hours of work.
    assert [one.agents for one in found.steps] == [2] * 8
    assert sum(one.reached for one in found.steps) == pytest.approx(120)


def test_more_attempts_reach_more_for_less_each():
    found = by_attempts(records=1000, reach=[0.25] * 8, most=3, **DAY)
    assert found.reached == pytest.approx(1000 * (1 - 0.75**3))
    assert found.attempts == pytest.approx(1000 * (1 + 0.75 + 0.75**2))
    assert sum(one.attempts for one in found.steps) == pytest.approx(found.attempts)
    assert sum(one.reached for one in found.steps) == pytest.approx(found.reached)


def test_evenings_reach_more_and_so_take_longer():
    found = by_attempts(records=800, reach=[0.1] * 4 + [0.5] * 4, **{**DAY, "unanswered": 30}, occupancy=0.8)
    assert found.steps[0].agents < found.steps[7].agents
    assert found.steps[0].attempts == found.steps[7].attempts


def test_closed_hours_have_no_calls_and_shrinkage_divides():
    found = by_attempts(records=60, reach=[0.0, 0.5], **{**DAY, "is_open": [False, True]}, shrinkage=0.5)
    assert [(one.attempts, one.agents, one.scheduled) for one in found.steps] == [(0, 0, 0), (60, 3, 6)]
    nobody = by_attempts(records=0, reach=[0.5], **{**DAY, "is_open": [False]})
    assert (nobody.attempts, nobody.steps[0].agents) == (0, 0)
    never = by_attempts(records=10, reach=[0], **{**DAY, "is_open": [True]}, most=4)
    assert (never.attempts, never.reached) == (40, 0)


def test_a_dialled_list_agrees():
    chance, attempts, reached = random.Random(6), 0, 0  # noqa: S311 - a simulation
    for _record in range(20_000):
        for _attempt in range(4):
            attempts += 1
            if chance.random() < 0.2:
                reached += 1
                break
    found = by_attempts(records=20_000, reach=[0.2] * 8, most=4, **DAY)
    assert attempts == pytest.approx(found.attempts, rel=0.01)
    assert reached == pytest.approx(found.reached, rel=0.01)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"reach": [1.5] * 8}, "reach must be at most 1, not 1.5"),
        ({"is_open": [True]}, "is_open must be as long as reach, 8, not 1"),
        ({"is_open": [False] * 8}, "is_open must be open in some interval"),
        ({"most": 0}, "most must be at least 1"),
        ({"talk": 0}, "talk must be above 0"),
    ],
)
def test_a_bad_value_is_named(wrong: dict[str, object], words: str):
    with pytest.raises(ValueError, match=words):
        by_attempts(**{"records": 10, "reach": [0.2] * 8, **DAY, **wrong})
