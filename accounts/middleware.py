"""Who makes the request: a session bound to this host, or a token bound to this client."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from structlog.contextvars import bind_contextvars

from accounts.models import Token, User
from accounts.selectors import held_by, standing_at, terms_of
from bpo.permissions import NEVER_BY_TOKEN, Permission, Principal, at_the_operator, narrowed_by, permissions_of
from bpo.problems import problem
from bpo.tenancy.identities import ClientRef

Handler = Callable[[HttpRequest], HttpResponse]
BOUND_TO = "bound_to"
INSIDE = frozenset({Permission.SEE_HOME, Permission.LOOK_INSIDE})  # what stepping in adds to somebody's roles


def binding(client: ClientRef | None) -> str:
    """What a session stores about the host it was opened on."""
    return "operator" if client is None else str(client.id)


class PrincipalMiddleware:
    """Sets `request.principal`; None for nobody. Runs as `app`, before the client is entered."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        client: ClientRef | None = request.client  # type: ignore[attr-defined]  # set by the tenancy middleware
        try:
            principal = by_token(request, client) if "Authorization" in request.headers else by_session(request, client)
        except AuthenticationFailed:
            return problem(
                request, 401, "bad-token", "The token is unknown, expired or for another client. Make a new one."
            )
        request.principal = principal  # type: ignore[attr-defined]  # read by the permission middleware
        if principal is not None and principal.step_in is not None:
            request.urlconf = "bpo.urls_stepped"  # what is there for nobody else
        if principal is not None:
            bind_contextvars(user=str(principal.user_id))
        return self.get_response(request)


def by_session(request: HttpRequest, client: ClientRef | None) -> Principal | None:
    """The session's user, if the session was opened for this very host."""
    user = request.user
    if not isinstance(user, User) or not user.is_authenticated:
        return None
    if request.session.get(BOUND_TO) != binding(client) or not _in_realm(user, client):
        logout(request)
        return None
    return _principal(user, client)


def by_token(request: HttpRequest, client: ClientRef | None) -> Principal:
    """The token's user. AuthenticationFailed for one that is unknown, expired, another client's or of nobody here."""
    found: tuple[User, Token] | None = TokenAuthentication().authenticate(request)
    if found is None or client is None or found[1].client_id != client.id:
        raise AuthenticationFailed
    user, token = found
    principal = _principal(user, client, scopes=frozenset(token.scopes), token_id=UUID(token.digest[:32]))
    if not principal.permissions:
        raise AuthenticationFailed  # its owner holds no role here any more
    now = timezone.now()
    if token.last_used_at is None or (now - token.last_used_at).total_seconds() > 60:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # a token is no cookie: nothing to forge
    return principal


def _in_realm(user: User, client: ClientRef | None) -> bool:
    return user.realm_id is None or (client is not None and user.realm_id == client.id)


def _principal(user: User, client: ClientRef | None, **more: Any) -> Principal:
    now = timezone.now()
    realm = str(user.realm_id) if user.realm_id else "staff"
    if client is None:
        roles, permissions = at_the_operator(held_by(user.pk, now=now))
        return Principal(user.pk, str(user), realm, roles, on_operator=True, permissions=permissions, **more)
    held, step_in = standing_at(user.pk, client.id, now=now)
    roles = frozenset(role for role, _ in held)
    permissions = permissions_of(roles, on_operator=False)
    if user.realm_id is not None:  # the client's own people see what was agreed
        permissions -= terms_of(client.id).hidden()
    if "token_id" in more:
        permissions -= NEVER_BY_TOKEN
    elif step_in is not None:  # a person's look, no program's
        permissions, more = permissions | INSIDE, {**more, "step_in": step_in}
    return Principal(
        user_id=user.pk,
        name=str(user),
        realm=realm,
        roles=roles,
        on_operator=False,
        permissions=permissions,
        narrowed=narrowed_by(held, on_operator=False),
        **more,
    )
