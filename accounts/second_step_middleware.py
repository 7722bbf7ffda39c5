"""Who must have a second step and has shown none goes nowhere but to setting one up."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.half_open import OWED, PROVEN
from accounts.selectors import second_steps_of
from bpo.permissions import OpenToAll, Principal, stamp_of
from bpo.problems import is_api, problem
from bpo.roles import OPERATORS

Handler = Callable[[HttpRequest], HttpResponse]
View = Callable[..., Any]


def before_second_step(view: View) -> View:
    """Mark a view that somebody who still owes a second step may use: setting one up."""
    view.before_second_step = True  # type: ignore[attr-defined]  # a mark read by the middleware
    return view


class SecondStepMiddleware:
    """Asked on every request, so that whoever becomes an operator in the middle of a session is asked too."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        principal: Principal | None = request.principal  # type: ignore[attr-defined]  # set before by accounts
        if principal is None or principal.token_id is not None or not owes(request, principal):
            return None
        if isinstance(stamp_of(view), OpenToAll) or getattr(view, "before_second_step", False):
            return None
        return led(request, *_where(request, principal))


def owes(request: HttpRequest, principal: Principal) -> bool:
    """Whether this session still has to show a second step."""
    if request.session.get(PROVEN):
        return False
    asked = principal.on_operator and not settings.MFA_WAIVED and not OPERATORS.isdisjoint(principal.roles)
    return asked or bool(request.session.get(OWED))


def _where(request: HttpRequest, principal: Principal) -> tuple[str, str]:
    """Who has a second step but didn't show it here signs in again; who has none sets one up."""
    if second_steps_of(principal.user_id).there:
        logout(request)
        return reverse("sign-in"), _("Sign in again, with your second step.")
    return reverse("second-step:mine"), _("Set up a second step of signing in first.")


def led(request: HttpRequest, target: str, words: str) -> HttpResponse:
    if is_api(request):
        return problem(request, 403, "second-step-wanted", words)
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=401)
        response["HX-Redirect"] = target
        return response
    return redirect(target)
