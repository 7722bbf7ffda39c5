"""People and access: who holds which role at a client or at the operator; given, changed and ended here."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import Refused, Stale
from accounts.forms import put
from accounts.models import Client, Membership, User
from accounts.selectors_sign_in import open_invitations
from accounts.services import invitations
from accounts.services.memberships import change, end, is_last_admin
from bpo.acting import operator_of
from bpo.permissions import Permission, requires
from bpo.roles import ROLES
from bpo.ui.context import colour_class
from bpo.ui.toasts import toast
from console.access import Wanted, access_at, end_of, give, give_to, in_words, last_day_of, roles_of
from console.access_forms import AccessFilters, ChangeForm, GiveForm
from console.views.shared import client_of

PAGE = 50


@requires(Permission.GIVE_ACCESS)
@require_safe
def operator_access(request: HttpRequest) -> HttpResponse:
    """Who may do what on the operator's host."""
    return _page(request, None, GiveForm(roles_of(None)))


@requires(Permission.GIVE_ACCESS)
@require_safe
def client_access(request: HttpRequest, key: str) -> HttpResponse:
    """Who may do what at one client."""
    client = client_of(key)
    return _page(request, client, GiveForm(roles_of(client)))


@requires(Permission.GIVE_ACCESS)
@require_POST
def give_at_operator(request: HttpRequest) -> HttpResponse:
    return _give(request, None)


@requires(Permission.GIVE_ACCESS)
@require_POST
def give_at_client(request: HttpRequest, key: str) -> HttpResponse:
    return _give(request, client_of(key))


