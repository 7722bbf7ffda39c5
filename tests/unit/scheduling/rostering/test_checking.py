"""The second opinion names each broken rule once, with its figures, and counts costs step by step."""

import pytest

from scheduling.domain.rostering import Option, Person, Problem, Step, Wish
from scheduling.domain.rostering.checking import cost, violations

KINDS = (("E", 360), ("L", 840))


def fortnight(person: Person) -> Problem:
    options = tuple(
        Option(kind, day, day * 1440 + begin, day * 1440 + begin + 480, 480, (2 * day + place,), "x")
        for day in range(14)
        for place, (kind, begin) in enumerate(KINDS)
    )
    weekends = ((5, 6), (12, 13))
    return Problem((Step(1, 10, 2),) * 28, options, (person,), 660, frozenset({("L", "E")}), weekends, days=14)


def early(*days: int) -> tuple[int, ...]:
    return tuple(2 * day for day in days)


ANA = {"key": "ana", "skills": frozenset({"x"})}
BROKEN = [
    ({"skills": frozenset()}, early(3), [("skill", 0, 1, 3)]),
    ({"kinds": frozenset({"L"})}, early(3), [("kind", 1, 0, 3)]),
    ({"days_off": frozenset({3})}, early(3), [("day_off", 1, 0, 3)]),
    ({"busy": ((0, 60),)}, early(0), [("busy", 300, 660, 0)]),
    ({}, (0, 1), [("one_a_day", 2, 1, 0)]),
    ({}, (1, 2), [("rest", 480, 660, 1), ("never_after", 1, 0, 1)]),
    ({"min_minutes": 960}, early(3), [("min_minutes", 480, 960, None)]),
    ({"max_minutes": 900}, early(3, 4), [("max_minutes", 960, 900, None)]),
    ({"max_days": 1}, early(3, 4), [("max_days", 2, 1, None)]),
    ({"most_of": (("E", 1),)}, early(3, 4), [("most_of E", 2, 1, None)]),
    ({"max_run": 2}, early(2, 3, 4), [("max_run", 3, 2, 2)]),
    ({"min_run": 2}, early(0, 4, 13), [("min_run", 1, 2, 4)]),  # at either end a run may go on
    ({"min_free": 2}, early(1, 3, 12), [("min_free", 1, 2, 2)]),  # likewise day 0 and day 13
    ({"max_weekends": 1}, early(5, 6, 13), [("max_weekends", 2, 1, None)]),
]


@pytest.mark.parametrize(("rules", "held", "found"), BROKEN, ids=[row[2][0][0] for row in BROKEN])
def test_each_rule(
    rules: dict[str, object], held: tuple[int, ...], found: list[tuple[str, int, int, int | None]]
) -> None:
    problem = fortnight(Person(**{**ANA, **rules}))  # type: ignore[arg-type]
    told = violations(problem, [held])
    assert [(one.rule, one.have, one.limit, one.day) for one in told] == found
    assert {one.person for one in told} == {"ana"}
    assert violations(fortnight(Person(**ANA)), [early(2, 3)]) == []  # type: ignore[arg-type]


def test_cost_is_under_over_and_wishes() -> None:
    wishes = (Wish(0, "E", 5, on=True), Wish(1, "E", 7, on=True), Wish(0, "E", 3, on=False), Wish(2, "L", 4, on=False))
    problem = fortnight(Person(**ANA, wishes=wishes))  # type: ignore[arg-type]
    assert cost(problem, [()]) == 280 + 12
    assert cost(problem, [early(0)]) == 270 + 7 + 3
    assert cost(problem, [(0, 0)]) == 270 + 2 + 7 + 3


def test_a_roster_of_other_people_is_refused() -> None:
    with pytest.raises(ValueError, match="0 for 1 people"):
        violations(fortnight(Person(**ANA)), [])  # type: ignore[arg-type]
