"""Geometry of the small charts. Everything is a percentage in an SVG attribute, never a style.

Positions are strings, so no locale can put a comma into an attribute.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log, log10

from django.utils.functional import Promise

from bpo.ui.numbers import Number

Text = str | Promise


def at(part: float) -> str:
    """A share 0..1 as an SVG percentage, kept inside the drawing."""
    return f"{min(max(part, 0.0), 1.0) * 100:.2f}%"


@dataclass(frozen=True)
class BarRow:
    """One bar: a label, how many, and the share 0..1 written beside it (None leaves it out)."""

    label: Text
    count: Number
    share: float | None = None
    tone: str = ""  # "", accent, compare, good, warn, bad


@dataclass(frozen=True)
class DrawnBar:
    row: BarRow
    width: str


def draw_bars(rows: Iterable[BarRow], longest: float = 0.88) -> list[DrawnBar]:
    """Bars on one scale from zero; the largest takes `longest` of the track."""
    rows = list(rows)
    top = max((float(row.count) for row in rows), default=0.0)
    return [DrawnBar(row, at(float(row.count) / top * longest if top else 0)) for row in rows]


@dataclass(frozen=True)
class Step:
    """One step of a funnel and what was lost on the way to the next, by reason."""

    label: Text
    count: int
    losses: tuple[tuple[Text, int], ...] = ()

    @property
    def lost(self) -> int:
        return sum(count for _, count in self.losses)


@dataclass(frozen=True)
class DrawnStep:
    step: Step
    kept: str
    whole: str
    lost_width: str
    last: bool


def draw_funnel(steps: Sequence[Step]) -> list[DrawnStep]:
    """Bars of a funnel on the first step's scale.

    Raises ValueError naming the step whose losses don't lead to the next one's count.
    """
    for step, following in pairwise(steps):
        if step.count - step.lost != following.count:
            raise ValueError(
                f"{step.label}: {step.count} less {step.lost} is not {following.count} ({following.label})"
            )
    top = steps[0].count if steps else 0
    return [_drawn(step, top, last=index == len(steps) - 1) for index, step in enumerate(steps)]


def _drawn(step: Step, top: int, *, last: bool) -> DrawnStep:
    scale = 1 / top if top else 0
    kept = (step.count - step.lost) * scale
    return DrawnStep(step, at(kept), at(step.count * scale), at(step.lost * scale), last)


@dataclass(frozen=True)
class Axis:
    """A horizontal scale shared by rows of whiskers, in the measure's own unit; `ratio` makes it logarithmic."""

    low: float
    high: float
    ticks: tuple[float, ...] = ()
    labels: tuple[Text, ...] = ()
    reference: float | None = None
    reference_label: Text = ""
    ratio: bool = False

    def place(self, value: Number) -> str:
        return at(self.part(float(value)))

    def part(self, value: float) -> float:
        """Where `value` lies, 0 at the left. Raises ValueError for an axis without length."""
        if self.high <= self.low:
            raise ValueError(f"An axis from {self.low} to {self.high} has no length.")
        if self.ratio:
            return log(max(value, 1e-12) / self.low) / log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    @property
    def marks(self) -> list[tuple[str, Text]]:
        named = self.labels or tuple(f"{tick:g}" for tick in self.ticks)
        return [(self.place(tick), label) for tick, label in zip(self.ticks, named, strict=True)]

    @property
    def named_marks(self) -> list[tuple[str, Text]]:
        """The ticks whose labels don't run into the reference's."""
        if self.reference is None:
            return self.marks
        middle = self.part(self.reference)
        return [mark for mark, tick in zip(self.marks, self.ticks, strict=True) if abs(self.part(tick) - middle) > 0.11]

    @property
    def reference_at(self) -> str:
        return "" if self.reference is None else self.place(self.reference)


@dataclass(frozen=True)
class Point:
    """One period: its label, the value (None is a gap) and, where known, its interval."""

    label: Text
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Series:
    """A line with its band, drawn in a box 100 by 100 that is stretched to the space there is."""

    points: tuple[Point, ...]
    bottom: float
    top: float

    def x(self, index: int) -> float:
        return 100 * index / (len(self.points) - 1) if len(self.points) > 1 else 100

    def y(self, value: float) -> float:
        span = self.top - self.bottom
        return 100 * (1 - (value - self.bottom) / span) if span else 50

    @property
    def line(self) -> str:
        """Path data; a gap lifts the pen."""
        parts, pen = [], "M"
        for index, point in enumerate(self.points):
            if point.value is None:
                pen = "M"
                continue
            parts.append(f"{pen}{self.x(index):.2f} {self.y(point.value):.2f}")
            pen = "L"
        return " ".join(parts)

    @property
    def band(self) -> str:
        """Path data of the interval, one closed piece per unbroken run."""
        return " ".join(self._piece(run) for run in self._runs())

    def _runs(self) -> list[list[int]]:
        runs: list[list[int]] = [[]]
        for index, point in enumerate(self.points):
            if point.low is None or point.high is None:
                runs.append([])
            else:
                runs[-1].append(index)
        return [run for run in runs if len(run) > 1]

    def _piece(self, run: list[int]) -> str:
        upper = [f"{self.x(i):.2f} {self.y(self.points[i].high or 0):.2f}" for i in run]
        lower = [f"{self.x(i):.2f} {self.y(self.points[i].low or 0):.2f}" for i in reversed(run)]
        return "M" + " L".join(upper + lower) + "Z"

    @property
    def last(self) -> Point | None:
        return next((point for point in reversed(self.points) if point.value is not None), None)

    @property
    def last_at(self) -> tuple[str, str] | None:
        """Where the last value lies, as percentages."""
        for index in range(len(self.points) - 1, -1, -1):
            value = self.points[index].value
            if value is not None:
                return f"{self.x(index):.2f}%", f"{self.y(value):.2f}%"
        return None

    def height(self, value: float | None) -> str:
        return "" if value is None else f"{self.y(value):.2f}%"


def fit(points: Iterable[Point], *, target: float | None = None, base: float | None = None) -> Series:
    """A series whose box just holds values, intervals and target; `base` is held too (0 for rates)."""
    points = tuple(points)
    seen = [v for p in points for v in (p.value, p.low, p.high) if v is not None]
    seen += [v for v in (target, base) if v is not None]
    if not seen:
        return Series(points, 0, 1)
    low, high = min(seen), max(seen)
    return Series(points, *_round_limits(low, high))


def _round_limits(low: float, high: float) -> tuple[float, float]:
    """The closest limits two equal round steps apart, so that an axis has three round ticks."""
    exponent = floor(log10((high - low) / 2)) - 1 if high > low else 0
    for tenfold in range(3):
        for first in (1, 2, 2.5, 5):
            step = first * 10.0 ** (exponent + tenfold)
            bottom = floor(round(low / step, 9)) * step
            if (bottom + 2 * step >= high and high > low) or (step >= 1 and high == low):
                return bottom, bottom + 2 * step
    raise ValueError(f"No axis holds {low} to {high}.")


def decimals(length: float) -> int:
    """How many decimals the ticks of an axis of that length need."""
    return max(0, ceil(-log10(length / 2)) + (1 if str(length / 2).rstrip("0").endswith("25") else 0)) if length else 0
