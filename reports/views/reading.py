"""Reading a report: the newest, one week's, an older revision, a figure's definition, a file."""

from datetime import date
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bpo.files.services import open_file
from bpo.permissions import Permission, requires
from reports import selectors
from reports.models import ReportVersion
from reports.presenting import shown
from reports.views.showing import building, panel, reading
from reports.wording import definition

KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@requires(Permission.SEE_REPORTS)
@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The newest report; without one, what reports are for and how the first is made."""
    return _page(request, selectors.latest_report())


@requires(Permission.SEE_REPORTS)
@require_safe
def week(request: HttpRequest, start: date) -> HttpResponse:
    """The latest revision of a week."""
    return _page(request, selectors.latest_revision(start) or _missing())


@requires(Permission.SEE_REPORTS)
@require_safe
def revision(request: HttpRequest, start: date, revision: int) -> HttpResponse:
    return _page(request, selectors.report_at(start, revision) or _missing())


@requires(Permission.SEE_REPORTS)
@require_safe
def figure(request: HttpRequest, report_id: UUID, ref: str) -> HttpResponse:
    """The definition a figure of this report was made by, and what it was made of. A panel, or a page without script."""
    report = selectors.report_by_id(report_id) or _missing()
    one = next((one for one in report.content["figures"] if one["ref"] == ref), None)
    if one is None:
        raise Http404
    template = "reports/_figure.html" if "HX-Request" in request.headers else "reports/figure.html"
    found = panel(one, report)
    return render(request, template, {"one": one, "shown": shown(one), "words": definition(one), **found})


@requires(Permission.SEE_REPORTS)
@require_safe
def download(request: HttpRequest, report_id: UUID, kind: str) -> HttpResponseBase:
    """One file of a report, byte for byte as it was frozen. 404 for an unknown one and for bytes that are gone."""
    found = selectors.file_of(report_id, kind)
    if found is None:
        raise Http404
    try:
        content = open_file(found.file)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=found.file.name, content_type=KINDS[kind])
    response["Cache-Control"] = "private, no-store"
    return response


def _page(request: HttpRequest, report: ReportVersion | None) -> HttpResponse:
    context = building(request, timezone.now())
    if report is not None:
        context |= reading(report)
    return render(request, "reports/report.html", context)


def _missing() -> ReportVersion:
    raise Http404
