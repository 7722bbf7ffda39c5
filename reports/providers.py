"""What reports add to the slots of the floors below."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from bpo.permissions import Permission, may
from bpo.slots import Hit, Panel, Query
from reports import selectors
from reports.models import ReportVersion
from reports.wording import Page

MOST = 8


def client_home(panel: Panel) -> str | None:
    """The newest report in three sentences."""
    if not may(panel.principal, Permission.SEE_REPORTS):
        return None
    report = selectors.latest_report()
    if report is None:
        return None
    return render_to_string("reports/_home.html", {"report": report, "page": Page(report.content, report.sha256)})


def search(query: Query) -> list[Hit] | None:
    """Reports by the number of their week, or by a day in ISO form: "47", "week 47", "2026-11"."""
    if not may(query.principal, Permission.SEE_REPORTS):
        return None
    text = query.text.strip().lower()
    found = [one for one in selectors.weeks() if text and _answers(text, one.period_start.isocalendar().week, one)]
    return [
        Hit(
            _("Reports"),
            _("Week %(n)s") % {"n": one.period_start.isocalendar().week},
            f"{one.period_start.isoformat()} – {one.period_end.isoformat()}",
            reverse("reports:week", args=[one.period_start]),
        )
        for one in found[:MOST]
    ]


def _answers(text: str, number: int, one: ReportVersion) -> bool:
    named = {str(number), f"week {number}", _("Week %(n)s").lower() % {"n": number}}
    return text in named or one.period_start.isoformat().startswith(text) or text in _("reports")
