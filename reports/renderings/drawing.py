"""A chart as an SVG that stands by itself, for paper: the geometry is that of the screen's charts."""

from typing import Any, Final
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from bpo.ui.charts import Point, Series, decimals, fit
from bpo.ui.numbers import number
from reports.presenting import Json, numbers, point, scaled, value_text

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 260, 104, 30, 66, 6, 18
FONT: Final = "Inter"
INK, GREY, LINE, BLUE, BAND = "#14181D", "#5D6670", "#DFE3E8", "#2B49C7", "#CFD8F7"


def points_of(series: Json, one: Json) -> list[Point]:
    """The weeks of a series as a chart draws them: shares in per cent, gaps where there are too few."""
    found = []
    for counts in series["points"]:
        shown = [None if value is None else float(scaled(one, value)) for value in numbers(one, counts)]
        found.append(Point(_("wk %(n)s") % {"n": counts["week"]}, *shown))
    return found


def target_of(one: Json) -> float | None:
    """The figure's target as a chart draws it."""
    if one["target"] is None:
        return None
    factor = 100 if one["definition"]["unit"] == "%" else 1
    return float(one["target"]["value"]) * factor


def target_label(one: Json) -> str:
    """ "target 80.0 %", or "limit 5.0 %" where less is better."""
    value = {"value": value_text(one, one["target"]["value"])}
    if one["target"]["direction"] == "at_most":
        return _("limit %(value)s") % value
    return _("target %(value)s") % value


def svg(series: Json, one: Json) -> str:
    """The drawing of one series, 260 by 104."""
    target = target_of(one)
    drawn = fit(points_of(series, one), target=target)
    box = _Box(drawn)
    middle = (drawn.top + drawn.bottom) / 2
    digits = decimals(drawn.top - drawn.bottom)
    parts = [box.tick(value, number(value, digits)) for value in (drawn.top, middle, drawn.bottom)]
    parts += [box.shape(drawn.band, f'fill="{BAND}"')] if drawn.band else []
    parts.append(box.shape(drawn.line, f'fill="none" stroke="{BLUE}" stroke-width="1.4"'))
    if target is not None:
        parts.append(box.target(target, target_label(one), drawn))
    parts += [box.last(series, one), *box.feet()]
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'


class _Box:
    """The inner rectangle of a chart, and what is drawn in it."""

    def __init__(self, series: Series) -> None:
        self.series = series
        self.width, self.height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - FOOT

    def x(self, index: int) -> float:
        return LEFT + self.series.x(index) / 100 * self.width

    def y(self, value: float) -> float:
        return TOP + self.series.y(value) / 100 * self.height

    def shape(self, path: str, paint: str) -> str:
        """A path of the series' own box of 100 by 100, laid into this one."""
        points = [
            piece.split() for piece in path.replace("L", " L ").replace("M", " M ").replace("Z", " Z ").split("  ")
        ]
        words = [word for piece in points for word in piece]
        return f'<path d="{" ".join(self._placed(words))}" {paint}/>'

    def _placed(self, words: list[str]) -> list[str]:
        out, across = [], True
        for word in words:
            if word in "MLZ":
                out.append(word)
                continue
            share = float(word) / 100
            out.append(f"{LEFT + share * self.width:.2f}" if across else f"{TOP + share * self.height:.2f}")
            across = not across
        return out

    def tick(self, value: float, name: str) -> str:
        y = self.y(value)
        line = f'<path d="M{LEFT} {y:.2f}H{LEFT + self.width}" stroke="{LINE}" stroke-width=".6"/>'
        return line + _text(LEFT - 5, y + 3, name, GREY, "end")

    def target(self, value: float, words: str, drawn: Series) -> str:
        y = self.y(value)
        last = drawn.last
        near = last is not None and last.value is not None and abs(self.y(last.value) - y) < 11
        shift = 0 if not near or last is None or last.value is None else (8 if last.value >= value else -8)
        line = (
            f'<path d="M{LEFT} {y:.2f}H{LEFT + self.width}" stroke="{GREY}" stroke-width=".8" stroke-dasharray="3 2"/>'
        )
        return line + _text(LEFT + self.width + 5, y + 3 + shift, words, GREY)

    def last(self, series: Json, one: Json) -> str:
        """A dot and the value at the last week that has one."""
        for index in range(len(self.series.points) - 1, -1, -1):
            value = self.series.points[index].value
            if value is not None:
                x, y = self.x(index), self.y(value)
                words = point(one, series["points"][index]).value
                dot = f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2.4" fill="{BLUE}"/>'
                return dot + _text(LEFT + self.width + 5, y + 3, words, BLUE, weight="bold")
        return ""

    def feet(self) -> list[str]:
        names = [str(one.label) for one in self.series.points]
        if not names:
            return []
        first = _text(LEFT, HEIGHT - 5, names[0], GREY)
        return [first, _text(LEFT + self.width, HEIGHT - 5, names[-1], GREY, "end")] if len(names) > 1 else [first]


def _text(x: float, y: float, words: str, fill: str, anchor: str = "start", weight: str = "normal") -> str:
    how: dict[str, Any] = {"x": f"{x:.2f}", "y": f"{y:.2f}", "fill": fill, "text-anchor": anchor}
    how |= {"font-family": FONT, "font-size": 9, "font-weight": weight}
    attributes = " ".join(f'{name}="{value}"' for name, value in how.items())
    return f"<text {attributes}>{escape(words)}</text>"
