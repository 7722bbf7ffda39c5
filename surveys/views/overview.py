"""Are customers satisfied? One page, exact figures, and what each figure means."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.permissions import Permission, requires
from bpo.tenancy.context import current_client
from surveys import selectors
from surveys.domain.comparison import NEEDS
from surveys.figures import Figures, Rating, figures
from surveys.forms import MonthForm, month_before, period_form
from surveys.selectors import Period
from surveys.views.showing import show

DEFINED = ("csat", "source")


@requires(Permission.SEE_CSAT)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    today = now.astimezone(ZoneInfo(current_client().zone)).date()
    form = period_form(principal_of(request), request.GET, today)
    context = {
        "form": form,
        "survey": selectors.survey_name(),
        "filtered": bool(request.GET),
        "presets": months(today) if isinstance(form, MonthForm) else presets(today),
        "months_only": isinstance(form, MonthForm),
    }
    if not form.is_valid():
        return render(request, "surveys/overview.html", context, status=422)
    context |= show(figures(form.period, now)) | {
        "period_name": name_of(form.period),
        "days": f"?{request.GET.urlencode()}",
    }
    return render(request, "surveys/overview.html", context)


@requires(Permission.SEE_CSAT)
@require_safe
def definition(request: HttpRequest, figure: str) -> HttpResponse:
    """What one figure is made of, for the panel beside it."""
    now = timezone.now()
    form = period_form(principal_of(request), request.GET, now.astimezone(ZoneInfo(current_client().zone)).date())
    if figure not in DEFINED or not form.is_valid():
        raise Http404
    found = figures(form.period, now)
    context = show(found) | {
        "figure": figure,
        "few": 0 < _of(found, figure).den < NEEDS,
        "period_name": name_of(form.period),
        "survey": selectors.survey_name(),
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "surveys/_definition.html" if fragment else "surveys/definition.html", context)


def presets(today: date) -> list[tuple[str, str]]:
    """Periods that end yesterday, in words, with their query."""
    yesterday = today - timedelta(days=1)
    named = ((_("Last 4 weeks"), 4), (_("Last 13 weeks"), 13))
    found = [(words, f"?from={today - timedelta(weeks=weeks)}&to={yesterday}") for words, weeks in named]
    return [*found, (_("All days"), "?")]


def months(today: date) -> list[tuple[str, str]]:
    """The twelve months that are over, newest first, with their query."""
    found, day = [], today
    for _number in range(12):
        day, last = month_before(day)
        found.append((date_format(day, "F Y"), f"?from={day}&to={last}"))
    return found


def _of(found: Figures, figure: str) -> Rating:
    return found.survey if figure == "csat" else found.source


def name_of(period: Period) -> str:
    """The period as its button says it."""
    parts: dict[str, Any] = {"start": _day(period.start), "end": _day(period.end)}
    if period.start and period.end:
        return _("%(start)s to %(end)s") % parts
    if period.start:
        return _("since %(start)s") % parts
    return _("up to %(end)s") % parts if period.end else _("All days")


def _day(day: date | None) -> str:
    return date_format(day, "j M Y") if day else ""
