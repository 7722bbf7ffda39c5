"""The rows both spreadsheets carry: every figure of the report, and every week of every series."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reports.presenting import Json, numbers, rounded

Cell = str | int | float | Decimal | None


@dataclass(frozen=True, slots=True)
class Row:
    """One figure in one week. Values are as shown; a share stays a fraction, `unit` says so with "%"."""

    kind: str  # "figure", or "series" for a week of a chart
    ref: str
    measure: str
    week_start: str
    value: Decimal | None
    unit: str
    digits: int
    numerator: int | float
    denominator: int | float
    n: int
    low: Decimal | None
    high: Decimal | None
    target: Decimal | None = None
    direction: str = ""
    result: str = ""
    change: Decimal | None = None
    verdict: str = ""


def rows(content: dict[str, Any]) -> Iterator[Row]:
    by_ref = {one["ref"]: one for one in content["figures"]}
    for one in content["figures"]:
        yield figure_row(one, content["period"]["start"])
    for series in content["series"]:
        one = by_ref[series["ref"]]
        for point in series["points"]:
            yield _row("series", one, point["start"], point)


def figure_row(one: Json, start: str) -> Row:
    target = one["target"] or {}
    more: dict[str, Any] = {
        "target": rounded(one, target.get("value")),
        "direction": target.get("direction", ""),
        "result": one["result"],
        "change": rounded(one, one["change"]["value"]),
        "verdict": one["change"]["verdict"],
    }
    return _row("figure", one, start, one, **more)


def _row(kind: str, one: Json, start: str, counts: Json, **more: Any) -> Row:
    value, low, high = numbers(one, counts)
    unit, digits = one["definition"]["unit"], one["definition"]["digits"]
    whole = (counts["num"], counts["den"], counts["n"])
    return Row(kind, one["ref"], one["name"], start, value, unit, digits, *whole, low, high, **more)
