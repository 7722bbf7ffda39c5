"""Reports over the API and on their pages: what is told, to whom, and in how many statements."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client as Browser
from django.utils import timezone

from accounts.models import User
from accounts.services import create_token
from bpo.actors import By, system
from bpo.permissions import Principal
from bpo.roles import permissions_of
from bpo.slots import Panel, Query, client_home, search
from bpo.tenancy.context import enter
from reports.domain.weeks import Week
from reports.models import Build, ReportVersion
from reports.services import build, request_build
from tests.integration.reports.build import MONDAY, NOW, floor
from tests.people import sign_in
from tests.statements import statements

BY = By("person", "Maricel Santos")


def reported(alpha: Any, weeks: int = 1) -> ReportVersion:
    """Reports of so many weeks up to the week of MONDAY; returns the newest."""
    with enter(alpha.ref()):
        for back in reversed(range(weeks)):
            week = Week(MONDAY - timedelta(weeks=back))
            if not ReportVersion.objects.filter(period_start=week.start).exists():
                found = build(build_id=request_build(week=week, reason="", by=BY, now=NOW).pk, now=NOW)
        assert found.report is not None
        return found.report


def api(client: Any, host: str = "alpha.bpo.test", scopes: tuple[str, ...] = ("see_reports",)) -> Browser:
    email = f"client-user@{client.key}.example"
    if not User.objects.filter(email=email).exists():
        sign_in(client.key, "client_user")
    _, token = create_token(
        user=User.objects.get(email=email), client=client, name="t", scopes=scopes, days=1, by=system("tests"),
        now=timezone.now(),
    )  # fmt: skip
    return Browser(HTTP_HOST=host, HTTP_AUTHORIZATION=f"Bearer {token}")


def test_the_list_leaves_the_content_out_and_one_report_has_all_of_it(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor(weeks=2)
    report = reported(alpha)
    browser = api(alpha)
    [row] = browser.get("/api/v1/reports/").json()["results"]
    assert set(row) == {
        "id", "period_start", "period_end", "revision", "reason", "built_at", "data_to", "definitions_version",
        "sha256", "files",
    }  # fmt: skip
    found = browser.get(f"/api/v1/reports/{report.pk}/").json()
    assert found["content"] == report.content
    assert browser.get(found["files"]["csv"]).getvalue().startswith(b"report,revision,sha256")


def test_filters_by_week_and_revision(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor(weeks=3, a_day=4)
    reported(alpha, weeks=3)
    browser = api(alpha)
    found = browser.get(f"/api/v1/reports/?period_start_from={MONDAY - timedelta(weeks=1)}").json()["results"]
    assert [one["period_start"] for one in found] == [str(MONDAY), str(MONDAY - timedelta(weeks=1))]
    assert browser.get("/api/v1/reports/?revision=2").json()["results"] == []


def test_the_list_takes_as_many_statements_for_three_reports_as_for_one(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor(weeks=3, a_day=4)
    counts = {}
    browser = api(alpha)
    for weeks in (1, 3):
        reported(alpha, weeks=weeks)
        browser.get("/api/v1/reports/")
        counts[weeks] = statements(lambda: browser.get("/api/v1/reports/"))
    assert counts == {1: 6, 3: 6}


def test_the_page_takes_as_many_statements_for_three_weeks_as_for_one(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor(weeks=3, a_day=4)
    counts = {}
    browser = sign_in("alpha", "client_user")
    for weeks in (1, 3):
        reported(alpha, weeks=weeks)
        browser.get("/reports/")
        counts[weeks] = statements(lambda: browser.get("/reports/"))
    assert counts == {1: 10, 3: 10}


def test_another_clients_report_is_not_there(alpha: Any, beta: Any) -> None:
    with enter(alpha.ref()):
        floor(weeks=1, a_day=4)
    report = reported(alpha)
    browser = sign_in("beta", "client_user")
    for path in (
        f"/reports/{MONDAY}/", f"/reports/{MONDAY}/1/", f"/reports/{report.pk}/figures/SL-2/",
        f"/reports/{report.pk}/files/pdf/", f"/reports/{uuid4()}/files/pdf/", f"/api/v1/reports/{report.pk}/",
    ):  # fmt: skip
        assert browser.get(path).status_code == 404, path
    assert "No report yet" in browser.get("/reports/").content.decode()


def test_who_may_read_may_not_build(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor(weeks=1, a_day=4)
    reader = sign_in("alpha", "client_user")
    assert reader.post("/reports/build/", {"start": str(MONDAY)}).status_code == 403
    assert sign_in("alpha", "agent").get("/reports/").status_code == 403


def test_the_lead_is_told_what_can_not_be_built(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    assert lead.post("/reports/build/", {"start": str(MONDAY + timedelta(days=1))}).status_code == 404
    coming = Week(timezone.now().date() - timedelta(days=timezone.now().weekday()) + timedelta(weeks=1))
    page = lead.post("/reports/build/", {"start": str(coming.start)}, follow=True).content.decode()
    assert "This week is not over yet." in page


def test_a_figure_opens_its_definition_as_a_panel_and_as_a_page(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor(weeks=1)
    report = reported(alpha)
    browser = sign_in("alpha", "client_user")
    for one in report.content["figures"]:
        address = f"/reports/{report.pk}/figures/{one['ref']}/"
        panel = browser.get(address, headers={"HX-Request": "true"}).content.decode()
        assert one["definition"]["formula"] in panel
        assert "<html" not in panel
        assert "<html" in browser.get(address).content.decode()
    assert browser.get(f"/reports/{report.pk}/figures/XX-1/").status_code == 404


def test_reports_are_found_by_week_and_the_newest_stands_at_home(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor(weeks=2, a_day=4)
    reported(alpha, weeks=2)
    reader = Principal(uuid4(), "Astrid", str(alpha.pk), frozenset({"client_user"}), on_operator=False,
                       permissions=permissions_of(["client_user"], on_operator=False))  # fmt: skip
    with enter(alpha.ref()):
        hits = [hit for found in search.collect(Query("week 46", reader)) for hit in found if "/reports/" in hit.url]
        assert [hit.url for hit in hits] == [f"/reports/{MONDAY - timedelta(weeks=1)}/"]
        [home] = client_home.collect(Panel(None, reader))
        assert "Week 47, 16 to 22 November" in home
        assert "Service level" in home


def test_the_building_page_tells_each_state_and_renews_itself_only_while_at_work(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor(weeks=1, a_day=4)
    lead = sign_in("alpha", "team_lead")
    there = lead.post("/reports/build/", {"start": str(MONDAY)})["Location"]
    says = {
        "queued": "Waiting for a worker",
        "building": "Reading the week and writing PDF, XLSX and CSV",
        "failed": "The disk is full.",
    }
    with enter(alpha.ref()):
        one = Build.objects.get()
    for state, words in says.items():
        with enter(alpha.ref()):
            Build.objects.update(state=state, problem="The disk is full." if state == "failed" else "")
        part = lead.get(there, headers={"HX-Request": "true"}).content.decode()
        assert words in part
        assert ('hx-trigger="every 1s"' in part) == (state != "failed")
    assert lead.post(f"{there}retry/")["Location"] == there
    with enter(alpha.ref()):
        build(build_id=one.pk, now=NOW)
    assert "Revision 1 is frozen and there to read" in lead.get(there).content.decode()
    page = lead.post("/reports/build/", {"start": str(MONDAY)}, follow=True).content.decode()
    assert "Give the reason for another revision." in page
    again = lead.post("/reports/build/", {"start": str(MONDAY), "reason": "Checked again"})["Location"]
    with enter(alpha.ref()):
        build(build_id=Build.objects.latest("id").pk, now=NOW)
    assert "Nothing has changed since revision 1" in lead.get(again).content.decode()


def test_a_later_revision_shows_what_differs_and_the_earlier_one_points_to_it(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor(weeks=1, a_day=8)
    reported(alpha)
    with enter(alpha.ref()):
        floor(weeks=1, a_day=3, seed=12)
        asked = request_build(week=Week(MONDAY), reason="Sunday's file came late", by=BY, now=NOW)
        build(build_id=asked.pk, now=NOW)
    reader = sign_in("alpha", "client_user")
    newest = reader.get(f"/reports/{MONDAY}/").content.decode()
    assert "What differs from the revision before" in newest
    assert "Sunday&#x27;s file came late" in newest
    first = reader.get(f"/reports/{MONDAY}/1/").content.decode()
    assert "Revision 2 of this week is there." in first
    assert "What differs" not in first
