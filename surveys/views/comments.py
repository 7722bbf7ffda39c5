"""What customers wrote, newest first, and the figures of the page as CSV."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.permissions import Permission, may, reach, requires
from bpo.tables import csv_file
from bpo.tenancy.context import current_client
from surveys import selectors
from surveys.domain.comparison import NEEDS
from surveys.figures import Figures, Rating, figures
from surveys.forms import PeriodForm, period_form

PAGE: Final = 50
COLUMNS: Final = ("ratings", "grouped by", "group", "4 or 5", "n", "share", "low 95 %", "high 95 %", "hidden because")


@requires(Permission.SEE_CSAT)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Fifty a page. Who wrote stays unsaid; the interaction is linked for those who may see it."""
    form = PeriodForm(request.GET)
    valid = form.is_valid()
    context = {
        "form": form,
        "filtered": any(request.GET.get(name) for name in ("from", "to")),
        "may_see_interactions": may(principal_of(request), Permission.SEE_INTERACTIONS),
    }
    if valid:
        reached = reach(principal_of(request), Permission.SEE_CSAT)
        context["page"] = Paginator(selectors.comments(form.period, reach=reached), PAGE).get_page(
            request.GET.get("page")
        )
    return render(request, "surveys/comments.html", context, status=200 if valid else 422)


@requires(Permission.SEE_CSAT)
@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    """Every group of the page as CSV, safe to open in a spreadsheet program; what the page hides is empty here too."""
    now = timezone.now()
    form = period_form(principal_of(request), request.GET, now.astimezone(ZoneInfo(current_client().zone)).date())
    if not form.is_valid():
        raise Http404
    return csv_file("satisfaction", COLUMNS, _lines(figures(form.period, now)))


def _lines(found: Figures) -> Iterator[list[object]]:
    for source, compared in (("survey", found.survey_compared), ("imported", found.source_compared)):
        yield [source, "all", "", *_cells(compared.rating, _whole(compared.rating))]
        for dimension in compared.dimensions:
            for group in dimension.groups:
                yield [source, dimension.key, group.name or "", *_cells(group.rating, group.why_hidden)]


def _cells(rating: Rating, why_hidden: str) -> list[object]:
    if why_hidden or not rating.den:
        return ["", rating.den, "", "", "", why_hidden]
    return [rating.num, rating.den, rating.value, rating.low, rating.high, ""]


def _whole(rating: Rating) -> str:
    return "too_few" if rating.den < NEEDS else ""
