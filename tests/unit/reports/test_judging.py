"""Was the promise kept, and is the change more than chance: exact at the edges."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.domain.judging import judge, mean_change, share_change
from reports.domain.weeks import Week, last_full_week, run_up


@pytest.mark.parametrize(
    ("num", "den", "result"),
    [(80, 100, "met"), (799, 1000, "amber"), (79, 100, "amber"), (789, 1000, "missed"), (100, 100, "met")],
)
def test_at_least_80_with_a_point_of_amber(num: int, den: int, result: str) -> None:
    found = judge(num, den, target=Decimal("0.8"), at_least=True, amber=Decimal("0.01"))
    assert found == result


@pytest.mark.parametrize(("num", "result"), [(50, "met"), (55, "amber"), (56, "missed"), (0, "met")])
def test_at_most_5_with_half_a_point_of_amber(num: int, result: str) -> None:
    assert judge(num, 1000, target=Decimal("0.05"), at_least=False, amber=Decimal("0.005")) == result


def test_nothing_measured_is_not_judged() -> None:
    with pytest.raises(ValueError, match="den is 0"):
        judge(0, 0, target=Decimal(1), at_least=True, amber=Decimal(0))


@given(num=st.integers(0, 10**6), den=st.integers(1, 10**6), cents=st.integers(0, 10_000), band=st.integers(0, 500))
def test_a_result_never_contradicts_the_exact_fraction(num: int, den: int, cents: int, band: int) -> None:
    target, amber = Decimal(cents) / 10_000, Decimal(band) / 10_000
    found = judge(num, den, target=target, at_least=True, amber=amber)
    exact = Fraction(num, den)
    assert (found == "met") == (exact >= Fraction(target))
    assert (found == "missed") == (exact < Fraction(target) - Fraction(amber))


@given(
    n=st.integers(1, 500), m=st.integers(1, 500), share=st.floats(0, 1), other=st.floats(0, 1)
)  # fmt: skip
def test_a_change_and_its_reverse_mirror_each_other(n: int, m: int, share: float, other: float) -> None:
    k, j = int(n * share), int(m * other)
    there, back = share_change(k, n, j, m), share_change(j, m, k, n)
    assert there.value == pytest.approx(-back.value)
    assert there.low == pytest.approx(-(back.high or 0))
    assert there.clear == back.clear


def test_a_change_of_means_without_errors_has_no_interval() -> None:
    assert mean_change(10, None, 8, 1).clear is None
    assert mean_change(10, 0.5, 8, 0.5).clear is True
    assert mean_change(10, 2, 8, 2).clear is False


def test_weeks_are_iso_weeks_and_a_run_up_is_thirteen_at_most() -> None:
    from datetime import date

    week = Week(date(2026, 12, 28))
    assert (week.number, week.end) == (53, date(2027, 1, 3))
    assert last_full_week(date(2027, 1, 4)) == week
    assert last_full_week(date(2027, 1, 3)) == week.back(1)
    assert len(run_up(week, date(2020, 1, 1))) == 13
    assert run_up(week, date(2026, 12, 27)) == [week.back(1), week]
    assert run_up(week, None) == [week]
    with pytest.raises(ValueError, match="is no Monday"):
        Week(date(2026, 12, 29))
