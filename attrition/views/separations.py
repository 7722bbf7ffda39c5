"""Recording, correcting and taking back a separation from a person's page."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import Refused
from attrition import services
from attrition.forms import SeparationForm
from attrition.models import Separation
from attrition.providers import render_panel
from bpo.acting import operator_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from workforce.models import Employment
from workforce.views.people import show_person


@requires(Permission.EDIT_PEOPLE)
@require_POST
def separate(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Record the separation of an employment, or correct the one it has."""
    employment = Employment.objects.select_related("separation", "employee").filter(pk=employment_id).first()
    if employment is None:
        raise Http404
    form = SeparationForm(request.POST)
    if not form.is_valid():
        return _again(request, employment, form, 422)
    try:
        made = _write(request, employment, form.cleaned_data)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, f"{refused.problem} {refused.remedy}")
        return _again(request, employment, form, 422)
    except services.Stale as stale:
        form.add_error(None, _("%(problem)s Look at it again before you keep yours.") % {"problem": stale})
        return _again(request, employment, form, 409)
    undo = reverse("hr:take_back", args=[made.pk, made.version])
    if made.version == 1:
        toast(request, _("Separation recorded."), undo=undo)
    else:
        toast(request, _("Correction kept."))
    return redirect("workforce:person", employment.employee_id)


@requires(Permission.EDIT_PEOPLE)
@require_POST
def take_back(request: HttpRequest, separation_id: UUID, version: int) -> HttpResponse:
    """Undo a separation as it was seen; a newer version, or a new employment since, is told instead."""
    separation = Separation.objects.select_related("employment").filter(pk=separation_id).first()
    if separation is None:
        raise Http404
    try:
        services.take_back(separation=separation, version=version, by=operator_of(request), now=timezone.now())
    except (Refused, services.Stale) as error:
        words = f"{error.problem} {error.remedy}" if isinstance(error, Refused) else str(error)
        toast(request, words, level="warning")
    else:
        toast(request, _("Taken back: the employment goes on as before."))
    return redirect("workforce:person", separation.employment.employee_id)


def _write(request: HttpRequest, employment: Employment, data: dict[str, Any]) -> Separation:
    facts = {name: data[name] for name in ("last_day", "reason", "notice_on", "note")}
    by, now = operator_of(request), timezone.now()
    found: Separation | None = getattr(employment, "separation", None)
    if found is None:
        return services.record_separation(employment=employment, by=by, now=now, **facts)
    return services.correct_separation(separation=found, version=data["version"] or 0, by=by, now=now, **facts)


def _again(request: HttpRequest, employment: Employment, form: SeparationForm, status: int) -> HttpResponse:
    return show_person(request, employment.employee, panels=[render_panel(request, employment, form)], status=status)
