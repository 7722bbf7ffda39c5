"""Webhooks on screen: where events are sent, what became of each, and the few things one can do about it."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpo.acting import by_of
from bpo.permissions import Permission, requires
from bpo.ui.toasts import toast
from bpo.webhooks import selectors
from bpo.webhooks.events import words_of
from bpo.webhooks.forms import EndpointForm
from bpo.webhooks.guarding import Refused
from bpo.webhooks.models import Delivery, Endpoint
from bpo.webhooks.services import GIVE_UPS, create_endpoint, ping, replay, rotate_secret, set_state

PAGE = 50
TONES = {"active": "good", "paused": "warn", "disabled": "", "delivered": "good", "given_up": "bad", "waiting": ""}


@requires(Permission.MANAGE_WEBHOOKS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every endpoint with how it is doing."""
    page = Paginator(selectors.endpoints(), PAGE).get_page(request.GET.get("page"))
    rows = [{"one": one, "events": _events(one), "tone": TONES[one.state]} for one in page]
    return render(request, "webhooks/list.html", {"page": page, "rows": rows})


@requires(Permission.MANAGE_WEBHOOKS)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new endpoint; its secret is on the page that follows, this once."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, secret = create_endpoint(
                url=given["url"], events=given["events"], by=by_of(request), now=timezone.now()
            )  # fmt: skip
        except Refused as error:
            form.add_error("url", str(error))
        else:
            return _page(request, made, secret=secret, status=201)
    return render(request, "webhooks/new.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.MANAGE_WEBHOOKS)
@require_safe
def detail(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """One endpoint with what was sent to it."""
    return _page(request, _found(endpoint_id))


@requires(Permission.MANAGE_WEBHOOKS)
@require_POST
def send_ping(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Try it out."""
    _found(endpoint_id)
    try:
        ping(endpoint_id=endpoint_id, by=by_of(request), now=timezone.now())
    except Refused as error:
        toast(request, str(error), level="error")
    else:
        toast(request, _("A test is on its way."))
    return redirect("webhooks:endpoint", endpoint_id)


@requires(Permission.MANAGE_WEBHOOKS)
@never_cache
@require_POST
def new_secret(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Another secret, shown this once; the one before is good for a day more."""
    _found(endpoint_id)
    secret = rotate_secret(endpoint_id=endpoint_id, by=by_of(request), now=timezone.now())
    return _page(request, _found(endpoint_id), secret=secret, status=201)


@requires(Permission.MANAGE_WEBHOOKS)
@require_POST
def pause(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    return _set(request, endpoint_id, Endpoint.State.PAUSED, _("Paused. What happens now waits."))


@requires(Permission.MANAGE_WEBHOOKS)
@require_POST
def resume(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    return _set(request, endpoint_id, Endpoint.State.ACTIVE, _("Resumed. What waited is on its way."))


@requires(Permission.MANAGE_WEBHOOKS)
@require_POST
def switch_off(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    return _set(request, endpoint_id, Endpoint.State.DISABLED, _("Switched off. Nothing is kept for it."))


@requires(Permission.MANAGE_WEBHOOKS)
@require_safe
def delivery(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """One delivery: what was sent, and each attempt."""
    one = _delivery(delivery_id)
    tries = [{**tried, "at": datetime.fromisoformat(tried["at"])} for tried in one.tries]
    context = {
        "one": one,
        "event": words_of(one.event),
        "tone": TONES[one.state],
        "body": json.dumps(json.loads(one.body), indent=2, ensure_ascii=False),
        "tries": list(reversed(tries)),
    }
    return render(request, "webhooks/delivery.html", context)


@requires(Permission.MANAGE_WEBHOOKS)
@require_POST
def send_again(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Send one that ended once more."""
    one = _delivery(delivery_id)
    try:
        replay(delivery_id=delivery_id, by=by_of(request), now=timezone.now())
    except Refused as error:
        toast(request, str(error), level="error")
    else:
        toast(request, _("It is on its way again, with the same event id."))
    return redirect("webhooks:endpoint", one.endpoint_id)


def _page(request: HttpRequest, one: Endpoint, *, secret: str = "", status: int = 200) -> HttpResponse:
    page = Paginator(selectors.deliveries(one), PAGE).get_page(request.GET.get("page"))
    rows = [
        {"one": sent, "event": words_of(sent.event), "tone": TONES[sent.state], "last": _last(sent)} for sent in page
    ]
    context = {
        "one": one,
        "events": _events(one),
        "tone": TONES[one.state],
        "secret": secret,
        "page": page,
        "rows": rows,
        "give_ups": GIVE_UPS,
        "now": timezone.now(),
    }
    return render(request, "webhooks/endpoint.html", context, status=status)


def _last(one: Delivery) -> dict[str, Any] | None:
    return one.tries[-1] if one.tries else None


def _set(request: HttpRequest, endpoint_id: UUID, state: str, words: str) -> HttpResponse:
    _found(endpoint_id)
    set_state(endpoint_id=endpoint_id, state=state, by=by_of(request), now=timezone.now())
    toast(request, words)
    return redirect("webhooks:endpoint", endpoint_id)


def _events(one: Endpoint) -> list[str]:
    return [words_of(event) for event in one.events]


def _found(endpoint_id: UUID) -> Endpoint:
    found = selectors.endpoint_by_id(endpoint_id)
    if found is None:
        raise Http404
    return found


def _delivery(delivery_id: UUID) -> Delivery:
    found = selectors.delivery_by_id(delivery_id)
    if found is None:
        raise Http404
    return found
