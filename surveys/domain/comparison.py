"""Groups beside each other: which differ from the rest, and which are too small to show."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from bpo import ratio
from bpo.ratio import Difference
from surveys.domain.metrics import quantile

__all__ = ["NEEDS", "Difference", "difference", "hidden", "mean_score"]

NEEDS: Final = 5


def mean_score(counts: Mapping[int, int]) -> float | None:
    """Return the mean of answers from how often each was given, rounded once; None without answers."""
    n = sum(counts.values())
    return float(Fraction(sum(score * count for score, count in counts.items()), n)) if n else None


def difference(good: int, n: int, other_good: int, other_n: int, confidence: float = 0.95) -> Difference:
    """Return the difference of two independent shares (`bpo.ratio.difference`) at a confidence.

    Raises ValueError for a group without answers.
    """
    return ratio.difference(good, n, other_good, other_n, quantile(confidence))


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
