"""Where knowledge is missing: what reviews find failed, with what is written about it."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.permissions import Permission, Reach, reach, requires
from bpo.tables import csv_file
from bpo.ui.numbers import Measure
from interactions.models import Reason
from qa.domain.gaps import NEEDS, Gap, Share
from qa.periods import Period, PeriodForm
from qa.selectors.articles import asked_questions, of_questions
from qa.selectors.gaps import question_gaps, reason_gaps
from qa.words import GAP_DEFINITIONS

COLUMNS = (
    "about",
    "name",
    "errors",
    "n",
    "share",
    "low",
    "high",
    "published",
    "before",
    "before_n",
    "since",
    "since_n",
)


@requires(Permission.EDIT_KNOWLEDGE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Failed and not written about first; each with one step to write about it."""
    form = PeriodForm(request.GET, today=timezone.localdate())
    context: dict[str, Any] = {"form": form}
    if not form.is_valid():
        return render(request, "qa/gaps.html", context, status=422)
    questions, reasons = _questions(form.period, _reach(request)), _reasons(form.period, _reach(request))
    context |= {
        "period": form.period,
        "questions": questions,
        "reasons": reasons,
        "lacking": sum(row["gap"].lacks for row in questions),
        "days": f"?{request.GET.urlencode()}",
    }
    return render(request, "qa/gaps.html", context)


@requires(Permission.EDIT_KNOWLEDGE)
@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET, today=timezone.localdate())
    if not form.is_valid():
        raise Http404
    found = [("question", row) for row in _questions(form.period, _reach(request))]
    found += [("reason", row) for row in _reasons(form.period, _reach(request))]
    return csv_file("knowledge-gaps", COLUMNS, [[about, row["name"], *_cells(row["gap"])] for about, row in found])


@requires(Permission.EDIT_KNOWLEDGE)
@require_safe
def definition(request: HttpRequest, key: str) -> HttpResponse:
    """What one figure counts and what it leaves out, for the side panel."""
    if key not in GAP_DEFINITIONS:
        raise Http404
    return render(request, "qa/measure.html", {"figure": GAP_DEFINITIONS[key], "elsewhere": True})


def _reach(request: HttpRequest) -> Reach | None:
    return reach(principal_of(request), Permission.EDIT_KNOWLEDGE)


def _questions(period: Period, reached: Reach | None) -> list[dict[str, Any]]:
    asked = {one.name: one for one in asked_questions()}
    found = [one for one in question_gaps(period.start, period.end, reach=reached) if one.key in asked]
    written: dict[Any, Any] = {}
    for link in of_questions([one.key for one in found if one.published]) if found else ():
        written.setdefault((link.scorecard_id, link.question), link.article)
    return [
        {**_row(one), "asked": asked[one.key], "name": _named(asked[one.key]), "article": written.get(one.key)}
        for one in found
    ]


def _reasons(period: Period, reached: Reach | None) -> list[dict[str, Any]]:
    names = dict(Reason.objects.values_list("pk", "name"))
    return [
        {**_row(one), "reason": one.key, "name": names.get(one.key, "–")}
        for one in reason_gaps(period.start, period.end, reach=reached)
    ]


def _named(one: Any) -> str:
    return f"{one.scorecard} {one.number}, {one.short}"


def _row(one: Gap[Any]) -> dict[str, Any]:
    parts = {name: shown(value) if value else None for name, value in (("before", one.before), ("since", one.since))}
    return {"gap": one, "whole": shown(one.whole), **parts, "published": one.published}


def shown(share: Share) -> Measure:
    low, high = share.interval
    return Measure(share.value, share.fails, share.n, low, high, needs=NEEDS)


def _cells(one: Gap[Any]) -> list[Any]:
    low, high = one.whole.interval
    cells: list[Any] = [one.whole.fails, one.whole.n]
    cells += [None] * 3 if one.whole.too_few else [one.whole.value, low, high]
    day: date | None = one.published
    cells.append(day.isoformat() if day else None)
    for part in (one.before, one.since):
        cells += [None if part is None or part.too_few else part.value, part.n if part else None]
    return cells
