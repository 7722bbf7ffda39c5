"""How sure a count of leavers is, and whether two groups differ by more than chance."""

from dataclasses import dataclass

from scipy.stats import beta, chi2


def poisson_interval(n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Exact (Garwood) limits of the mean of a Poisson count of `n` leavers. ValueError for a negative count."""
    if n < 0:
        raise ValueError(f"n {n} is negative")
    tail = (1 - confidence) / 2
    low = float(chi2.ppf(tail, 2 * n)) / 2 if n else 0.0
    return low, float(chi2.ppf(1 - tail, 2 * n + 2)) / 2


@dataclass(frozen=True, slots=True)
class RateRatio:
    """One group's rate over the rest's. `value` and `high` are None where the rest has no leaver."""

    value: float | None
    low: float
    high: float | None

    @property
    def verdict(self) -> str:
        """ "higher" or "lower" where 1 lies outside the limits, else "same"."""
        if self.low > 1:
            return "higher"
        return "lower" if self.high is not None and self.high < 1 else "same"


def rate_ratio(n: int, exposure: float, rest_n: int, rest_exposure: float, confidence: float = 0.95) -> RateRatio:
    """Leavers per exposure against the rest's, with exact conditional limits (Clopper-Pearson on the share of n).

    Exposures are person-days or mean headcounts over the same days. ValueError unless both are above 0.
    """
    if exposure <= 0 or rest_exposure <= 0:
        raise ValueError(f"exposure {min(exposure, rest_exposure)} is not above 0")
    tail = (1 - confidence) / 2
    scale = rest_exposure / exposure
    low = _odds(float(beta.ppf(tail, n, rest_n + 1))) if n else 0.0
    high = _odds(float(beta.ppf(1 - tail, n + 1, rest_n))) if rest_n else None
    value = n / rest_n * scale if rest_n else None
    return RateRatio(value, low * scale, None if high is None else high * scale)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else float("inf")
