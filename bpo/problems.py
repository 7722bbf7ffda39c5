"""Errors of the API as problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

MEDIA_TYPE = "application/problem+json"


class Conflict(exceptions.APIException):
    """The thing changed meanwhile, or the same key is in use."""

    status_code = 409
    default_code = "conflict"


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def body(request: Any, status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    return {
        "type": f"urn:bpo:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
        "request_id": getattr(request, "request_id", ""),
        **more,
    }


def problem(request: HttpRequest, status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    """A problem as a plain response, for what is refused before a view runs."""
    return JsonResponse(body(request, status, code, detail, **more), status=status, content_type=MEDIA_TYPE)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. A field error keeps its field names under `errors`."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    request = context["request"]._request
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else "invalid"
    more: dict[str, Any] = {}
    if isinstance(error.detail, dict | list):
        more["errors"] = error.detail
        detail = "Some fields are wrong; `errors` names each with its remedy."
    else:
        detail = str(error.detail)
    response = Response(
        body(request, error.status_code, code.replace("_", "-"), detail, **more),
        status=error.status_code,
        content_type=MEDIA_TYPE,
    )
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response
