"""Survival curves against worked examples and against plain counting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.domain.survival import (
    cumulative_incidence,
    drawable,
    kaplan_meier,
    log_rank,
    median,
    survival_at,
)

W13 = ["12+", "30+", "30-", "45+", "60-", "75+", "90-", "90-", "120+", "150-"]
DAYS = [float(person[:-1]) for person in W13]
LEFT = [person.endswith("+") for person in W13]


def test_w13_ten_people() -> None:
    points = kaplan_meier(DAYS, LEFT)
    assert [(p.time, p.at_risk, p.events) for p in points] == [
        (12, 10, 1), (30, 9, 1), (45, 7, 1), (75, 5, 1), (120, 2, 1),
    ]  # fmt: skip
    assert [p.survival for p in points] == pytest.approx([9 / 10, 4 / 5, 24 / 35, 96 / 175, 48 / 175])
    assert (points[1].low, points[1].high) == pytest.approx((0.4087, 0.9459), abs=5e-5)
    assert survival_at(points, 90) == pytest.approx(96 / 175)  # not the 40 % who are seen alive at 90


def test_w13b_432_people_of_whom_nobody_is_lost_before_week_52() -> None:
    """The published curve of 114 events, 54 of them by week 26, depends on these counts alone."""
    weeks = [float(1 + n % 26) for n in range(54)] + [float(27 + n % 26) for n in range(60)] + [52.0] * 318
    points = kaplan_meier(weeks, [True] * 114 + [False] * 318)
    assert survival_at(points, 26) == pytest.approx(0.8750, abs=5e-5)
    assert survival_at(points, 52) == pytest.approx(0.7361, abs=5e-5)


def test_who_came_in_mid_tenure_is_at_risk_from_then_only() -> None:
    points = kaplan_meier([10, 40, 50, 60], [True, True, True, False], entry=[0, 20, 0, 40])
    assert [(p.time, p.at_risk) for p in points] == [(10, 2), (40, 2), (50, 2)]
    assert [p.survival for p in points] == [0.5, 0.25, 0.125]


def test_a_curve_at_nought_has_no_limits() -> None:
    (point,) = kaplan_meier([5, 5], [True, True])
    assert (point.survival, point.low, point.high) == (0, None, None)
    assert kaplan_meier([], []) == []
    assert kaplan_meier([7], [False]) == []


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: kaplan_meier([1, 2], [True]), "observed"),
        (lambda: kaplan_meier([1, 2], [True, True], entry=[0]), "entry"),
        (lambda: kaplan_meier([1, 2], [True, True], entry=[0, 2]), "entry"),
        (lambda: kaplan_meier([-1], [True]), "durations"),
        (lambda: kaplan_meier([float("nan")], [True]), "durations"),
        (lambda: kaplan_meier([1], [True], confidence=1), "confidence"),
        (lambda: log_rank({"a": ([1], [True])}), "groups"),
    ],
)
def test_a_bad_value_is_named(call: object, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        call()  # type: ignore[operator]


def test_a_curve_is_drawn_while_ten_are_at_risk_and_its_median_is_found() -> None:
    points = kaplan_meier([float(n) for n in range(1, 21)], [True] * 20)
    assert [p.at_risk for p in drawable(points)] == list(range(20, 9, -1))
    assert median(points) == 10
    assert median(points[:5]) is None


def test_log_rank_of_the_leukaemia_trial() -> None:
    """Freireich's remission times, weeks, as every textbook has them: chi² 16.79 on one degree."""
    treated = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    relapsed = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    found = log_rank({"6-MP": (treated, [bool(r) for r in relapsed]), "placebo": (placebo, [True] * 21)})
    assert found.statistic == pytest.approx(16.79, abs=0.005)
    assert (found.degrees, found.p < 0.0001) == (1, True)


PEOPLE = st.lists(st.tuples(st.integers(1, 30), st.sampled_from([None, "voluntary", "involuntary"])), max_size=40)


@given(PEOPLE)
def test_causes_and_survival_add_up_to_everybody(people: list[tuple[int, str | None]]) -> None:
    durations, causes = [float(d) for d, _ in people], [cause for _, cause in people]
    points = kaplan_meier(durations, [cause is not None for cause in causes])
    curves = cumulative_incidence(durations, causes)
    gone = sum(curve[-1][1] for curve in curves.values())
    assert gone + (points[-1].survival if points else 1) == pytest.approx(1)


@given(PEOPLE)
def test_without_censoring_survival_is_the_share_still_there(people: list[tuple[int, str | None]]) -> None:
    durations = [float(d) for d, _ in people]
    for point in kaplan_meier(durations, [True] * len(durations)):
        assert point.survival == pytest.approx(sum(d > point.time for d in durations) / len(durations))
        if point.low is not None and point.high is not None:
            assert 0 < point.low <= point.survival <= point.high < 1
