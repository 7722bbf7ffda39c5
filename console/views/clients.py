"""The operator's first page: every client, and the way into those one works for."""

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.selectors import clients_of, clients_with_hosts
from bpo.acting import principal_of
from bpo.permissions import Permission, may, requires
from bpo.ui.context import colour_class


# The forms here end on a client's host, and a browser applies form-action to the redirect too.
@requires(Permission.SEE_HOME)
@csp_update({"form-action": [f"{settings.SCHEME}://*.{settings.BASE}"]})
@require_safe
def clients(request: HttpRequest) -> HttpResponse:
    """All clients for those who run them; one's own for everybody else."""
    principal = principal_of(request)
    mine = {client.pk: client for client in clients_of(principal.user_id, now=timezone.now())}
    everything = may(principal, Permission.SEE_CLIENTS)
    rows = [
        {**row, "colour": colour_class(row["client"].colour), "open": row["client"].pk in mine}
        for row in clients_with_hosts()
        if everything or row["client"].pk in mine
    ]
    return render(request, "console/clients.html", {"rows": rows, "everything": everything})
