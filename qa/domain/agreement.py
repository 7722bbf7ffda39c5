"""How far evaluators agree: raw, and beyond what chance would give.

Ratings are any values that can be compared; None is a rating that was not given. Each function returns None where
its measure is undefined: nothing was rated twice, or chance alone already explains everything. Lists of unequal
length raise ValueError.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import product
from typing import Final

Rating = Hashable | None
Distance = Callable[[float, float], float]


def percent_agreement(a: Sequence[Rating], b: Sequence[Rating]) -> float | None:
    """Share 0..1 of the units rated by both on which they agree."""
    pairs = _pairs(a, b)
    return _agreed(pairs) if pairs else None


def cohen_kappa(a: Sequence[Rating], b: Sequence[Rating]) -> float | None:
    """Two raters, chance from each one's own use of the categories. Collapses where nearly all is one category."""
    pairs = _pairs(a, b)
    if not pairs:
        return None
    one, other = Counter(x for x, _y in pairs), Counter(y for _x, y in pairs)
    return _beyond(_agreed(pairs), sum(one[key] * other[key] for key in one) / len(pairs) ** 2)


def gwet_ac1(a: Sequence[Rating], b: Sequence[Rating]) -> float | None:
    """Two raters, chance as both would agree by on hard units alone; steady where one category prevails."""
    pairs = _pairs(a, b)
    if not pairs:
        return None
    used = Counter(rating for pair in pairs for rating in pair)
    shares = [count / (2 * len(pairs)) for count in used.values()]
    return _beyond(_agreed(pairs), sum(share * (1 - share) for share in shares) / max(len(shares) - 1, 1))


def fleiss_kappa(rows: Sequence[Sequence[int]]) -> float | None:
    """A row for each unit: how many raters chose each category. Every unit has the same number of raters."""
    if not rows:
        return None
    _same_length("rows", rows)
    raters = sum(rows[0])
    if any(sum(row) != raters for row in rows):
        raise ValueError("rows must each have the same number of raters")
    if raters < 2:
        return None
    agreed = sum(sum(n * n for n in row) - raters for row in rows) / (len(rows) * raters * (raters - 1))
    shares = [sum(column) / (len(rows) * raters) for column in zip(*rows, strict=True)]
    return _beyond(agreed, sum(share * share for share in shares))


def krippendorff_alpha(raters: Sequence[Sequence[float | None]], metric: str) -> float | None:
    """Any number of raters with gaps; a list for each rater, a place in it for each unit.

    `metric` says how far two ratings are apart: nominal, ordinal, interval or ratio.
    """
    if metric not in METRICS:
        raise ValueError(f"metric must be one of {', '.join(METRICS)}, not {metric!r}")
    _same_length("raters", raters)
    units = [[rating for rating in unit if rating is not None] for unit in zip(*raters, strict=True)]
    counts = [Counter(unit) for unit in units if len(unit) > 1]
    used: Counter[float] = sum(counts, Counter())
    whole = sum(used.values())
    apart = METRICS[metric](used)
    expected = sum(used[c] * used[k] * apart(c, k) for c, k in product(used, repeat=2))
    if not expected:
        return None
    seen = sum(
        unit[c] * unit[k] * apart(c, k) / (sum(unit.values()) - 1)
        for unit in counts
        for c, k in product(unit, repeat=2)
    )
    return 1 - (whole - 1) * seen / expected


def icc_2_1(rows: Sequence[Sequence[float | None]]) -> float | None:
    """Absolute agreement of single scores, raters taken at random: a row for each subject, a column for each rater.

    A subject that not every rater scored is left out.
    """
    _same_length("rows", rows)
    scores = [[score for score in row if score is not None] for row in rows]
    scores = [row for row, given in zip(scores, rows, strict=True) if len(row) == len(given)]
    n, k = len(scores), len(scores[0]) if scores else 0
    if n < 2 or k < 2:
        return None
    mean = sum(map(sum, scores)) / (n * k)
    between = k * sum((sum(row) / k - mean) ** 2 for row in scores)
    raters = n * sum((sum(column) / n - mean) ** 2 for column in zip(*scores, strict=True))
    error = sum((score - mean) ** 2 for row in scores for score in row) - between - raters
    msr, msc, mse = between / (n - 1), raters / (k - 1), max(error, 0.0) / ((n - 1) * (k - 1))
    spread = msr + (k - 1) * mse + k * (msc - mse) / n
    return (msr - mse) / spread if spread > 0 else None


def _pairs(a: Sequence[Rating], b: Sequence[Rating]) -> list[tuple[Hashable, Hashable]]:
    _same_length("a and b", (a, b))
    return [(x, y) for x, y in zip(a, b, strict=True) if x is not None and y is not None]


def _agreed(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    return sum(x == y for x, y in pairs) / len(pairs)


def _beyond(agreed: float, by_chance: float) -> float | None:
    return (agreed - by_chance) / (1 - by_chance) if by_chance < 1 else None


def _same_length(name: str, lists: Sequence[Sequence[object]]) -> None:
    if len({len(one) for one in lists}) > 1:
        raise ValueError(f"{name} must be of one length, not {', '.join(str(len(one)) for one in lists)}")


def _nominal(_used: Mapping[float, int]) -> Distance:
    return lambda c, k: float(c != k)


def _ordinal(used: Mapping[float, int]) -> Distance:
    """By how many ratings lie from one to the other, half of those on either end."""
    middle, below = {}, 0.0
    for rating in sorted(used):
        middle[rating] = below + used[rating] / 2
        below += used[rating]
    return lambda c, k: (middle[c] - middle[k]) ** 2


def _interval(_used: Mapping[float, int]) -> Distance:
    return lambda c, k: (c - k) ** 2


def _ratio(used: Mapping[float, int]) -> Distance:
    if any(rating < 0 for rating in used):
        raise ValueError(f"raters must not be below 0 on a ratio scale, as {min(used)!r} is")
    return lambda c, k: ((c - k) / (c + k)) ** 2 if c != k else 0.0


METRICS: Final[Mapping[str, Callable[[Mapping[float, int]], Distance]]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
    "ratio": _ratio,
}
