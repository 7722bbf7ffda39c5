"""Clients, users and their access, and who is locked out."""

from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Domain, IdentityProvider, Membership, Token, User
from accounts.selectors import second_steps_of
from console.admin.base import ReadOnly


@admin.register(Client)
class ClientAdmin(ReadOnly):
    list_display = ("name", "key", "zone", "status", "created_at")
    list_filter = ("status", "zone")
    search_fields = ("name", "key")


@admin.register(Domain)
class DomainAdmin(ReadOnly):
    list_display = ("domain", "tenant", "is_primary")
    list_filter = ("is_primary",)
    list_select_related = ("tenant",)
    search_fields = ("domain", "tenant__name")


@admin.register(User)
class UserAdmin(ReadOnly):
    list_display = ("name", "email", "realm", "is_active", "last_login", "created_at")
    list_filter = ("is_active", "realm")
    list_select_related = ("realm",)
    search_fields = ("name", "email")
    exclude = ("password",)
    readonly_fields = ("second_step",)

    @admin.display(description=_("second step"))
    def second_step(self, user: User) -> str:
        """What there is, and the way to the page that resets it."""
        steps = second_steps_of(user.pk)
        if not steps.there:
            return str(_("none"))
        return format_html('<a href="{}">{}</a>', reverse("reset-second-step", args=[user.pk]), _("Reset…"))


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ("user", "client", "role", "scope", "starts_at", "ends_at")
    list_filter = ("role", "client")
    list_select_related = ("user", "client")
    search_fields = ("user__name", "user__email")


@admin.register(Token)
class TokenAdmin(ReadOnly):
    list_display = ("name", "user", "client", "created", "expiry", "last_used_at")
    list_filter = ("client",)
    list_select_related = ("user", "client")
    search_fields = ("name", "user__name", "user__email")
    list_display_links = None  # the row's address would be the digest
    exclude = ("digest", "token_key")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list alone: one token's page would carry the digest in its address and its links."""
        return obj is None and super().has_view_permission(request)


@admin.register(IdentityProvider)
class IdentityProviderAdmin(ReadOnly):
    list_display = ("name", "realm", "issuer", "new_role", "is_active", "made_at")
    list_select_related = ("realm",)
    search_fields = ("name", "issuer")
    exclude = ("sealed_secret",)


@admin.register(AccessAttempt)
class AccessAttemptAdmin(ReadOnly):
    list_display = ("username", "attempt_time", "ip_address", "failures_since_start")
    search_fields = ("username", "ip_address")
    exclude = ("get_data", "post_data", "http_accept")
