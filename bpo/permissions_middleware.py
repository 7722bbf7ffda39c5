"""Default deny: a view runs only if it is stamped and the principal may."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from bpo.permissions import OpenToAll, Permission, Principal, UnstampedView, may, stamp_of
from bpo.problems import is_api, problem
from bpo.roles import who_can

Handler = Callable[[HttpRequest], HttpResponse]


class PermissionMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        stamp = stamp_of(view)
        if stamp is None:
            name = f"{view.__module__}.{getattr(view, '__qualname__', view)}"
            raise UnstampedView(
                f"{name} has no permission. Stamp it with @requires(Permission.…) or @open_to_all(reason)."
            )
        principal: Principal | None = request.principal  # type: ignore[attr-defined]
        if isinstance(stamp, OpenToAll):
            return None
        if principal is None:
            return unauthenticated(request)
        if not principal.permissions:
            raise Http404  # signed in, but not a member here: this host does not exist for them
        if isinstance(stamp, Permission) and not may(principal, stamp):
            return refused(request, stamp)
        return None  # a viewset's mapping is decided per action by StampedPermission


def unauthenticated(request: HttpRequest) -> HttpResponse:
    if is_api(request) and not opened_in_a_browser(request):
        return problem(request, 401, "not-signed-in", "Send a session cookie or `Authorization: Bearer <token>`.")
    target = reverse("sign-in")
    if request.method in {"GET", "HEAD"} and request.get_full_path() != "/":
        target += "?" + urlencode({"next": request.get_full_path()})
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=401)
        response["HX-Redirect"] = target
        return response
    return redirect(target)


def opened_in_a_browser(request: HttpRequest) -> bool:
    """Whether somebody typed or followed the address: a GET that names HTML and brings no token. `*/*` names nothing."""
    named = any((kind.main_type, kind.sub_type) == ("text", "html") for kind in request.accepted_types)
    return named and request.method in {"GET", "HEAD"} and "Authorization" not in request.headers


def refused(request: HttpRequest, permission: Permission) -> HttpResponse:
    roles = who_can(permission)
    if is_api(request):
        return problem(request, 403, "not-allowed", f"This needs the permission {permission.value!r}.")
    return render(request, "403.html", {"permission": permission, "roles": roles}, status=403)
