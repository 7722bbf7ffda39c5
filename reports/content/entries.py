"""One figure as the report freezes it: plain JSON that needs no code of today to be read years later."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bpo.ui.numbers import percent, span
from reports.content.gather import Line
from reports.domain.judging import Change, judge, mean_change, share_change
from reports.measures import Definition, Figure
from reports.measures.registry import EXCLUSIONS, INTERVALS
from reports.models import Target

Json = dict[str, Any]


def entry(line: Line) -> Json:
    """A line of the report with the definition it was made by."""
    queue = line.queue
    return {
        "ref": line.ref,
        "code": line.definition.code,
        "queue": None if queue is None else {"key": queue.key, "name": queue.name},
        "name": _name(line),
        "definition": definition(line.definition),
        **counted(line.figure),
        "excluded": [
            {"key": key, "words": str(EXCLUSIONS[key]), "count": n} for key, n in line.figure.excluded.items() if n
        ],
        "target": None if line.target is None else _target(line.target),
        "result": _result(line),
        "before": counted(line.before),
        "change": _change(line),
    }


def counted(figure: Figure) -> Json:
    return {
        "value": figure.value,
        "num": _plain(figure.num),
        "den": _plain(figure.den),
        "n": figure.n,
        "low": figure.low,
        "high": figure.high,
    }


def definition(one: Definition) -> Json:
    return {
        "version": one.version,
        "name": str(one.name),
        "formula": str(one.formula),
        "numerator": str(one.numerator),
        "denominator": str(one.denominator),
        "exclusions": [str(EXCLUSIONS[key]) for key in one.exclusions],
        "unit": one.unit,
        "digits": one.digits,
        "better": one.better,
        "needs": one.needs,
        "interval": one.interval,
        "interval_words": str(INTERVALS[one.interval]),
        "days_before": one.days_before,
        **({"by": one.by, "short_seconds": one.short} if one.by else {}),
    }


def too_few(one: Definition, figure: Figure) -> bool:
    return figure.value is None or figure.n < one.needs


def _plain(value: float) -> float | int:
    """Whole numbers as whole numbers, so that the text of a report doesn't depend on how they were added up."""
    return int(value) if value == int(value) else float(value)


def _name(line: Line) -> str:
    if line.queue is None:
        return str(line.definition.name)
    return _("%(measure)s, %(queue)s: %(target)s in %(time)s") % {
        "measure": line.definition.name,
        "queue": line.queue.name,
        "target": percent(line.target.value if line.target else None, 0),
        "time": span(line.within),
    }


def _target(target: Target) -> Json:
    since: date = target.valid_from
    return {
        "value": float(target.value),
        "direction": target.direction,
        "amber": float(target.amber),
        "since": since.isoformat(),
    }


def _result(line: Line) -> str:
    """met, amber, missed; "too_few"; or "none" where nothing was promised."""
    if too_few(line.definition, line.figure):
        return "too_few"
    if line.target is None:
        return "none"
    at_least = line.target.direction == Target.Direction.AT_LEAST
    figure, target = line.figure, line.target
    return judge(figure.num, figure.den, target=target.value, at_least=at_least, amber=target.amber)


def _change(line: Line) -> Json:
    """The change from the week before: "clear", "no_clear", "counted" for full counts, or "not_compared"."""
    if too_few(line.definition, line.figure) or too_few(line.definition, line.before):
        return {"verdict": "not_compared", "value": None, "low": None, "high": None}
    found = _difference(line.definition, line.figure, line.before)
    verdict = {True: "clear", False: "no_clear", None: "counted"}[found.clear]
    return {"verdict": verdict, "value": found.value, "low": found.low, "high": found.high}


def _difference(one: Definition, now: Figure, before: Figure) -> Change:
    if one.interval == "wilson":
        return share_change(int(now.num), int(now.den), int(before.num), int(before.den))
    return mean_change(now.value or 0.0, now.error, before.value or 0.0, before.error)
