"""A frozen report in the shapes of its screen."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from bpo.acting import principal_of
from bpo.permissions import Permission, may
from bpo.tenancy.context import current_client
from reports import selectors
from reports.content.entries import Json
from reports.domain.weeks import last_full_week
from reports.models import ReportVersion
from reports.presenting import limits_text, shown, target_text
from reports.renderings.drawing import points_of, target_label, target_of
from reports.wording import Page


def reading(report: ReportVersion) -> dict[str, Any]:
    """The context of a report's page."""
    content = report.content
    page = Page(content, report.sha256)
    return {
        "report": report,
        "page": page,
        "sentences": [[_part(part, page.by_ref) for part in sentence] for sentence in content["sentences"]],
        "charts": [_chart(series, page) for series in content["series"]],
        "quotes": selectors.quotes(content["comments"]["newest"]),
        "revisions": selectors.revisions(report.period_start),
        "before": selectors.week_before(report.period_start),
        "after": selectors.week_after(report.period_start),
    }


def building(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """What may be built by whoever looks, and how the last week's build stands."""
    found: dict[str, Any] = {"may_build": may(principal_of(request), Permission.BUILD_REPORTS)}
    found["weeks"] = selectors.weeks()
    if found["may_build"]:
        week = last_full_week(now.astimezone(ZoneInfo(current_client().zone)).date())
        found |= {"last_week": week, "build": selectors.latest_build(week.start)}
        found["last_is_built"] = any(one.period_start == week.start for one in found["weeks"])
    return found


def panel(one: Json, report: ReportVersion) -> dict[str, Any]:
    """What a figure's panel says beside its definition."""
    change = one["change"]
    known = change["low"] is not None
    return {
        "report": report,
        "before": shown(one | one["before"] | {"result": _before_state(one), "target": None}),
        "target": target_text(one),
        "limits": limits_text(one),
        "change_limits": limits_text(one | {"low": change["low"], "high": change["high"]}) if known else "",
        "exact": None if one["value"] is None else repr(one["value"]),
    }


def _before_state(one: Json) -> str:
    before = one["before"]
    few = before["value"] is None or before["n"] < one["definition"]["needs"]
    return "too_few" if few else "none"


def _part(part: Json, by_ref: dict[str, Json]) -> Json:
    if "text" in part:
        return part
    return {"figure": shown(by_ref[part["figure"]])}


def _chart(series: Json, page: Page) -> Json:
    one = page.by_ref[series["ref"]]
    unit = one["definition"]["unit"]
    return {
        "ref": series["ref"],
        "title": series["title"],
        "note": page.note(series),
        "points": points_of(series, one),
        "target": target_of(one),
        "target_label": target_label(one) if one["target"] else "",
        "digits": one["definition"]["digits"],
        "unit": unit if unit in ("%", "s") else "",
        "rows": page.points(series),
    }
