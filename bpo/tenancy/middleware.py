"""Outermost: which client a request is for, and a clean end. Innermost: the view runs as that client."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.translation import gettext as _
from psycopg.errors import AdminShutdown
from structlog.contextvars import bind_contextvars

from bpo.tenancy.context import become, leave_all
from bpo.tenancy.hosts import cache, resolve
from bpo.tenancy.identities import ClientRef, client_identity

Handler = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., Any])


class ClientRequest(HttpRequest):
    """A request on a client's host; what client views annotate with."""

    client: ClientRef


def runs_as_app(view: View) -> View:
    """Mark a view on a client host that reads or writes public tables only (sign-in, hand-off)."""
    view.runs_as_app = True  # type: ignore[attr-defined]  # a mark read by EnterMiddleware
    return view


def plain(status: int, text: str) -> HttpResponse:
    response = HttpResponse(text + "\n", content_type="text/plain; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store"
    return response


class TenancyMiddleware:
    """Sets `request.client` (None on the operator host) and its URLs; always ends as `app`."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = resolve(request.META.get("HTTP_HOST", ""))
        if host is None:
            return not_found()
        request.client = None if host == "operator" else host  # type: ignore[attr-defined]
        if isinstance(host, ClientRef):
            bind_contextvars(client=host.key, client_id=str(host.id))
            if not host.enterable:
                return closed(host)
        else:
            request.urlconf = "bpo.urls_operator"
        try:
            return self.get_response(request)
        finally:
            leave_all()

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A client suspended or dropped while its connection was open: the server refuses or hangs up."""
        refused = isinstance(error, ProgrammingError) and "permission denied for schema" in str(error)
        if refused or isinstance(error.__cause__, AdminShutdown):
            cache.clear()
            return unavailable()
        return None


def not_found() -> HttpResponse:
    return HttpResponseNotFound("Not found\n", content_type="text/plain; charset=utf-8")


def closed(client: ClientRef) -> HttpResponse:
    """A closed client tells a stranger nothing: a suspended one is out of order, any other never was."""
    return unavailable() if client.status == "suspended" else not_found()


def unavailable() -> HttpResponse:
    return plain(503, _("This address can't be opened now. Try again later."))


class EnterMiddleware:
    """Opens the client's own connection for the view, and only for it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            leave_all()

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        client: ClientRef | None = request.client  # type: ignore[attr-defined]
        if client is None or getattr(view, "runs_as_app", False):
            return None
        try:
            become(client_identity(client), connect=True)
        except OperationalError:
            # The role can't log in: suspended or dropped a moment ago. The cached host entry is wrong too.
            cache.clear()
            return unavailable()
        return None
