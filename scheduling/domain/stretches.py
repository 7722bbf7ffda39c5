"""Rows and windows of any length on the steps of a week: external forecasts, and callbacks at promised times."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Given:
    """An interval of a forecast made elsewhere; `aht` in seconds is None where it wasn't given."""

    at: datetime
    minutes: int
    volume: float
    aht: float | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Work of `seconds` that was promised between two instants."""

    begins: datetime
    ends: datetime
    seconds: float


def volumes(rows: Iterable[Given], steps: Sequence[datetime], minutes: int) -> list[tuple[float, float | None, bool]]:
    """Volume, handling time and whether any row says so, for each step: longer rows are spread, shorter ones summed."""
    volume, seconds = [0.0] * len(steps), [0.0] * len(steps)
    timed, told = [0.0] * len(steps), [False] * len(steps)
    for row in rows:
        for place, share in _shares(row.at, row.at + timedelta(minutes=row.minutes), steps, minutes):
            volume[place] += row.volume * share
            told[place] = True
            if row.aht is not None:
                seconds[place] += row.volume * share * row.aht
                timed[place] += row.volume * share
    means = [spent / count if count else None for spent, count in zip(seconds, timed, strict=True)]
    return list(zip(volume, means, told, strict=True))


def promised(windows: Iterable[Window], steps: Sequence[datetime], minutes: int) -> list[float]:
    """Erlangs of promised work in each step: a window's work spread evenly over it, also past the week's edges."""
    load = [0.0] * len(steps)
    for window in windows:
        for place, share in _shares(window.begins, window.ends, steps, minutes):
            load[place] += window.seconds * share / (minutes * 60)
    return load


def whole_agents(load: Sequence[float], most: float = 1.0) -> list[int]:
    """Agents for work that can be done any time while it lasts, `most` of an agent's time going into it.

    Rounded up over each unbroken stretch of it, not in every step: by each step's end as many agent steps are there
    as the work so far takes, and a stretch has not one more than it needs.
    """
    found, sofar, given = [], 0.0, 0
    for one in load:
        if one <= 0:
            sofar, given = 0.0, 0
            found.append(0)
            continue
        sofar += one / most
        due = -int(-sofar * (1 - 1e-12) // 1)
        found.append(due - given)
        given = due
    return found


def _shares(begins: datetime, ends: datetime, steps: Sequence[datetime], minutes: int) -> Iterable[tuple[int, float]]:
    """Each step that a stretch touches, and how much of the stretch lies in it. Steps follow each other without gap."""
    if not steps or ends <= begins:
        return
    length, first = timedelta(minutes=minutes), steps[0]
    place = max((begins - first) // length, 0)
    while place < len(steps) and steps[place] < ends:
        overlap = min(ends, steps[place] + length) - max(begins, steps[place])
        if overlap > timedelta():
            yield place, overlap / (ends - begins)
        place += 1
