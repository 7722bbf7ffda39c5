"""Answering a write of the API, once for each `Idempotency-Key` where one is sent."""

import json
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from bpo.acting import principal_of
from bpo.idempotency.services import Answer, KeyProblem, once
from bpo.problems import MEDIA_TYPE, body


def answered(request: Request, work: Callable[[], Answer]) -> Response:
    """Do the work, once for each Idempotency-Key where one is sent. What `work` raises passes through."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        answer = work()
        return Response(answer.body, status=answer.status)
    principal = principal_of(request)
    whose = f"token:{principal.token_id}" if principal.token_id else f"user:{principal.user_id}"
    asked = json.dumps([request.method, request.path, request.data], sort_keys=True).encode()
    try:
        answer = once(principal=whose, key=key, body=asked, now=timezone.now(), work=work)
    except KeyProblem as error:
        return problem(request, error.status, error.code, str(error))
    headers = {"Idempotent-Replayed": "true"} if answer.replayed else {}
    return Response(answer.body, status=answer.status, headers=headers)


def plain(data: Any) -> Any:
    """What a serializer gives as plain JSON, which is what a kept answer can hold."""
    return json.loads(JSONRenderer().render(data))


def problem(request: Request, status: int, code: str, detail: str, **more: Any) -> Response:
    return Response(body(request._request, status, code, detail, **more), status=status, content_type=MEDIA_TYPE)
