"""Which local Actor the principal is in the client about to be entered."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from bpo.acting import host_client
from bpo.permissions import Principal
from workforce.selectors import actor_of_user, teams_of_user

Handler = Callable[[HttpRequest], HttpResponse]


class SeatMiddleware:
    """Sets `request.principal.actor_id` from the user's seat, and `teams` where something is narrowed to them. As `app`."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        principal: Principal | None = request.principal  # type: ignore[attr-defined]  # set one step before
        client = host_client(request)
        if principal is not None and client is not None and principal.permissions:
            actor_id = actor_of_user(principal.user_id, client.id)
            teams: frozenset[UUID] = frozenset()
            if principal.narrowed:
                teams = teams_of_user(principal.user_id, client.id, on=timezone.now().date())
            request.principal = replace(principal, actor_id=actor_id, teams=teams)  # type: ignore[attr-defined]
        return self.get_response(request)
