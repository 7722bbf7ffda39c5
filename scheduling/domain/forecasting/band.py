"""From a volume expected to the volumes that lie within reason: the tenth and the ninetieth of a hundred."""

import numpy as np

from scheduling.domain.forecasting.history import Floats

LOW, HIGH = 0.1, 0.9


def band(expected: Floats, spread: float) -> tuple[Floats, Floats]:
    """p10 and p90 of counts that arrive by chance around a mean that itself is off by `spread`, as a share.

    Poisson counts of a mean that varies like a gamma are negative binomial; with no spread they are Poisson.
    """
    from scipy import stats  # takes a second to load; only making a forecast needs it

    mean = np.maximum(expected, 1e-12)
    if spread <= 0:
        law = stats.poisson(mean)
    else:
        size = 1 / spread**2
        law = stats.nbinom(size, size / (size + mean))
    return law.ppf(LOW), law.ppf(HIGH)
