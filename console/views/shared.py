"""What the console's pages share."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Client
from bpo.ui.context import colour_class

SLOW = 5  # seconds after which a page that waits says that the provisioner may not run


def client_of(key: str) -> Client:
    """The client of that key, whatever its status; 404 when there is none."""
    found: Client | None = Client.objects.filter(key=key).first()
    if found is None:
        raise Http404
    return found


def conflict(request: HttpRequest, client: Client, *, problem: str, remedy: str) -> HttpResponse:
    """What was asked of a client doesn't fit what it is by now: 409 in words, as a panel or a page."""
    context = {"client": client, "colour": colour_class(client.colour), "problem": problem, "remedy": remedy}
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "console/_conflict.html" if fragment else "console/conflict.html", context, status=409)
