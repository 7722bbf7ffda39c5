"""Scorecards of other products' own help pages, with the numbers those pages print."""

from decimal import Decimal
from typing import Any

import pytest

from qa.domain.scoring import Form, Score, score
from tests.unit.qa.forms import form, scale, section, yes_no

HOW_MANY = {
    "key": "holds", "type": "number", "weight": 1, "max": 10,
    "ranges": [{"from": 0, "to": 0, "points": 10}, {"from": 1, "to": 4, "points": 5}, {"from": 5, "to": 10, "points": 1}],
}  # fmt: skip


def of(card: dict[str, Any], **answers: Any) -> Score:
    return score(Form.from_dict(card), answers)


def final(card: dict[str, Any], **answers: Any) -> str:
    return str(of(card, **answers).final)


def weights_40_20_20_20() -> dict[str, Any]:
    tens = (10, 5, 0)
    others = (scale(f"q{n}", *tens, weight=20, allow_na=True) for n in (2, 3, 4))
    return form("flat", section("all", scale("q1", *tens, weight=40), *others))


def test_amazon_a1_weights_by_question() -> None:
    assert final(weights_40_20_20_20(), q1="10", q2="5", q3="5", q4="0") == "60.00"


def test_amazon_a2_not_applicable_redistributes() -> None:
    assert final(weights_40_20_20_20(), q1="10", q2="5", q3="5", q4=None) == "75.00"


def test_amazon_a3_several_options_are_capped() -> None:
    options = [{"key": "a", "points": 6}, {"key": "b", "points": 5}]
    several = {"key": "q", "type": "multi", "weight": 1, "max": 10, "options": options}
    assert final(form("points", section("s", several)), q=["a", "b"]) == "100.00"
    assert final(form("points", section("s", several)), q=["b"]) == "50.00"
    assert final(form("points", section("s", several)), q=[]) == "0.00"


def test_amazon_a4_a_number_earns_what_its_range_says() -> None:
    assert final(form("points", section("s", HOW_MANY)), holds=3) == "50.00"
    assert final(form("points", section("s", HOW_MANY)), holds="0") == "100.00"


@pytest.mark.parametrize(("second", "uncapped", "expected"), [("5", "100.00", "100.00"), ("10", "125.00", "100.00")])
def test_amazon_a5_bonus_points_go_above_the_line_alone(second: str, uncapped: str, expected: str) -> None:
    questions = (scale("a", 10, 0), scale("b", 10, 5, 0), scale("extra", 5, 0, bonus=True))
    card = form("points", section("s", *questions))
    found = of(card, a="10", b=second, extra="5")
    assert (str(found.uncapped), str(found.final)) == (uncapped, expected)
    assert final({**card, "cap_at_100": False}, a="10", b=second, extra="5") == uncapped


def two_groups(mode: str) -> dict[str, Any]:
    first = section("g1", yes_no("q11"), yes_no("q12", allow_na=True), weight=40)
    return form(mode, first, section("g2", yes_no("q21"), weight=20))


def test_genesys_g1_points_times_weight_and_the_same_answers_nested() -> None:
    answers = {"q11": "yes", "q12": "no", "q21": "yes"}
    assert final(two_groups("points_x_weight"), **answers) == "60.00"
    assert final(two_groups("nested"), **answers) == "66.67"


def test_genesys_g2_not_applicable_counts_nought_of_nought() -> None:
    assert final(two_groups("points_x_weight"), q11="yes", q12=None, q21="yes") == "100.00"


def test_genesys_g3_a_fatal_answer_zeroes_the_total_and_the_rest_stays_readable() -> None:
    fatal = {"key": "safe", "type": "choice", "weight": 1, "autofail_scope": "form",
             "options": [{"key": "yes", "points": 1}, {"key": "no", "points": 0, "autofail": True}]}  # fmt: skip
    found = of(form("points_x_weight", section("g1", fatal, yes_no("q2")), section("g2", yes_no("q3"))),
               safe="no", q2="yes", q3="yes")  # fmt: skip
    assert (found.final, found.outcome, found.triggers) == (Decimal("0.00"), "FAIL", ("safe",))
    assert found.raw == Decimal("66.67")
    assert found.sections == (("g1", Decimal("50.00"), 2), ("g2", Decimal("100.00"), 1))


def maestro_points() -> dict[str, Any]:
    sizes = {"s1": (5, 3), "s2": (10, 5), "s3": (15, 8), "s4": (5,)}
    return form("points", *(section(k, scale(f"q{k}", *v, allow_na=True)) for k, v in sizes.items()))


def test_maestro_m1_total_points_and_m2_with_the_last_section_not_applicable() -> None:
    assert final(maestro_points(), qs1="3", qs2="5", qs3="8", qs4="5") == "60.00"
    assert final(maestro_points(), qs1="3", qs2="5", qs3="8", qs4=None) == "53.33"


