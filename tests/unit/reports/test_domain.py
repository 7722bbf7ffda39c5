"""The arithmetic of client reports against worked examples, and an attacker who subtracts."""

from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpo.ratio import Ratio
from reports.domain import DEFINITIONS, Cell, Rule, service_level, settle, suppress, total_hidden

W15 = {"answered": 1000, "abandoned": 60, "in_target": 860, "abandoned_in_target": 20, "short_abandoned": 10}


@pytest.mark.parametrize(
    ("definition", "ratio", "value"),
    [
        ("served_and_abandoned_in_target", Ratio(880, 1060), 0.8302),
        ("served_of_not_abandoned", Ratio(860, 1000), 0.86),
        ("served_of_offered", Ratio(860, 1060), 0.8113),
        ("late_abandons_only", Ratio(860, 1040), 0.8269),
        ("short_abandons_as_served", Ratio(870, 1060), 0.8208),
        ("short_abandons_excluded", Ratio(860, 1050), 0.8190),
    ],
)
def test_w15_one_day_under_each_definition(definition: str, ratio: Ratio, value: float) -> None:
    found = service_level(**W15, definition=definition)
    assert found == ratio
    assert found.value == pytest.approx(value, abs=5e-5)


def test_w16_a_period_is_its_sums_and_not_the_average_of_its_days() -> None:
    days = [service_level(n, 0, good, 0, 0, definition="served_of_offered") for n, good in ((100, 95), (1000, 700))]
    period = Ratio(sum(day.num for day in days), sum(day.den for day in days))
    assert period.value == pytest.approx(0.7227, abs=5e-5)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"in_target": 1001}, "in_target"),
        ({"abandoned_in_target": 61}, "abandoned_in_target"),
        ({"short_abandoned": 61}, "short_abandoned"),
        ({"answered": -1, "in_target": 0}, "answered"),
        ({"abandoned": 60.5}, "abandoned"),
        ({"definition": "80/20"}, "definition"),
    ],
)
def test_a_bad_count_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        service_level(**{**W15, "definition": "served_of_offered", **change})


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_a_day_without_calls_has_no_service_level(definition: str) -> None:
    assert service_level(0, 0, 0, 0, 0, definition=definition).value is None


@pytest.mark.parametrize(
    ("kind", "credit"), [("full_points", "7500.00"), ("pro_rata", "9000.00"), ("at_risk", "12000.00")]
)
def test_w18_the_wording_of_the_contract_decides(kind: Any, credit: str) -> None:
    rule = Rule(kind=kind, fee=250_000, target=0.80, per_point=0.01, cap=0.05, at_risk=0.12, share=0.40)
    found = settle(rule, 0.764)
    assert (str(found.credit), found.missed, found.met, found.capped) == (credit, Decimal("3.6"), False, False)


def test_the_cap_holds_a_credit_and_a_met_or_unmeasured_target_costs_nothing() -> None:
    rule = Rule(kind="pro_rata", fee=250_000, target=0.80, per_point=0.01, cap=0.05)
    assert (settle(rule, 0.70).credit, settle(rule, 0.70).capped) == (12500, True)
    assert (settle(rule, 0.80).met, settle(rule, 0.80).credit) == (True, 0)
    assert (settle(rule, None).met, settle(rule, None).credit) == (None, 0)


def test_a_promise_may_be_a_ceiling() -> None:
    rule = Rule(kind="full_points", fee=1000, target=300, per_point=0.01, point=10, direction="at_most")
    assert (settle(rule, 335).credit, settle(rule, 290).met) == (30, True)


@pytest.mark.parametrize(
    ("change", "named"),
    [({"kind": "ladder"}, "kind"), ({"fee": -1}, "fee"), ({"cap": 2}, "cap"), ({"point": 0}, "point"),
     ({"target": float("nan")}, "target"), ({"direction": "up"}, "direction")],
)  # fmt: skip
def test_a_bad_rule_is_named(change: dict[str, Any], named: str) -> None:
    good: dict[str, Any] = {"kind": "pro_rata", "fee": 1, "target": 0.8}
    with pytest.raises(ValueError, match=named):
        settle(Rule(**{**good, **change}), 0.7)


def test_w19_a_small_team_is_not_given_away_by_the_other() -> None:
    cells = [Cell("A", 8, 9), Cell("B", 2, 3)]
    assert [cell.hidden for cell in suppress(cells, 5)] == ["subtraction", "too_few"]
    assert not total_hidden(cells, 5)
    assert total_hidden([Cell("A", 1, 2), Cell("B", 1, 2)], 5)


@given(st.lists(st.integers(0, 30), max_size=8), st.integers(1, 10))
def test_no_sum_an_attacker_can_form_speaks_of_fewer(sizes: list[int], n: int) -> None:
    cells = [Cell(str(i), 0, size) for i, size in enumerate(sizes)]
    found = suppress(cells, n)
    shown = [cell.den for cell in found if not cell.hidden]
    assert all(not size or size >= n for size in shown)
    assert all(cell.den > 0 for cell in found if cell.hidden)
    if not total_hidden(cells, n):
        for some in range(len(shown) + 1):
            for taken in combinations(shown, some):
                left = sum(sizes) - sum(taken)
                assert left == 0 or left >= n
    if all(not size or size >= n for size in sizes):
        assert not any(cell.hidden for cell in found)
