"""Rows of the console as a person reads them: figure, what it is made of, its weeks as a line, and what it means."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpo.service_levels import Counting
from bpo.ui.charts import Point
from bpo.ui.numbers import DASH, interval, number, percent, too_few
from console.domain.attention import NEEDS, Level
from console.domain.week import NOTHING, Figure, Week
from console.selectors import Row
from reports.measures.levels import EACH_QUEUE, USUAL, WORDS, words

FEWEST: Final = 10  # mean headcount under which attrition isn't shown: its people could be told apart


@dataclass(frozen=True, slots=True)
class Measure:
    """One column: its name, unit line, definition, and how to take it from a week."""

    code: str
    name: str | Promise
    under: str | Promise  # the smaller line of the column's head
    definition: str | Promise
    numerator: str | Promise
    denominator: str | Promise
    take: Callable[[Week], Figure]
    scale: float = 100
    reasons: tuple[str, ...] = ()  # codes that colour the cell
    counted: bool = False  # a full count: no interval, shown whatever its size


def told(measure: Measure, week: Week | None) -> Measure:
    """A measure in the words of this week: a service level is counted as was agreed on then."""
    if measure.code != "service" or week is None or not week.counted_by:
        return measure
    if week.counted_by == EACH_QUEUE:
        return replace(
            measure,
            definition=_("Answered in the time their queue promises, counted as agreed for each queue."),
            denominator=_("what each queue's agreement counts"),
        )
    found = words(Counting(week.counted_by, week.short))
    return replace(measure, definition=found.sentence, denominator=found.denominator)


def _counted(value: float) -> Figure:
    return Figure(value, value, 1, round(value))


MEASURES: Final = (
    Measure(
        "people", gettext_lazy("People"), gettext_lazy("last week"),
        gettext_lazy("Working time assigned to the client on the week's last day: two people at half time are one."),
        gettext_lazy("shares of the people assigned that day"), gettext_lazy("none: a count"),
        lambda week: _counted(week.people), scale=1, counted=True,
    ),
    Measure(
        "interactions", gettext_lazy("Interactions"), gettext_lazy("last week"),
        gettext_lazy("Calls, chats, mails and back-office items with a business date in the week."),
        gettext_lazy("interactions"), gettext_lazy("none: a count"),
        lambda week: _counted(week.interactions), scale=1, reasons=("day_missing",), counted=True,
    ),
    Measure(
        "service", gettext_lazy("SL %"), gettext_lazy("n, target"),
        WORDS[""].sentence,
        gettext_lazy("inbound interactions answered in time"),
        gettext_lazy("inbound interactions answered, and those abandoned after the time promised"),
        lambda week: week.service, reasons=("sl_under",),
    ),
    Measure(
        "quality", gettext_lazy("QA score"), gettext_lazy("n, 95 %"),
        gettext_lazy("Mean score of the week's interactions that were drawn at random and reviewed, 0 to 100."),
        gettext_lazy("points of the reviews"), gettext_lazy("reviews"),
        lambda week: week.quality, scale=1,
    ),
    Measure(
        "satisfaction", gettext_lazy("CSAT %"), gettext_lazy("n, 95 %"),
        gettext_lazy("Survey answers of 4 or 5 about the week's interactions, of all answers."),
        gettext_lazy("answers of 4 or 5"), gettext_lazy("answers"),
        lambda week: week.satisfaction, reasons=("csat_fell",),
    ),
    Measure(
        "attrition", gettext_lazy("Attrition %"), gettext_lazy("4 weeks: left, 95 %"),
        gettext_lazy(
            "Leavers of the 28 days to the week's end, by last day worked, over the mean of the daily headcounts. "
            "A move to another client is not leaving. The interval is exact Poisson."
        ),
        gettext_lazy("leavers, by the share of their time here"), gettext_lazy("mean headcount of the 28 days"),
        lambda week: week.attrition, reasons=("attrition_above",),
    ),
)  # fmt: skip
BY_CODE: Final = {measure.code: measure for measure in MEASURES}


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a row. `points` is empty where too few stand behind it; `tone` is "", warn or bad."""

    measure: Measure
    figure: str
    sub: str
    points: tuple[Point, ...] = ()
    target: float | None = None
    tone: str = ""
    sentence: str = ""
    few: bool = False


def cells(row: Row) -> list[Cell]:
    return [cell(row, measure) for measure in MEASURES]


