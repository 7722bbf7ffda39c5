"""The start page of a client's host: the first place in the rail of whoever comes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from bpo.acting import principal_of
from bpo.permissions import Permission, requires
from bpo.ui.context import leading_role
from bpo.ui.rail import permitted, rail_for


@requires(Permission.SEE_HOME)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    principal = principal_of(request)
    rail = permitted(rail_for(leading_role(principal.roles), "client"), principal)
    if rail:
        return redirect(rail[0].url)
    return render(request, "home.html")
