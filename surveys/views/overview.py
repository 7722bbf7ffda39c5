"""Are customers satisfied? One page, exact figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bpo.permissions import Permission, requires
from surveys import selectors
from surveys.figures import figures
from surveys.forms import PeriodForm
from surveys.views.showing import show


@requires(Permission.SEE_CSAT)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET)
    context = {"form": form, "survey": selectors.survey_name(), "filtered": bool(request.GET)}
    if not form.is_valid():
        return render(request, "surveys/overview.html", context, status=422)
    context |= show(figures(form.period, timezone.now()))
    return render(request, "surveys/overview.html", context)
