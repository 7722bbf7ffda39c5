"""Geometry of the board: where instants lie in a window, as SVG percentages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bpo.ui.charts import at
from scheduling.domain.shifts import Pause

STEP = timedelta(minutes=15)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time drawn from left to right."""

    start: datetime
    end: datetime

    def part(self, instant: datetime) -> float:
        return (instant - self.start) / (self.end - self.start)

    def place(self, start: datetime, end: datetime) -> tuple[str, str]:
        """Left edge and width, cut to the window."""
        left, right = (min(max(self.part(one), 0.0), 1.0) for one in (start, end))
        return at(left), at(right - left)

    def holds(self, start: datetime, end: datetime) -> bool:
        return start < self.end and end > self.start

    def hours(self, zones: Sequence[str]) -> list[tuple[str, list[str]]]:
        """A tick for each hour, or for every second or third of a long window, on the clocks of `zones`."""
        length = (self.end - self.start) / HOUR
        every = 1 if length <= 17 else 2 if length <= 28 else 3
        found = []
        instant = self.start
        while instant < self.end:
            found.append((at(self.part(instant)), [f"{instant.astimezone(ZoneInfo(zone)):%H:%M}" for zone in zones]))
            instant += every * HOUR
        return found


def around(midnight: datetime, following: datetime, stretches: Iterable[tuple[datetime, datetime]]) -> Window:
    """The day, less the empty hours at its edges, longer where a shift that starts in it runs past midnight."""
    within = [(start, end) for start, end in stretches if midnight <= start < following]
    if not within:
        return Window(midnight, following)
    first = min(start for start, _ in within)
    last = max(end for _, end in within)
    start = max(midnight, midnight + (first - midnight) // HOUR * HOUR - HOUR)
    end = midnight - (midnight - last) // HOUR * HOUR + HOUR
    return Window(start, max(end, start + 8 * HOUR))


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Required and scheduled over a window, and beneath it what is short and what is over, never netted."""

    required: str
    scheduled: str
    short: list[tuple[str, str, str]]  # left, width, height
    over: list[tuple[str, str, str, str]]  # left, width, top, height
    ticks: list[tuple[str, int]]


def ribbon(window: Window, begins: datetime, required: Sequence[int], scheduled: Sequence[int]) -> Ribbon:
    """Draw the steps of 15 minutes from `begins` on that lie in the window."""
    first = max((window.start - begins) // STEP, 0)
    last = min(-((begins - window.end) // STEP), len(required))
    steps = range(first, max(last, first))
    top = max([required[step] for step in steps] + [scheduled[step] for step in steps] + [1])
    top = -(-top // 2) * 2
    most = max([abs(required[step] - scheduled[step]) for step in steps] + [1])
    edges = [(window.part(begins + step * STEP), window.part(begins + (step + 1) * STEP)) for step in steps]
    short, over = [], []
    for step, (left, right) in zip(steps, edges, strict=True):
        gap = scheduled[step] - required[step]
        if gap < 0:
            short.append((at(left), at(right - left), at(0.5 * -gap / most)))
        elif gap > 0:
            over.append((at(left), at(right - left), at(0.5 - 0.5 * gap / most), at(0.5 * gap / most)))
    return Ribbon(
        _steps(edges, [required[step] for step in steps], top),
        _area(edges, [scheduled[step] for step in steps], top),
        short,
        over,
        [("0%", top), ("50%", top // 2), ("100%", 0)],
    )


def _steps(edges: Sequence[tuple[float, float]], values: Sequence[int], top: int) -> str:
    parts: list[str] = []
    for (left, right), value in zip(edges, values, strict=True):
        height = 100 * (1 - value / top)
        parts.append(f"{'L' if parts else 'M'}{100 * left:.2f} {height:.2f} L{100 * right:.2f} {height:.2f}")
    return " ".join(parts)


def _area(edges: Sequence[tuple[float, float]], values: Sequence[int], top: int) -> str:
    line = _steps(edges, values, top)
    if not line:
        return ""
    return f"M{100 * edges[0][0]:.2f} 100 L{line[1:]} L{100 * edges[-1][1]:.2f} 100Z"


def pauses(window: Window, start: datetime, breaks: Iterable[Pause]) -> list[tuple[str, str, str]]:
    """Where a shift's breaks are cut out, with their names."""
    found = []
    for one in breaks:
        begins = start + timedelta(minutes=one.after)
        ends = begins + timedelta(minutes=one.minutes)
        if window.holds(begins, ends):
            found.append((*window.place(begins, ends), one.name))
    return found
