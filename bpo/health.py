"""Liveness and readiness, for any host and without login."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

Handler = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """Answers /healthz before anything else, and /readyz from database, broker and relay lag."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})
        if request.path == "/readyz":
            return self.ready()
        return self.get_response(request)

    @staticmethod
    def ready() -> HttpResponse:
        from bpo.outbox.selectors import broker_answers, relay_lag_seconds  # the app registry must be ready

        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            lag = relay_lag_seconds()
        except DatabaseError:
            return _answer({"database": "down"}, ok=False)
        broker = broker_answers()
        found: dict[str, object] = {"database": "ok", "broker": "ok" if broker else "down", "relay_lag_seconds": lag}
        return _answer(found, ok=broker and (lag is None or lag < 120))


def _answer(found: dict[str, object], *, ok: bool) -> HttpResponse:
    return JsonResponse(
        {"status": "ok" if ok else "not ready", **found},
        status=200 if ok else 503,
        headers={"Cache-Control": "no-store"},
    )
