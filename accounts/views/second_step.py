"""Between the password and being signed in: the second step."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import half_open, lockout
from accounts.challenges import ask_to_show, shown_by, site_of
from accounts.forms import CodeForm
from accounts.half_open import HalfOpen
from accounts.models import User
from accounts.selectors import SecondSteps, must_have_second_step, second_steps_of
from accounts.services.passkeys import passkeys_here
from accounts.services.second_step import check_code
from accounts.views import sign_in as gate  # as a module: each of the two leads to the other
from bpo.actors import By
from bpo.permissions import open_to_all
from bpo.tenancy.middleware import runs_as_app
from bpo.ui.toasts import toast


def themselves(user: User) -> By:
    """Somebody who acts for themselves before they are signed in."""
    return By("person", user.name, user_id=user.pk)


def proceed(request: HttpRequest, user: User, *, next_path: str) -> HttpResponse:
    """After a good password: in, or to the second step for whoever has one. A client may ask its users for one."""
    now = timezone.now()
    if second_steps_of(user.pk).there:
        half_open.leave_half_open(request, user, next_path=next_path, now=now)
        return redirect("sign-in-second-step")
    gate.open_session(request, user)
    half_open.note_password(request, now=now)
    if user.realm_id is not None and must_have_second_step(user, now=now):
        request.session[half_open.OWED] = True
    return redirect(next_path)


@open_to_all("the password was given; this asks for the second step")
@runs_as_app
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    waiting = half_open.half_open(request, now=now)
    if waiting is None:
        return redirect("sign-in")
    if request.method == "GET":
        return page(request, waiting, CodeForm(), status=200)
    if lockout.is_locked(request, waiting.user):
        return locked(request)
    by_passkey = "credential" in request.POST
    form = CodeForm(None if by_passkey else request.POST)
    if not by_passkey and not form.is_valid():
        return page(request, waiting, form, status=422)
    proof = proof_of(request, waiting.user, form, now)
    if proof:
        return complete(request, waiting, proof, now=now)
    if lockout.count_failure(request, waiting.user):
        return locked(request)
    if not by_passkey:
        form.add_error("code", _("That code isn't right, or was used. Wait for the next one and try again."))
    return page(request, waiting, form, status=422, passkey_failed=by_passkey)


def proof_of(request: HttpRequest, user: User, form: CodeForm, now: datetime) -> str:
    """What the answer proves them by: "passkey", "app", "code", or "" for nothing."""
    if not form.is_bound:
        return "passkey" if shown_by(request, user, now=now) else ""
    return check_code(user=user, code=form.cleaned_data["code"], by=themselves(user), now=now)


def complete(request: HttpRequest, waiting: HalfOpen, proof: str, *, now: datetime) -> HttpResponse:
    """The second step is shown: sign in, and on to where they wanted to go."""
    request.session.pop(half_open.HALF_OPEN, None)
    gate.open_session(request, waiting.user)
    half_open.note_proof(request, proof, now=now)
    if proof == "code":
        tell_codes_left(request, second_steps_of(waiting.user.pk))
    return redirect(waiting.next_path)


def tell_codes_left(request: HttpRequest, steps: SecondSteps) -> None:
    words = ngettext(
        "%(n)d recovery code is left. Make new ones before it is used up.", "%(n)d recovery codes are left.",
        steps.codes_left,
    )  # fmt: skip
    toast(request, words % {"n": steps.codes_left}, level="warning")


def page(
    request: HttpRequest, waiting: HalfOpen, form: CodeForm, *, status: int, passkey_failed: bool = False
) -> HttpResponse:
    here = passkeys_here(waiting.user, site_of(request)) > 0
    context = {
        "form": form,
        "steps": second_steps_of(waiting.user.pk),
        "options": ask_to_show(request, waiting.user) if here else "",
        "failed": passkey_failed,
    }
    return render(request, "accounts/second_step.html", context, status=status)


def locked(request: HttpRequest) -> HttpResponse:
    """Too many failures: the half-open session ends, and the password is asked for again."""
    request.session.flush()
    return render(request, "accounts/second_step_locked.html", status=429)
