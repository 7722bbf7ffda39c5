"""The API's document, for machines and for people."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bpo.api_docs.reading import operations, samples
from bpo.api_docs.schema import PREFIX, document
from bpo.permissions import Permission, requires


@requires(Permission.SEE_API_DOCS)
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3 as JSON."""
    return JsonResponse(document(), content_type="application/vnd.oai.openapi+json")


@requires(Permission.SEE_API_DOCS)
@require_safe
def reader(request: HttpRequest) -> HttpResponse:
    """Every operation with its permission, fields, and an exchange that really took place in a test."""
    groups = operations(document(), samples())
    context = {"groups": groups, "count": sum(len(found) for _, found in groups), "prefix": PREFIX}
    return render(request, "api/reader.html", context)
