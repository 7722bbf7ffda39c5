"""A new client once it is asked for: the wait, and the first people."""

from typing import Any
from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import Refused
from accounts.forms import put
from accounts.models import Membership
from accounts.selectors import clients_of
from bpo.acting import operator_of, principal_of
from bpo.links import address
from bpo.permissions import Permission, requires
from bpo.ui.context import colour_class
from bpo.ui.toasts import toast
from console.access import give
from console.forms import FirstUserForm
from console.models import Opening
from console.views.access import said_of
from console.views.shared import SLOW

CROSSING = {"form-action": [f"{settings.SCHEME}://*.{settings.BASE}"]}  # the forms end on a client's host


@requires(Permission.OPEN_CLIENT)
@csp_update(CROSSING)  # type: ignore[arg-type]  # the decorator is typed for views without arguments
@never_cache
@require_safe
def opening(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Where an opening stands; the fragment alone for the page's own polling."""
    found = _opening(opening_id)
    if found.state == Opening.State.DRAFT:
        return redirect("console:draft_terms", found.pk)
    context = {**_told(request, found), "form": FirstUserForm()}
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "console/_opening.html" if fragment else "console/opening.html", context)


@requires(Permission.OPEN_CLIENT)
@csp_update(CROSSING)  # type: ignore[arg-type]  # the decorator is typed for views without arguments
@require_POST
def first_user(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Give somebody access to the client just opened."""
    found = _opening(opening_id)
    if found.client is None:
        raise Http404
    form = FirstUserForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = give(
                **given, client=found.client, scope="all", last_day=None, by=operator_of(request), now=timezone.now()
            )
        except Refused as error:
            put(form, error)
        else:
            toast(request, said_of(made))
            return redirect("console:opening", found.pk)
    return render(request, "console/opening.html", {**_told(request, found), "form": form}, status=422)


def _opening(opening_id: UUID) -> Opening:
    found = Opening.objects.select_related("client").filter(pk=opening_id).first()
    if found is None:
        raise Http404
    return found


def _told(request: HttpRequest, found: Opening) -> dict[str, Any]:
    """What the page shows: while it waits, the waiting; then the client, its people, and whether one may enter."""
    now = timezone.now()
    told: dict[str, Any] = {"opening": found, "colour": colour_class(found.colour)}
    if found.client is None:
        return {**told, "slow": (now - found.asked_at).total_seconds() > SLOW}
    # Read first and at once: the page stops asking when it sees people, and access found later would be missed.
    people = list(Membership.objects.filter(client=found.client).select_related("user").order_by("user__name", "role"))
    mine = bool(people) and clients_of(principal_of(request).user_id, now=now).filter(pk=found.client_id).exists()
    imports = reverse("imports:new", urlconf="bpo.urls_client")
    return {
        **told,
        "imports": imports,
        "url": address(found.client.primary_host, "/"),
        "people": people,
        "may_enter": mine,
    }
