"""What attrition adds to a person's page and to the palette."""

from django import forms
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from attrition.forms import SeparationForm, initial_of
from attrition.models import Separation
from attrition.words import KIND_LABELS, REASON_LABELS
from bpo.permissions import Permission, may
from bpo.slots import Panel
from workforce.models import Employment


def person_panel(panel: Panel) -> str | None:
    """Leaving: the separation of the last employment, or the form that records one."""
    if not may(panel.principal, Permission.SEE_PEOPLE):
        return None
    employments = Employment.objects.filter(employee=panel.object_id).select_related("separation", "employee")
    employment = employments.order_by("-starts_on").first()
    return None if employment is None else render_panel(panel.request, employment)


def render_panel(request: HttpRequest, employment: Employment, form: forms.Form | None = None) -> str:
    """The panel with a fresh form, or with one that was sent and is wrong."""
    separation: Separation | None = getattr(employment, "separation", None)
    today = timezone.now().date()
    context = {
        "employment": employment,
        "separation": separation,
        "reason": REASON_LABELS.get(separation.reason, "") if separation else "",
        "kind": KIND_LABELS.get(separation.kind, "") if separation else "",
        "form": form or SeparationForm(initial=initial_of(separation, today=today)),
        "open": form is not None,
        "may_edit": may(request.principal, Permission.EDIT_PEOPLE),  # type: ignore[attr-defined]  # set by middleware
    }
    return render_to_string("attrition/separation_panel.html", context, request=request)
