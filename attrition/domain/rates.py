"""Attrition rates under their names: the same leavers give different numbers, so numerator and denominator stay."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import Final, Literal, cast

from bpo.ratio import Ratio

Number = int | float | Decimal
Formula = Literal["average", "opening", "closing", "everyone", "mean"]
FORMULAS: Final = ("average", "opening", "closing", "everyone", "mean")
MONTHS_A_YEAR: Final = 12
_NEEDS: Final = {
    "average": ("opening", "closing"),
    "opening": ("opening",),
    "closing": ("closing",),
    "everyone": ("opening", "closing"),
    "mean": ("mean",),
}


def attrition_rate(
    *,
    leavers: Number,
    opening: Number | None = None,
    closing: Number | None = None,
    mean: Number | None = None,
    formula: str = "average",
) -> Ratio:
    """Return leavers over the headcount that the formula names, as a fraction; may be above 1.

    average (opening + closing)/2; opening; closing; everyone opening + joiners, joiners being closing - opening
    + leavers; mean the mean of the daily headcounts, given. People may count in parts (their share of time).
    Raises ValueError naming an unknown formula and a missing, negative or contradictory value.
    """
    if formula not in FORMULAS:
        raise ValueError(f"formula {formula!r} is none of {', '.join(FORMULAS)}")
    given = {"leavers": leavers, "opening": opening, "closing": closing, "mean": mean}
    for name, value in given.items():
        _check(name, value, needed=name == "leavers" or name in _NEEDS[formula])
    if formula == "average":
        return Ratio(leavers, _plain(_exact(opening) / 2 + _exact(closing) / 2))
    if formula == "everyone":
        return Ratio(leavers, _everyone(_exact(leavers), _exact(opening), _exact(closing)))
    return Ratio(leavers, cast("Number", given[formula]))


def annualise(rate: float, months: float, *, compound: bool) -> float:
    """Return the rate of `months` as one of twelve.

    Linear is rate x 12/months, the habit of the industry, and may be above 1. Compounding is
    1 - (1 - rate)^(12/months), the share of today's staff gone after a year. Raises ValueError naming a bad value.
    """
    if not months > 0:
        raise ValueError(f"months {months} is not above 0")
    if not rate >= 0:
        raise ValueError(f"rate {rate} is below 0")
    if not compound:
        return rate * MONTHS_A_YEAR / months
    if rate > 1:
        raise ValueError(f"rate {rate} is above 1, which can't compound")
    return float(1 - (1 - rate) ** (MONTHS_A_YEAR / months))


def compounded(rates: Iterable[float]) -> float:
    """Return the share gone after periods with these rates one after the other. Raises ValueError for one off 0..1."""
    found = list(rates)
    for rate in found:
        if not 0 <= rate <= 1:
            raise ValueError(f"rate {rate} is not a fraction from 0 to 1")
    return 1 - prod(1 - rate for rate in found)


def rate_interval(leavers: int, headcount: Number, confidence: float = 0.95) -> tuple[float, float | None]:
    """Return the exact Poisson interval (Garwood) of leavers/headcount; (0, None) without headcount.

    Leavers are events in exposed time, so the upper limit may be above 1. Raises ValueError naming a bad value.
    """
    if leavers < 0 or leavers != int(leavers):
        raise ValueError(f"leavers {leavers} is not a whole number from 0 up")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0 and 1")
    _check("headcount", headcount, needed=True)
    if not headcount:
        return 0.0, None
    from scipy.stats import chi2  # takes a second to load; only these figures need it

    tail = (1 - confidence) / 2
    low = chi2.ppf(tail, 2 * leavers) / 2 if leavers else 0.0
    high = chi2.ppf(1 - tail, 2 * leavers + 2) / 2
    return float(low) / float(headcount), float(high) / float(headcount)


def _everyone(leavers: Fraction, opening: Fraction, closing: Fraction) -> Number:
    joiners = closing - opening + leavers
    if joiners < 0:
        raise ValueError(f"leavers {_plain(leavers)} are fewer than opening less closing")
    return _plain(opening + joiners)


def _check(name: str, value: Number | None, *, needed: bool) -> None:
    if value is None:
        if needed:
            raise ValueError(f"{name} is missing")
    elif not value >= 0 or value == float("inf"):
        raise ValueError(f"{name} {value} is not a number from 0 up")


def _exact(value: Number | None) -> Fraction:
    return Fraction(0 if value is None else value)


def _plain(value: Fraction) -> Number:
    """Return the value as a whole number if it is one, else as a float."""
    return value.numerator if value.denominator == 1 else float(value)
