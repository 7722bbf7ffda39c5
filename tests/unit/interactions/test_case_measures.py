from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo.ratio import Ratio
from interactions.domain.measures import (
    Band,
    CaseHistory,
    Spell,
    active_issues,
    backlog,
    cost_per_issue,
    repeat_rate,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


def day(count: float) -> datetime:
    return START + timedelta(days=count)


def case(name: str, customer: str | None, *spells: tuple[float, float | None]) -> CaseHistory:
    return CaseHistory(name, customer, tuple(Spell(day(a), None if b is None else day(b)) for a, b in spells))


def test_a_case_is_open_from_its_opening_until_it_is_resolved() -> None:
    cases = [case("a", "ann", (0, 2)), case("b", "bob", (1, None)), case("c", "cid", (0, 1), (3, None))]
    assert [active_issues(cases, day(at)) for at in (-1, 0, 1, 2, 3)] == [0, 2, 2, 1, 2]


def test_the_backlog_is_cut_into_bands_by_age_since_the_first_opening() -> None:
    cases = [case("new", "a", (30, None)), case("day", "b", (29, None)), case("back", "c", (0, 1), (29, None))]
    assert backlog(cases, day(30), days=(1, 7)) == [Band(0, 1, 1), Band(1, 7, 1), Band(7, None, 1)]


@pytest.mark.parametrize("days", [(0, 1), (3, 3), (7, 1)])
def test_bands_must_rise(days: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="days"):
        backlog([], day(1), days=days)


OPENINGS = st.lists(st.tuples(st.integers(0, 60), st.none() | st.integers(0, 30)), max_size=20)


@given(OPENINGS, st.integers(0, 90))
def test_the_bands_add_up_to_the_active_issues(openings: list[tuple[int, int | None]], at: int) -> None:
    cases = [
        case(str(n), None, (opened, None if length is None else opened + length))
        for n, (opened, length) in enumerate(openings)
    ]
    assert sum(band.cases for band in backlog(cases, day(at))) == active_issues(cases, day(at))


def test_a_customer_who_opens_another_case_in_time_has_returned() -> None:
    cases = [
        case("a", "ann", (0, 1)),
        case("b", "ann", (8, 9)),
        case("c", "bob", (0, 1)),
        case("d", "bob", (8.1, None)),
    ]
    assert repeat_rate(cases, days=7, until=day(99)) == Ratio(1, 3)


def test_a_reopened_case_is_a_return() -> None:
    assert repeat_rate([case("a", "ann", (0, 1), (2, 3))], days=7, until=day(99)) == Ratio(1, 1)


def test_a_case_resolved_as_it_opens_is_no_return_of_itself() -> None:
    assert repeat_rate([case("a", "ann", (1, 1))], days=7, until=day(99)) == Ratio(0, 1)


def test_another_case_already_open_is_no_return() -> None:
    cases = [case("a", "ann", (0, 3)), case("b", "ann", (1, None))]
    assert repeat_rate(cases, days=7, until=day(99)) == Ratio(0, 1)


def test_a_case_counts_once_its_window_has_passed_and_its_customer_is_known() -> None:
    cases = [case("a", "ann", (0, 1)), case("b", None, (0, 1)), case("c", "cid", (0, None))]
    assert repeat_rate(cases, days=7, until=day(7.9)) == Ratio(0, 0)
    assert repeat_rate(cases, days=7, until=day(8)) == Ratio(0, 1)


def test_a_return_needs_at_least_a_day_to_look_at() -> None:
    with pytest.raises(ValueError, match="days 0"):
        repeat_rate([], days=0, until=day(1))


def test_cost_per_issue_is_cost_over_resolved_cases() -> None:
    assert cost_per_issue(2_000_000, 200_000).value == 10.0  # W20
    assert cost_per_issue(Decimal("10.10"), 3).num == Decimal("10.10")
    assert cost_per_issue(5, 0).value is None


@pytest.mark.parametrize(("cost", "cases", "name"), [(-1, 1, "cost"), (1, -1, "cases")])
def test_cost_per_issue_names_a_bad_value(cost: int, cases: int, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        cost_per_issue(cost, cases)


@pytest.mark.parametrize(
    ("spells", "problem"),
    [
        ((), "never open"),
        (((2, 1),), "before it is opened"),
        (((0, None), (1, 2)), "reopened"),
        (((0, 3), (1, 4)), "reopened"),
    ],
)
def test_a_history_that_cannot_be_is_refused(spells: tuple[tuple[float, float | None], ...], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        case("a", "ann", *spells)
