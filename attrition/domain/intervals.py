"""Whether two groups leave at rates that differ by more than chance."""

from dataclasses import dataclass


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
    from scipy.stats import beta  # takes a second to load; only these figures need it

    tail = (1 - confidence) / 2
    scale = rest_exposure / exposure
    low = _odds(float(beta.ppf(tail, n, rest_n + 1))) if n else 0.0
    high = _odds(float(beta.ppf(1 - tail, n + 1, rest_n))) if rest_n else None
    value = n / rest_n * scale if rest_n else None
    return RateRatio(value, low * scale, None if high is None else high * scale)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else float("inf")
