"""A client's rows for an operator who stepped in: every model of a client, to look at, each look in the client's log.

The addresses are on the client's host and in `bpo.urls_stepped` alone, which a request has only while its principal
has stepped in. Nothing is added, changed or deleted here, frozen or not: what may be changed is changed by services on
the product's own pages.
"""

from typing import Any, Final

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bpo.acting import operator_of
from bpo.audit.models import Entry
from bpo.audit.services import record_read
from bpo.audit_pages import history_page
from bpo.data_classes import models_of
from bpo.marker.models import Marker
from bpo.permissions import Permission, may
from bpo.tenancy.context import as_app, current_client
from console.admin.base import ReadOnly

# Columns that prove something, or tell whether a typed value is the one that was meant.
HIDDEN: Final = frozenset({"token_hash", "address_hash", "request_hash", "fingerprint", "digest"})
COLUMNS: Final = 6
FRONT: Final = ("index", "app_list")  # names of the addresses that are kept
OF_A_MODEL: Final = ("_changelist", "_change", "_history")


class LookInside(ReadOnly):
    """The pages of one model: a list that can be searched, one row, and its history."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(getattr(request, "principal", None), Permission.LOOK_INSIDE)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        mark = Marker.objects.first()
        if mark is not None:
            detail = {"kind": self.model._meta.label}
            record_read(
                action="step_in.listed", target=mark, by=operator_of(request), now=timezone.now(), detail=detail
            )
        return super().changelist_view(request, extra_context)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        found = self.get_object(request, object_id)
        if found is not None:
            record_read(action="step_in.looked", target=found, by=operator_of(request), now=timezone.now())
        with as_app():  # the stock page names the row's content type, which is public's and is remembered
            ContentType.objects.get_for_model(self.model, for_concrete_model=False)
        return super().change_view(request, object_id, form_url, extra_context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Ours: Django's own log is empty."""
        label, zone = self.model._meta.label, current_client().zone
        return history_page(request, Entry, scope="client", zone=zone, label=label, object_id=object_id)


class ClientAdmin(admin.AdminSite):
    site_header = site_title = "bpo"
    index_title = _("Every row of this client")
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        return may(getattr(request, "principal", None), Permission.LOOK_INSIDE)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """By app; the lines of the log by a plural of their own, which the model doesn't need elsewhere."""
        apps: list[Any] = super().get_app_list(request, app_label)
        for one in (model for app in apps for model in app["models"] if model["object_name"] == "Entry"):
            one["name"] = _("Entries")
        return apps

    def get_urls(self) -> list[Any]:
        """The start, and of each model its list, one row and its history; each to look at only."""
        return [kept for url in super().get_urls() if (kept := _looked_at(url, FRONT)) is not None]


def _looked_at(url: Any, kept: tuple[str, ...]) -> Any:
    """A pattern with nothing left in it but pages to look at, each stamped; None for one that changes something."""
    if hasattr(url, "url_patterns"):
        url.url_patterns[:] = [one for inner in url.url_patterns if (one := _looked_at(inner, OF_A_MODEL)) is not None]
        return url
    if not str(getattr(url, "name", None) or "").endswith(kept):
        return None
    url.callback = require_safe(url.callback)
    url.callback.permission = Permission.LOOK_INSIDE
    return url


def page_of(model: type[models.Model]) -> type[LookInside]:
    """The pages of a model, by its fields: the first small ones in the list, texts to search, nothing hidden shown."""
    fields = [one for one in model._meta.concrete_fields if one.name not in HIDDEN]
    listed = [one for one in fields if not isinstance(one, models.JSONField | models.TextField)][:COLUMNS]
    return type(
        f"Look{model.__name__}",
        (LookInside,),
        {
            "list_display": tuple(one.name for one in listed),
            "list_select_related": tuple(one.name for one in listed if one.is_relation),
            "search_fields": ("pk", *(one.name for one in fields if isinstance(one, models.CharField))),
            "ordering": ("-pk",),
            "exclude": tuple(sorted(HIDDEN & {one.name for one in model._meta.concrete_fields})),
        },
    )


site = ClientAdmin(name="inside")
for _model in models_of("client"):
    site.register(_model, page_of(_model))
