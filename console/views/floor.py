"""Inviting the floor to a client: who gets a mail, who not and why; chosen row by row, and followed until it is done."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import Refused
from accounts.forms import put
from accounts.models import Client
from bpo.acting import operator_of
from bpo.permissions import Permission, requires
from bpo.roles import ROLES
from bpo.ui.context import colour_class
from bpo.ui.numbers import number
from bpo.ui.toasts import toast
from console.access_forms import reach_field
from console.floor import Outcome, counts, floor_of, invite_floor, looked_at, progress_of
from console.views.shared import client_of

PAGE: Final = 50
BECOMES: Final[dict[Outcome, str | Promise]] = {
    Outcome.MAIL: gettext_lazy("gets the role and a mail with a link"),
    Outcome.ROLE: gettext_lazy("gets the role and no mail: they can sign in already"),
    Outcome.HOLDS: gettext_lazy("not invited: they hold a role here"),
    Outcome.INVITED: gettext_lazy("not invited: they were, and haven’t accepted yet"),
    Outcome.UNDER_WAY: gettext_lazy("being invited now"),
    Outcome.NO_ADDRESS: gettext_lazy("not invited: no e-mail address is known"),
    Outcome.SHARED: gettext_lazy("not invited: another employee has the same e-mail address"),
    Outcome.SWITCHED_OFF: gettext_lazy("not invited: their access was ended"),
}


class InviteForm(forms.Form):
    """Whom, and as what. Without rows everybody who can be invited is meant, by a button of its own."""

    everybody = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        choices = [(role.key, role.label) for role in ROLES.values() if role.realm == "staff"]
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=choices, initial="agent")
        self.fields["scope"] = reach_field()
        self.fields["scope"].initial = "self"


@requires(Permission.GIVE_ACCESS)
@never_cache
@require_http_methods(["GET", "POST"])
def floor(request: HttpRequest, key: str) -> HttpResponse:
    """The floor with what inviting each comes to; the progress alone for the page's own polling."""
    client = client_of(key)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        chosen = None if given["everybody"] else _ids(request.POST.getlist("person"))
        try:
            asked = invite_floor(
                client=client, chosen=chosen, role=given["role"], scope=given["scope"], by=operator_of(request),
                now=timezone.now(),
            )  # fmt: skip
        except Refused as error:
            put(form, error)
        else:
            _say(request, len(asked))
            return redirect("console:floor", key)
    if request.headers.get("HX-Request") == "true":
        return render(request, "console/_floor_progress.html", {"client": client, "progress": progress_of(client)})
    return _page(request, client, form)


def _say(request: HttpRequest, asked: int) -> None:
    if not asked:
        toast(request, _("Nobody was chosen who can be invited."), level="warning")
        return
    said = ngettext("%(n)s person is being invited.", "%(n)s people are being invited.", asked)
    toast(request, said % {"n": number(asked)})


def _ids(sent: list[str]) -> list[UUID]:
    """Ids among what was sent; anything else chooses nobody."""
    found = []
    for text in sent:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _page(request: HttpRequest, client: Client, form: InviteForm) -> HttpResponse:
    now = timezone.now()
    text = request.GET.get("q", "").replace("\x00", "").strip()[:120]
    everybody = looked_at(client, floor_of(client, on=now.date()), now=now)
    wanted = everybody if not text else looked_at(client, floor_of(client, text=text, on=now.date()), now=now)
    found = counts(everybody)
    page = Paginator(wanted, PAGE).get_page(request.GET.get("page"))
    context = {
        "client": client,
        "colour": colour_class(client.colour),
        "form": form,
        "q": text,
        "page": page,
        "rows": [(one, BECOMES[one.outcome]) for one in page.object_list],
        "mails": found[Outcome.MAIL],
        "roles": found[Outcome.ROLE],
        "left_out": sum(found.values()) - found[Outcome.MAIL] - found[Outcome.ROLE],
        "invitable": found[Outcome.MAIL] + found[Outcome.ROLE],
        "all": len(everybody),
        "progress": progress_of(client),
    }
    return render(request, "console/floor.html", context, status=422 if form.errors else 200)
