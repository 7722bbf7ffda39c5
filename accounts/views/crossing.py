"""From the operator host to a client and back."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Client, User
from accounts.services import make_handoff, take_handoff
from accounts.services.handoff import NoHandOff
from accounts.views.sign_in import open_session
from bpo.acting import served_client
from bpo.links import address
from bpo.permissions import Permission, open_to_all, requires
from bpo.tenancy.middleware import runs_as_app


@requires(Permission.ENTER_CLIENT)
@never_cache
@require_POST
def cross(request: HttpRequest, key: str) -> HttpResponse:
    """Make a code for the client and go there with it."""
    client = Client.objects.filter(key=key).first()
    if client is None or not isinstance(request.user, User):
        raise Http404
    try:
        code = make_handoff(user=request.user, client=client, next_path=request.POST.get("next", "/"))
    except NoHandOff as error:
        raise Http404 from error
    return redirect(address(client.home_host, f"/arrive/?code={code}"))


@open_to_all("the code is the proof; it works once, for seconds, here only")
@runs_as_app
@never_cache
@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """Spend the code and open a session on this client's host."""
    client = served_client(request)
    try:
        user, path = take_handoff(code=request.GET.get("code", ""), client_id=client.id)
    except NoHandOff:
        return render(
            request, "accounts/no_handoff.html", {"ops": f"{settings.SCHEME}://ops.{settings.BASE}/"}, status=403
        )
    open_session(request, user)
    return redirect(path)
