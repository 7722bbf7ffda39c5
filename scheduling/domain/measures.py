"""How a plan did: what absence takes from it, what it covers, how far a forecast or a search may be off."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Coverage(NamedTuple):
    """`coverage` = 1 - under / required, `efficiency` = 1 - (under + over) / required; None where nothing is required.

    Over never makes up for under: an agent too many at night answers no call at noon.
    """

    coverage: float | None
    efficiency: float | None
    under: float
    over: float


class ForecastError(NamedTuple):
    """Shares of the actual volume; None where there was none.

    `mape_skipped` counts the intervals without any actual volume, of which `mape` can say nothing. `noise_floor` is
    the `wape` that a perfect forecast still has when calls arrive by chance at the mean volume of these intervals.
    """

    wape: float | None
    mape: float | None
    mape_skipped: int
    bias: float | None
    noise_floor: float | None


def shrinkage(*parts: float) -> float:
    """Share of paid time that is lost when each part takes its share of what the others leave."""
    for part in parts:
        if not 0 <= part <= 1:
            raise ValueError(f"shrinkage must be a share from 0 to 1, not {part!r}")
    return 1 - math.prod(1 - part for part in parts)


def coverage(required: Sequence[float], scheduled: Sequence[float]) -> Coverage:
    """Compare agents interval by interval. ValueError for lists of different lengths and numbers below 0."""
    pairs = _pairs("required", required, "scheduled", scheduled)
    under = math.fsum(max(need - have, 0) for need, have in pairs)
    over = math.fsum(max(have - need, 0) for need, have in pairs)
    whole = math.fsum(required)
    if not whole:
        return Coverage(None, None, under, over)
    return Coverage(1 - under / whole, 1 - (under + over) / whole, under, over)


def forecast_error(forecast: Sequence[float], actual: Sequence[float]) -> ForecastError:
    """Compare volumes interval by interval. ValueError for lists of different lengths and numbers below 0."""
    pairs = _pairs("forecast", forecast, "actual", actual)
    shares = [abs(f - a) / a for f, a in pairs if a]
    volume = math.fsum(actual)
    if not volume:
        return ForecastError(None, None, len(pairs), None, None)
    return ForecastError(
        wape=math.fsum(abs(f - a) for f, a in pairs) / volume,
        mape=math.fsum(shares) / len(shares),
        mape_skipped=len(pairs) - len(shares),
        bias=math.fsum(f - a for f, a in pairs) / volume,
        noise_floor=math.sqrt(2 * len(pairs) / (math.pi * volume)),
    )


def chance_error(expected: Sequence[float]) -> float | None:
    """The `wape` that is left to a forecast which knows these mean volumes exactly, when each arrives by chance.

    Exact for Poisson counts of uneven means, where `noise_floor` takes all for their mean. None without any volume.
    """
    _counts("expected", expected)
    volume = math.fsum(expected)
    return math.fsum(map(_poisson_deviation, expected)) / volume if volume else None


def _poisson_deviation(mean: float) -> float:
    """E|X - mean| of a Poisson X: 2 mean^(n+1) e^-mean / n! with n the whole part of the mean."""
    if not mean:
        return 0.0
    whole = math.floor(mean)
    return 2 * math.exp((whole + 1) * math.log(mean) - mean - math.lgamma(whole + 1))


def gap_of(objective: float | None, bound: float | None) -> float | None:
    """How far a search may be from the best: (objective − bound) / objective, 0 when proven; None without either."""
    if objective is None or bound is None:
        return None
    return (objective - bound) / objective if objective else 0.0


def _pairs(one: str, left: Sequence[float], other: str, right: Sequence[float]) -> list[tuple[float, float]]:
    if len(left) != len(right):
        raise ValueError(f"{other} must be as long as {one}, {len(left)}, not {len(right)}")
    _counts(one, left)
    _counts(other, right)
    return list(zip(left, right, strict=True))


def _counts(name: str, values: Iterable[float]) -> None:
    for value in values:
        if not 0 <= value < math.inf:
            raise ValueError(f"{name} must be a number of at least 0, not {value!r}")
