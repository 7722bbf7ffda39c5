"""Everybody's API tokens at one client, for whoever gives and ends access."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import token_by_id, tokens_at
from accounts.services.tokens import revoke_token
from accounts.views.tokens import shown
from bpo.acting import operator_of
from bpo.permissions import Permission, requires
from bpo.ui.context import colour_class
from bpo.ui.toasts import toast
from console.views.shared import client_of

PAGE = 50


@requires(Permission.GIVE_ACCESS)
@require_safe
def client_tokens(request: HttpRequest, key: str) -> HttpResponse:
    client = client_of(key)
    page = Paginator(tokens_at(client.pk), PAGE).get_page(request.GET.get("page"))
    context = {
        "client": client,
        "colour": colour_class(client.colour),
        "page": page,
        "rows": [shown(token) for token in page.object_list],
    }
    return render(request, "console/tokens.html", context)


@requires(Permission.GIVE_ACCESS)
@require_POST
def revoke(request: HttpRequest, key: str, token_id: UUID) -> HttpResponse:
    client = client_of(key)
    token = token_by_id(token_id, client.pk)
    if token is None:
        raise Http404
    revoke_token(token=token, by=operator_of(request), now=timezone.now())
    toast(request, _("“%(name)s” of %(user)s opens nothing any more.") % {"name": token.name, "user": token.user})
    return redirect("console:client_tokens", client.key)
