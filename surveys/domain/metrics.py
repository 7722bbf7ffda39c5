"""Survey figures a client can trust: each with its n and an interval, and no scale silently changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite, sqrt
from statistics import NormalDist
from typing import Final

from bpo import ratio
from surveys.domain.quiet_hours import next_allowed

__all__ = ["Csat", "Nps", "bounds", "csat", "next_allowed", "nps", "post_stratify", "wilson"]

SCALE: Final = range(1, 6)
SATISFIED_FROM: Final = 4  # top-2-box


@dataclass(frozen=True, slots=True)
class Csat:
    """Satisfaction as top-2-box: `good` of `n` answers; `value` is their share, None without answers."""

    good: int
    n: int
    value: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Nps:
    """Net promoter score with its interval, all within -100..100; `score` is None without answers."""

    score: float | None
    low: float
    high: float
    n: int


def wilson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the score interval of a share (Wilson 1927) as fractions 0..1; (0, 1) for n = 0.

    Raises ValueError naming a bad value.
    """
    _check_count("n", n)
    _check_count("successes", successes)
    if successes > n:
        raise ValueError(f"successes {successes} is above n {n}")
    return ratio.wilson(successes, n, quantile(confidence))


def csat(counts: Mapping[int, int], confidence: float = 0.95) -> Csat:
    """Return top-2-box CSAT from how often each answer 1..5 was given. Raises ValueError naming a bad value."""
    for answer, count in counts.items():
        if answer not in SCALE:
            raise ValueError(f"counts: {answer!r} is not an answer from 1 to 5")
        _check_count(f"counts[{answer}]", count)
    good = sum(count for answer, count in counts.items() if answer >= SATISFIED_FROM)
    n = sum(counts.values())
    return Csat(good, n, good / n if n else None, *wilson(good, n, confidence))


def nps(promoters: int, passives: int, detractors: int, confidence: float = 0.95) -> Nps:
    """Return the net promoter score of answers 0..10: promoters 9-10, passives 7-8, detractors 0-6.

    The variance of one answer is P + D - (P - D)², P and D being shares. Without answers the interval is
    the whole scale. Raises ValueError naming a bad value.
    """
    for name, count in (("promoters", promoters), ("passives", passives), ("detractors", detractors)):
        _check_count(name, count)
    z, n = quantile(confidence), promoters + passives + detractors
    if n == 0:
        return Nps(None, -100.0, 100.0, 0)
    net = promoters - detractors
    variance = (n * (promoters + detractors) - net * net) / n**2  # whole numbers first: never below 0
    score, half = 100 * net / n, 100 * z * sqrt(variance / n)
    return Nps(score, max(-100.0, score - half), min(100.0, score + half), n)


def bounds(p: float, response_rate: float) -> tuple[float, float]:
    """Return the least and the greatest share among all who were asked, whatever the silent ones think.

    `p` is the share among those who answered. Raises ValueError for what is no fraction 0..1.
    """
    _check_fraction("p", p)
    _check_fraction("response_rate", response_rate)
    low = p * response_rate
    return low, min(1.0, low + (1 - response_rate))


def post_stratify(strata: Iterable[tuple[float, int, int]]) -> float:
    """Return the share with each stratum at its own weight, from (weight, good, n); weights need no fixed sum.

    Raises ValueError for a weighted stratum without answers, for no weight at all and for a bad value.
    """
    total = weighted = 0.0
    for weight, good, n in strata:
        _check_stratum(weight, good, n)
        if weight:
            total += weight
            weighted += weight * good / n
    if not total:
        raise ValueError("strata have no weight")
    return weighted / total


def quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0 and 1")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _check_count(name: str, count: int) -> None:
    if count < 0:
        raise ValueError(f"{name} {count} is below 0")
    if count != int(count):
        raise ValueError(f"{name} {count} is not a whole number")


def _check_fraction(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} {value} is not a fraction from 0 to 1")


def _check_stratum(weight: float, good: int, n: int) -> None:
    if not (isfinite(weight) and weight >= 0):
        raise ValueError(f"weight {weight} is not a number from 0 up")
    _check_count("n", n)
    _check_count("good", good)
    if good > n:
        raise ValueError(f"good {good} is above n {n}")
    if weight and not n:
        raise ValueError(f"n is 0 in a stratum of weight {weight}")
