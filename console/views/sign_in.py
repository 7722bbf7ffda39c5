"""How a client's people, or staff, sign in: the second step asked of them, and their company's own provider."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import Refused, Stale
from accounts.forms import put
from accounts.models import Client, IdentityProvider, SignInRule
from accounts.selectors import provider_in
from accounts.selectors_sign_in import hosts_of, own_people
from accounts.services.providers import set_provider, switch_off, switch_on
from accounts.services.second_step import require_second_step
from bpo.acting import operator_of
from bpo.links import address
from bpo.permissions import Permission, requires
from bpo.ui.context import colour_class
from bpo.ui.toasts import toast
from console.sign_in_forms import ProviderForm, SwitchForm
from console.views.shared import client_of


@requires(Permission.CHANGE_CLIENT)
@never_cache
@require_safe
def of_client(request: HttpRequest, key: str) -> HttpResponse:
    """What a client asks of its own people at sign-in."""
    return _page(request, client_of(key))


@requires(Permission.GIVE_ACCESS)
@never_cache
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """How staff sign in."""
    return _page(request, None)


@requires(Permission.CHANGE_CLIENT)
@require_POST
def second_step(request: HttpRequest, key: str) -> HttpResponse:
    """Ask a client's people for a second step, or no longer."""
    client = _served(key)
    form = SwitchForm(_sent(request))
    if not form.is_valid():
        raise Http404
    on, version = form.cleaned_data["on"], form.cleaned_data["version"]
    try:
        require_second_step(client=client, required=on, version=version, by=operator_of(request), now=timezone.now())
    except Stale:
        return _page(request, client, changed=True, status=409)
    said = (
        _("Who has no second step is led to set one up at their next sign-in.")
        if on
        else _("From now on the password alone signs them in; who has a second step is still asked for it.")
    )
    toast(request, said, undo=f"{reverse('console:client_second_step', args=[key])}?on={0 if on else 1}")
    return redirect("console:client_sign_in", key)


@requires(Permission.CHANGE_CLIENT)
@require_POST
def client_provider(request: HttpRequest, key: str) -> HttpResponse:
    return _set(request, _served(key))


@requires(Permission.GIVE_ACCESS)
@require_POST
def staff_provider(request: HttpRequest) -> HttpResponse:
    return _set(request, None)


@requires(Permission.CHANGE_CLIENT)
@require_POST
def client_switch(request: HttpRequest, key: str) -> HttpResponse:
    return _switch(request, _served(key))


@requires(Permission.GIVE_ACCESS)
@require_POST
def staff_switch(request: HttpRequest) -> HttpResponse:
    return _switch(request, None)


def _set(request: HttpRequest, client: Client | None) -> HttpResponse:
    """Keep a provider's settings once the provider itself has been asked whether they are right."""
    there = provider_in(client.pk if client else None)
    form = _form(client, there, request.POST)
    if not form.is_valid():
        return _page(request, client, form=form, status=422)
    given = {"new_role": "", "replaces": True, **form.cleaned_data}
    try:
        made = set_provider(realm=client, on=None, by=operator_of(request), now=timezone.now(), **given)
    except Refused as error:
        put(form, error)
        return _page(request, client, form=form, status=422)
    except Stale:
        return _page(request, client, form=_again(request, client), status=409)
    if made.is_active:
        toast(request, _("Kept, and %(name)s has answered. It counts from the next sign-in.") % {"name": made})
    else:
        toast(
            request, _("%(name)s has answered and is kept. It signs people in once you switch it on.") % {"name": made}
        )
    return redirect(_place(client))


def _again(request: HttpRequest, client: Client | None) -> ProviderForm:
    """What was sent, over the provider as somebody else left it."""
    there = provider_in(client.pk if client else None)
    form = _form(client, there, {**request.POST.dict(), "version": str(there.version if there else 0)})
    is_now = f"{there.name}, {there.issuer}, {there.client_id}" if there else _("nothing")
    form.add_error(
        None, _("Somebody changed it meanwhile to “%(now)s”. Keep yours by sending it again.") % {"now": is_now}
    )
    return form


def _switch(request: HttpRequest, client: Client | None) -> HttpResponse:
    """Let the provider sign people in, which asks it first, or no longer."""
    there = provider_in(client.pk if client else None)
    form = SwitchForm(_sent(request))
    if there is None or not form.is_valid():
        raise Http404
    on, version = form.cleaned_data["on"], form.cleaned_data["version"]
    switch = switch_on if on else switch_off
    try:
        switch(provider=there, version=version, by=operator_of(request), now=timezone.now())
    except Refused as error:
        return _page(request, client, form=_refused(client, there, error), status=422)
    except Stale:
        return _page(request, client, changed=True, status=409)
    said = _("%(name)s signs people in from now on.") if on else _("%(name)s signs nobody in any more.")
    route, args = ("client_switch", [client.key]) if client else ("staff_switch", [])
    toast(request, said % {"name": there}, undo=f"{reverse(f'console:{route}', args=args)}?on={0 if on else 1}")
    return redirect(_place(client))


def _sent(request: HttpRequest) -> Any:
    """What a button sends; an undo says it in its address."""
    return request.POST if "on" in request.POST else request.GET


def _refused(client: Client | None, there: IdentityProvider, error: Refused) -> ProviderForm:
    """The provider's settings with what it says of them by now."""
    form = _form(client, there, {"version": there.version, "name": there.name, "issuer": there.issuer,
                                 "client_id": there.client_id, "new_role": there.new_role})  # fmt: skip
    put(form, error)
    return form


def _form(
    client: Client | None, there: IdentityProvider | None, data: Any = None, *, connected: int | None = None
) -> ProviderForm:
    if connected is None:
        connected = _connected(there)
    return ProviderForm(data, there=there, of_client=client is not None, connected=connected)


def _connected(there: IdentityProvider | None) -> int:
    return there.identities.count() if there else 0


def _page(
    request: HttpRequest, client: Client | None, *, form: ProviderForm | None = None, changed: bool = False,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    realm_id = client.pk if client else None
    there = provider_in(realm_id)
    connected = _connected(there)
    rule = SignInRule.objects.filter(client=client).first() if client else None
    context = {
        "client": client,
        "colour": colour_class(client.colour) if client else "",
        "open": client is None or _is_served(client),
        "there": there,
        "connected": connected,
        "form": form or _form(client, there, connected=connected),
        "changed": changed,
        "rule": rule,
        "people": own_people(client.pk) if client else None,
        "addresses": [address(host, reverse("company-back")) for host in hosts_of(realm_id)],
    }
    return render(request, "console/sign_in.html", context, status=status)


def _place(client: Client | None) -> str:
    return reverse("console:client_sign_in", args=[client.key]) if client else reverse("console:staff_sign_in")


def _is_served(client: Client) -> bool:
    return client.status in (Client.Status.ACTIVE, Client.Status.SUSPENDED)


def _served(key: str) -> Client:
    """A client whose people sign in, or will once it is resumed; of others nothing is changed."""
    found = client_of(key)
    if not _is_served(found):
        raise Http404
    return found
