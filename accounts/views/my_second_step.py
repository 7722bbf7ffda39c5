"""One's own second step: an authenticator app, recovery codes, and what changes them."""

from base64 import b64decode, b64encode
from functools import wraps
from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import half_open, lockout
from accounts.domain.second_step import address_of, spoken
from accounts.errors import Refused
from accounts.forms import AppForm, PasswordForm
from accounts.models import User
from accounts.second_step_middleware import before_second_step, owes
from accounts.selectors import must_have_second_step, provider_of, second_steps_of
from accounts.services.second_step import APP, add_app, make_codes, new_secret, remove_app
from accounts.views.second_step import themselves
from bpo.acting import host_client, principal_of
from bpo.permissions import Permission, requires
from bpo.sealing import seal, unseal
from bpo.tenancy.middleware import runs_as_app
from bpo.ui.toasts import toast

PENDING = "pending_app"  # in the session: a secret that no code has confirmed yet, sealed


def own(view: Any) -> Any:
    """A page about one's own signing in: on the host where one signs in; staff who crossed over find nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if me(request).realm_id != getattr(host_client(request), "id", None):
            raise Http404
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    return requires(Permission.SEE_HOME)(before_second_step(runs_as_app(never_cache(guarded))))


def fresh(view: Any) -> Any:
    """Only for who has just shown who they are; the page of one's second steps asks the others for the password."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not half_open.is_fresh(request, now=timezone.now()):
            toast(request, _("Show first that it is you."), level="info")
            return redirect("second-step:mine")
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    return guarded


def me(request: HttpRequest) -> User:
    """Whoever is signed in here; for an API token there is nothing here."""
    if principal_of(request).token_id is not None or not isinstance(request.user, User):
        raise Http404
    return request.user


@own
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    return overview(request, PasswordForm(), status=200)


def overview(request: HttpRequest, form: PasswordForm, *, status: int) -> HttpResponse:
    now = timezone.now()
    user = me(request)
    steps = second_steps_of(user.pk)
    identity = user.external_identities.select_related("provider").first()
    required = must_have_second_step(user, now=now)
    context = {
        "steps": steps,
        "passkeys": list(user.passkeys.order_by("made_at")),
        "required": required,
        "may_remove": not required or steps.count > 1,
        "fresh": half_open.is_fresh(request, now=now),
        "company": provider_of(user.realm_id) or (identity and identity.provider),
        "identity": identity,
        "has_password": user.has_usable_password(),
        "form": form,
    }
    return show(request, "my_second_step", context, status=status)


def show(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page in the frame; for who still owes a second step without it, since nothing of it would answer."""
    layout = "accounts/gate.html" if owes(request, principal_of(request)) else "frame.html"
    return render(request, f"accounts/{name}.html", {**context, "layout": layout}, status=status)


@own
@sensitive_post_parameters("password")
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """The password once more, before anything changes."""
    user = me(request)
    form = PasswordForm(request.POST)
    if lockout.is_locked(request, user):
        form.add_error(None, _("Too many tries. Wait 15 minutes, or ask your administrator."))
        return overview(request, form, status=429)
    if form.is_valid():
        if user.check_password(form.cleaned_data["password"]):
            half_open.note_password(request, now=timezone.now())
            return redirect("second-step:mine")
        lockout.count_failure(request, user)
        form.add_error("password", _("That isn't your password. Check it and try again."))
    return overview(request, form, status=422)


@own
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@fresh
def app(request: HttpRequest) -> HttpResponse:
    """Set up an app: a picture and its text, confirmed by a code."""
    now = timezone.now()
    user = me(request)
    form = AppForm(request.POST or None)
    secret = pending_secret(request, user)
    if request.method == "POST" and form.is_valid():
        try:
            codes = add_app(
                user=user, secret=secret, code=form.cleaned_data["code"], by=themselves(user), now=now
            )  # fmt: skip
        except Refused as refused:
            form.add_error("code", f"{refused.problem} {refused.remedy}")
        else:
            return set_up(request, codes, proof="app")
    address = address_of(secret, person=user.email, issuer=issuer(request))
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=4, light="#fff")
    context = {"form": form, "picture": picture, "secret": spoken(secret)}
    return show(request, "second_step_app", context, status=422 if form.errors else 200)


def set_up(request: HttpRequest, codes: list[str], *, proof: str) -> HttpResponse:
    """A second step was added: the session counts as proven, and new recovery codes are shown this once."""
    request.session.pop(PENDING, None)
    half_open.note_proof(request, proof, now=timezone.now())
    if codes:
        return show(request, "recovery_codes", {"codes": codes})
    toast(request, _("Your second step is set up."))
    return redirect("second-step:mine")


def pending_secret(request: HttpRequest, user: User) -> str:
    """The secret this session is about to confirm; a new one at first."""
    kept = request.session.get(PENDING)
    if kept:
        return unseal(b64decode(kept), purpose=APP, about=user.pk)
    secret = new_secret()
    request.session[PENDING] = b64encode(seal(secret, purpose=APP, about=user.pk)).decode()
    return secret


def issuer(request: HttpRequest) -> str:
    client = host_client(request)
    return client.name if client else _("Operator")


@own
@require_POST
@fresh
def app_remove(request: HttpRequest) -> HttpResponse:
    user = me(request)
    try:
        remove_app(user=user, by=themselves(user), now=timezone.now())
    except Refused as refused:
        toast(request, f"{refused.problem} {refused.remedy}", level="error")
    else:
        toast(request, _("The app is removed. Its codes don't work any more."))
    return redirect("second-step:mine")


@own
@require_POST
@fresh
def codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, shown this once."""
    user = me(request)
    try:
        made = make_codes(user=user, by=themselves(user), now=timezone.now())
    except Refused as refused:
        toast(request, f"{refused.problem} {refused.remedy}", level="error")
        return redirect("second-step:mine")
    return show(request, "recovery_codes", {"codes": made})
