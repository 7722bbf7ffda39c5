"""The operator's audit log: the search, and the history of one object."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bpo.audit_pages import history_page, search_page
from bpo.ops_audit.models import Entry
from bpo.permissions import Permission, requires


@requires(Permission.SEE_OPERATOR_AUDIT)
@require_safe
def operator_audit(request: HttpRequest) -> HttpResponse:
    return search_page(request, Entry, scope="public", zone="UTC")


@requires(Permission.SEE_OPERATOR_AUDIT)
@require_safe
def history(request: HttpRequest, label: str, object_id: str) -> HttpResponse:
    return history_page(request, Entry, scope="public", zone="UTC", label=label, object_id=object_id)
