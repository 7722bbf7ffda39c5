"""Pages that belong to no app: what a failed CSRF check says."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or came from elsewhere: nothing was saved, and the page says what to do."""
    return render(request, "csrf_failure.html", {"reason": reason}, status=403)