@pytest.mark.parametrize(("mode", "expected"), [("nested", "70.00"), ("points", "65.00")])
def test_maestro_m3_weighted_sections_against_total_points(mode: str, expected: str) -> None:
    rows = (("s1", 10, 3, 3), ("s2", 30, 5, 10), ("s3", 50, 4, 5), ("s4", 10, 1, 2))
    card = form(mode, *(section(k, scale(f"q{k}", got, max=most), weight=w) for k, w, got, most in rows))
    assert final(card, qs1="3", qs2="5", qs3="4", qs4="1") == expected


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ((100, 0, 0, 100, 0), "30.00"),
        ((100, 0, 100, 100, 100), "70.00"),
        ((100, 100, 100, 0, 100), "80.00"),
        ((0, 100, 100, 100, 100), "0.00"),
    ],
)
def test_zendesk_z1_a_critical_category_and_four_weights(ratings: tuple[int, ...], expected: str) -> None:
    critical = {
        "key": "q0", "type": "choice", "weight": 1, "autofail_scope": "form", "error_class": "customer",
        "options": [{"key": "100", "points": 100}, {"key": "0", "points": 0, "autofail": True}],
    }  # fmt: skip
    rest = (scale(f"q{n}", 100, 0, weight=w) for n, w in enumerate((3, 3, 2, 1), start=1))
    card = form("flat", section("all", critical, *rest))
    assert final(card, **{f"q{n}": str(value) for n, value in enumerate(ratings)}) == expected


def test_zendesk_z2_weights_of_what_applies() -> None:
    rows = (("a", 30), ("b", 30), ("c", 30), ("d", 10))
    card = form("flat", section("all", *(scale(k, 1, "0.75", "0.5", 0, weight=w, allow_na=True) for k, w in rows)))
    assert final(card, a="0.75", b=None, c="0.5", d="1") == "67.86"


def test_zendesk_z3_nothing_applicable_is_no_score() -> None:
    card = form("flat", section("all", yes_no("a", allow_na=True), yes_no("b", allow_na=True)), pass_mark=80)
    found = of(card, a=None, b=None)
    assert (found.raw, found.uncapped, found.final, found.outcome) == (None, None, None, "UNSCORED")
    assert found.sections == (("all", None, 0),)


def test_zendesk_z5_second_of_four_points() -> None:
    assert final(form("flat", section("all", scale("q", 0, 1, 2, 3))), q="1") == "33.33"


def test_miarec_r1_ten_questions_of_five_points() -> None:
    ten = [scale(f"q{n}", 5, 0, allow_na=True) for n in range(10)]
    yes = {f"q{n}": "5" for n in range(9)}
    card = form("points", section("all", *ten))
    assert final(card, **yes, q9="0") == "90.00"
    assert final(card, **yes, q9=None) == "100.00"


@pytest.mark.parametrize(("na", "expected"), [("drop", "50.00"), ("full", "66.67")])
def test_evaluagent_e1_not_applicable_dropped_or_passed(na: str, expected: str) -> None:
    card = form("flat", section("all", *(yes_no(key, allow_na=True, na=na) for key in "abc")))
    assert final(card, a="yes", b="no", c=None) == expected


@pytest.mark.parametrize(("effect", "expected"), [("zero", "0.00"), ("keep", "90.00")])
def test_evaluagent_e2_auto_fail_zeroes_or_keeps_and_fails_either_way(effect: str, expected: str) -> None:
    fatal = {"key": "fatal", "type": "choice", "weight": 10, "autofail_scope": "form",
             "options": [{"key": "pass", "points": 1}, {"key": "fail", "points": 0, "autofail": True}]}  # fmt: skip
    card = form("flat", section("all", fatal, yes_no("rest", 90)), autofail_effect=effect, pass_mark=80)
    found = of(card, fatal="fail", rest="yes")
    assert (str(found.raw), str(found.final), found.outcome) == ("90.00", expected, "FAIL")


def test_verint_v1_a_minimum_lifts_a_low_answer() -> None:
    card = form("points", section("s", scale("q", 10, 3, min=5)))
    assert final(card, q="3") == "50.00"
    assert final(card, q="10") == "100.00"


@pytest.mark.parametrize(("mode", "expected"), [("flat", "66.67"), ("nested", "50.00")])
def test_o1_flat_against_nested_with_one_not_applicable(mode: str, expected: str) -> None:
    first = section("a", yes_no("q1", 25, allow_na=True), yes_no("q2", 25), weight=50)
    card = form(mode, first, section("b", yes_no("q3", 50), weight=50))
    assert final(card, q1=None, q2="no", q3="yes") == expected
