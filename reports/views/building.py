"""Building a report: asking for it, watching it, trying again."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bpo.acting import by_of
from bpo.permissions import Permission, requires
from reports import selectors, services
from reports.domain.weeks import Week


class BuildForm(forms.Form):
    start = forms.DateField()
    reason = forms.CharField(max_length=300, required=False)

    def clean_start(self) -> Week:
        try:
            return Week(self.cleaned_data["start"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


@requires(Permission.BUILD_REPORTS)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a week's report. What can't be asked for is told on the page one comes from."""
    form = BuildForm(request.POST)
    if not form.is_valid():
        raise Http404
    week, now = form.cleaned_data["start"], timezone.now()
    try:
        found = services.request_build(week=week, reason=form.cleaned_data["reason"], by=by_of(request), now=now)
    except services.Refused as refused:
        messages.error(request, f"{refused.problem} {refused.remedy}")
        return redirect("reports:latest")
    return redirect("reports:progress", found.pk)


@requires(Permission.BUILD_REPORTS)
@require_safe
def progress(request: HttpRequest, build_id: UUID) -> HttpResponse:
    """How far a build is: a page, and the part of it that renews itself."""
    found = selectors.build_by_id(build_id)
    if found is None:
        raise Http404
    template = "reports/_build.html" if "HX-Request" in request.headers else "reports/build.html"
    return render(request, template, {"build": found, "week": Week(found.period_start)})


@requires(Permission.BUILD_REPORTS)
@require_POST
def retry(request: HttpRequest, build_id: UUID) -> HttpResponse:
    if selectors.build_by_id(build_id) is None:
        raise Http404
    services.retry_build(build_id=build_id, by=by_of(request), now=timezone.now())
    return redirect("reports:progress", build_id)
