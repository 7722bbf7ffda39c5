"""Geometry of an agent's day: where instants lie in a window, as SVG percentages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bpo.ui.charts import at
from scheduling.domain.shifts import Pause


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


def pauses(window: Window, start: datetime, breaks: Iterable[Pause]) -> list[tuple[str, str, str]]:
    """Where a shift's breaks are cut out, with their names."""
    found = []
    for one in breaks:
        begins = start + timedelta(minutes=one.after)
        ends = begins + timedelta(minutes=one.minutes)
        if window.holds(begins, ends):
            found.append((*window.place(begins, ends), one.name))
    return found
