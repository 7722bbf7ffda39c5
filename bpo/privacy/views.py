"""Everything we hold about a customer: what there is, a copy of it, and its end."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.audit.services import record_read
from bpo.files.services import open_file
from bpo.permissions import Permission, may, requires
from bpo.privacy import services
from bpo.privacy.erasing import foreseen
from bpo.privacy.forms import ErasureForm
from bpo.privacy.models import SubjectRequest, Tombstone
from bpo.privacy.words import lines
from bpo.tenancy.context import current_client
from bpo.ui.toasts import toast

SHOWN = 20  # requests on the page


@requires(Permission.EXPORT_SUBJECT)
@require_safe
def customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Counts by model with what an erasure would do to each: the same reading that an erasure does."""
    return _page(request, _subject(customer_id))


@requires(Permission.EXPORT_SUBJECT)
@require_POST
def export(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    subject = _subject(customer_id)
    try:
        services.ask_export(kind="customer", subject_id=subject.pk, by=by_of(request), now=timezone.now())
    except services.NotNow as error:
        toast(request, str(error), level="warning")
    else:
        toast(request, _("The export is being made. You get a notice when it is ready."))
    return redirect("privacy:customer", subject.pk)


@requires(Permission.ERASE_SUBJECT)
@require_POST
def erase(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Ask for the erasure; what was typed wrong comes back with its field marked, 422."""
    subject = _subject(customer_id)
    form = ErasureForm(request.POST)
    if not form.is_valid():
        return _page(request, subject, form=form, status=422)
    try:
        services.ask_erasure(
            kind="customer", subject_id=subject.pk, ground=form.cleaned_data["ground"],
            typed=form.cleaned_data["typed"], by=by_of(request), now=timezone.now(),
        )  # fmt: skip
    except services.NotNow as error:
        form.add_error(error.field or None, str(error))
        return _page(request, subject, form=form, status=422)
    toast(request, _("The erasure is being carried out."))
    return redirect("privacy:customer", subject.pk)


@requires(Permission.EXPORT_SUBJECT)
@require_safe
def download(request: HttpRequest, request_id: UUID) -> HttpResponseBase:
    """The archive, for who asked for it and until it expires. Each taking is in the log."""
    asked = SubjectRequest.objects.select_related("file").filter(pk=request_id, kind="export").first()
    mine = asked is not None and asked.actor_id is not None and asked.actor_id == principal_of(request).actor_id
    if asked is None or not mine or asked.file is None or not asked.downloadable(timezone.now()):
        raise Http404
    try:
        content = open_file(asked.file)
    except FileNotFoundError as error:
        raise Http404 from error
    detail = {"kind": asked.subject_kind, "id": str(asked.subject_id)}
    now = timezone.now()
    record_read(action="subject.export_downloaded", target=asked, by=by_of(request), now=now, detail=detail)
    response = FileResponse(content, as_attachment=True, filename=asked.file.name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response


def _subject(customer_id: UUID) -> Any:
    found = services.subject_of("customer", customer_id)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, subject: Any, *, form: ErasureForm | None = None, status: int = 200) -> HttpResponse:
    now = timezone.now()
    asked = list(SubjectRequest.objects.filter(subject_id=subject.pk).select_related("file")[:SHOWN])
    stone = Tombstone.objects.filter(subject_id=subject.pk).first()
    me = principal_of(request)
    context = {
        "subject": subject,
        "lines": lines(foreseen("customer", subject.pk, current_client().id)),
        "form": form or ErasureForm(),
        "word": services.confirmation(subject.pk),
        "asked": [(one, one.actor_id == me.actor_id and one.downloadable(now)) for one in asked],
        "waiting": any(one.state == SubjectRequest.State.ASKED for one in asked),
        "stone": stone,
        "hours": settings.EXPORT_HOURS,
        "may_erase": may(me, Permission.ERASE_SUBJECT),
    }
    return render(request, "privacy/customer.html", context, status=status)
