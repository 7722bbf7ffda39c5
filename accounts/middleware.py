"""Who makes the request: a session bound to this host, or a token bound to this client."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from structlog.contextvars import bind_contextvars

from accounts.domain.limits import is_over
from accounts.models import OpenSession, Token, User
from accounts.requests import is_automatic
from accounts.selectors import held_by, standing_at, terms_of
from accounts.selectors_sign_in import session_by
from accounts.services.sessions import close_session, note_replay, note_use
from bpo.acting import host_client
from bpo.permissions import Permission, Principal
from bpo.problems import problem
from bpo.roles import NEVER_BY_TOKEN, at_the_operator, narrowed_by, permissions_of
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
        client = host_client(request)
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
    """The session's user, if the session is open here: on this very host, not ended, not past a limit."""
    held = request.session
    if SESSION_KEY not in held:
        return None
    now = timezone.now()
    opened = session_by(held.session_key or "")
    here = client.id if client else None
    if opened is not None and opened.client_id != here:
        note_replay(opened=opened, shown_to=here, now=now)
    if opened is None or not _is_good(opened, request, client, now):
        close_session(key=held.session_key)
        held.flush()
        request.user = AnonymousUser()
        return None
    request.user = opened.user
    if not is_automatic(request):
        note_use(opened=opened, now=now)
    return _principal(opened.user, client)


def _is_good(opened: OpenSession, request: HttpRequest, client: ClientRef | None, now: datetime) -> bool:
    """Whether a session may be used here and now: of an active user, bound to this host, within its limits, and opened
    with the password that still holds."""
    user, held = opened.user, request.session
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    if not user.is_active or is_over(seen_at=opened.seen_at, ends_at=opened.ends_at, idle=idle, now=now):
        return False
    if held.get(BOUND_TO) != binding(client) or held[SESSION_KEY] != str(user.pk) or not _in_realm(user, client):
        return False
    proof = str(held.get(HASH_SESSION_KEY, ""))
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return any(constant_time_compare(proof, one) for one in hashes)


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
        return Principal(
            user.pk, str(user), realm, roles, on_operator=True, permissions=permissions, keys=user.keys, **more
        )
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
        keys=user.keys,
        **more,
    )
