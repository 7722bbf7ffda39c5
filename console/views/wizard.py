"""Opening a client in steps: who it is, what was agreed, then its opening, people and floor. A draft waits between."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import Refused
from accounts.forms import put
from accounts.models import Client, Terms
from bpo.acting import operator_of
from bpo.permissions import Permission, requires
from bpo.ui.context import COLOURS, colour_class
from bpo.ui.toasts import toast
from console.forms import OpeningForm, TermsForm
from console.models import Opening
from console.openings import agreed_from, ask_draft, begin_opening, cancel_draft, change_draft, kept_from


@requires(Permission.OPEN_CLIENT)
@never_cache
@require_http_methods(["GET", "POST"])
def new_client(request: HttpRequest) -> HttpResponse:
    """The first step, and what was begun and not finished."""
    form = OpeningForm(request.POST or None, initial={"colour": 1 + Client.objects.count() % COLOURS})
    if request.method == "POST" and form.is_valid():
        try:
            draft = begin_opening(**form.cleaned_data, by=operator_of(request), now=timezone.now())
        except Refused as error:
            put(form, error)
        else:
            return redirect("console:draft_terms", draft.pk)
    begun = Opening.objects.filter(state=Opening.State.DRAFT)
    return _identity(request, form, {"drafts": [(one, colour_class(one.colour)) for one in begun]})


@requires(Permission.OPEN_CLIENT)
@never_cache
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The first step again."""
    draft = _draft(draft_id)
    kept = {name: getattr(draft, name) for name in ("name", "key", "zone", "colour")}
    form = OpeningForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            change_draft(draft=draft, **form.cleaned_data)
        except Refused as error:
            put(form, error)
        else:
            return redirect("console:draft_terms", draft.pk)
    return _identity(request, form, {"draft": draft})


@requires(Permission.OPEN_CLIENT)
@never_cache
@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The second step. It ends with asking for the client, or with keeping what was written for later."""
    draft = _draft(draft_id)
    usual = {name: getattr(Terms(), name) for name in Terms.AGREED}
    form = TermsForm(request.POST or None, initial=TermsForm.shown({**usual, **agreed_from(draft.terms)}))
    if request.method == "POST" and form.is_valid():
        try:
            change_draft(draft=draft, terms=kept_from(form.agreed()))
            if "later" in request.POST:
                toast(request, _("%(name)s is kept as it is; go on under New client.") % {"name": draft.name})
                return redirect("console:clients")
            ask_draft(draft=draft, by=operator_of(request), now=timezone.now())
        except Refused as error:
            put(form, error)
        else:
            return redirect("console:opening", draft.pk)
    context = {"draft": draft, "form": form, "colour": colour_class(draft.colour), "step": 2}
    return render(request, "console/draft_terms.html", context, status=422 if form.errors else 200)


@requires(Permission.OPEN_CLIENT)
@require_POST
def cancel(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Forget what was begun."""
    draft = _draft(draft_id)
    cancel_draft(draft=draft)
    toast(request, _("%(name)s was not opened; nothing is left of it.") % {"name": draft.name})
    return redirect("console:clients")


def _draft(draft_id: UUID) -> Opening:
    """What was begun; 404 once it is asked for or cancelled."""
    found = Opening.objects.filter(pk=draft_id, state=Opening.State.DRAFT).first()
    if found is None:
        raise Http404
    return found


def _identity(request: HttpRequest, form: OpeningForm, more: dict[str, Any]) -> HttpResponse:
    colours = zip(form["colour"], [colour_class(n) for n in range(1, COLOURS + 1)], strict=True)
    context = {"form": form, "base": f".{settings.BASE}", "colours": colours, "step": 1, **more}
    return render(request, "console/new_client.html", context, status=422 if form.errors else 200)
