"""The price of each rule, against trying every roster with and without it."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduling.domain.rostering import Option, Person, Problem, Step
from scheduling.domain.rostering.checking import cost, violations
from scheduling.domain.rostering.prices import missing, prices, without_each
from scheduling.domain.rostering.search import solve
from tests.unit.scheduling.rostering.tiny import least, tiny

DAY = 1440


def evening_and_morning(rest: int = 660) -> Problem:
    """One person for an evening and the next morning, eight hours apart, four quarter hours each."""
    options = (
        Option("late", 0, 1200, 1440, 240, (0, 1, 2, 3)),
        Option("early", 1, DAY + 480, DAY + 720, 240, (4, 5, 6, 7)),
    )
    return Problem((Step(1),) * 8, options, (Person("p", max_days=1, max_minutes=600),), rest, days=2)


def test_two_rules_that_forbid_the_same_have_no_price_alone() -> None:
    problem = evening_and_morning()
    found = prices(problem, solve(problem, effort=5), effort=5)
    assert {one.rule: one.saved for one in found} == {"rest": 0, "max_days": 0, "max_minutes": 0}


def test_the_rule_that_is_in_the_way_costs_the_hours_it_keeps_away() -> None:
    problem = evening_and_morning()
    problem = replace(problem, people=(replace(problem.people[0], max_days=2),))
    roster = solve(problem, effort=5)
    dearest, *others = prices(problem, roster, effort=5)
    assert (dearest.rule, dearest.limit, dearest.saved, dearest.proven) == ("rest", 660, 40, True)
    assert sum(missing(problem, roster.held)) == 4
    assert sum(missing(problem, dearest.held)) == 0
    assert [one.saved for one in others] == [0, 0]


def test_what_is_stopped_is_left_out() -> None:
    problem = evening_and_morning()
    assert prices(problem, solve(problem, effort=5), effort=5, stop=lambda: True) == []


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9))
def test_each_price_is_what_every_roster_says(seed: int) -> None:
    problem = tiny(seed)
    roster = solve(problem, effort=20)
    assume(roster.status == "optimal")
    trials = {rule: trial for rule, _limit, trial in without_each(problem)}
    found = prices(problem, roster, effort=60)
    assert {one.rule for one in found} == trials.keys()
    for one in found:
        assert one.saved == least(problem) - least(trials[one.rule])
        assert one.proven
        assert violations(trials[one.rule], one.held) == []
        assert cost(trials[one.rule], one.held) == roster.objective - one.saved
