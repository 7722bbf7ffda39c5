"""Was the promise kept, and is the change more than chance?"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import hypot
from statistics import NormalDist
from typing import Final, Literal

from surveys.domain.comparison import difference

Result = Literal["met", "amber", "missed"]
Z: Final = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Change:
    """A value less the one before it, in the measure's own unit, with its 95 % interval where there is one."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def clear(self) -> bool | None:
        """Whether chance alone does not explain it; None for full counts, which chance does not blur."""
        if self.low is None or self.high is None:
            return None
        return self.low > 0 or self.high < 0


def judge(num: Decimal | float, den: Decimal | float, *, target: Decimal, at_least: bool, amber: Decimal) -> Result:
    """Return how num/den stands to its target; within `amber` of it on the wrong side is "amber".

    All in the measure's own unit and compared exactly. Raises ValueError for no denominator.
    """
    if not den:
        raise ValueError("den is 0: nothing was measured, so nothing can be judged")
    short = Fraction(target) - Fraction(num) / Fraction(den)
    beyond = short if at_least else -short
    if beyond <= 0:
        return "met"
    return "amber" if beyond <= Fraction(amber) else "missed"


def share_change(num: int, den: int, before_num: int, before_den: int) -> Change:
    """Two independent shares compared by Newcombe's hybrid score method. ValueError without either denominator."""
    found = difference(num, den, before_num, before_den)
    return Change(found.value, found.low, found.high)


def mean_change(value: float, error: float | None, before: float, before_error: float | None) -> Change:
    """Two means compared by their standard errors; no interval where one is not known."""
    if error is None or before_error is None:
        return Change(value - before)
    half = Z * hypot(error, before_error)
    return Change(value - before, value - before - half, value - before + half)
