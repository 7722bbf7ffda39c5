"""Everything we hold about one of our people: what there is, a copy of it, and its end."""

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import Refused
from attrition.leavers import is_employed
from bpo.acting import operator_of, principal_of
from bpo.permissions import Permission, may, requires
from bpo.privacy.forms import ErasureForm
from bpo.privacy.services import confirmation
from bpo.privacy.words import lines
from bpo.ui.toasts import toast
from console import person_erasures, person_exports
from console.models import PersonRequest
from workforce.models import Employee, Seat

SHOWN = 20


@requires(Permission.EXPORT_SUBJECT)
@require_safe
def person(request: HttpRequest, employee_id: UUID) -> HttpResponse:
    """Counts with what an erasure would do to each, and the clients that hold a part of their own."""
    return _page(request, _employee(employee_id))


@requires(Permission.EXPORT_SUBJECT)
@require_POST
def export(request: HttpRequest, employee_id: UUID) -> HttpResponse:
    employee = _employee(employee_id)
    try:
        person_erasures.ask(employee=employee, kind="export", by=operator_of(request), now=timezone.now())
    except Refused as error:
        toast(request, str(error), level="warning")
    else:
        toast(request, _("The export is being made. Look here again in a moment."))
    return redirect("console:person_data", employee.pk)


@requires(Permission.ERASE_SUBJECT)
@require_POST
def erase(request: HttpRequest, employee_id: UUID) -> HttpResponse:
    """Ask for the erasure; what was typed wrong, or somebody still employed, comes back with its field marked, 422."""
    employee, form = _employee(employee_id), ErasureForm(request.POST)
    if not form.is_valid():
        return _page(request, employee, form=form, status=422)
    given = form.cleaned_data
    try:
        person_erasures.ask(
            employee=employee, kind="erase", ground=given["ground"], typed=given["typed"], by=operator_of(request),
            now=timezone.now(),
        )  # fmt: skip
    except Refused as error:
        form.add_error(error.field, str(error))
        return _page(request, employee, form=form, status=422)
    toast(request, _("The erasure is being carried out."))
    return redirect("console:person_data", employee.pk)


@requires(Permission.EXPORT_SUBJECT)
@require_safe
def download(request: HttpRequest, request_id: UUID) -> HttpResponseBase:
    """The archive, for who asked for it and until it expires. Each taking is in the operator's log."""
    asked = PersonRequest.objects.select_related("employee").filter(pk=request_id).first()
    now = timezone.now()
    if asked is None or asked.asked_by_id != principal_of(request).user_id or not asked.downloadable(now):
        raise Http404
    try:
        content = person_erasures.place_of(asked).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    person_exports.note_download(asked, by=operator_of(request), now=now)
    response = FileResponse(content, as_attachment=True, filename="personal-data.zip", content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response


def _employee(employee_id: UUID) -> Employee:
    found = Employee.objects.filter(pk=employee_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, employee: Employee, *, form: ErasureForm | None = None, status: int = 200
) -> HttpResponse:
    now, me = timezone.now(), principal_of(request)
    asked = list(PersonRequest.objects.filter(employee=employee)[:SHOWN])
    held = person_erasures.held_of(employee)
    context = {
        "employee": employee,
        "lines": lines(held.counts),
        "clients": list(Seat.objects.filter(employee=employee).values_list("client__name", flat=True)),
        "form": form or ErasureForm(),
        "hours": settings.EXPORT_HOURS,
        "word": confirmation(employee.pk),
        "asked": [(one, one.asked_by_id == me.user_id and one.downloadable(now)) for one in asked],
        "waiting": any(one.state == PersonRequest.State.ASKED for one in asked),
        "erased": next((one for one in asked if one.kind == "erase" and one.state == "done"), None),
        "works_here": is_employed(employee, now=now),
        "may_erase": may(me, Permission.ERASE_SUBJECT),
    }
    return render(request, "console/person_data.html", context, status=status)
