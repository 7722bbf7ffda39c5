"""A client's audit log: the search, and the history of one object."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bpo.audit.models import Entry
from bpo.audit_pages import history_page, search_page
from bpo.permissions import Permission, requires
from bpo.tenancy.context import current_client


@requires(Permission.SEE_AUDIT)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    return search_page(request, Entry, scope="client", zone=current_client().zone)


@requires(Permission.SEE_AUDIT)
@require_safe
def history(request: HttpRequest, label: str, object_id: str) -> HttpResponse:
    zone = current_client().zone
    return history_page(request, Entry, scope="client", zone=zone, label=label, object_id=object_id)
