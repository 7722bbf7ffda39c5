"""Arguments as arrays, or a ValueError that names the argument, its bound and the value."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def number(
    name: str,
    value: ArrayLike,
    *,
    least: float | None = None,
    above: float | None = None,
    most: float | None = None,
    below: float | None = None,
    finite: bool = True,
) -> NDArray[np.float64]:
    """Floats within the bounds given; `finite` False lets infinity in, never NaN."""
    try:
        given = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be a number, not {value!r}") from error
    _refuse(name, given, ~np.isfinite(given) if finite else np.isnan(given), "a finite number")
    for bound, wrong, words in (
        (least, np.less, "at least"),
        (above, np.less_equal, "above"),
        (most, np.greater, "at most"),
        (below, np.greater_equal, "below"),
    ):
        if bound is not None:
            _refuse(name, given, wrong(given, bound), f"{words} {bound:g}")
    return given


def whole(name: str, value: ArrayLike, *, least: int = 0) -> NDArray[np.int64]:
    """Whole numbers of at least `least`."""
    given = number(name, value, least=least)
    _refuse(name, given, given != np.floor(given), "a whole number")
    return given.astype(np.int64)


def one_of(name: str, value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")


def _refuse(name: str, given: NDArray[np.float64], wrong: NDArray[Any], rule: str) -> None:
    if wrong.any():
        raise ValueError(f"{name} must be {rule}, not {given[wrong].flat[0]:g}")
