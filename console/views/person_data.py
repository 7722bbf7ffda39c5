"""Everything we hold about one person: what there is, a copy of it, and its end."""

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import Refused
from accounts.models import User
from bpo.acting import operator_of, principal_of
from bpo.permissions import Permission, may, requires
from bpo.privacy.forms import ErasureForm
from bpo.privacy.services import confirmation
from bpo.privacy.words import lines
from bpo.ui.toasts import toast
from console import person_erasures, person_exports
from console.models import PersonRequest
from console.persons import Person, person_of
from workforce.models import Employee

SHOWN = 20


@requires(Permission.EXPORT_SUBJECT)
@require_safe
def person(request: HttpRequest, employee_id: UUID) -> HttpResponse:
    """Counts with what an erasure would do to each, and the clients that hold a part of their own."""
    return _page(request, _employee(employee_id))


@requires(Permission.EXPORT_SUBJECT)
@require_POST
def export(request: HttpRequest, employee_id: UUID) -> HttpResponse:
    return _export(request, _employee(employee_id))


@requires(Permission.ERASE_SUBJECT)
@require_POST
def erase(request: HttpRequest, employee_id: UUID) -> HttpResponse:
    return _erase(request, _employee(employee_id))


@requires(Permission.EXPORT_SUBJECT)
@require_safe
def login(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """The same for who signs in and is nobody we employ: a client's own people, evaluators of a third party."""
    someone = _login(user_id)
    return redirect(_place(someone)) if someone.employee else _page(request, someone)


@requires(Permission.EXPORT_SUBJECT)
@require_POST
def export_login(request: HttpRequest, user_id: UUID) -> HttpResponse:
    return _export(request, _login(user_id, ours=False))


@requires(Permission.ERASE_SUBJECT)
@require_POST
def erase_login(request: HttpRequest, user_id: UUID) -> HttpResponse:
    return _erase(request, _login(user_id, ours=False))


def _export(request: HttpRequest, someone: Person) -> HttpResponse:
    try:
        person_erasures.ask(someone=someone, kind="export", by=operator_of(request), now=timezone.now())
    except Refused as error:
        toast(request, str(error), level="warning")
    else:
        toast(request, _("The export is being made. Look here again in a moment."))
    return redirect(_place(someone))


def _erase(request: HttpRequest, someone: Person) -> HttpResponse:
    """Ask for the erasure; what was typed wrong, or somebody still needed, comes back with its field marked, 422."""
    form = ErasureForm(request.POST)
    if not form.is_valid():
        return _page(request, someone, form=form, status=422)
    given = form.cleaned_data
    try:
        person_erasures.ask(
            someone=someone, kind="erase", ground=given["ground"], typed=given["typed"], by=operator_of(request),
            now=timezone.now(),
        )  # fmt: skip
    except Refused as error:
        form.add_error(error.field, str(error))
        return _page(request, someone, form=form, status=422)
    toast(request, _("The erasure is being carried out."))
    return redirect(_place(someone))


@requires(Permission.EXPORT_SUBJECT)
@require_safe
def download(request: HttpRequest, request_id: UUID) -> HttpResponseBase:
    """The archive, for who asked for it and until it expires. Each taking is in the operator's log."""
    asked = PersonRequest.objects.select_related("employee", "user").filter(pk=request_id).first()
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


def _employee(employee_id: UUID) -> Person:
    found = Employee.objects.filter(pk=employee_id).first()
    if found is None:
        raise Http404
    return Person(employee=found)


def _login(user_id: UUID, *, ours: bool = True) -> Person:
    """Whom a sign-in stands for; without `ours` nobody we employ, who has a page of their own."""
    user = User.objects.select_related("realm").filter(pk=user_id).first()
    someone = person_of(user) if user else None
    if someone is None or (someone.employee and not ours):
        raise Http404
    return someone


def _place(someone: Person) -> str:
    return reverse("console:person_data" if someone.employee else "console:login_data", args=[someone.pk])


def _page(request: HttpRequest, someone: Person, *, form: ErasureForm | None = None, status: int = 200) -> HttpResponse:
    now, me = timezone.now(), principal_of(request)
    asked = list(someone.requests()[:SHOWN])
    routes = ("export_person", "erase_person") if someone.employee else ("export_login", "erase_login")
    export_url, erase_url = (reverse(f"console:{route}", args=[someone.pk]) for route in routes)
    context = {
        "someone": someone,
        "export_url": export_url,
        "erase_url": erase_url,
        "lines": lines(person_erasures.held_of(someone).counts),
        "clients": [seat.client.name for seat in someone.seats()],
        "form": form or ErasureForm(),
        "hours": settings.EXPORT_HOURS,
        "word": confirmation(someone.pk),
        "asked": [(one, one.asked_by_id == me.user_id and one.downloadable(now)) for one in asked],
        "waiting": any(one.state == PersonRequest.State.ASKED for one in asked),
        "erased": next((one for one in asked if one.kind == "erase" and one.state == "done"), None),
        "needed": someone.is_needed(now=now),
        "may_erase": may(me, Permission.ERASE_SUBJECT),
        "may_give": may(me, Permission.GIVE_ACCESS),
    }
    return render(request, "console/person_data.html", context, status=status)
