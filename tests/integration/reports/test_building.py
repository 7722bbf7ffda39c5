"""A report is built once, frozen, revised only with a reason and a difference, and never changed."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError, connection
from django.utils import timezone

from bpo.actors import By
from bpo.audit.models import Entry
from bpo.files.services import path_of
from bpo.notices.models import Notice
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.outbox.relay import relay_once
from bpo.outbox.services import replay
from bpo.tenancy.context import enter
from interactions.models import Interaction, Queue
from reports.domain.weeks import Week
from reports.measures import week_figures
from reports.models import Build, ReportFile, ReportVersion, Target
from reports.services import Refused, build, fail_build, request_build, retry_build, verify
from reports.targets import Promise, set_target, targets_on
from tests.integration.reports.build import MONDAY, NOW, SUNDAY, floor
from tests.people import sign_in

BY = By("person", "Maricel Santos")
WEEK = Week(MONDAY)


def built(reason: str = "") -> Build:
    asked = request_build(week=WEEK, reason=reason, by=BY, now=NOW)
    return build(build_id=asked.pk, now=NOW)


def figure(report: ReportVersion, ref: str) -> dict[str, Any]:
    return next(one for one in report.content["figures"] if one["ref"] == ref)


def test_a_report_holds_every_figure_of_the_week(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor()
        report = built().report
        found = week_figures(MONDAY, SUNDAY)
        assert report is not None
        for code, one in found.items():
            frozen = figure(report, code)
            assert (frozen["value"], frozen["num"], frozen["den"]) == (one.value, one.num, one.den)
            assert frozen["definition"]["formula"]
        assert [one["week"] for one in report.content["series"][0]["points"]] == [45, 46, 47]
        assert {one.kind for one in report.files.all()} == {"pdf", "xlsx", "csv"}
        assert verify() == (1, [])


def test_each_queue_is_judged_by_what_it_promised(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor()
        Queue.objects.filter(key="billing").update(service_level_target="0.600")
        report = built().report
        assert report is not None
        assert figure(report, "SL-2.billing")["target"]["value"] == 0.6
        assert figure(report, "SL-2.mail")["target"]["value"] == 0.9
        assert figure(report, "SL-2")["target"] is None, "queues with promises of their own have no common one"
        assert figure(report, "SL-2.billing")["result"] == "met"
        assert figure(report, "SL-2.mail")["result"] == "missed"


def test_a_changed_promise_does_not_judge_the_past(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor()
        built()
        Queue.objects.filter(key="billing").update(service_level_target="0.999")
        Interaction.objects.filter(business_date=MONDAY).delete()
        second = built("A day was counted twice").report
        assert second is not None
        assert figure(second, "SL-2.billing")["target"]["value"] == 0.8
        later = targets_on(NOW.date())[("SL-2", Queue.objects.get(key="billing").pk)]
        assert str(later.value) == "0.9990"


def test_late_data_makes_a_revision_with_its_differences_and_the_first_stays(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor()
        first = built().report
        assert first is not None
        text = first.text
        floor(weeks=1, a_day=5, seed=99)
        with pytest.raises(Refused, match="has a report already"):
            request_build(week=WEEK, reason=" ", by=BY, now=NOW)
        second = built("Sunday's file came late").report
        assert second is not None
        assert (second.revision, second.reason) == (2, "Sunday's file came late")
        assert second.content["replaces"] == first.sha256
        changed = {one["ref"]: one for one in second.content["differences"]}
        assert changed["VO-1"]["before"]["num"] == figure(first, "VO-1")["num"]
        assert changed["VO-1"]["after"]["num"] == figure(second, "VO-1")["num"]
        assert ReportVersion.objects.get(pk=first.pk).text == text
        assert verify() == (2, [])


def test_the_same_data_makes_no_other_revision(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor()
        first = built().report
        again = built("Just to be sure")
        assert (again.state, again.report) == ("unchanged", first)
        assert ReportVersion.objects.count() == 1


def test_a_job_done_twice_builds_once(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor(weeks=1)
        asked = request_build(week=WEEK, reason="", by=BY, now=NOW)
        assert request_build(week=WEEK, reason="", by=BY, now=NOW).pk == asked.pk, "the second click joins the first"
        build(build_id=asked.pk, now=NOW)
        build(build_id=asked.pk, now=NOW + timedelta(hours=1))
        assert ReportVersion.objects.count() == 1
    assert Job.objects.filter(kind="reports.build").count() == 1
    assert Job.objects.filter(kind="reports.announce").count() == 1


def test_a_week_that_is_not_over_is_refused_by_name(alpha: Any) -> None:
    with enter(alpha.ref()), pytest.raises(Refused, match="not over yet"):
        request_build(week=Week(MONDAY + timedelta(days=7)), reason="", by=BY, now=NOW)


def test_a_failure_is_said_on_the_request_and_can_be_tried_again(alpha: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with enter(alpha.ref()):
        floor(weeks=1)
        asked = request_build(week=WEEK, reason="", by=BY, now=NOW)
    with monkeypatch.context() as broken:
        broken.setattr("reports.renderings.pdf.TEMPLATE", Path("/none"))
        [job] = Job.objects.filter(kind="reports.build")
        assert execute(job.pk, job.kind) == "dead"
    with enter(alpha.ref()):
        asked.refresh_from_db()
        assert asked.state == "failed"
        assert "FileNotFoundError" in asked.problem
        assert ReportVersion.objects.count() == 0, "nothing is frozen by halves"
        assert retry_build(build_id=asked.pk, by=BY, now=NOW) is not None
        assert retry_build(build_id=asked.pk, by=BY, now=NOW) is None, "it has not failed now"
        assert retry_build(build_id=uuid4(), by=BY, now=NOW) is None
    job = Job.objects.filter(kind="reports.build").latest("id")
    assert execute(job.pk, job.kind) == "done"
    with enter(alpha.ref()):
        asked.refresh_from_db()
        assert asked.state == "ready"


def killed(tries: int = 1) -> None:
    """Each of three workers died in the middle of the build."""
    Job.objects.filter(kind="reports.build", payload__tries=tries).update(
        state="running", attempts=3, fence=3, lease_until=timezone.now() - timedelta(seconds=1)
    )
    relay_once(send=lambda *_: None)


def run_last_words() -> None:
    for job in Job.objects.filter(kind="reports.build_interrupted", state="ready"):
        assert execute(job.pk, job.kind) == "done"


def test_a_build_whose_worker_dies_each_time_says_so_and_is_built_again_by_its_button(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        floor(weeks=1)
        asked = request_build(week=WEEK, reason="", by=BY, now=NOW)
        Build.objects.filter(pk=asked.pk).update(state="building")
    killed()
    run_last_words()
    page = browser.get(f"/reports/builds/{asked.pk}/").content.decode()
    assert "The work was interrupted 3 times before its end. Build it again" in page
    assert 'role="alert"' in page
    assert "hx-trigger" not in page.split('id="build"')[1].split(">")[0], "nothing to wait for"
    [address] = re.findall(r'<form method="post" action="([^"]+)"', page.split('id="build"')[1].split("</section>")[0])
    assert "Build it again</button>" in page
    assert browser.post(address).status_code == 302
    job = Job.objects.get(kind="reports.build", payload__tries=2)
    assert execute(job.pk, job.kind) == "done"
    with enter(alpha.ref()):
        asked.refresh_from_db()
        assert (asked.state, asked.problem) == ("ready", "")


def test_a_failed_build_s_job_tried_again_builds_it(alpha: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: Any) -> None:
        raise ValueError("no paper")

    with enter(alpha.ref()):
        floor(weeks=1)
        asked = request_build(week=WEEK, reason="", by=BY, now=NOW)
    [job] = Job.objects.filter(kind="reports.build")
    with monkeypatch.context() as patched:
        patched.setattr("reports.services.build", broken)
        assert execute(job.pk, job.kind) == "dead"
    job.refresh_from_db()
    assert replay(job_id=job.pk)
    assert execute(job.pk, job.kind) == "done"
    with enter(alpha.ref()):
        asked.refresh_from_db()
        assert (asked.state, asked.problem, asked.tries) == ("ready", "", 1)
        assert Entry.objects.filter(action="reports.build_retried").count() == 1


def test_a_job_whose_build_another_try_took_over_says_so(alpha: Any) -> None:
    with enter(alpha.ref()):
        asked = request_build(week=WEEK, reason="", by=BY, now=NOW)
        fail_build(build_id=asked.pk, tries=1, problem="x", now=NOW)
        retry_build(build_id=asked.pk, by=BY, now=NOW)
        fail_build(build_id=asked.pk, tries=2, problem="x", now=NOW)
    first = Job.objects.get(kind="reports.build", payload__tries=1)
    assert execute(first.pk, first.kind) == "dead"
    first.refresh_from_db()
    assert first.last_error == "This build was tried again from its own page, by another job."
    with enter(alpha.ref()):
        asked.refresh_from_db()
        assert (asked.state, asked.tries) == ("failed", 2)


def test_a_connection_lost_three_times_ends_the_build_too(alpha: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(**_: Any) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr("reports.services.build", gone)
    with enter(alpha.ref()):
        asked = request_build(week=WEEK, reason="", by=BY, now=NOW)
    [job] = Job.objects.filter(kind="reports.build")
    for state in ("ready", "ready", "dead"):
        Job.objects.filter(pk=job.pk).update(run_at=timezone.now() - timedelta(seconds=1))
        assert execute(job.pk, job.kind) == state
    run_last_words()
    with enter(alpha.ref()):
        asked.refresh_from_db()
        assert (asked.state, asked.finished_at is not None) == ("failed", True)


def test_the_end_of_one_try_does_not_end_the_next(alpha: Any) -> None:
    with enter(alpha.ref()):
        asked = request_build(week=WEEK, reason="", by=BY, now=NOW)
    killed()
    with enter(alpha.ref()):
        fail_build(build_id=asked.pk, tries=1, problem="x", now=NOW)
        retry_build(build_id=asked.pk, by=BY, now=NOW)
    run_last_words()
    with enter(alpha.ref()):
        asked.refresh_from_db()
        assert (asked.state, asked.tries) == ("queued", 2)


def test_the_clients_people_are_told_once(alpha: Any) -> None:
    sign_in("alpha", "client_user")
    sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        floor(weeks=1)
        built()
    [job] = Job.objects.filter(kind="reports.announce")
    assert execute(job.pk, job.kind) == "done"
    with enter(alpha.ref()):
        [notice] = Notice.objects.filter(kind="report_sent")
        assert notice.path == f"/reports/{MONDAY}/1/"
        assert "Week 47, 16 to 22 November" in notice.text
        assert Entry.objects.get(action="reports.announced").detail == {"people": 1}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_reportversion SET text = '{}'",
        "UPDATE reports_reportversion SET sha256 = repeat('0', 64)",
        "DELETE FROM reports_reportversion",
        "TRUNCATE reports_reportversion CASCADE",
        "UPDATE reports_reportfile SET sha256 = repeat('0', 64)",
        "DELETE FROM reports_reportfile",
        "UPDATE files_storedfile SET sha256 = repeat('0', 64)",
        "UPDATE reports_target SET value = 0",
        "DELETE FROM reports_target",
    ],
)
def test_what_is_frozen_refuses_the_clients_own_role(alpha: Any, statement: str) -> None:
    with enter(alpha.ref()):
        floor(weeks=1, a_day=3)
        built()
        with pytest.raises(ProgrammingError, match="permission denied for table"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_second_row_under_the_same_number_is_refused(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor(weeks=1, a_day=3)
        built()
        with pytest.raises(Exception, match="report_revision_is_numbered_once"), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO reports_reportversion SELECT gen_random_uuid(), period_start, period_end, revision, "
                "reason, built_at, data_to, definitions_version, text, sha256 FROM reports_reportversion"
            )


def test_verify_finds_a_changed_text_and_a_changed_file(alpha: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from bpo.tenancy.context import as_owner
    from bpo.tenancy.hosts import load_client

    with enter(alpha.ref()):
        floor(weeks=1, a_day=3)
        built()
        pdf = path_of(ReportFile.objects.get(kind="pdf").file)
    call_command("verify_report", client="alpha")
    assert "alpha: 1 reports, as frozen" in capsys.readouterr().out
    pdf.write_bytes(pdf.read_bytes() + b" ")
    with as_owner(load_client(alpha.pk).schema), connection.cursor() as cursor:  # type: ignore[union-attr]
        cursor.execute("UPDATE reports_reportversion SET text = replace(text, '\"week\":47', '\"week\":48')")
    with pytest.raises(CommandError, match="things don't hold"):
        call_command("verify_report", client="alpha")
    said = capsys.readouterr().out
    assert "the text is not what its hash says" in said
    assert "the PDF is not the file that was frozen" in said


def test_the_hash_is_of_the_text_as_it_stands(alpha: Any) -> None:
    import hashlib

    with enter(alpha.ref()):
        floor(weeks=1, a_day=3)
        report = built().report
        assert report is not None
        assert hashlib.sha256(report.text.encode()).hexdigest() == report.sha256
        assert (
            json.dumps(json.loads(report.text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            == report.text
        )
        frozen = Entry.objects.get(action="reports.frozen").detail
        assert frozen["sha256"] == report.sha256


def test_setting_a_target_is_audited_and_an_unknown_measure_is_named(alpha: Any) -> None:
    from decimal import Decimal

    with enter(alpha.ref()):
        promise = Promise("AB-1", Decimal("0.05"), Target.Direction.AT_MOST, Decimal("0.005"))
        set_target(promise=promise, valid_from=MONDAY, by=BY, now=timezone.now())
        assert Entry.objects.get(action="reports.target_set").detail["value"] == "0.05"
        with pytest.raises(ValueError, match="measure 'XX-9' is none of SL-2"):
            set_target(promise=Promise("XX-9", Decimal(1), "at_most"), valid_from=MONDAY, by=BY, now=timezone.now())
