"""The jobs page: the outbox by state and kind, narrowed, and second chances with a line in the audit."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from bpo.ops_audit.models import Entry
from bpo.outbox.models import Job
from tests.integration.console.operators import operator
from tests.statements import grows_with_rows, statements


def put(client: Any, state: str, count: int = 1, *, kind: str = "notices.send_mail", **more: Any) -> list[Job]:
    given: dict[str, Any] = {"last_error": "no answer", **more}
    if state == "running":
        given["lease_until"] = timezone.now()
    return [
        Job.objects.create(client=client, kind=kind, dedupe_key=str(uuid.uuid4()), state=state, **given)
        for _ in range(count)
    ]


def test_the_states_are_counted_and_the_oldest_due_is_told(alpha: Any) -> None:
    put(alpha, "dead", 2)
    put(alpha, "uncertain")
    put(None, "done", 3, kind="console.x", finished_at=timezone.now())
    put(alpha, "ready", run_at=timezone.now() - timedelta(minutes=3))
    page = operator().get("/jobs/")
    assert [(state, n) for state, _, n in page.context["states"]] == [
        ("ready", 1), ("running", 0), ("done", 3), ("dead", 2), ("uncertain", 1),
    ]  # fmt: skip
    text = page.content.decode()
    assert "3 jobs need a person" in text
    assert "The oldest due job has waited 3 min" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3), ("?state=dead", 2), ("?state=all", 5), ("?state=all&client=-", 1), ("?state=all&client=beta", 1),
        ("?client=alpha", 3), ("?kind=console.x&state=all", 1), ("?state=nonsense", 3), ("?client=nobody", 3),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(alpha: Any, beta: Any, query: str, found: int) -> None:
    put(alpha, "dead", 2)
    put(alpha, "uncertain")
    put(beta, "ready", run_at=timezone.now() + timedelta(hours=1))
    put(None, "done", kind="console.x")
    page = operator().get(f"/jobs/{query}")
    assert page.context["page"].paginator.count == found


def test_all_dead_jobs_of_a_kind_are_tried_again_and_nothing_else(alpha: Any, beta: Any) -> None:
    again = [*put(alpha, "dead"), *put(beta, "dead")]
    others = [*put(alpha, "uncertain"), *put(alpha, "dead", kind="reports.build"), *put(alpha, "done")]
    browser = operator()
    assert browser.post("/jobs/replay/", {"kind": "notices.send_mail"})["Location"] == "/jobs/"
    assert set(Job.objects.filter(state="ready").values_list("pk", flat=True)) == {job.pk for job in again}
    for job in others:
        before = job.state
        job.refresh_from_db()
        assert job.state == before
    line = Entry.objects.get(action="jobs.replayed")
    assert (line.actor_id, line.detail["jobs"]) == (User.objects.get(email="ewelina@bpo.example").pk, 2)
    browser.post("/jobs/replay/", {"kind": "notices.send_mail"})
    browser.post("/jobs/replay/", {"kind": "nonsense"})
    assert Entry.objects.filter(action="jobs.replayed").count() == 1


def test_a_second_chance_keeps_the_filters_and_is_told_once(alpha: Any) -> None:
    [job] = put(alpha, "dead")
    browser = operator()
    answer = browser.post(f"/jobs/{job.pk}/replay/", {"state": "dead", "client": "alpha"})
    assert answer["Location"] == "/jobs/?state=dead&client=alpha"
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("ready", 0)
    browser.post(f"/jobs/{job.pk}/replay/")
    assert Entry.objects.filter(action="job.replayed").count() == 1
    assert browser.post(f"/jobs/{uuid.uuid4()}/replay/").status_code == 404


def test_the_list_sends_the_same_statements_at_1_and_3_rows(alpha: Any) -> None:
    browser = operator()
    assert grows_with_rows(lambda: browser.get("/jobs/"), lambda n: put(alpha, "dead", n)) is None
    assert statements(lambda: browser.get("/jobs/")) == 7


def test_who_may_not_see_jobs_replays_none(alpha: Any) -> None:
    [job] = put(alpha, "dead")
    hr = operator(email="hr@bpo.example", role="hr")
    assert hr.get("/jobs/").status_code == 403
    assert hr.post("/jobs/replay/", {"kind": job.kind}).status_code == 403
    job.refresh_from_db()
    assert job.state == "dead"
