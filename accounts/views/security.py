"""One's own sessions and password, on either host."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate, logout, update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import Refused
from accounts.forms import put
from accounts.forms_sign_in import ChangePasswordForm
from accounts.models import User
from accounts.selectors_sign_in import sessions_of
from accounts.services.passwords import change_password
from accounts.services.sessions import end_session, end_sessions, note_new_key
from bpo.acting import host_client, principal_of
from bpo.actors import By
from bpo.permissions import Permission, requires
from bpo.tenancy.middleware import runs_as_app
from bpo.tokens import hash_of
from bpo.ui.toasts import toast


def _me(request: HttpRequest) -> User:
    """Whoever is signed in here; an API token looks after nobody's sessions."""
    if principal_of(request).token_id is not None or not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _by(user: User) -> By:
    return By("person", user.name, user_id=user.pk)


@requires(Permission.SEE_HOME)
@runs_as_app
@never_cache
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where one is signed in, and the password."""
    return _page(request, ChangePasswordForm(email=_me(request).email))


@requires(Permission.SEE_HOME)
@runs_as_app
@require_POST
def end_one(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """End one of one's own sessions; this one, too."""
    me = _me(request)
    ended = end_session(session_id=session_id, user=me, by=_by(me), now=timezone.now())
    if ended is None:
        raise Http404
    if ended.key_hash == hash_of(request.session.session_key):
        logout(request)
        return redirect("sign-in")
    toast(request, _("That session has ended."))
    return redirect("security")


@requires(Permission.SEE_HOME)
@runs_as_app
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's sessions but this one."""
    me = _me(request)
    gone = end_sessions(user=me, by=_by(me), now=timezone.now(), keep=request.session.session_key)
    toast(request, ngettext("%(n)d other session has ended.", "%(n)d other sessions have ended.", gone) % {"n": gone})
    return redirect("security")


@requires(Permission.SEE_HOME)
@runs_as_app
@sensitive_post_parameters("old", "password", "again")
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Another password, against the old one; a wrong one counts like a failed sign-in."""
    me = _me(request)
    if not _has_password_here(request, me):
        raise Http404
    form = ChangePasswordForm(request.POST, email=me.email)
    if form.is_valid():
        given = form.cleaned_data
        if authenticate(request, realm=me.realm_id, email=me.email, password=given["old"]) != me:
            return _wrong(request, form)
        try:
            change_password(user=me, password=given["password"], keep=request.session.session_key, now=timezone.now())
        except Refused as error:
            put(form, error)
        else:
            before = request.session.session_key
            update_session_auth_hash(request, me)
            note_new_key(before=before, after=request.session.session_key)
            toast(request, _("Your password is changed. Your other sessions have ended."))
            return redirect("security")
    return _page(request, form, status=422)


def _wrong(request: HttpRequest, form: ChangePasswordForm) -> HttpResponse:
    if getattr(request, "axes_locked_out", False):
        form.add_error(None, _("Too many tries. Wait 15 minutes, or ask your administrator."))
        return _page(request, form, status=429)
    form.add_error("old", _("That is not your password. Try again, or sign out and ask for a new one."))
    return _page(request, form, status=422)


def _has_password_here(request: HttpRequest, user: User) -> bool:
    """Staff change theirs at the operator, where they sign in."""
    client = host_client(request)
    return user.realm_id == (client.id if client else None) and user.has_usable_password()


def _page(request: HttpRequest, form: ChangePasswordForm, *, status: int = 200) -> HttpResponse:
    me = _me(request)
    mine = hash_of(request.session.session_key)
    rows: list[dict[str, Any]] = [
        {"session": one, "here": one.key_hash == mine} for one in sessions_of(me.pk, now=timezone.now())
    ]
    context = {
        "rows": sorted(rows, key=lambda row: not row["here"]),
        "others": len(rows) - 1,
        "form": form if _has_password_here(request, me) else None,
        "staff_url": f"{settings.SCHEME}://ops.{settings.BASE}/security/" if me.realm_id is None else "",
        "idle": settings.SESSION_IDLE_MINUTES,
        "hours": settings.SESSION_HOURS,
    }
    return render(request, "accounts/security.html", context, status=status)
