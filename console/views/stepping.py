"""Stepping into a client: the reason, the minutes, and who did before."""

from typing import Any

from csp.decorators import csp_update
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import Refused
from accounts.forms import put
from accounts.models import Client, StepIn, User
from accounts.selectors import open_step_ins
from accounts.services import make_handoff
from accounts.services.step_ins import MINUTES, step_in
from bpo.acting import operator_of, principal_of
from bpo.links import address
from bpo.permissions import Permission, requires
from bpo.ui.context import colour_class
from console.views.clients import CROSSING

SHOWN = 20


class StepInForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Such as the number of the matter that is looked into.")
    )
    minutes = forms.TypedChoiceField(
        label=_("For"),
        coerce=int,
        initial=30,
        choices=[(n, ngettext_lazy("%(n)d minute", "%(n)d minutes", n) % {"n": n}) for n in MINUTES],
    )


@requires(Permission.STEP_IN)
@csp_update(CROSSING)  # type: ignore[arg-type]  # the decorator is typed for views without arguments
@never_cache
@require_http_methods(["GET", "POST"])
def step_in_to(request: HttpRequest, key: str) -> HttpResponse:
    """Give a reason, step in, and land in the client's admin."""
    client = Client.objects.filter(key=key).first()
    if client is None or not isinstance(request.user, User):
        raise Http404
    form = StepInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            step_in(user=request.user, client=client, **form.cleaned_data, by=operator_of(request), now=timezone.now())
        except Refused as error:
            put(form, error)
        else:
            code = make_handoff(user=request.user, client=client, next_path="/admin/")
            return redirect(address(client.primary_host, f"/arrive/?code={code}"))
    return render(request, "console/step_in.html", _told(request, client, form), status=422 if form.errors else 200)


def _told(request: HttpRequest, client: Client, form: forms.Form) -> dict[str, Any]:
    now = timezone.now()
    mine = open_step_ins(principal_of(request).user_id, client.pk, now=now).first()
    return {
        "client": client,
        "colour": colour_class(client.colour),
        "form": form,
        "inside": mine,
        "minutes_left": -(-int((mine.until - now).total_seconds()) // 60) if mine else 0,
        "steps": StepIn.objects.filter(client=client).select_related("user").order_by("-begins_at")[:SHOWN],
    }
