"""Structured logs: one JSON object a line, with the request and the client it belongs to."""

import logging
import re
import sys
import time
import uuid
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars, merge_contextvars

from bpo.cards import masked_all

Handler = Callable[[HttpRequest], HttpResponse]
_REQUEST_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
log = structlog.get_logger("bpo.request")


def configure(options: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: structlog renders our events and the standard library's alike, to stderr."""
    from django.conf import settings

    shared: list[Any] = [
        merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_cards,
    ]
    renderer: Any = structlog.processors.JSONRenderer()  # escapes CR and LF, so a line stays a line
    if settings.LOG_FORMAT == "text":
        renderer = structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(options["level"])
    for noisy in ("django.server", "granian.access", "kombu", "amqp", "axes"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def without_cards(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What is said of a request or an error may quote what somebody typed: card numbers are masked in all of it."""
    for name, value in event.items():
        if not name.startswith("_"):  # structlog's own
            event[name] = masked_all(value)
    return event


class RequestLogMiddleware:
    """Gives each request an id, and writes one line when it ends."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        clear_contextvars()
        given = request.headers.get("X-Request-Id", "")
        request_id = given if _REQUEST_ID.match(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]  # read by problem details
        bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        log.info(
            "request",
            method=request.method,
            path=_without_token(request.path),
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
        return response


def _without_token(path: str) -> str:
    """Links of surveys and of sign-in carry their secret in the path; it stays out of the logs."""
    return re.sub(r"^/(s|reset|join)/[^/]+", r"/\1/…", path)
