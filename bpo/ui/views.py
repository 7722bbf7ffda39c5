"""Pages that belong to no app: what a failed CSRF check says."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bpo.ui.samples import everything


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or came from elsewhere: nothing was saved, and the page says what to do."""
    return render(request, "csrf_failure.html", {"reason": reason}, status=403)


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component of the kit on one page, for the people who build with it. Routed in the demo only."""
    template = "ui/panel_sample.html" if "panel" in request.GET else "ui/gallery.html"
    return render(request, template, everything())
