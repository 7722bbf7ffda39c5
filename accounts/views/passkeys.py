"""Passkeys: making one, renaming and removing one, and signing in by one alone."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import lockout
from accounts.challenges import answer_of, ask_to_make, ask_to_show, made_by, shown_by, site_of
from accounts.errors import Refused
from accounts.forms import PasskeyForm
from accounts.half_open import HalfOpen
from accounts.models import Passkey
from accounts.services.passkeys import remove_passkey, rename_passkey, whose_passkey
from accounts.views import second_step
from accounts.views import sign_in as gate
from accounts.views.my_second_step import fresh, me, own, set_up, show
from bpo.acting import host_client
from bpo.permissions import open_to_all
from bpo.tenancy.middleware import runs_as_app
from bpo.ui.toasts import toast


@open_to_all("signing in comes before a login")
@runs_as_app
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey that verified its owner is both steps at once."""
    if request.method == "GET":
        return page(request, status=200)
    now = timezone.now()
    client = host_client(request)
    user = whose_passkey(realm_id=client.id if client else None, site=site_of(request), answer=answer_of(request))
    if user is None:
        return page(request, status=422)
    if lockout.is_locked(request, user):
        return second_step.locked(request)
    if shown_by(request, user, now=now):
        return second_step.complete(request, HalfOpen(user, gate.safe_next(request)), "passkey", now=now)
    return second_step.locked(request) if lockout.count_failure(request, user) else page(request, status=422)


def page(request: HttpRequest, *, status: int) -> HttpResponse:
    context: dict[str, Any] = {"options": ask_to_show(request, None), "next": gate.safe_next(request)}
    return render(request, "accounts/sign_in_passkey.html", {**context, "failed": status != 200}, status=status)


@own
@require_http_methods(["GET", "POST"])
@fresh
def passkey(request: HttpRequest) -> HttpResponse:
    """Make a passkey on this device, under a name one knows it by."""
    user = me(request)
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, by = form.cleaned_data["name"], second_step.themselves(user)
        try:
            codes = made_by(request, user, name=name, by=by, now=timezone.now())
        except Refused as refused:
            form.add_error("name" if refused.field == "name" else None, f"{refused.problem} {refused.remedy}")
        else:
            return set_up(request, codes, proof="passkey")
    context = {"form": form, "options": ask_to_make(request, user)}
    return show(request, "passkey", context, status=422 if form.errors else 200)


@own
@require_POST
@fresh
def passkey_rename(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    """Another name for one of one's own passkeys."""
    user, form = me(request), PasskeyForm(request.POST)
    if not user.passkeys.filter(pk=passkey_id).exists():
        raise Http404
    if not form.is_valid():
        toast(request, f"{form.fields['name'].label}: {form.errors['name'][0]}", level="error")
        return redirect("second-step:mine")
    name, by = form.cleaned_data["name"], second_step.themselves(user)
    try:
        rename_passkey(user=user, passkey_id=passkey_id, name=name, by=by, now=timezone.now())
    except Passkey.DoesNotExist as error:
        raise Http404 from error
    toast(request, _("It is called “%(name)s” from now on.") % {"name": name})
    return redirect("second-step:mine")


@own
@require_POST
@fresh
def passkey_remove(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    user = me(request)
    try:
        remove_passkey(user=user, passkey_id=passkey_id, by=second_step.themselves(user), now=timezone.now())
    except Passkey.DoesNotExist as error:
        raise Http404 from error
    except Refused as refused:
        toast(request, f"{refused.problem} {refused.remedy}", level="error")
    else:
        toast(request, _("The passkey is removed. Delete it on the device too."))
    return redirect("second-step:mine")
