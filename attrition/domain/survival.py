"""How long people stay: curves that don't mistake those still here for those who never leave."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, isfinite, log, sqrt
from statistics import NormalDist
from typing import Final, TypeVar

LEAST_AT_RISK: Final = 10  # below, a curve is not drawn on
Cause = TypeVar("Cause", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Point:
    """The curve right after the events of `time`; limits are None where the curve is 0 or 1."""

    time: float
    at_risk: int
    events: int
    survival: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Test:
    """A log-rank test: `p` is the chance of curves at least this far apart if the groups left alike."""

    statistic: float
    degrees: int
    p: float


def kaplan_meier(
    durations: Sequence[float],
    observed: Sequence[bool],
    *,
    entry: Sequence[float] | None = None,
    confidence: float = 0.95,
) -> list[Point]:
    """Return one point per distinct time at which somebody left, with Greenwood log-log limits.

    `durations` run from each person's start to leaving (`observed`) or to the last day they were seen; with
    `entry`, a person is at risk only after that time (entry < t <= duration). Any unit of time. Raises
    ValueError naming a bad value.
    """
    _check(durations, observed, entry)
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0 and 1")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    survival, greenwood = 1.0, 0.0
    points = []
    for time, at_risk, events in _table(durations, observed, entry):
        survival *= (at_risk - events) / at_risk
        if events < at_risk:
            greenwood += events / (at_risk * (at_risk - events))
        points.append(Point(time, at_risk, events, survival, *_limits(survival, greenwood, z)))
    return points


def cumulative_incidence(
    durations: Sequence[float], causes: Sequence[Cause | None], *, entry: Sequence[float] | None = None
) -> dict[Cause, list[tuple[float, float]]]:
    """Return for each cause the share gone for it by each of its times (Aalen and Johansen); None is still here.

    The causes and the Kaplan-Meier curve of all leavers add up to 1 at any time, which one curve per cause
    would not. Raises ValueError naming a bad value.
    """
    gone = [cause is not None for cause in causes]
    _check(durations, gone, entry)
    counts = Counter((duration, cause) for duration, cause in zip(durations, causes, strict=True))
    curves: dict[Cause, list[tuple[float, float]]] = {cause: [] for cause in causes if cause is not None}
    survival = 1.0
    for time, at_risk, events in _table(durations, gone, entry):
        for cause, curve in curves.items():
            if counts[time, cause]:
                before = curve[-1][1] if curve else 0.0
                curve.append((time, before + survival * counts[time, cause] / at_risk))
        survival *= (at_risk - events) / at_risk
    return curves


def log_rank(groups: Mapping[str, tuple[Sequence[float], Sequence[bool]]]) -> Test:
    """Compare the curves of at least two groups of (durations, observed).

    Raises ValueError for fewer groups and for a bad value.
    """
    if len(groups) < 2:
        raise ValueError(f"groups: {len(groups)} can't be compared")
    for durations, observed in groups.values():
        _check(durations, observed, None)
    import numpy as np
    from scipy.stats import chi2  # takes a second to load

    sizes = [sorted(durations) for durations, _ in groups.values()]
    events = [Counter(t for t, gone in zip(*group, strict=True) if gone) for group in groups.values()]
    surplus, spread = np.zeros(len(groups)), np.zeros((len(groups), len(groups)))
    for time in sorted(set().union(*events)):
        risk = np.array([len(size) - bisect_left(size, time) for size in sizes], dtype=float)
        left, total = np.array([found[time] for found in events], dtype=float), risk.sum()
        share = risk / total
        surplus += left - left.sum() * share
        if total > 1:
            factor = left.sum() * (total - left.sum()) / (total - 1)
            spread += factor * (np.diag(share) - np.outer(share, share))
    statistic = float(surplus @ np.linalg.pinv(spread) @ surplus)
    return Test(statistic, len(groups) - 1, float(chi2.sf(statistic, len(groups) - 1)))


def survival_at(points: Sequence[Point], time: float) -> float:
    """Return the share still there right after `time`: 1 before the first point."""
    index = bisect_left(points, True, key=lambda point: point.time > time)
    return points[index - 1].survival if index else 1.0


def median(points: Sequence[Point]) -> float | None:
    """Return the first time at which no more than half are left; None if the curve doesn't get there."""
    return next((point.time for point in points if point.survival <= 0.5 + 1e-12), None)


def drawable(points: Sequence[Point], least: int = LEAST_AT_RISK) -> list[Point]:
    """Return the points up to where fewer than `least` are at risk."""
    index = next((i for i, point in enumerate(points) if point.at_risk < least), len(points))
    return list(points[:index])


def _table(
    durations: Sequence[float], observed: Sequence[bool], entry: Sequence[float] | None
) -> list[tuple[float, int, int]]:
    """Return (time, at risk, events) for each time somebody left."""
    events = Counter(t for t, gone in zip(durations, observed, strict=True) if gone)
    ends, starts = sorted(durations), sorted(entry or ())
    late = len(starts)
    rows = []
    for time in sorted(events):
        not_yet = late - bisect_left(starts, time)
        rows.append((time, len(ends) - bisect_left(ends, time) - not_yet, events[time]))
    return rows


def _limits(survival: float, greenwood: float, z: float) -> tuple[float | None, float | None]:
    if not 0 < survival < 1:
        return None, None
    logged = log(survival)
    spread = z * sqrt(greenwood) / logged  # below 0
    return exp(logged * exp(-spread)), exp(logged * exp(spread))


def _check(durations: Sequence[float], observed: Sequence[object], entry: Sequence[float] | None) -> None:
    if len(observed) != len(durations):
        raise ValueError(f"observed has {len(observed)} values for {len(durations)} durations")
    if entry is not None and len(entry) != len(durations):
        raise ValueError(f"entry has {len(entry)} values for {len(durations)} durations")
    for duration in durations:
        if not (isfinite(duration) and duration >= 0):
            raise ValueError(f"durations: {duration} is not a number from 0 up")
    for start, duration in zip(entry or (), durations, strict=False):
        if not start < duration:
            raise ValueError(f"entry {start} is not before its duration {duration}")
