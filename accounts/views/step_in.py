"""Out of a client again, from the banner on every page of whoever stepped in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.services.step_ins import step_out
from bpo.acting import operator_of, principal_of, served_client
from bpo.permissions import Permission, requires
from bpo.tenancy.middleware import runs_as_app


@requires(Permission.LOOK_INSIDE)
@runs_as_app
@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the look inside. The way back to the operator is a link: a form may not lead to another host."""
    client = served_client(request)
    user = User.objects.get(pk=principal_of(request).user_id)
    step_out(user=user, client_id=client.id, by=operator_of(request), now=timezone.now())
    back = f"{settings.SCHEME}://ops.{settings.BASE}/clients/{client.key}/"
    return render(request, "accounts/stepped_out.html", {"back": back, "name": client.name})
