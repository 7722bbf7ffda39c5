"""The stock Django admin on the operator host, behind our permission."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest

from bpo.permissions import Permission, may


class OperatorAdmin(admin.AdminSite):
    """Every view carries the stamp USE_ADMIN; sign-in and sign-out are the product's own."""

    site_header = "bpo"
    site_title = "bpo"
    index_title = "Operator"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return may(getattr(request, "principal", None), Permission.USE_ADMIN)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """List what `console.admin` registers and nothing else: libraries bring pages that edit."""
        if admin_class is not None and admin_class.__module__.startswith("console.admin."):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[Any]:
        """Without the stock sign-in, sign-out, password change and content-type redirects; the rest stamped."""
        dropped = {"login", "logout", "password_change", "password_change_done", "view_on_site", "jsi18n"}
        urls = [url for url in super().get_urls() if getattr(url, "name", None) not in dropped]
        for url in urls:
            _stamp(url)
        return urls


def _stamp(url: Any) -> None:
    if hasattr(url, "url_patterns"):
        for inner in url.url_patterns:
            _stamp(inner)
    else:
        url.callback.permission = Permission.USE_ADMIN


class OperatorAdminConfig(AdminConfig):
    default_site = "console.admin_site.OperatorAdmin"
