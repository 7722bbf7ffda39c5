"""What the operator's admin lists. Changes that have a service go through the service, so most rows are read-only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Client, Domain, Membership, User
from bpo.ops_audit.models import Entry
from bpo.outbox.models import Job
from workforce.models import Assignment, Employee, Employment, Seat, Site


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # ModelAdmin is not generic at run time
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Client)
class ClientAdmin(ReadOnly):
    list_display = ("name", "key", "zone", "status", "created_at")
    list_filter = ("status", "zone")
    search_fields = ("name", "key")


@admin.register(Domain)
class DomainAdmin(ReadOnly):
    list_display = ("domain", "tenant", "is_primary")
    list_select_related = ("tenant",)
    search_fields = ("domain",)


@admin.register(User)
class UserAdmin(ReadOnly):
    list_display = ("name", "email", "realm", "is_active", "created_at")
    list_filter = ("is_active", "realm")
    list_select_related = ("realm",)
    search_fields = ("name", "email")
    exclude = ("password",)


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ("user", "client", "role", "scope", "starts_at", "ends_at")
    list_filter = ("role", "client")
    list_select_related = ("user", "client")
    search_fields = ("user__name", "user__email")


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("kind", "client", "state", "attempts", "run_at", "last_error")
    list_filter = ("state", "kind", "client")
    list_select_related = ("client",)


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    list_display = ("seq", "at", "actor_name", "action", "target_type", "target_id")
    list_filter = ("action",)
    search_fields = ("actor_name", "target_id")


@admin.register(Employee)
class EmployeeAdmin(ReadOnly):
    list_display = ("number", "name", "email", "created_at")
    search_fields = ("number", "name", "email")


@admin.register(Employment)
class EmploymentAdmin(ReadOnly):
    list_display = ("employee", "site", "starts_on", "ends_on")
    list_filter = ("site",)
    list_select_related = ("employee", "site")


@admin.register(Assignment)
class AssignmentAdmin(ReadOnly):
    list_display = ("employee", "client", "share", "starts_on", "ends_on")
    list_filter = ("client",)
    list_select_related = ("employee", "client")


@admin.register(Seat)
class SeatAdmin(ReadOnly):
    list_display = ("client", "actor_id", "employee", "user")
    list_filter = ("client",)
    list_select_related = ("client", "employee", "user")


@admin.register(Site)
class SiteAdmin(ReadOnly):
    list_display = ("name", "zone", "country")
