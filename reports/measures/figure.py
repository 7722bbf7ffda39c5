"""A figure: a value with what it was made of, what was left out and how sure it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from statistics import NormalDist
from typing import Final

from bpo.ratio import Ratio
from surveys.domain.metrics import wilson

Z: Final = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Figure:
    """Shares are 0..1, times seconds, scores points; `value` is None where nothing could be measured.

    `num` over `den` for shares, the sum over `n` for means, the count itself for counts. `low` and `high` are the
    limits of the 95 % interval, None where there is none. `excluded` counts what was left out, by reason.
    """

    code: str
    value: float | None
    num: float
    den: float
    n: int
    low: float | None = None
    high: float | None = None
    error: float | None = None  # standard error of a mean
    excluded: Mapping[str, int] = field(default_factory=dict)


def share(code: str, ratio: Ratio, excluded: Mapping[str, int] | None = None) -> Figure:
    """A share with its Wilson interval; counts are whole numbers."""
    num, den = int(ratio.num), int(ratio.den)
    low, high = wilson(num, den) if den else (None, None)
    return Figure(code, ratio.value, num, den, den, low, high, excluded=excluded or {})


def mean(
    code: str,
    sums: tuple[int | Decimal, int | Decimal],
    n: int,
    excluded: Mapping[str, int] | None = None,
    most: float | None = None,
) -> Figure:
    """A mean from the sum and the sum of squares of `n` values, with Student's t interval from n = 2.

    `most` is the greatest value there can be, the least being 0; the interval stays within.
    """
    total, squares = Fraction(sums[0]), Fraction(sums[1])
    value = float(total / n) if n else None
    low = high = error = None
    if value is not None and n > 1:
        variance = (squares - total * total / n) / (n - 1)
        error = sqrt(variance / n)
        half = _t(n - 1) * error
        low, high = max(0.0, value - half), value + half if most is None else min(most, value + half)
    return Figure(code, value, float(total), n, n, low, high, error, excluded or {})


def count(code: str, n: int, excluded: Mapping[str, int] | None = None) -> Figure:
    """A full count: nothing is estimated, so there is no interval."""
    return Figure(code, float(n), n, 1, n, excluded=excluded or {})


def _t(freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))
