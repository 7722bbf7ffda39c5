"""Sign in and out, on either host."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import SignInForm
from accounts.middleware import BOUND_TO, binding
from accounts.models import User
from accounts.requests import address_of, agent_of
from accounts.selectors import provider_of
from accounts.selectors_sign_in import failures_from
from accounts.services.sessions import close_session, note_session
from accounts.views import second_step
from bpo.acting import host_client
from bpo.permissions import open_to_all
from bpo.tenancy.middleware import runs_as_app


def open_session(request: HttpRequest, user: User) -> None:
    """Sign `user` in with a new session key, bound to this host, and note the session for their list."""
    client = host_client(request)
    before = request.session.session_key
    if SESSION_KEY in request.session:  # whoever signs in again gets a new key too; Django keeps it for the same person
        request.session.flush()
    login(request, user, backend="accounts.backends.RealmBackend")
    request.session[BOUND_TO] = binding(client)
    note_session(
        user=user, client_id=client.id if client else None, key=str(request.session.session_key), replaces=before,
        agent=agent_of(request), address=address_of(request), now=timezone.now(),
    )  # fmt: skip


def safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or "/"
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else "/"


@open_to_all("signing in comes before a login")
@runs_as_app
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    client = host_client(request)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if too_many_from(request):
            return locked_out(request, {})
        realm = client.id if client else None
        user = authenticate(request, realm=realm, **form.cleaned_data)
        if isinstance(user, User):
            return second_step.proceed(request, user, next_path=safe_next(request))
        if getattr(request, "axes_locked_out", False):
            return locked_out(request, {})
        form.add_error(None, _("E-mail and password don't match. Check both and try again."))
    return page(request, form, status=200 if request.method == "GET" else 422)


def too_many_from(request: HttpRequest) -> bool:
    """Whether one network address failed so often, at whatever accounts, that it has to wait."""
    address = address_of(request)
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    return address is not None and failures_from(address, since=since) >= settings.ADDRESS_FAILURE_LIMIT


def page(request: HttpRequest, form: SignInForm, *, status: int) -> HttpResponse:
    client = host_client(request)
    context = {
        "form": form,
        "next": safe_next(request),
        "provider": provider_of(client.id if client else None),
        "client": client,
        "staff_url": f"{settings.SCHEME}://ops.{settings.BASE}/" if client else "",
    }
    return render(request, "accounts/sign_in.html", context, status=status)


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    """Too many failures: the answer axes gives, without saying whether the address exists."""
    form = SignInForm(request.POST)
    form.is_valid()
    form.add_error(None, _("Too many tries. Wait 15 minutes, or ask your administrator."))
    return page(request, form, status=429)


@open_to_all("signing out twice is no error")
@runs_as_app
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    close_session(key=request.session.session_key)
    logout(request)
    return redirect("sign-in")
