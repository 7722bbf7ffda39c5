"""A client's life: what it is, what may follow, what was asked for, and its exports."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.errors import Refused
from accounts.models import Client
from bpo.acting import operator_of, principal_of
from bpo.permissions import Permission, may, requires
from bpo.ui.context import colour_class
from console.forms import StepForm
from console.life import LED_TO, STEPS, question, standing, steps_from
from console.lives import FROM, ask
from console.models import Change
from console.taking import take_export
from console.views.shared import SLOW, client_of, conflict

A_PAGE = 20
PIECE = 1 << 16  # bytes of a file in memory at once


@dataclass(frozen=True, slots=True)
class Export:
    """A file that is still there, and whether it is this person's to take."""

    change: Change
    mine: bool


@requires(Permission.SEE_CLIENTS)
@never_cache
@require_safe
def life(request: HttpRequest, key: str) -> HttpResponse:
    """Where a client stands and how it came there; the fragment alone for the page's own polling."""
    client, now = client_of(key), timezone.now()
    headline, meaning = standing(client)
    changes = client.changes.all()
    waiting = changes.filter(state__in=[Change.State.ASKED, Change.State.RUNNING]).first()
    context = {
        "client": client,
        "colour": colour_class(client.colour),
        "headline": headline,
        "meaning": meaning,
        "led": changes.filter(state=Change.State.DONE, kind__in=LED_TO[client.status]).first(),
        "waiting": waiting,
        "slow": waiting is not None and _is_slow(waiting, now),
        "steps": _offered(request, client, now),
        "exports": _exports(request, client, now),
        "page": Paginator(changes, A_PAGE).get_page(request.GET.get("page")),
        "here": request.get_full_path(),
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "console/_life.html" if fragment else "console/life.html", context)


@requires(Permission.CHANGE_CLIENT)
@never_cache
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """Ask whether a step is meant, and ask for it. 409 in words when it can't follow."""
    if kind not in STEPS or STEPS[kind].permission != Permission.CHANGE_CLIENT:
        raise Http404
    return _step(request, client_of(key), kind)


@requires(Permission.EXPORT_CLIENT)
@never_cache
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, key: str) -> HttpResponse:
    """The same for an export, which has a permission of its own."""
    return _step(request, client_of(key), Change.Kind.EXPORT)


@requires(Permission.EXPORT_CLIENT)
@never_cache
@require_GET
def download(request: HttpRequest, key: str, change_id: UUID) -> HttpResponseBase:
    """An export's file, a piece at a time. 404 for everybody else's, for one that is over, and for none."""
    taken = take_export(key=key, change_id=change_id, by=operator_of(request), now=timezone.now())
    if taken is None:
        raise Http404
    change, content = taken
    name = f"{key}-{change.finished_at:%Y-%m-%d}.zip"
    response = FileResponse(content, as_attachment=True, filename=name, content_type="application/zip")
    response.block_size = PIECE
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _step(request: HttpRequest, client: Client, kind: str) -> HttpResponse:
    now = timezone.now()
    form = StepForm(request.POST or None)
    if client.status not in FROM[kind]:
        problem = _("The client is %(status)s; that can't follow.") % {"status": client.get_status_display()}
        return conflict(request, client, problem=problem, remedy=_("Its page of life says what can."))
    error = ""
    if request.method == "POST" and form.is_valid():
        given = {"reason": form.cleaned_data["reason"], "typed": request.POST.get("confirm", "").strip()}
        try:
            ask(client=client, kind=kind, by=operator_of(request), now=now, **given)
        except Refused as why:
            if why.field == "kind":
                return conflict(request, client, problem=why.problem, remedy=why.remedy)
            error = f"{why.problem} {why.remedy}"
        else:
            return redirect("console:life", client.key)
    title, text = question(STEPS[kind], client, now)
    context = {
        "client": client, "colour": colour_class(client.colour), "step": STEPS[kind], "title": title, "text": text,
        "form": form, "error": error, "action_url": _address(client, kind),
        "word": client.key if STEPS[kind].typed else "",
    }  # fmt: skip
    fragment = request.headers.get("HX-Request") == "true"
    template = "console/_step.html" if fragment else "console/step.html"
    return render(request, template, context, status=422 if form.errors or error else 200)


def _offered(request: HttpRequest, client: Client, now: datetime) -> list[tuple[Any, str, str]]:
    """Steps that may follow and that this person may ask for: each with its meaning and its address."""
    principal = principal_of(request)
    return [
        (one, question(one, client, now)[1], _address(client, one.kind))
        for one in steps_from(client.status)
        if may(principal, one.permission)
    ]


def _address(client: Client, kind: str) -> str:
    if kind == Change.Kind.EXPORT:
        return reverse("console:export", args=[client.key])
    return reverse("console:step", args=[client.key, kind])


def _exports(request: HttpRequest, client: Client, now: datetime) -> list[Export]:
    there = client.changes.filter(kind=Change.Kind.EXPORT, state=Change.State.DONE, expires_at__gt=now)
    principal = principal_of(request)
    allowed = may(principal, Permission.EXPORT_CLIENT)
    return [Export(one, allowed and one.asked_by_id == principal.user_id) for one in there]


def _is_slow(change: Change, now: datetime) -> bool:
    return change.state == Change.State.ASKED and (now - change.asked_at).total_seconds() > SLOW
