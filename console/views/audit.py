"""The operator's audit log."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bpo.ops_audit.models import Entry
from bpo.permissions import Permission, requires


@requires(Permission.SEE_OPERATOR_AUDIT)
@require_safe
def operator_audit(request: HttpRequest) -> HttpResponse:
    page = Paginator(Entry.objects.all(), 50).get_page(request.GET.get("page"))
    return render(request, "audit/log.html", {"page": page})
