"""The console's clients: one row each, sorted by what needs somebody, from kept weeks alone."""

import csv
import io
import re
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Client, Domain
from attrition.models import Separation
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.outbox.slots import tick
from bpo.tenancy.context import as_owner, enter
from console.domain.week import QueueLevel
from console.models import WeekRollup
from console.rollups import refresh
from interactions.models import Interaction, Queue
from tests.integration.console.operators import operator
from tests.integration.console.weeks import MONDAY, history, keep, share, week
from tests.statements import statements
from workforce.models import Assignment, Employee, Employment

UNDER = (QueueLevel("Billing EN", 764, 1000, 0.8),)


def gone(*keys: str) -> None:
    """Clients that were deleted, along the only steps the database lets their owner take."""
    with as_owner():
        found = Client.objects.filter(key__in=keys)
        found.update(status="trashed", drops_at=timezone.now())
        found.update(status="dropped", drops_at=None)


def more_clients(count: int) -> None:
    """Clients that the page only lists: rows without a schema behind them."""
    for _ in range(count):
        tail = "".join(chr(97 + int(digit, 16)) for digit in uuid.uuid4().hex[:12])
        client = Client.objects.create(
            key=tail, name=tail.title(), zone="UTC", schema_name=f"c_{tail}", role_name=tail, created_at=timezone.now(),
            home_host=f"{tail}.bpo.test", primary_host=f"{tail}.bpo.test",
        )  # fmt: skip
        Domain.objects.create(domain=f"{tail}.bpo.test", tenant=client, is_primary=True)
        keep(client, history(week()))
        Job.objects.create(client=client, kind="reports.build", dedupe_key=tail, state="dead")


def rows_of(page: str) -> list[str]:
    return re.findall(r'<tr id="([a-z0-9-]+)"', page)


def test_rows_come_by_attention_and_the_title_counts_who_needs_somebody_now(alpha: Any, beta: Any) -> None:
    keep(alpha, history(week()))
    bad = history(week(queues=UNDER))
    keep(beta, [*bad[:-1], week(queues=UNDER)])
    WeekRollup.objects.filter(client=beta, week_start=MONDAY - timedelta(weeks=1)).update(
        measures=week(queues=UNDER).as_dict()
    )
    browser = operator()
    page = browser.get("/").content.decode()
    assert rows_of(page) == ["beta", "alpha"]
    assert "1 client needs you now" in page
    assert "SL under target 2 weeks running" in page
    assert "Billing EN: 76.4\u202f%, target 80\u202f%" in page
    assert "Nothing needs you" in page
    Job.objects.create(client=alpha, kind="reports.build", dedupe_key="x", state="dead")
    page = browser.get("/").content.decode()
    assert rows_of(page) == ["alpha", "beta"]
    assert "2 clients need you now" in page
    assert "1 job gave up" in page


def test_a_change_that_is_worth_a_look_is_not_passed_over_in_the_title(alpha: Any, beta: Any) -> None:
    keep(alpha, history(week()))
    page = operator().get("/").content.decode()
    assert ">No client needs you now</h1>" in page
    keep(beta, history(week(queues=UNDER)))
    page = operator().get("/").content.decode()
    assert "SL under target this week" in page
    assert ">No client needs you now, 1 is worth a look</h1>" in page


def test_too_few_is_a_dash_with_what_it_needs(alpha: Any) -> None:
    keep(alpha, history(week(satisfaction=share(0, 3))))
    page = operator().get("/").content.decode()
    assert "n = 3, needs 5" in page
    assert "too few answers for CSAT: n = 3, needs 5" in page


def test_the_page_sends_the_same_statements_at_1_and_3_clients_and_enters_none(alpha: Any) -> None:
    gone("beta")
    keep(alpha, history(week()))
    browser = operator()
    browser.get("/")
    one = statements(lambda: browser.get("/"))
    more_clients(2)
    with CaptureQueriesContext(connection) as sent:
        assert len(rows_of(browser.get("/").content.decode())) == 3
    assert len(sent) == one == 9, "\n".join(query["sql"] for query in sent)
    assert not any("interactions_" in query["sql"] for query in sent)


