"""A recording as two rows of bars, and where in it somebody speaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

BARS = 300
WIDEST = 1.4
QUIET = 12  # of 255; below it nobody speaks


@dataclass(frozen=True, slots=True)
class Wave:
    """Paths in a box 300 wide and 100 high: the agent upwards from the middle, the customer down.

    Shares are 0..1 of the whole time; both may speak at once. `silences` are (from, to) in milliseconds.
    """

    agent: str
    customer: str
    agent_share: float
    customer_share: float
    silence_share: float
    longest_silence_ms: int
    silences: tuple[tuple[int, int], ...]
    stroke: float = 0.62  # width of a bar; few bars are wider, so that a short sound looks like one


def draw(peaks: dict[str, Any], *, least_ms: int = 2_000) -> Wave:
    """Draw peaks as stored with a recording; a silence shorter than `least_ms` is no silence."""
    per_second = float(peaks["per_second"])
    agent, customer = list(peaks["agent"]), list(peaks.get("customer") or ())
    length = max(len(agent), len(customer), 1)
    agent += [0] * (length - len(agent))
    customer += [0] * (length - len(customer))
    quiet = [max(pair) < QUIET for pair in zip(agent, customer, strict=True)]
    spans = [(_ms(a, per_second), _ms(b, per_second)) for a, b in _runs(quiet)]
    silences = tuple(span for span in spans if span[1] - span[0] >= least_ms)
    return Wave(
        agent=_path(agent, up=True),
        customer=_path(customer, up=False),
        agent_share=sum(value >= QUIET for value in agent) / length,
        customer_share=sum(value >= QUIET for value in customer) / length,
        silence_share=sum(quiet) / length,
        longest_silence_ms=max((b - a for a, b in spans), default=0),
        silences=silences,
        stroke=round(min(0.62 * BARS / min(BARS, length), WIDEST), 2),
    )


def ticks(duration_ms: int) -> list[int]:
    """Round seconds under the waveform: at most ten, at 10 s, 30 s, 1, 2, 5 … minutes."""
    seconds = duration_ms / 1000
    step = next((size for size in (10, 30, 60, 120, 300, 600, 1800) if seconds / size <= 10), 3600)
    return list(range(0, int(seconds) + 1, step))


def _path(values: Sequence[int], *, up: bool) -> str:
    """One path of vertical strokes, loudest value of each bar."""
    bars = min(BARS, len(values))
    parts = []
    for bar in range(bars):
        piece = values[bar * len(values) // bars : max((bar + 1) * len(values) // bars, bar * len(values) // bars + 1)]
        height = max(1.0, max(piece) / 255 * 46)
        x = (bar + 0.5) * BARS / bars
        parts.append(f"M{x:.1f} {49 if up else 51}v{-height if up else height:.1f}")
    return "".join(parts)


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Half-open stretches of true."""
    found, start = [], None
    for place, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = place
        elif not flag and start is not None:
            found.append((start, place))
            start = None
    return found


def _ms(place: int, per_second: float) -> int:
    return round(place / per_second * 1000)
