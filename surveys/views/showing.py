"""Figures in the words and shapes of the screen."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from bpo.ui.charts import BarRow, Point, Step
from bpo.ui.numbers import Measure, number, percent
from surveys.domain.comparison import NEEDS, difference, hidden
from surveys.domain.metrics import SATISFIED_FROM
from surveys.figures import Change, Figures, Rating, Week
from surveys.models import Candidate
from surveys.selectors import Funnel
from surveys.views.comparing import table


def show(found: Figures) -> dict[str, Any]:
    """The context of the page."""
    return {
        "found": found,
        "empty": not found.funnel.resolutions and not found.source.den,
        "csat": changed(measure(found.survey), found.change),
        "csat_bars": score_bars(found.survey),
        "trust": trust(found),
        "steps": steps(found.funnel),
        "source": measure(found.source),
        "source_bars": score_bars(found.source),
        "source_mean": number(None if 0 < found.source.den < NEEDS else found.source.mean, 2),
        "trend": trend(found.weeks),
        "tables": [
            table(_("Survey answers"), found.survey_compared),
            table(_("Imported ratings"), found.source_compared),
        ],
    }


def measure(rating: Rating) -> Measure:
    return Measure(rating.value, rating.num, rating.den, rating.low, rating.high, needs=NEEDS)


def changed(shown: Measure, found: Change | None) -> Measure:
    """Against the period before: a claim only where chance doesn't explain the difference."""
    if found is None or found.before.value is None:
        return shown
    apart = found.difference
    if not apart.clear:
        words = _("No clear change from the period before")
    else:
        words = _("Higher than the period before") if apart.value > 0 else _("Lower than the period before")
    detail = _("(%(share)s, difference %(low)s to %(high)s)") % {
        "share": percent(found.before.value),
        "low": number(100 * apart.low, 1, sign=True),
        "high": number(100 * apart.high, 1, sign=True),
    }
    return replace(shown, change=words, change_detail=detail)


def trend(found: list[Week]) -> dict[str, Any] | None:
    """The weeks as points in per cent with their intervals; a week with too few answers is a gap, and so is one by
    which it could be worked out.
    """
    if len(found) < 2:
        return None
    out = hidden({str(week.start): week.rating.den for week in found})
    last = found[-1]
    return {
        "points": [_point(week, str(week.start) in out) for week in found],
        "title": _trend_title(found),
        "note": _("%(week)s: n = %(n)s") % {"week": _week_name(last), "n": number(last.rating.den)},
    }


def _point(week: Week, out: bool) -> Point:
    one = week.rating
    if one.value is None or out:
        return Point(_week_name(week), None)
    return Point(_week_name(week), 100 * one.value, 100 * one.low, 100 * one.high)


def _week_name(week: Week) -> str:
    return _("wk %(number)s") % {"number": week.start.isocalendar().week}


def _trend_title(found: list[Week]) -> str:
    """The first half of the weeks against the second."""
    early, late = found[: len(found) // 2], found[len(found) // 2 :]
    (good, n), (late_good, late_n) = (
        (sum(one.rating.num for one in part), sum(one.rating.den for one in part)) for part in (early, late)
    )
    count = {"count": number(len(found))}
    if not n or not late_n or not (apart := difference(late_good, late_n, good, n)).clear:
        return _("%(count)s weeks, no clear change") % count
    return (_("%(count)s weeks, rising") if apart.value > 0 else _("%(count)s weeks, falling")) % count


def score_bars(rating: Rating) -> list[BarRow]:
    """The distribution, best first; the two that count as satisfied in the accent. None of too few answers."""
    if 0 < rating.den < NEEDS:
        return []
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
    rates = {"rate": percent(found.response_rate.value), "coverage": percent(found.coverage.value)}
    if limits is None and found.survey.den:
        words = _(
            "%(rate)s of the surveys sent were answered, %(coverage)s of all resolutions. That is too few to show."
        )
        return words % rates
    if limits is None:
        return _("Nobody has answered yet, so there is nothing to trust or doubt.")
    words = _(
        "%(rate)s of the surveys sent were answered, %(coverage)s of all resolutions. If nobody silent were satisfied "
        "the share would be %(low)s, if all were, %(high)s."
    ) % (rates | {"low": percent(limits[0]), "high": percent(limits[1])})
    if found.weighted is None:
        return words
    return words + " " + _("Weighted to the real mix of reasons: %(share)s.") % {"share": percent(found.weighted)}


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
