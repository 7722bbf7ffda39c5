"""How good is the work? Figures of one period, one way of picking at a time, each with n and interval."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.permissions import Permission, reach, requires
from bpo.tables import csv_file
from qa.analysis import COLUMNS, Analysis, measure, trend
from qa.models import Picked
from qa.periods import PeriodForm
from qa.words import ANALYSIS_DEFINITIONS

PAGE = 25


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET, today=timezone.localdate())
    if not form.is_valid():
        return render(request, "qa/analysis.html", {"form": form}, status=422)
    asked = _asked(request, form)
    kinds = asked.kinds()
    context: dict[str, Any] = {
        "form": form,
        "period": asked.period,
        "picked": asked.picked,
        "kinds": [
            {"key": key, "label": label, "measure": measure(kinds[key]) if key in kinds else None}
            for key, label in Picked.choices
        ],
        "query": _query(form),
    }
    if kinds:
        weeks = asked.weeks()
        context |= {
            "teams": asked.teams(),
            "agents": Paginator(asked.agents(), PAGE).get_page(request.GET.get("page")),
            "sections": asked.sections(),
            "questions": asked.questions(),
            "errors": asked.errors(),
            "evaluators": asked.evaluators(),
            "trend": trend(weeks, asked.period),
        }
    return render(request, "qa/analysis.html", context)


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def as_csv(request: HttpRequest, table: str) -> HttpResponse:
    """One table of the page as a file."""
    form = PeriodForm(request.GET, today=timezone.localdate())
    if table not in COLUMNS or not form.is_valid():
        raise Http404
    rows = getattr(_asked(request, form), table)()
    return csv_file(f"quality-{table}", COLUMNS[table], [row["cells"] for row in rows])


@requires(Permission.SEE_EVALUATIONS)
@require_safe
def definition(request: HttpRequest, key: str) -> HttpResponse:
    """What one figure counts and what it leaves out, for the side panel."""
    if key not in ANALYSIS_DEFINITIONS:
        raise Http404
    return render(request, "qa/measure.html", {"figure": ANALYSIS_DEFINITIONS[key], "elsewhere": True})


def _asked(request: HttpRequest, form: PeriodForm) -> Analysis:
    return Analysis(form.period, form.picked_one, reach(principal_of(request), Permission.SEE_EVALUATIONS))


def _query(form: PeriodForm) -> str:
    given = form.cleaned_data
    return f"from={given['start'].isoformat()}&to={given['end'].isoformat()}"