@requires(Permission.GIVE_ACCESS)
@require_http_methods(["GET", "POST"])
def membership(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """One role of one person: its reach and its last day."""
    found = _membership(membership_id)
    form = ChangeForm(request.POST or None, initial=_initial(found), third_party=found.role == "third_party")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _change(request, found, form.cleaned_data)
            except Refused as error:
                put(form, error)
            except Stale:
                found, status = _membership(membership_id), 409
                form = _again(request, found)
            else:
                return redirect(_list_of(found.client))
    now = timezone.now()
    context = {
        **_place(found.client),
        "found": found,
        "role": ROLES[found.role],
        "ended": found.ends_at is not None and found.ends_at <= now,
        "last_admin": is_last_admin(found),
        "form": form,
    }
    return render(request, "console/membership.html", context, status=status)


@requires(Permission.GIVE_ACCESS)
@require_POST
def end_membership(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """End a role now; the toast gives it back."""
    found = _membership(membership_id)
    until = last_day_of(found)
    back = reverse("console:give_again", args=[found.pk]) + (f"?until={until}" if until else "")
    names = {"name": found.user, "role": ROLES[found.role].label}
    try:
        ended = end(membership=found, by=operator_of(request), now=timezone.now())
    except Refused as error:
        toast(request, f"{error.problem} {error.remedy}", level="warning")
        return redirect(_list_of(found.client))
    there = Membership.objects.filter(pk=found.pk).exists()
    if ended:
        toast(request, _("%(name)s is no longer %(role)s here.") % names, undo=back if there else "")
    else:
        toast(request, _("It had ended already."), level="info")
    return redirect(_list_of(found.client))


@requires(Permission.GIVE_ACCESS)
@require_POST
def give_again(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Give a role that ended again, with its reach, until the day the address names."""
    found = _membership(membership_id)
    try:
        give_to(
            user=found.user, client=found.client, role=found.role, scope=found.scope,
            ends_at=end_of(_day(request.GET.get("until", "")), found.client), by=operator_of(request),
            now=timezone.now(),
        )  # fmt: skip
    except Refused as error:
        toast(request, f"{error.problem} {error.remedy}", level="warning")
    else:
        toast(request, _("%(name)s is %(role)s again.") % {"name": found.user, "role": ROLES[found.role].label})
    return redirect(_list_of(found.client))


@requires(Permission.GIVE_ACCESS)
@require_POST
def invite_again(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Mail a new link to somebody who hasn't used theirs; the old one opens nothing any more."""
    return _invited(request, user_id, invitations.invite_again, _("%(name)s gets a new link; the old one is dead."))


@requires(Permission.GIVE_ACCESS)
@require_POST
def revoke_invitation(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Take an invitation back, and the roles that waited for it."""
    return _invited(request, user_id, invitations.revoke_invitation, _("%(name)s is no longer invited."))


def _invited(request: HttpRequest, user_id: UUID, act: Callable[..., Any], said: str) -> HttpResponse:
    user = User.objects.filter(pk=user_id).first()
    client = Client.objects.filter(key=request.POST.get("at", "")).first()
    if user is None:
        raise Http404
    try:
        act(user=user, by=operator_of(request), now=timezone.now())
    except Refused as error:
        toast(request, f"{error.problem} {error.remedy}", level="warning")
    else:
        toast(request, said % {"name": user})
    return redirect(_list_of(client))


def _again(request: HttpRequest, found: Membership) -> ChangeForm:
    """What was sent, over the row as somebody else left it."""
    sent = {**request.POST.dict(), "version": str(found.version)}
    form = ChangeForm(sent, third_party=found.role == "third_party")
    was = {"reach": found.get_scope_display(), "day": last_day_of(found) or "–"}
    form.add_error(
        None, _("Somebody changed it meanwhile to “%(reach)s”, last day %(day)s. Keep yours by sending it again.") % was
    )
    return form


def _give(request: HttpRequest, client: Client | None) -> HttpResponse:
    form = GiveForm(roles_of(client), request.POST)
    if form.is_valid():
        try:
            made = give(client=client, **form.cleaned_data, by=operator_of(request), now=timezone.now())
        except Refused as error:
            put(form, error)
        else:
            toast(request, said_of(made), undo=reverse("console:end_membership", args=[made.pk]))
            return redirect(_list_of(client))
    return _page(request, client, form, status=422)


def said_of(made: Membership) -> str:
    """What giving a role did, in words."""
    new = not made.user.has_usable_password()
    said = _("%(name)s is invited by mail, as %(role)s.") if new else _("%(name)s is %(role)s from now on.")
    return said % {"name": made.user, "role": ROLES[made.role].label}


def _change(request: HttpRequest, found: Membership, given: dict[str, Any]) -> None:
    change(
        membership=found, version=given["version"], scope=given["scope"],
        ends_at=end_of(given["last_day"], found.client), by=operator_of(request), now=timezone.now(),
    )  # fmt: skip
    toast(request, _("Kept. It counts from the next page %(name)s opens.") % {"name": found.user})


def _page(request: HttpRequest, client: Client | None, form: forms.Form, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    filters = AccessFilters(request.GET, roles_of(client))
    wanted = filters.wanted() if filters.is_valid() else Wanted()
    page = Paginator(access_at(client, wanted, now=now), PAGE).get_page(request.GET.get("page"))
    context = {
        **_place(client),
        "page": page,
        "rows": [
            {
                "one": one,
                "role": ROLES[one.role],
                "last_day": last_day_of(one),
                "ended": one.ends_at is not None and one.ends_at <= now,
            }
            for one in page.object_list
        ],
        "invitations": list(open_invitations(client_id=client.pk if client else None)[:PAGE]),
        "now": now,
        "filters": filters,
        "narrowed": wanted != Wanted(),
        "form": form,
        "roles": in_words(client),
        "add_url": reverse("console:give_at_client", args=[client.key])
        if client
        else reverse("console:give_at_operator"),
    }
    return render(request, "console/access.html", context, status=status)


def _place(client: Client | None) -> dict[str, Any]:
    return {
        "client": client,
        "colour": colour_class(client.colour) if client else "",
        "zone": client.zone if client else "UTC",
        "list_url": _list_of(client),
    }


def _list_of(client: Client | None) -> str:
    return reverse("console:client_access", args=[client.key]) if client else reverse("console:operator_access")


def _membership(membership_id: UUID) -> Membership:
    found = Membership.objects.select_related("user__realm", "client", "granted_by").filter(pk=membership_id).first()
    if found is None:
        raise Http404
    return found


def _initial(found: Membership) -> dict[str, Any]:
    return {"scope": found.scope, "last_day": last_day_of(found), "version": found.version}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