def test_the_csv_has_every_figure_unrounded_and_no_formula(alpha: Any, beta: Any) -> None:
    Client.objects.filter(pk=alpha.pk).update(name="=SUM(A1)")
    keep(alpha, history(week(satisfaction=share(2, 3))))
    answer = operator().get("/clients.csv")
    rows = {row["key"]: row for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert set(rows) == {"alpha", "beta"}
    found = rows["alpha"]
    assert found["client"] == "'=SUM(A1)"
    assert (found["service"], found["service_num"], found["service_den"], found["service_target"]) == (
        "0.85", "850", "1000", "0.8",
    )  # fmt: skip
    assert (found["satisfaction"], found["satisfaction_n"]) == ("", "3")
    assert rows["beta"]["reason"] == "Nothing needs you"


def test_an_earlier_week_can_be_shown_and_nonsense_shows_the_newest(alpha: Any) -> None:
    keep(alpha, history(week(queues=UNDER)))
    browser = operator()
    assert "SL under target this week" in browser.get("/").content.decode()
    before = browser.get("/?week=2026-11-09").content.decode()
    assert "9–15 Nov" in before
    assert "SL under target" not in before
    for odd in ("2026-11-10", "1999-01-04", "x", "2026-99-99", "\x00"):
        assert "16–22 Nov" in browser.get("/", {"week": odd}).content.decode()


def test_a_figure_opens_its_definition_and_parts(alpha: Any) -> None:
    keep(alpha, history(week()))
    browser = operator()
    fragment = browser.get("/clients/alpha/service/", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in fragment
    for part in ("Answered in the time their queue promises", "850", "1,000", "Billing EN"):
        assert part in fragment
    for code in ("people", "interactions", "service", "quality", "satisfaction", "attrition"):
        assert "<html" in browser.get(f"/clients/alpha/{code}/").content.decode()
    assert browser.get("/clients/alpha/secrets/").status_code == 404
    assert browser.get("/clients/nobody/").status_code == 404
    assert browser.get("/clients/alpha/").status_code == 200


def test_who_runs_no_clients_sees_their_own_alone(alpha: Any, beta: Any) -> None:
    keep(alpha, history(week()))
    hr = operator(email="hr@bpo.example", role="hr")
    page = hr.get("/").content.decode()
    assert "Where do you work now?" in page
    assert "Alpha" not in page
    assert hr.get("/clients.csv").status_code == 403
    assert hr.get("/clients/alpha/").status_code == 403
    assert hr.get("/clients/alpha/service/").status_code == 403


def test_an_empty_console_offers_the_first_client(alpha: Any, beta: Any) -> None:
    gone("alpha", "beta")
    browser = operator()
    page = browser.get("/").content.decode()
    assert "No client is open" in page
    with as_owner():
        Domain.objects.all().delete()
        Client.objects.all()._raw_delete("default")
    page = browser.get("/").content.decode()
    assert "No client yet" in page
    assert 'href="/clients/new/"' in page


# --- Counting a week -----------------------------------------------------------------------------------


def calls(client: Any, day: date, count: int, *, wait: int = 5, abandoned: bool = False) -> None:
    with enter(client.ref()):
        queue, _ = Queue.objects.get_or_create(key="voice", defaults={"name": "Voice"})
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        Interaction.objects.bulk_create(
            Interaction(
                source="t",
                external_id=uuid.uuid4().hex,
                queue=queue,
                started_at=at,
                business_date=day,
                zone="UTC",
                wait_seconds=wait,
                abandoned=abandoned,
                talk_seconds=None if abandoned else 60,
            )
            for _ in range(count)
        )


def employ(client: Any, number: str, start: date, *, share: str = "1", left: date | None = None) -> None:
    person = Employee.objects.create(number=number, name=number, created_at=timezone.now())
    gone = left + timedelta(days=1) if left else None
    spell = Employment.objects.create(employee=person, starts_on=start, ends_on=gone)
    Assignment.objects.create(employee=person, client=client, share=share, starts_on=start, ends_on=gone)
    if left:
        Separation.objects.create(
            employment=spell,
            last_day=left,
            kind="voluntary",
            reason="better_pay",
            recorded_by="t",
            recorded_at=timezone.now(),
        )


NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_a_week_is_counted_from_the_clients_own_rows_and_the_operators_people(alpha: Any, beta: Any) -> None:
    calls(alpha, MONDAY, 8)
    calls(alpha, MONDAY + timedelta(days=6), 2, wait=100)
    calls(alpha, MONDAY + timedelta(days=7), 50)
    calls(alpha, MONDAY - timedelta(days=1), 3)
    calls(beta, MONDAY, 77)
    employ(alpha, "1", date(2026, 1, 5))
    employ(alpha, "2", date(2026, 1, 5), share="0.5")
    employ(alpha, "3", date(2026, 1, 5), left=date(2026, 11, 8))
    employ(alpha, "4", date(2026, 1, 5), left=date(2026, 10, 1))
    employ(beta, "5", date(2026, 1, 5))
    assert len(refresh(alpha.ref(), now=NOW)) == 8
    kept = WeekRollup.objects.get(client=alpha, week_start=MONDAY).measures
    assert kept["interactions"] == 10
    assert kept["days"] == [8, 0, 0, 0, 0, 0, 2]
    assert (kept["service"]["num"], kept["service"]["den"], kept["target"]) == (8, 10, 0.8)
    assert kept["people"] == 1.5
    assert kept["attrition"]["num"] == 1
    assert kept["attrition"]["den"] == pytest.approx((28 * 1.5 + 14) / 28)
    assert WeekRollup.objects.get(client=alpha, week_start=MONDAY - timedelta(weeks=1)).measures["interactions"] == 3
    assert not WeekRollup.objects.filter(client=beta).exists()


def test_counting_again_renews_the_last_week_alone(alpha: Any) -> None:
    refresh(alpha.ref(), now=NOW)
    calls(alpha, MONDAY, 4)
    calls(alpha, MONDAY - timedelta(weeks=1), 4)
    assert refresh(alpha.ref(), now=NOW) == [MONDAY]
    assert WeekRollup.objects.filter(client=alpha).count() == 8
    assert WeekRollup.objects.get(client=alpha, week_start=MONDAY).measures["interactions"] == 4


def test_the_tick_counts_each_client_once_a_local_day(alpha: Any, beta: Any) -> None:
    for _ in range(2):
        tick(now=NOW)
    jobs = Job.objects.filter(kind="console.refresh_weeks")
    assert sorted(jobs.values_list("client__key", flat=True)) == ["alpha", "beta"]
    for job in jobs:
        assert execute(job.pk, job.kind) == "done"
    assert set(WeekRollup.objects.values_list("client__key", flat=True)) == {"alpha", "beta"}


def test_a_clients_login_can_neither_read_nor_write_the_operators_weeks(alpha: Any) -> None:
    keep(alpha, [week()])
    for text in ("SELECT * FROM public.console_weekrollup", "DELETE FROM public.console_opening"):
        with enter(alpha.ref()), pytest.raises(ProgrammingError) as caught, connection.cursor() as cursor:
            cursor.execute(text)
        assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_a_week_begins_on_monday_whatever_writes_it(alpha: Any) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="rollup_week_starts_on_monday"):
        WeekRollup.objects.create(
            client=alpha, week_start=MONDAY + timedelta(days=1), zone="UTC", computed_at=timezone.now()
        )
