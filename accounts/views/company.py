"""Signing in by the company's own identity provider, and connecting it to somebody who is signed in."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.challenges import site_of
from accounts.domain.oidc import authorisation_address, subject_of
from accounts.errors import Refused
from accounts.middleware import binding
from accounts.models import IdentityProvider, User
from accounts.oidc import NoAnswer, claims_for
from accounts.selectors import provider_of
from accounts.services.identities import connect, disconnect, who_is
from accounts.views import second_step
from accounts.views import sign_in as gate
from accounts.views.my_second_step import fresh, me, own, show
from bpo.acting import host_client
from bpo.actors import system
from bpo.links import address
from bpo.permissions import open_to_all
from bpo.tenancy.middleware import runs_as_app
from bpo.ui.toasts import toast

ASKED = "asked_company"  # in the session: what the provider was asked, until its answer comes back
SECONDS = 600
NOBODY = system("company sign-in")


def here(request: HttpRequest) -> IdentityProvider:
    client = host_client(request)
    provider = provider_of(client.id if client else None)
    if provider is None:
        raise Http404
    return provider


@open_to_all("signing in comes before a login")
@runs_as_app
@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Off to the provider. A link and no form: the policy lets no form lead to another site."""
    return redirect(asked_at(request, here(request), next_path=gate.safe_next(request)))


def asked_at(request: HttpRequest, provider: IdentityProvider, *, next_path: str, user_id: UUID | None = None) -> str:
    """Where to go, with a question only this browser can bring the answer to. `user_id` is who asks to be connected."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    request.session[ASKED] = {
        "provider": str(provider.pk), "state": state, "nonce": nonce, "verifier": verifier, "next": next_path,
        "bound": binding(host_client(request)),
        "until": timezone.now().timestamp() + SECONDS,
        "connects": str(user_id) if user_id else "",
    }  # fmt: skip
    return authorisation_address(
        provider.authorisation_endpoint, client_id=provider.client_id, back=back_to(request), state=state, nonce=nonce,
        verifier=verifier,
    )  # fmt: skip


def back_to(request: HttpRequest) -> str:
    return address(site_of(request).host, reverse("company-back"))


@open_to_all("signing in comes before a login")
@runs_as_app
@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """The answer: it is this browser's, for this host, once, and says who it is."""
    now = timezone.now()
    provider = here(request)
    asked = request.session.pop(ASKED, None)
    if not is_ours(request, asked, provider, now):
        return refused(request, _("That way in has been used or has run out. Start again."), status=403)
    try:
        claims = claims_for(
            provider, code=request.GET.get("code", ""), verifier=asked["verifier"], back=back_to(request)
        )  # fmt: skip
        subject = subject_of(claims, client_id=provider.client_id, nonce=asked["nonce"])
    except (NoAnswer, ValueError):
        return refused(request, _("The company sign-in didn't say who you are. Start again."), status=403)
    try:
        if asked["connects"]:
            return connected(request, provider, subject, asked["connects"], now)
        user = who_is(provider=provider, subject=subject, claims=claims, by=NOBODY, now=now)
    except Refused as error:
        return refused(request, f"{error.problem} {error.remedy}", status=403)
    return second_step.proceed(request, user, next_path=asked["next"])


def is_ours(request: HttpRequest, asked: Any, provider: IdentityProvider, now: datetime) -> bool:
    """Whether this is the answer to what this very session asked on this very host, in time."""
    if asked is None or asked["until"] < now.timestamp() or asked["provider"] != str(provider.pk):
        return False
    client = host_client(request)
    return asked["bound"] == binding(client) and secrets.compare_digest(
        asked["state"].encode(), request.GET.get("state", "").encode()
    )


def connected(
    request: HttpRequest, provider: IdentityProvider, subject: str, user_id: str, now: datetime
) -> HttpResponse:
    """Only for the very person who asked, still signed in."""
    user = request.user
    principal = request.principal  # type: ignore[attr-defined]  # set by accounts' middleware
    if principal is None or not isinstance(user, User) or str(user.pk) != user_id:
        return refused(request, _("You were signed out meanwhile. Start again."), status=403)
    connect(user=user, provider=provider, subject=subject, by=second_step.themselves(user), now=now)
    toast(request, _("From now on %(name)s signs you in too.") % {"name": provider})
    return redirect("second-step:mine")


def refused(request: HttpRequest, words: str, *, status: int) -> HttpResponse:
    return render(request, "accounts/company_refused.html", {"words": words}, status=status)


@own
@require_POST
@fresh
def connect_mine(request: HttpRequest) -> HttpResponse:
    """Asked for by a form, so that no other site can ask; the way there is a link on the page that answers."""
    provider = here(request)
    target = asked_at(request, provider, next_path="/", user_id=me(request).pk)
    return show(request, "company_connect", {"provider": provider, "target": target})


@own
@require_POST
@fresh
def disconnect_mine(request: HttpRequest) -> HttpResponse:
    user = me(request)
    try:
        disconnect(user=user, by=second_step.themselves(user), now=timezone.now())
    except Refused as error:
        toast(request, f"{error.problem} {error.remedy}", level="error")
    else:
        toast(request, _("Your password alone signs you in again."))
    return redirect("second-step:mine")
