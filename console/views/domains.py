"""A client's host names: the built-in one, and its own from claim to proof to leaving."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import Refused
from accounts.models import Claim, Client
from accounts.services.domains import claim_host, leave_claim, make_primary, prove
from bpo.acting import operator_of
from bpo.permissions import Permission, requires
from bpo.ui.context import colour_class
from bpo.ui.toasts import toast
from console.forms import HostForm, StepForm
from console.views.shared import client_of, conflict


@requires(Permission.CHANGE_CLIENT)
@never_cache
@require_http_methods(["GET", "POST"])
def domains(request: HttpRequest, key: str) -> HttpResponse:
    """Every host name of a client, and a form to claim one."""
    client = client_of(key)
    form = HostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            claim_host(client=client, by=operator_of(request), now=timezone.now(), **form.cleaned_data)
        except Refused as error:
            form.add_error("host", f"{error.problem} {error.remedy}")
        else:
            return redirect("console:domains", key)
    return _page(request, client, form)


@requires(Permission.CHANGE_CLIENT)
@require_POST
def check(request: HttpRequest, key: str, claim_id: UUID) -> HttpResponse:
    """Ask DNS now. The claim says what came of it."""
    claim = _claim(key, claim_id)
    try:
        if prove(claim=claim, by=operator_of(request), now=timezone.now()):
            toast(request, _("%(host)s is proven and live.") % {"host": claim.host})
    except Refused as error:
        return conflict(request, claim.client, problem=error.problem, remedy=error.remedy)
    return redirect("console:domains", key)


@requires(Permission.CHANGE_CLIENT)
@require_POST
def primary(request: HttpRequest, key: str, proven_id: UUID) -> HttpResponse:
    """Let links lead to a name that is proven."""
    claim = _claim(key, proven_id)
    return _make_primary(request, claim.client, claim)


@requires(Permission.CHANGE_CLIENT)
@require_POST
def built_in_primary(request: HttpRequest, key: str) -> HttpResponse:
    """Let links lead to the built-in host again."""
    return _make_primary(request, client_of(key), None)


@requires(Permission.CHANGE_CLIENT)
@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, key: str, claim_id: UUID) -> HttpResponse:
    """Ask whether a host name is to be given up, and give it up."""
    claim = _claim(key, claim_id)
    form = StepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            leave_claim(claim=claim, by=operator_of(request), now=timezone.now(), **form.cleaned_data)
        except Refused as error:
            return conflict(request, claim.client, problem=error.problem, remedy=error.remedy)
        return redirect("console:domains", key)
    context = {
        "client": claim.client, "colour": colour_class(claim.client.colour), "form": form, "claim": claim,
        "title": _("Leave %(host)s") % {"host": claim.host},
        "text": _(
            "It answers 404 at once, also to links in mail that was sent. Take its address record out of DNS as well. "
            "Whoever claims it next has to prove it."
        ),
        "action_url": reverse("console:leave_domain", args=[key, claim.pk]),
    }  # fmt: skip
    fragment = request.headers.get("HX-Request") == "true"
    template = "console/_leave_domain.html" if fragment else "console/leave_domain.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _claim(key: str, claim_id: UUID) -> Claim:
    """A claim of this client that wasn't left; 404 for every other."""
    found = Claim.objects.select_related("client").filter(pk=claim_id, client__key=key, left_at=None).first()
    if found is None:
        raise Http404
    return found


def _make_primary(request: HttpRequest, client: Client, claim: Claim | None) -> HttpResponse:
    try:
        make_primary(client=client, claim=claim, by=operator_of(request), now=timezone.now())
    except Refused as error:
        return conflict(request, client, problem=error.problem, remedy=error.remedy)
    toast(request, _("Links in mail lead to the primary host name from now on."))
    return redirect("console:domains", client.key)


def _page(request: HttpRequest, client: Client, form: HostForm) -> HttpResponse:
    claims = list(client.claims.all())
    context: dict[str, Any] = {
        "client": client,
        "colour": colour_class(client.colour),
        "form": form,
        "live": [one for one in claims if one.proven_at and not one.left_at],
        "waiting": [one for one in claims if not one.proven_at and not one.left_at],
        "left": [one for one in claims if one.left_at],
    }
    return render(request, "console/domains.html", context, status=422 if form.errors else 200)
