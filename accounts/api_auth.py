"""DRF's authentication: the middleware has already decided; this hands its answer over."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from bpo.permissions import Principal


class PrincipalAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Principal, Any] | None:
        principal: Principal | None = getattr(request._request, "principal", None)
        return None if principal is None else (principal, principal.token_id)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
