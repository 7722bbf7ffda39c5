"""Attrition rates against the worked examples of the field's own pages."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrition.domain.rates import annualise, attrition_rate, compounded, rate_interval


def test_w1_eight_months_on_a_given_mean_annualised() -> None:
    rate = attrition_rate(leavers=20, mean=104, formula="mean")
    assert (rate.num, rate.den) == (20, 104)
    assert rate.value is not None
    assert annualise(rate.value, 8, compound=False) == pytest.approx(0.28846, abs=5e-6)


def test_w2_average_headcount() -> None:
    assert attrition_rate(leavers=0, opening=6500, closing=6380).den == 6440


def test_w3_47_leavers_of_340() -> None:
    assert attrition_rate(leavers=47, mean=340, formula="mean").value == pytest.approx(0.138235, abs=5e-7)


@pytest.mark.parametrize(
    ("formula", "den", "value"),
    [("opening", 100, 0.2), ("average", 115, 0.173913), ("closing", 130, 0.153846), ("everyone", 150, 0.133333)],
)
def test_w4_one_month_under_four_names(formula: str, den: int, value: float) -> None:
    rate = attrition_rate(leavers=20, opening=100, closing=130, formula=formula)
    assert (rate.num, rate.den) == (20, den)
    assert rate.value == pytest.approx(value, abs=5e-7)


def test_w5_everyone_employed_against_average() -> None:
    everyone = attrition_rate(leavers=17, opening=50, closing=46, formula="everyone")
    assert (everyone.num, everyone.den) == (17, 63)
    assert everyone.value == pytest.approx(0.2698, abs=5e-5)
    assert attrition_rate(leavers=17, opening=50, closing=46).value == pytest.approx(0.3542, abs=5e-5)


@pytest.mark.parametrize(("rate", "linear", "compounding"), [(0.04, 0.48, 0.38729), (0.10, 1.2, 0.7176)])
def test_w6_linear_against_compounding(rate: float, linear: float, compounding: float) -> None:
    assert annualise(rate, 1, compound=False) == pytest.approx(linear)
    assert annualise(rate, 1, compound=True) == pytest.approx(compounding, abs=5e-5)


def test_w6b_mean_of_the_days_against_both_ends() -> None:
    days = [100] * 10 + [88] * 10 + [118] * 10
    assert attrition_rate(leavers=12, mean=sum(days) / 30, formula="mean").value == pytest.approx(0.117647, abs=5e-7)
    assert attrition_rate(leavers=12, opening=100, closing=118).value == pytest.approx(0.110092, abs=5e-7)


def test_w6c_a_class_of_30_in_training_and_by_day_90() -> None:
    assert attrition_rate(leavers=30 - 27, opening=30, formula="opening").value == 0.1
    by_day_90 = attrition_rate(leavers=30 - 22, opening=30, formula="opening").value
    graduates = attrition_rate(leavers=27 - 22, opening=27, formula="opening").value
    assert by_day_90 is not None
    assert graduates is not None
    assert 1 - by_day_90 == pytest.approx(0.7333, abs=5e-5)
    assert 1 - graduates == pytest.approx(0.8148, abs=5e-5)


def test_w6d_twelve_months_rolling() -> None:
    leavers = (5, 4, 6, 3, 5, 4, 7, 6, 5, 4, 3, 6)
    heads = (100, 102, 101, 104, 106, 105, 108, 110, 109, 112, 111, 113)
    assert attrition_rate(leavers=sum(leavers), mean=sum(heads) / 12, formula="mean").value == pytest.approx(
        0.543326, abs=5e-7
    )
    months = [attrition_rate(leavers=n, mean=m, formula="mean").value or 0 for n, m in zip(leavers, heads, strict=True)]
    assert compounded(months) == pytest.approx(0.427277, abs=5e-7)


def test_people_may_count_in_parts() -> None:
    rate = attrition_rate(leavers=Decimal("0.5"), opening=Decimal("9.5"), closing=Decimal("10.5"))
    assert (rate.num, rate.den, rate.value) == (Decimal("0.5"), 10, 0.05)


def test_nobody_employed_has_no_rate() -> None:
    assert attrition_rate(leavers=0, opening=0, closing=0).value is None


@pytest.mark.parametrize(
    ("given_values", "named"),
    [
        ({"leavers": 1}, "opening"),
        ({"leavers": 1, "opening": 5}, "closing"),
        ({"leavers": 1, "formula": "mean"}, "mean"),
        ({"leavers": -1, "opening": 5, "closing": 5}, "leavers"),
        ({"leavers": 1, "opening": 5, "closing": -5}, "closing"),
        ({"leavers": 1, "opening": float("nan"), "closing": 5}, "opening"),
        ({"leavers": 1, "opening": 5, "closing": 5, "formula": "net"}, "formula"),
        ({"leavers": 1, "opening": 10, "closing": 5, "formula": "everyone"}, "leavers"),
    ],
)
def test_a_bad_value_is_named(given_values: dict[str, float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        attrition_rate(**given_values)  # type: ignore[arg-type]


@pytest.mark.parametrize(("rate", "months", "named"), [(0.1, 0, "months"), (-0.1, 1, "rate"), (1.1, 1, "rate")])
def test_a_rate_that_cannot_be_annualised_is_named(rate: float, months: float, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        annualise(rate, months, compound=True)


def test_exact_poisson_limits_are_those_of_the_tables() -> None:
    assert rate_interval(0, 100) == pytest.approx((0, 0.036889), abs=5e-7)
    assert rate_interval(10, 100) == pytest.approx((0.047954, 0.183904), abs=5e-7)
    assert rate_interval(3, 0) == (0, None)


@given(st.floats(0, 1), st.floats(0.5, 24))
def test_compounding_never_takes_more_than_everybody(rate: float, months: float) -> None:
    assert 0 <= annualise(rate, months, compound=True) <= 1
    assert annualise(annualise(rate, months, compound=True), 12, compound=True) == pytest.approx(
        annualise(rate, months, compound=True)
    )


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_the_average_lies_between_opening_and_closing(leavers: int, opening: int, closing: int) -> None:
    average = attrition_rate(leavers=leavers, opening=opening, closing=closing).den
    assert min(opening, closing) <= average <= max(opening, closing)