def cell(row: Row, measure: Measure) -> Cell:
    """One measure of the week shown, its line of up to eight weeks, and the change from the week before."""
    week = row.week
    found = measure.take(week) if week else NOTHING
    few = not measure.counted and is_few(measure, found)
    if week is None or few:
        return Cell(measure, DASH, "" if week is None else why_few(measure, found), few=True)
    target = week.target * 100 if measure.code == "service" and week.target is not None else None
    return Cell(
        measure, figure_of(measure, found), _sub(measure, found, row), points(measure, row.weeks), target,
        _tone(row, measure), sentence(measure, row),
    )  # fmt: skip


def is_few(measure: Measure, found: Figure) -> bool:
    if found.value is None:
        return True
    return found.den < FEWEST if measure.code == "attrition" else found.n < NEEDS


def why_few(measure: Measure, found: Figure) -> str:
    if measure.code == "attrition":
        return _("n = %(mean)s, needs %(least)s") % {"mean": number(found.den, 1), "least": FEWEST}
    return too_few(found.n, NEEDS)


def figure_of(measure: Measure, found: Figure) -> str:
    """The value in the column's unit: a whole count, or one decimal."""
    if found.value is None:
        return DASH
    whole = measure.counted and float(found.value).is_integer()
    return number(found.value * measure.scale, 0 if whole else 1)


def limits(measure: Measure, found: Figure, digits: int = 0) -> str:
    if found.low is None or found.high is None:
        return ""
    return interval(found.low * measure.scale, found.high * measure.scale, digits)


def points(measure: Measure, weeks: Sequence[Week]) -> tuple[Point, ...]:
    """The line: a week with too few behind it is a gap."""
    made = []
    for week in weeks:
        found = measure.take(week)
        if found.value is None or (not measure.counted and is_few(measure, found)):
            made.append(Point(week.start.isoformat(), None))
            continue
        low, high = (None if one is None else one * measure.scale for one in (found.low, found.high))
        made.append(Point(week.start.isoformat(), found.value * measure.scale, low, high))
    return tuple(made)


def change(measure: Measure, row: Row) -> str:
    """Against the week before: a number for people, per cent for interactions, points for the rest; "" without one."""
    if row.week is None or row.before is None:
        return ""
    now, before = measure.take(row.week), measure.take(row.before)
    if now.value is None or before.value is None or (not measure.counted and is_few(measure, before)):
        return ""
    if measure.code == "interactions":
        return percent(now.value / before.value - 1, 1, sign=True) if before.value else _("new")
    difference = (now.value - before.value) * measure.scale
    whole = measure.counted and float(difference).is_integer()
    return number(difference, 0 if whole else 1, sign=True)


def _sub(measure: Measure, found: Figure, row: Row) -> str:
    if measure.counted:
        return change(measure, row) or _("new")
    if measure.code == "service" and row.week and row.week.target is not None:
        return _("%(n)s, target %(target)s") % {"n": number(found.n), "target": number(100 * row.week.target)}
    digits = 1 if measure.code == "attrition" else 0
    return ", ".join(part for part in (number(found.n), limits(measure, found, digits)) if part)


def _tone(row: Row, measure: Measure) -> str:
    levels = [reason.level for reason in row.reasons if reason.code in measure.reasons]
    return {Level.NOW: "bad", Level.SOON: "warn"}.get(min(levels), "") if levels else ""


def sentence(measure: Measure, row: Row) -> str:
    """What the line says, for who doesn't see it."""
    week = row.week
    if week is None:
        return ""
    values = {"name": measure.name, "value": figure_of(measure, measure.take(week)), "change": change(measure, row)}
    if not values["change"]:
        return _("%(name)s %(value)s, no earlier week to compare with") % values
    return _("%(name)s %(value)s, %(change)s from the week before") % values


CSV_HEAD: Final = (
    "client", "key", "zone", "week_start", "level", "reason", "detail",
    *(f"{m.code}{part}" for m in MEASURES for part in ("", "_num", "_den", "_n", "_low", "_high")), "service_target",
    "service_definition", "service_short_seconds",
)  # fmt: skip


def csv_line(row: Row, said: tuple[str, str]) -> list[Any]:
    """One row with every figure unrounded, in the unit of its definition; empty where too few stand behind it."""
    week = row.week
    line: list[Any] = [row.client.name, row.client.key, row.client.zone, week.start if week else ""]
    line += [row.reasons[0].level.name.lower(), *said]
    for measure in MEASURES:
        found = measure.take(week) if week else NOTHING
        hidden = week is None or (not measure.counted and is_few(measure, found))
        parts = (None, None, None, found.n, None, None)
        line += parts if hidden else (found.value, found.num, found.den, found.n, found.low, found.high)
    return [*line, week.target if week else None, *((week.counted_by or USUAL, week.short) if week else (None, None))]
