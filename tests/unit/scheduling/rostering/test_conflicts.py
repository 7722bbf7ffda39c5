"""Whose rules can't be kept together is told by the fewest rules, each of which is needed for the conflict."""

from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.domain.rostering import Option, Person, Problem, Step
from scheduling.domain.rostering.checking import violations
from scheduling.domain.rostering.conflicts import alone, conflict, possible, rules_of
from scheduling.domain.rostering.search import solve
from tests.unit.scheduling.rostering.tiny import every_roster, tiny


def week(*people: Person) -> Problem:
    options = tuple(Option("D", day, day * 1440 + 540, day * 1440 + 1020, 480, (day,)) for day in range(7))
    return Problem((Step(1),) * 7, options, people, rest=660)


def test_who_must_work_more_than_their_days_off_leave_is_told_which() -> None:
    stuck = Person("ana", min_minutes=2400, max_minutes=2880, days_off=frozenset({1, 3, 5}), max_run=5)
    problem = week(stuck, Person("ben", max_days=5))
    found = solve(problem, effort=5)
    assert found.status == "conflict"
    [told] = found.conflicts
    assert told.person == "ana"
    assert [rule.said for rule in told.rules] == ["at least 40 h", "day 1 off", "day 3 off", "day 5 off"]
    assert found.held[0] == ()  # left out
    assert len(found.held[1]) == 5  # and no reason to leave others out
    assert [one.rule for one in violations(problem, found.held)] == ["min_minutes"]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9))
def test_a_conflict_is_one_and_any_rule_less_is_none(seed: int) -> None:
    problem = alone(tiny(seed, most=1), 0)
    problem = replace(problem, people=(replace(problem.people[0], min_minutes=1900),))
    found = conflict(problem, 0)
    assert (found is None) == any(True for _ in every_roster(problem, 0))
    if found is None:
        return
    rules = dict(rules_of(problem))
    others = [without for rule, without in rules.items() if rule not in found.rules]
    just_these = problem
    for without in others:
        just_these = without(just_these)
    assert not possible(just_these)
    assert not any(True for _ in every_roster(just_these, 0))
    for rule in found.rules:
        assert any(True for _ in every_roster(rules[rule](just_these), 0)), rule.said


def test_every_rule_has_words() -> None:
    full = Person(
        "x", skills=frozenset(), kinds=frozenset("D"), busy=((0, 60),), days_off=frozenset({1}), min_minutes=600, max_minutes=900,
        max_days=3, most_of=(("D", 2),), max_run=2, min_run=2, min_free=2, max_weekends=1,
    )  # fmt: skip
    problem = replace(week(full), never_after=frozenset({("D", "D")}))
    said = [rule.said for rule, _ in rules_of(problem)]
    assert len(set(said)) == len(said) == 13
    assert not [one for one, other in combinations(said, 2) if one == other]
    assert "10 h" in said[0]
