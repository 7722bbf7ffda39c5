"""Groups beside each other: which differ from the rest, and which are too small to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import hypot
from typing import Final

from surveys.domain.metrics import wilson

NEEDS: Final = 5


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


def mean_score(counts: Mapping[int, int]) -> float | None:
    """Return the mean of answers from how often each was given, rounded once; None without answers."""
    n = sum(counts.values())
    return float(Fraction(sum(score * count for score, count in counts.items()), n)) if n else None


def difference(good: int, n: int, other_good: int, other_n: int, confidence: float = 0.95) -> Difference:
    """Return the difference of two independent shares by Newcombe's hybrid score method (1998, method 10).

    With Wilson limits l, u of each share p: p1 - p2 - sqrt((p1 - l1)² + (u2 - p2)²), and the upper limit the other
    way round. Raises ValueError for a group without answers.
    """
    if not n or not other_n:
        raise ValueError(f"n {n} and other_n {other_n} must both be above 0")
    (low, high), (other_low, other_high) = wilson(good, n, confidence), wilson(other_good, other_n, confidence)
    p, q = good / n, other_good / other_n
    return Difference(p - q, p - q - hypot(p - low, other_high - q), p - q + hypot(high - p, q - other_low))


def hidden(sizes: Mapping[str, int], needs: int = NEEDS) -> dict[str, str]:
    """Return the groups not to show: "too_few", and "subtraction" for those hidden along with small ones.

    With the total shown, what is hidden could be worked out from the rest as one sum; so the next smallest go too
    until at least two groups and `needs` answers are hidden.
    """
    out = {name: "too_few" for name, n in sizes.items() if 0 < n < needs}
    others = sorted((n, name) for name, n in sizes.items() if n >= needs)
    while out and others and (len(out) < 2 or sum(sizes[name] for name in out) < needs):
        out[others.pop(0)[1]] = "subtraction"
    return out
