"""A share that never loses what it was made of."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Ratio:
    """A numerator over a denominator; `value` is None where the denominator is 0."""

    num: int | float | Decimal
    den: int | float | Decimal

    @property
    def value(self) -> float | None:
        """Return num/den, divided exactly and rounded once to a float."""
        return float(Fraction(self.num) / Fraction(self.den)) if self.den else None
