"""Groups beside each other in the words and shapes of the screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpo.ui.charts import Axis
from bpo.ui.numbers import interval, number, too_few
from surveys.domain.comparison import NEEDS
from surveys.figures import Agents, Compared, Dimension, Group, Rating

Words = str | Promise
DIMENSIONS: Final[dict[str, Words]] = {
    "reason": gettext_lazy("Reason"),
    "queue": gettext_lazy("Queue"),
    "team": gettext_lazy("Team"),
    "tenure": gettext_lazy("Tenure of the agent"),
    "shift": gettext_lazy("Shift"),
}
TENURE: Final[dict[str, Words]] = {
    "early": gettext_lazy("First 90 days"),
    "first_year": gettext_lazy("91 days to 1 year"),
    "later": gettext_lazy("Over 1 year"),
}
NAMED: Final = 3  # groups that a heading names one by one


@dataclass(frozen=True)
class Row:
    """One group's line: whiskers in per cent, None where hidden."""

    name: str
    value: float | None
    basis: str
    low: float
    high: float
    differs: bool
    direction: str
    words: str
    own: bool  # whether the name is the client's own


@dataclass(frozen=True)
class Section:
    """The rows of one dimension under its heading."""

    title: Words
    rows: list[Row]


def table(title: str, found: Compared) -> dict[str, Any]:
    """One card: a finding, the number of comparisons behind it, and the rows on one scale."""
    sections = [section(one) for one in found.dimensions] if found.rating.den else []
    rows = [row for one in sections for row in one.rows]
    compared = sum(group.against_rest is not None for one in found.dimensions for group in one.groups)
    return {
        "title": title,
        "finding": finding(rows, compared),
        "chance": number(compared * 0.05, 1),
        "compared": number(compared),
        "sections": sections,
        "agents": agents(found.agents),
        "axis": axis(found.rating, rows),
    }


def section(found: Dimension) -> Section:
    """Rows from high to low; tenure in its own order; what is hidden comes last."""
    rows = [(group, row(found.key, group)) for group in found.groups]
    if found.key == "tenure":
        places = list(TENURE)
        rows.sort(key=lambda pair: places.index(pair[0].name) if pair[0].name in places else len(places))
    else:
        rows.sort(key=lambda pair: (pair[1].value is None, pair[0].name is None, -(pair[1].value or 0)))
    return Section(DIMENSIONS[found.key], [shown for _group, shown in rows])


def group_name(key: str, name: str | None) -> str:
    """The group in words; the client's own names stay as they are."""
    if name is None:
        return _("Not given")
    return str(TENURE.get(name, name)) if key == "tenure" else name


def finding(rows: Iterable[Row], compared: int) -> str:
    """The table's sentence: who differs, by name where they are few."""
    if not compared:
        return _("Nothing to compare yet")
    differing = [row for row in rows if row.differs]
    if not differing:
        return _("No group differs from the rest beyond chance")
    if len(differing) > NAMED:
        return _("%(n)s of %(of)s groups differ from the rest") % {
            "n": number(len(differing)),
            "of": number(compared),
        }
    lower = ", ".join(row.name for row in differing if row.direction == "down")
    higher = ", ".join(row.name for row in differing if row.direction == "up")
    if lower and higher:
        return _("Lower: %(lower)s. Higher: %(higher)s. The rest is within chance") % {"lower": lower, "higher": higher}
    if lower:
        return _("Lower: %(lower)s. The rest is within chance") % {"lower": lower}
    return _("Higher: %(higher)s. The rest is within chance") % {"higher": higher}


def agents(found: Agents) -> str:
    """How little an answer or two says about one person."""
    if not found.count:
        return ""
    return _("Agents: %(differing)s of %(count)s distinguishable, median n = %(median)s") % {
        "differing": number(found.differing),
        "count": number(found.count),
        "median": number(found.median, 0 if found.median == int(found.median) else 1),
    }


def row(key: str, group: Group) -> Row:
    rating, name = group.rating, group_name(key, group.name)
    own = group.name is not None and not (key == "tenure" and group.name in TENURE)
    if group.why_hidden:
        return Row(name, None, _hidden_basis(group), 0, 0, False, "", _hidden_words(group), own)
    share = 100 * rating.num / rating.den
    basis = _("%(part)s of %(whole)s") % {"part": number(rating.num), "whole": number(rating.den)}
    limits = interval(100 * rating.low, 100 * rating.high)
    differs, direction, words = _compared(group)
    return Row(name, share, f"{basis}, {limits}", 100 * rating.low, 100 * rating.high, differs, direction, words, own)


def _hidden_basis(group: Group) -> str:
    if group.why_hidden == "too_few":
        return too_few(group.rating.den, NEEDS)
    return _("n = %(n)s, hidden") % {"n": number(group.rating.den)}


def _hidden_words(group: Group) -> str:
    if group.why_hidden == "too_few":
        return _("too few to show")
    return _("hidden too, or the other hidden row could be worked out by subtraction")


def _compared(group: Group) -> tuple[bool, str, str]:
    found = group.against_rest
    if found is None:
        return False, "", _("there is no rest to compare with")
    if not found.clear:
        return False, "", _("= not distinguishable from the rest")
    near, far = sorted((abs(found.low), abs(found.high)))
    numbers = {"points": number(100 * abs(found.value), 1), "limits": interval(100 * near, 100 * far)}
    if found.value > 0:
        return True, "up", _("higher than the rest by %(points)s points, %(limits)s") % numbers
    return True, "down", _("lower than the rest by %(points)s points, %(limits)s") % numbers


def axis(whole: Rating, rows: list[Row]) -> Axis:
    """From the round ten under the lowest limit to the one over the highest."""
    shown = [one for one in rows if one.value is not None]
    low = 10 * floor(min((one.low for one in shown), default=0) / 10)
    high = 10 * ceil(max((one.high for one in shown), default=100) / 10)
    high = max(high, low + 10)
    step = 10 if high - low <= 50 else 20
    share = None if whole.value is None else 100 * whole.value
    label = "" if share is None else _("all %(share)s") % {"share": number(share, 1)}
    return Axis(low, high, ticks=tuple(range(low, high + 1, step)), reference=share, reference_label=label)
