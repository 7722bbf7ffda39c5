"""The bare view beside the product's routes, which the template names."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from bpo.urls_client import urlpatterns as product
from qa.views.review import draft_of, shown, task_by_id


def bare(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Read the rows, render the template."""
    request.client = None  # type: ignore[attr-defined]  # the frame asks; here there is none
    task = task_by_id(task_id, reach=None)
    one = draft_of(task, task.holder_id)
    context: dict[str, Any] = shown(task, one, timezone.now()) if one else {}
    return render(request, "qa/review.html", context)


urlpatterns = [path("bare/<uuid:task_id>/", bare), *product]
