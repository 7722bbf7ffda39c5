"""Named reads of reports."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from reports.models import Build, ReportFile, ReportVersion
from surveys.models import Response

MOST_WEEKS = 60


def reports() -> QuerySet[ReportVersion]:
    """Every revision, newest week and revision first."""
    return ReportVersion.objects.all()


def latest_report() -> ReportVersion | None:
    """The newest week's latest revision."""
    return reports().first()


def latest_revision(start: date) -> ReportVersion | None:
    return reports().filter(period_start=start).first()


def report_at(start: date, revision: int) -> ReportVersion | None:
    return reports().filter(period_start=start, revision=revision).first()


def report_by_id(report_id: UUID) -> ReportVersion | None:
    return reports().filter(pk=report_id).first()


def weeks() -> list[ReportVersion]:
    """The latest revision of each week, newest week first, without their texts."""
    newest = ReportVersion.objects.order_by("-period_start", "-revision").distinct("period_start")
    return list(newest.defer("text")[:MOST_WEEKS])


def revisions(start: date) -> list[ReportVersion]:
    """Every revision of a week, newest first, without their texts."""
    return list(reports().filter(period_start=start).defer("text"))


def file_of(report_id: UUID, kind: str) -> ReportFile | None:
    return ReportFile.objects.select_related("file", "report").filter(report_id=report_id, kind=kind).first()


def running_build(start: date) -> Build | None:
    """The build of this week that waits or is at work."""
    return Build.objects.filter(period_start=start, state__in=[Build.State.QUEUED, Build.State.BUILDING]).first()


def build_by_id(build_id: UUID) -> Build | None:
    return Build.objects.select_related("report").filter(pk=build_id).first()


def latest_build(start: date) -> Build | None:
    """The newest request for a week."""
    return Build.objects.select_related("report").filter(period_start=start).order_by("-id").first()


def week_before(start: date) -> ReportVersion | None:
    """The newest earlier week that has a report."""
    return reports().filter(period_start__lt=start).defer("text").first()


def week_after(start: date) -> ReportVersion | None:
    return reports().filter(period_start__gt=start).defer("text").order_by("period_start").first()


def quotes(ids: list[str]) -> list[Response]:
    """Comments a report points at, newest first, as far as they are still kept: the report holds none of their words."""
    found = Response.objects.select_related("invitation__candidate__queue").filter(pk__in=ids)
    return list(found.exclude(comment="").order_by("-answered_at", "-id")) if ids else []
