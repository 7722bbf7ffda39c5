"""A week as a table: times of the day down, days across, each number a way to what it is made of."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bpo.ui.charts import Point, Series, fit
from scheduling.domain.weeks import Week, midnight


@dataclass(frozen=True, slots=True)
class Cell:
    """What one interval shows, and the row it opens."""

    text: str
    pk: Any
    shade: int  # 0..4, by size


@dataclass(frozen=True, slots=True)
class Row:
    """One time of the day; a cell holds two intervals where the clock shows a time twice, none where it skips it."""

    time: str
    cells: list[list[Cell]]


def grid(week: Week, rows: Iterable[tuple[datetime, float, Any]], write: Callable[[float], str]) -> list[Row]:
    """Rows of (instant, value, id) as a table; times at which every day is zero are left out."""
    found: dict[str, dict[date, list[tuple[float, Any]]]] = defaultdict(lambda: defaultdict(list))
    top = 0.0
    for at, value, pk in rows:
        local = week.local(at)
        found[f"{local:%H:%M}"][local.date()].append((value, pk))
        top = max(top, value)
    return [
        Row(time, [[Cell(write(value), pk, _shade(value, top)) for value, pk in days[day]] for day in week.dates])
        for time, days in sorted(found.items())
        if any(value for cells in days.values() for value, _ in cells)
    ]


def _shade(value: float, top: float) -> int:
    return min(4, int(5 * value / top)) if top and value else 0


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over a week on one scale, a tick for each local midnight, three for the values."""

    series: Series
    behind: Series | None
    days: list[tuple[str, date]]
    ticks: list[tuple[str, float]]


def chart(
    week: Week,
    values: list[float],
    behind: list[float] | None = None,
    band: Sequence[tuple[float | None, float | None]] = (),
) -> Chart:
    """`values` by interval with their band, drawn over `behind`, which is what they are compared with."""
    points = [Point("", value) for value in values]
    if band:
        points = [Point("", value, low=low, high=high) for value, (low, high) in zip(values, band, strict=True)]
    both = fit([*points, *(Point("", value) for value in behind or [])], base=0)
    series = Series(tuple(points), both.bottom, both.top)
    other = Series(tuple(Point("", value) for value in behind), both.bottom, both.top) if behind else None
    whole = (week.ends - week.begins).total_seconds()
    days = [(f"{6000 * week.minute(midnight(day, week.zone)) / whole:.2f}%", day) for day in week.dates]
    ticks = [(series.height(value), value) for value in (both.top, (both.top + both.bottom) / 2, both.bottom)]
    return Chart(series, other, days, ticks)


def stepped(values: list[float]) -> list[float]:
    """Each value twice, so that a line through them stands level over its interval."""
    return [value for value in values for _ in range(2)]
