"""Both formats become problems, and what is wrong in one is told by its place with what to do."""

import json
from typing import Any

import pytest

from scheduling.domain.rostering import Option, Person, Step, Wish
from scheduling.domain.rostering.instances import InstanceError, read

SECTIONS = """
# a comment
SECTION_HORIZON
14
SECTION_SHIFTS
E,480,
N,600,E|N
SECTION_STAFF
ana,E=14|N=3,4320,960,5,2,3,1
ben,E=0|N=14,4320,0,5,1,1,2
SECTION_DAYS_OFF
ana,0,13
SECTION_SHIFT_ON_REQUESTS
ana,2,E,7
SECTION_SHIFT_OFF_REQUESTS
ben,3,N,5
SECTION_COVER
0,E,2,100,1
13,N,1,50,2
"""
INTERVALS: dict[str, Any] = {
    "interval_minutes": 15, "days": 2, "intervals_per_day": 96, "min_rest_hours": 11, "weights": {"under": 10, "over": 1},
    "shifts": [
        {"id": "E", "start_interval": 0, "length_intervals": 32}, {"id": "N", "start_interval": 80, "length_intervals": 32},
    ],
    "agents": [{"id": "ana", "max_days": 5, "unavailable_days": [1], "allowed_shifts": ["E"]}],
    "demand": [1] * 192,
}  # fmt: skip


def test_sections() -> None:
    problem = read(SECTIONS)
    assert (problem.days, problem.rest, len(problem.options), len(problem.steps)) == (14, 0, 28, 28)
    assert problem.options[3] == Option("N", 1, 1440, 2040, 600, (3,))
    assert (problem.steps[0], problem.steps[1], problem.steps[27]) == (Step(2, 100, 1), Step(0, 0, 0), Step(1, 50, 2))
    assert problem.never_after == {("N", "E"), ("N", "N")}
    assert problem.weekends == ((5, 6), (12, 13))
    ana, ben = problem.people
    assert ana == Person(
        "ana", kinds=frozenset("EN"), days_off=frozenset({0, 13}), min_minutes=960, max_minutes=4320,
        most_of=(("E", 14), ("N", 3)), max_run=5, min_run=2, min_free=3, max_weekends=1, wishes=(Wish(2, "E", 7, on=True),),
    )  # fmt: skip
    assert (ben.kinds, ben.most_of, ben.wishes) == (frozenset("N"), (("N", 14),), (Wish(3, "N", 5, on=False),))


def test_intervals() -> None:
    problem = read(json.dumps(INTERVALS))
    assert (problem.days, problem.rest, len(problem.steps)) == (2, 660, 192)
    assert problem.options[1] == Option("N", 0, 1200, 1680, 480, tuple(range(80, 112)))
    assert problem.options[3].steps == tuple(range(176, 192))  # the rest lies after the last day
    assert problem.people == (Person("ana", kinds=frozenset("E"), days_off=frozenset({1}), max_days=5),)
    assert problem.choices == ((0,),)


WRONG = [
    (SECTIONS.replace("ben,3,N,5", "bob,3,N,5"), r"line 16: there is no person 'bob'. Use one of ana, ben"),
    (SECTIONS.replace("0,E,2,100,1", "14,E,2,100,1"), r"line 18: day is '14'. Give a whole number from 0 to 13"),
    (SECTIONS.replace("N,600,E|N", "N,600,E|X"), r"line 7: there is no shift 'X'"),
    (SECTIONS.replace("4320,960,5,2,3,1", "4320,960,5,2"), r"line 9: 6 fields. Give 8, separated by commas"),
    (SECTIONS.replace("ben,E=0", "ana,E=0"), r"line 10: the person 'ana' has no name of its own"),
    (SECTIONS.replace("E,480,", "E,-480,"), r"line 6: length is '-480'. Give a whole number from 1"),
    (SECTIONS.replace("SECTION_COVER", "SECTION_COVERS"), r"line 17: SECTION_COVERS is no section. Use SECTION_ with"),
    (SECTIONS.replace("14\n", "", 1), r"SECTION_HORIZON must have one line"),
    ("hello", r"line 1: text before the first section. Begin with SECTION_HORIZON"),
    ("", r"SECTION_HORIZON must have one line"),
    ("{", r"This is no JSON: .* Give the file as it was published"),
    (json.dumps({**INTERVALS, "days": "two"}), r"days is 'two'. Give a whole number from 1"),
    (json.dumps({**INTERVALS, "demand": [1]}), r"demand has 1 numbers. Give 2 × 96, one an interval"),
    (json.dumps({**INTERVALS, "agents": ["ana"]}), r"agents\[0\] is no object"),
    (json.dumps({**INTERVALS, "agents": 2 * INTERVALS["agents"]}), r"agents\[1\].id: there are two 'ana'"),
    (
        json.dumps({**INTERVALS, "agents": [{**INTERVALS["agents"][0], "allowed_shifts": ["X"]}]}),
        r"agents\[0\].allowed_shifts\[0\]: there is no shift 'X'. Use E, N",
    ),
    (
        json.dumps({**INTERVALS, "agents": [{**INTERVALS["agents"][0], "unavailable_days": [9]}]}),
        r"agents\[0\].unavailable_days: 9. Give days from 0 to 1",
    ),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_wrong_is_told_by_its_place(text: str, said: str) -> None:
    with pytest.raises(InstanceError, match=said):
        read(text)
