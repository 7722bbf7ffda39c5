"""Whether agents did what the schedule said when it said so (adherence), or at least as long (conformance).

Segments are (start, end, activity), half-open, all in seconds or all aware datetimes, in any order. Segments of
one side that overlap, end before they start or mix the two kinds of time raise ValueError.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

Time = float | datetime
Segment = tuple[Time, Time, Hashable]
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Span:
    start: float
    end: float
    activity: Hashable

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A time in which neither side changes."""

    start: float
    end: float
    due: _Span | None
    done: _Span | None

    @property
    def seconds(self) -> float:
        return self.end - self.start

    def mismatches(self, count_outside: bool) -> bool:
        if self.due is None:
            return count_outside and self.done is not None
        return self.done is None or self.done.activity != self.due.activity


def adherence(
    scheduled: Sequence[Segment], actual: Sequence[Segment], *, tolerance: float = 0, count_outside: bool = False
) -> float | None:
    """Share of the scheduled time in which the actual activity is the scheduled one, never below 0.

    An unbroken mismatch of at most `tolerance` seconds is forgiven, a longer one counts whole. With `count_outside`
    work outside the schedule is a mismatch too and its time joins the denominator. None if either side is empty.
    """
    if tolerance < 0:
        raise ValueError(f"tolerance must be at least 0 seconds, not {tolerance!r}")
    due, done = _spans("scheduled", scheduled), _spans("actual", actual)
    if not due or not done:
        return None
    stretches = list(_stretches(due, done))
    whole = _total(due)
    if count_outside:
        whole += sum(one.seconds for one in stretches if one.due is None and one.done is not None)
    missed = sum(run for run in _runs(stretches, count_outside) if run > tolerance)
    return max(0.0, 1 - missed / whole)


def conformance(scheduled: Sequence[Segment], actual: Sequence[Segment]) -> float | None:
    """Actual time over scheduled time, whenever it was, so also above 1. None if either side is empty."""
    due, done = _spans("scheduled", scheduled), _spans("actual", actual)
    return _total(done) / _total(due) if due and done else None


def _total(spans: Iterable[_Span]) -> float:
    return sum(span.seconds for span in spans)


def _runs(stretches: Iterable[_Stretch], count_outside: bool) -> Iterator[float]:
    """How long each unbroken mismatch lasts."""
    run, until = 0.0, None
    for one in stretches:
        if not one.mismatches(count_outside):
            continue
        if until is not None and one.start > until:
            yield run
            run = 0.0
        run, until = run + one.seconds, one.end
    yield run


def _stretches(due: list[_Span], done: list[_Span]) -> Iterator[_Stretch]:
    edges = sorted({edge for span in (*due, *done) for edge in (span.start, span.end)})
    sides = _at(due, edges), _at(done, edges)
    for (start, end), planned, real in zip(pairwise(edges), *sides, strict=False):
        yield _Stretch(start, end, planned, real)


def _at(spans: list[_Span], edges: list[float]) -> Iterator[_Span | None]:
    """The span, if any, that each edge begins a stretch of."""
    left = iter(spans)
    span = next(left, None)
    for edge in edges:
        while span is not None and span.end <= edge:
            span = next(left, None)
        yield span if span is not None and span.start <= edge else None


def _spans(name: str, segments: Sequence[Segment]) -> list[_Span]:
    if len({isinstance(time, datetime) for start, end, _activity in segments for time in (start, end)}) > 1:
        raise ValueError(f"{name} must be in seconds or in datetimes, not both")
    spans = [_Span(_seconds(name, start), _seconds(name, end), activity) for start, end, activity in segments]
    for span in spans:
        if span.end < span.start:
            raise ValueError(f"{name} must not end before it starts: {span.activity!r}, {span.start} to {span.end}")
    spans = sorted((span for span in spans if span.seconds), key=lambda span: span.start)
    for one, following in pairwise(spans):
        if following.start < one.end:
            raise ValueError(f"{name} must not overlap: {one.activity!r} and {following.activity!r}")
    return spans


def _seconds(name: str, time: Time) -> float:
    if not isinstance(time, datetime):
        return time
    if time.tzinfo is None:
        raise ValueError(f"{name} must have a zone with each datetime, not {time!r}")
    return (time - EPOCH).total_seconds()
