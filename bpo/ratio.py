"""A share that never loses what it was made of."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import hypot, sqrt
from typing import Final

Z_95: Final = 1.959963984540054  # the normal quantile of a two-sided 95 %


@dataclass(frozen=True, slots=True)
class Ratio:
    """A numerator over a denominator; `value` is None where the denominator is 0."""

    num: int | float | Decimal
    den: int | float | Decimal

    @property
    def value(self) -> float | None:
        """Return num/den, divided exactly and rounded once to a float."""
        return float(Fraction(self.num) / Fraction(self.den)) if self.den else None


def wilson(good: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927) as fractions 0..1; (0, 1) for n = 0.

    Centre (p + z²/2n) / (1 + z²/n), half-width z·sqrt(p(1-p)/n + z²/4n²) / (1 + z²/n).
    """
    if n == 0:
        return 0.0, 1.0
    p, spread = good / n, z * z / n
    half = z * sqrt(p * (1 - p) / n + spread / (4 * n))
    low = (p + spread / 2 - half) / (1 + spread)
    high = (p + spread / 2 + half) / (1 + spread)
    return (low if good else 0.0), (high if good < n else 1.0)


@dataclass(frozen=True, slots=True)
class Difference:
    """A share less another, -1..1, with its interval."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether chance alone does not explain it: the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


def difference(good: int, n: int, other_good: int, other_n: int, z: float = Z_95) -> Difference:
    """The difference of two independent shares by Newcombe's hybrid score method (1998, method 10).

    With Wilson limits l, u of each share p: p1 - p2 - sqrt((p1 - l1)² + (u2 - p2)²), and the upper limit the other
    way round. Raises ValueError for a group without members.
    """
    if not n or not other_n:
        raise ValueError(f"n {n} and other_n {other_n} must both be above 0")
    (low, high), (other_low, other_high) = wilson(good, n, z), wilson(other_good, other_n, z)
    p, q = good / n, other_good / other_n
    return Difference(p - q, p - q - hypot(p - low, other_high - q), p - q + hypot(high - p, q - other_low))
