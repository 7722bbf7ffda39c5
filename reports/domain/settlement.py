"""What a missed target costs: the words of the contract decide, so they are data."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final, Literal

Number = int | float | Decimal
KINDS: Final = ("full_points", "pro_rata", "at_risk")
CENT: Final = Decimal("0.01")
NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rule:
    """One promise and its price; rates and shares are fractions, `fee` is money of the period.

    full_points and pro_rata credit `per_point` of the fee for each `point` missed, whole ones only or to the
    last digit; at_risk credits `at_risk` x `share` of the fee for any miss. `cap` is the most of the fee that is
    ever credited, None for no limit. `direction` says on which side of the target the promise is kept.
    """

    kind: Literal["full_points", "pro_rata", "at_risk"]
    fee: Number
    target: Number
    per_point: Number = 0
    point: Number = Decimal("0.01")
    cap: Number | None = None
    at_risk: Number = 0
    share: Number = 1
    direction: Literal["at_least", "at_most"] = "at_least"


@dataclass(frozen=True, slots=True)
class Settlement:
    """`missed` points, the `credit` due in money, and whether the cap held it; met is None if nothing was measured."""

    met: bool | None
    missed: Decimal
    credit: Decimal
    capped: bool


def settle(rule: Rule, value: Number | None) -> Settlement:
    """Return what is due for the measured value; None means that nothing was measured, and nothing is due.

    The credit is rounded once, half-up to 0.01. Raises ValueError naming a bad value.
    """
    _check(rule)
    if value is None:
        return Settlement(None, NOTHING, NOTHING, capped=False)
    target, measured = _exact("target", rule.target), _exact("value", value)
    short = target - measured if rule.direction == "at_least" else measured - target
    if short <= 0:
        return Settlement(True, NOTHING, NOTHING, capped=False)
    missed = short / _exact("point", rule.point)
    credit = _exact("fee", rule.fee) * _share_of_fee(rule, missed)
    most = None if rule.cap is None else _exact("fee", rule.fee) * _exact("cap", rule.cap)
    capped = most is not None and credit > most
    credit = most if most is not None and capped else credit
    return Settlement(False, missed, credit.quantize(CENT, ROUND_HALF_UP), capped)


def _share_of_fee(rule: Rule, missed: Decimal) -> Decimal:
    if rule.kind == "at_risk":
        return _exact("at_risk", rule.at_risk) * _exact("share", rule.share)
    points = missed.to_integral_value(ROUND_FLOOR) if rule.kind == "full_points" else missed
    return points * _exact("per_point", rule.per_point)


def _exact(name: str, value: Number) -> Decimal:
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"{name} {value} is not a number")
    return number


def _check(rule: Rule) -> None:
    if rule.kind not in KINDS:
        raise ValueError(f"kind {rule.kind!r} is none of {', '.join(KINDS)}")
    if rule.direction not in ("at_least", "at_most"):
        raise ValueError(f"direction {rule.direction!r} is neither at_least nor at_most")
    if _exact("point", rule.point) <= 0:
        raise ValueError(f"point {rule.point} is not above 0")
    for name, value in (("fee", rule.fee), ("per_point", rule.per_point)):
        if _exact(name, value) < 0:
            raise ValueError(f"{name} {value} is below 0")
    for name, value in (("at_risk", rule.at_risk), ("share", rule.share), ("cap", rule.cap or 0)):
        if not 0 <= _exact(name, value) <= 1:
            raise ValueError(f"{name} {value} is not a fraction from 0 to 1")
