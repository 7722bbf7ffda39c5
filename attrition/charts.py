"""Geometry of the waterfall and of the survival curve: percentages and a 100 by 100 box, never a style."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor
from typing import Final

from attrition.domain.book import Curve
from attrition.domain.survival import LEAST_AT_RISK, Point
from bpo.ui.charts import Text, at
from bpo.ui.numbers import number

TICKS: Final = (0, 30, 90, 180, 270, 365)
TABLE_DAYS: Final = (30, 90, 180, 365)
LONGEST: Final = 365


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the waterfall, its place and its figure; `joint` is the height of the line to the next bar."""

    label: Text
    value: Decimal
    text: str
    tone: str
    x: str
    middle: str
    width: str
    y: str
    height: str
    joint: str
    joint_to: str


def waterfall(steps: Sequence[tuple[Text, Decimal, str]], digits: int) -> list[Bar]:
    """Bars from (label, signed change, tone); the first and the last step are whole counts, not changes."""
    tops, level = [], Decimal(0)
    for place, (_, value, _tone) in enumerate(steps):
        whole = place in (0, len(steps) - 1)
        start = Decimal(0) if whole else level
        level = value if whole else level + value
        tops.append((start, level))
    top = float(max((max(pair) for pair in tops), default=Decimal(1))) * 1.12 or 1.0
    return [_bar(place, len(steps), step, tops[place], top, digits) for place, step in enumerate(steps)]


def _bar(
    place: int, count: int, step: tuple[Text, Decimal, str], span: tuple[Decimal, Decimal], top: float, digits: int
) -> Bar:
    label, value, tone = step
    whole = place in (0, count - 1)
    low, high = float(min(span)) / top, float(max(span)) / top
    slot, wide = 1 / count, 0.76 / count
    left = place * slot + (slot - wide) / 2
    return Bar(
        label=label,
        value=value,
        text=number(value, digits, sign=not whole),
        tone=tone,
        x=at(left),
        middle=at(left + wide / 2),
        width=at(wide),
        y=at(1 - high),
        height=at(max(high - low, 0.004)),
        joint=at(1 - float(span[1]) / top),
        joint_to=at(left + slot),
    )


@dataclass(frozen=True, slots=True)
class DrawnCurve:
    """A survival curve as steps in a box of 100 by 100, from `bottom` to 1, over days 0 to `days`."""

    line: str
    band: str
    end: Point | None
    end_at: str
    end_x: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The curve, the one it is compared with, their axes and who is at risk below them."""

    curve: DrawnCurve
    other: DrawnCurve | None
    days: int
    bottom: float
    y_ticks: list[tuple[str, str]]
    x_ticks: list[tuple[str, int, int]]


def survival(curve: Curve, other: Curve | None) -> Drawing | None:
    """Draw a curve to its last day with ten at risk, a year at most; None where nothing can be drawn."""
    days = min(LONGEST, curve.longest(LEAST_AT_RISK))
    if days < 1:
        return None
    seen = [value for c in (curve, other) if c for p in c.points if p.time <= days for value in (p.low, p.survival)]
    bottom = floor(min([0.9, *(value for value in seen if value is not None)]) * 10) / 10
    ticks = [bottom + step / 10 for step in range(round((1 - bottom) * 10) + 1)]
    if len(ticks) > 6:
        ticks = ticks[::2]
    return Drawing(
        curve=_steps(curve, days, bottom),
        other=_steps(other, min(days, other.longest(LEAST_AT_RISK)), bottom, over=days) if other else None,
        days=days,
        bottom=bottom,
        y_ticks=[(at((1 - tick) / (1 - bottom)), number(tick * 100)) for tick in ticks],
        x_ticks=[(at(day / days), day, curve.at_risk(day)) for day in _days(days)],
    )


def _days(days: int) -> list[int]:
    """Ticks that don't run into the last one."""
    return [day for day in TICKS if day <= days * 0.9] + [days]


def _steps(curve: Curve, days: int, bottom: float, *, over: int = 0) -> DrawnCurve:
    points = [point for point in curve.points if point.time <= days]
    scale = 100 / (over or days)

    def xy(day: float, share: float) -> str:
        return f"{day * scale:.2f} {100 * (1 - share) / (1 - bottom):.2f}"

    start = min(curve.entries, default=0)  # nobody is watched before: no line is drawn there
    line, upper, lower = ["M" + xy(start, 1)], [xy(start, 1)], [xy(start, 1)]
    before: tuple[float, float, float] = (1.0, 1.0, 1.0)
    for point in points:
        now = (point.survival, point.high or point.survival, point.low or point.survival)
        for path, was, new in zip((line, upper, lower), before, now, strict=True):
            path += [xy(point.time, was), xy(point.time, new)]
        before = now
    for path, was in zip((line, upper, lower), before, strict=True):
        path.append(xy(days, was))
    end = points[-1] if points else None
    return DrawnCurve(
        line=" L".join(line),
        band="M" + " L".join([*upper, *reversed(lower)]) + "Z",
        end=end,
        end_at=at((1 - before[0]) / (1 - bottom)),
        end_x=f"{days * scale:.2f}%",
    )
