"""Figures in the words and shapes of the screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bpo.ui.charts import Axis, BarRow, Step
from bpo.ui.numbers import Measure, interval, number, percent, too_few
from surveys.domain.comparison import NEEDS
from surveys.domain.metrics import SATISFIED_FROM
from surveys.figures import Figures, Group, Rating
from surveys.models import Candidate
from surveys.selectors import Funnel


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


def show(found: Figures) -> dict[str, Any]:
    """The context of the page."""
    return {
        "found": found,
        "empty": not found.funnel.resolutions and not found.source.den,
        "csat": measure(found.survey),
        "csat_bars": score_bars(found.survey),
        "trust": trust(found),
        "steps": steps(found.funnel),
        "source": measure(found.source),
        "source_bars": score_bars(found.source),
        "source_mean": number(found.source.mean, 2),
        "tables": [
            table(_("Survey answers by reason"), found.survey, found.survey_groups),
            table(_("Imported ratings by reason"), found.source, found.source_groups),
        ],
    }


def measure(rating: Rating) -> Measure:
    return Measure(rating.value, rating.num, rating.den, rating.low, rating.high, needs=NEEDS)


def score_bars(rating: Rating) -> list[BarRow]:
    """The distribution, best first; the two that count as satisfied in the accent."""
    return [
        BarRow(
            str(score),
            rating.counts[score],
            rating.counts[score] / rating.den if rating.den else None,
            "accent" if score >= SATISFIED_FROM else "",
        )
        for score in sorted(rating.counts, reverse=True)
    ]


def trust(found: Figures) -> str:
    """How much silence there is, and what it could hide."""
    limits = found.worst_case
    if limits is None:
        return _("Nobody has answered yet, so there is nothing to trust or doubt.")
    return _(
        "%(rate)s of the surveys sent were answered, %(coverage)s of all resolutions. If nobody silent were satisfied "
        "the share would be %(low)s, if all were, %(high)s."
    ) % {
        "rate": percent(found.response_rate.value),
        "coverage": percent(found.coverage.value),
        "low": percent(limits[0]),
        "high": percent(limits[1]),
    }


def steps(funnel: Funnel) -> list[Step]:
    """Every resolution is in one line; the losses add up."""
    unsent = [
        (_("case reopened before sending"), "reopened_before"),
        (_("address refused"), "refused"),
        (_("uncertain, not sent twice"), "uncertain"),
        (_("waiting to be sent"), "waiting"),
        (_("not sent"), "not_sent"),
    ]
    silent = [
        (_("no answer yet"), "silent"),
        (_("closed without an answer"), "expired"),
        (_("case reopened"), "reopened_after"),
    ]
    skipped = [(str(reason.label), str(reason.value)) for reason in Candidate.Skip]
    return [
        Step(_("Resolutions"), funnel.resolutions, _losses(funnel, skipped)),
        Step(_("Eligible"), funnel.eligible, _losses(funnel, unsent)),
        Step(_("Sent"), funnel.sent, _losses(funnel, silent)),
        Step(_("Answered"), funnel.answered),
    ]


def _losses(funnel: Funnel, named: Iterable[tuple[str, str]]) -> tuple[tuple[str, int], ...]:
    return tuple((label, count) for label, outcome in named if (count := funnel.of(outcome)))


def table(title: str, whole: Rating, groups: list[Group]) -> dict[str, Any]:
    rows = [row(group) for group in groups]
    compared = sum(group.against_rest is not None for group in groups)
    differing = sum(one.differs for one in rows)
    return {
        "title": title,
        "finding": finding(differing, compared),
        "chance": number(compared * 0.05, 1),
        "compared": compared,
        "rows": rows,
        "axis": axis(whole, rows),
    }


def finding(differing: int, compared: int) -> str:
    if not compared:
        return _("Nothing to compare yet")
    if not differing:
        return _("No reason differs from the rest beyond chance")
    return ngettext(
        "%(n)s of %(of)s reasons differs from the rest", "%(n)s of %(of)s reasons differ from the rest", differing
    ) % {"n": number(differing), "of": number(compared)}


def row(group: Group) -> Row:
    rating, name = group.rating, group.name or _("No reason given")
    if group.why_hidden:
        return Row(name, None, _hidden_basis(group), 0, 0, False, "", _hidden_words(group))
    share = 100 * rating.num / rating.den
    basis = _("%(part)s of %(whole)s") % {"part": number(rating.num), "whole": number(rating.den)}
    limits = interval(100 * rating.low, 100 * rating.high)
    differs, direction, words = _compared(group)
    return Row(name, share, f"{basis}, {limits}", 100 * rating.low, 100 * rating.high, differs, direction, words)


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
