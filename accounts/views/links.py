"""Where a link from a mail leads: a new password, or accepting an invitation. Looking changes nothing; only a POST does."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.errors import Refused
from accounts.forms import put
from accounts.forms_sign_in import ForgottenForm, JoinForm, NewPasswordForm
from accounts.models import SignInLink
from accounts.requests import address_of
from accounts.services.invitations import accept_invitation
from accounts.services.links import NoLink, find_link
from accounts.services.passwords import TooMany, ask_reset, reset_password
from accounts.views import second_step
from bpo.acting import host_client
from bpo.permissions import open_to_all
from bpo.tenancy.middleware import runs_as_app
from bpo.ui.toasts import toast

Purpose = SignInLink.Purpose
View = Callable[[HttpRequest, str], HttpResponse]


def realm_of(request: HttpRequest) -> UUID | None:
    """Whose people sign in on this host: a client's own, or staff."""
    client = host_client(request)
    return client.id if client else None


def by_link(view: View) -> View:
    """One answer for whatever link opens nothing here; its address goes to no log and no other site."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except NoLink:
            response = render(request, "accounts/no_link.html", status=404)
            response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log the path with its token
        response["Referrer-Policy"] = "same-origin"  # a form of ours is sent with its origin
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


@open_to_all("who has forgotten the password can't sign in; the answer is the same for every address")
@runs_as_app
@never_cache
@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a new password. Who has none here gets the same words and no mail."""
    form = ForgottenForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _gate(request, "accounts/forgotten.html", form)
    email = form.cleaned_data["email"]
    try:
        ask_reset(email=email, realm_id=realm_of(request), asked_from=address_of(request), now=timezone.now())
    except TooMany:
        form.add_error(None, _("Too many requests from here. Wait an hour, or ask your administrator."))
        return _gate(request, "accounts/forgotten.html", form, status=429)
    return render(request, "accounts/forgotten_sent.html", {"email": email})


@open_to_all("the link in the mail is the proof; it works once, on this host, for an hour")
@runs_as_app
@never_cache
@sensitive_post_parameters("password", "again")
@by_link
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a new password, and sign in with it as ever: the link does not stand for a second step."""
    now, realm = timezone.now(), realm_of(request)
    link = find_link(token=token, purpose=Purpose.RESET, realm_id=realm, now=now)
    form = NewPasswordForm(request.POST or None, email=link.user.email if link.user else "")
    if request.method == "POST" and form.is_valid():
        try:
            reset_password(token=token, realm_id=realm, password=form.cleaned_data["password"], now=now)
        except Refused as error:
            put(form, error)
        else:
            toast(request, _("Your password is changed. Sign in with it."))
            return redirect("sign-in")
    return _gate(request, "accounts/new_password.html", form)


@open_to_all("the invitation's link is the proof; it works once, on this host, for a week")
@runs_as_app
@never_cache
@sensitive_post_parameters("password", "again")
@by_link
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: a name, a password, and in."""
    now, realm = timezone.now(), realm_of(request)
    link = find_link(token=token, purpose=Purpose.INVITATION, realm_id=realm, now=now)
    known = {"email": link.user.email, "name": link.user.name} if link.user else {"email": "", "name": ""}
    form = JoinForm(request.POST or None, email=known["email"], initial={"name": known["name"]})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = accept_invitation(
                token=token, realm_id=realm, name=given["name"], password=given["password"], now=now
            )
        except Refused as error:
            put(form, error)
        else:
            return second_step.proceed(request, user, next_path="/")
    return _gate(request, "accounts/join.html", form)


def _gate(request: HttpRequest, template: str, form: Any, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "client": host_client(request)}
    return render(request, template, context, status=422 if form.errors and status == 200 else status)
