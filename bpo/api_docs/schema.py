"""The OpenAPI document of a client's API: what drf-spectacular reads off the views, and the permission of each."""

from functools import lru_cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from bpo.permissions import Permission

PREFIX = "/api/v1/"


class PermissionSchema(AutoSchema):
    """Says of each operation which permission it needs, as `x-permission`."""

    def get_extensions(self) -> dict[str, Any]:
        stamp = getattr(self.view, "permissions", {}).get(getattr(self.view, "action", None))
        return {"x-permission": stamp.value} if isinstance(stamp, Permission) else {}


class PrincipalScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it registers by subclassing
    """A bearer token of the client, or the session of the product's own pages."""

    target_class = "accounts.api_auth.PrincipalAuthentication"
    name = ["token", "session"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [{"type": "http", "scheme": "bearer"}, {"type": "apiKey", "in": "cookie", "name": "bpo_session"}]


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The document, made once in a process: views don't change while it runs."""
    generator: Any = SchemaGenerator
    found: dict[str, Any] = generator(urlconf="bpo.urls_client").get_schema(request=None, public=True)
    return found
