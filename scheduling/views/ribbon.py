"""The ribbon of coverage: required and scheduled over a window, and what is short and over beneath it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bpo.ui.charts import at
from scheduling.views.drawing import Window

STEP = timedelta(minutes=15)


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
