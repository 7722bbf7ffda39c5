"""One's own API tokens at this client: made, shown once, revoked."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import Refused
from accounts.forms import put
from accounts.models import Client, Token, User
from accounts.selectors import token_by_id, tokens_of
from accounts.services.tokens import create_token, revoke_token
from accounts.token_forms import TokenForm, grantable
from bpo.acting import principal_of, served_client
from bpo.actors import By
from bpo.permission_words import by_area
from bpo.permissions import Permission, Principal, requires
from bpo.tenancy.middleware import runs_as_app
from bpo.ui.toasts import toast


@requires(Permission.MAKE_TOKENS)
@runs_as_app
@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list with the form; after making one, the same page with its clear text, this once."""
    principal = principal_of(request)
    form = TokenForm(grantable(principal), request.POST or None)
    made, clear, status = None, "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made, clear = _make(request, principal, form.cleaned_data)
            except Refused as error:
                put(form, error)
            else:
                form, status = TokenForm(grantable(principal)), 201
    client = served_client(request)
    rows = [shown(token) for token in tokens_of(principal.user_id, client.id)]
    context = {"rows": rows, "form": form, "made": made, "clear": clear, "zone": client.zone}
    return render(request, "accounts/tokens.html", context, status=status)


@requires(Permission.MAKE_TOKENS)
@runs_as_app
@require_POST
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End one of one's own."""
    token = token_by_id(token_id, served_client(request).id)
    if token is None or token.user_id != principal_of(request).user_id:
        raise Http404
    revoke_token(token=token, by=_by(request), now=timezone.now())
    toast(request, _("“%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect("tokens")


def _by(request: HttpRequest) -> By:
    """Themselves, as the operator's log knows them: tokens are public's."""
    principal = principal_of(request)
    return By("person", principal.name, user_id=principal.user_id)


def shown(token: Token) -> dict[str, Any]:
    """A token as a list shows it: what it may do in words, and whether it still may."""
    scopes = [Permission(scope) for scope in token.scopes if scope in set(Permission)]
    words = [line for _area, lines in by_area(scopes) for line in lines]
    over = token.expiry is not None and token.expiry <= timezone.now()
    return {"token": token, "id": UUID(token.audit_id), "words": words, "over": over}


def _make(request: HttpRequest, principal: Principal, given: dict[str, Any]) -> tuple[Token, str]:
    return create_token(
        user=User.objects.get(pk=principal.user_id),
        client=Client.objects.get(pk=served_client(request).id),
        **given, by=_by(request), now=timezone.now(),
    )  # fmt: skip
