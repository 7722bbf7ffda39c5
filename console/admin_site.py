"""The stock Django admin on the operator host, behind our permission."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse

from bpo.permissions import Permission, may


class OperatorAdmin(admin.AdminSite):
    """Every view carries the stamp USE_ADMIN; sign-in and sign-out are the product's own."""

    site_header = "bpo"
    site_title = "bpo"
    index_title = "Operator"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return may(getattr(request, "principal", None), Permission.USE_ADMIN)

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        wrapped: Any = super().admin_view(view, cacheable)
        wrapped.permission = Permission.USE_ADMIN
        return wrapped  # type: ignore[no-any-return]  # the stub of admin_view returns Any

    def get_urls(self) -> list[Any]:
        """Without the stock sign-in, sign-out, password change and content-type redirects."""
        dropped = {"login", "logout", "password_change", "password_change_done", "view_on_site", "jsi18n"}
        return [self._stamped(url) for url in super().get_urls() if getattr(url, "name", None) not in dropped]

    @staticmethod
    def _stamped(url: Any) -> Any:
        # The catch-all view is not wrapped by admin_view; it needs the same stamp.
        if getattr(url, "callback", None) is not None and not hasattr(url.callback, "permission"):
            url.callback.__func__.permission = Permission.USE_ADMIN if hasattr(url.callback, "__func__") else None
        return url


class OperatorAdminConfig(AdminConfig):
    default_site = "console.admin_site.OperatorAdmin"
