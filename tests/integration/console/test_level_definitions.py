"""How a service level is counted is the contract's: from the form of terms to the report, the console and staffing."""

import html
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from psycopg import errors

from accounts.errors import Refused
from accounts.models import Terms
from accounts.services.terms import set_terms
from bpo.actors import By
from bpo.audit.models import Entry
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.service_levels import Counting, LevelDefinition
from bpo.tenancy.context import enter
from console.models import WeekRollup
from console.openings import agreed_from, kept_from
from console.rollups import count, write
from console.showing import BY_CODE, told
from interactions.models import Interaction, Interval, PastCounting, Queue
from interactions.queues import Promised, promise_of_new, promise_on_queues, promised_on
from reports.domain.weeks import Week
from reports.measures import week_figures
from reports.models import ReportVersion
from reports.renderings import RENDERINGS
from reports.services import build, request_build, verify
from reports.wording import Page
from scheduling.models import Requirement
from scheduling.services import make_forecast
from tests.integration.console.operators import operator
from tests.integration.reports.build import MONDAY, NOW, SUNDAY, floor
from tests.people import sign_in
from tests.refusals import refused, run

PAGE = "/clients/alpha/terms/"
BY = By("operator", "Ewelina")
SHORT = 3
WEDNESDAY = datetime(2026, 11, 18, 12, tzinfo=UTC)
USUAL = {
    "sees_reports": "on", "sees_satisfaction": "on", "surveys_asked": "on", "survey_rest_days": "30",
    "service_level": "80", "answer_within_seconds": "20", "reason": "The new contract",
}  # fmt: skip
DEFINITIONS = ("served_of_offered", "served_of_not_abandoned", "short_abandons_excluded")


def agree_on_the_page(client: Any, definition: str, short: str = "") -> None:
    """As the operator does, and as a worker then takes it into the client."""
    sent = {**USUAL, "service_level_definition": definition, "short_abandon_seconds": short}
    assert operator().post(PAGE, sent).status_code == 302
    job = Job.objects.get(kind="console.copy_terms", dedupe_key=f"terms:{Terms.objects.count()}", client=client)
    assert execute(job.pk, job.kind) == "done"


def by_hand(rows: list[Interaction], definition: str) -> tuple[int, int]:
    """In time, and of how many, by a plain loop: nobody's query, and no formula of the product's."""
    good = whole = 0
    for one in rows:
        if one.direction != "in" or one.wait_seconds is None or not MONDAY <= one.business_date <= SUNDAY:
            continue
        promised = one.queue.answer_within_seconds
        if not one.abandoned:
            good, whole = good + (one.wait_seconds <= promised), whole + 1
        elif definition == "served_of_offered":
            whole += 1
        elif definition == "short_abandons_excluded":
            whole += one.wait_seconds >= SHORT
        elif definition == "":
            whole += one.wait_seconds > promised
    return good, whole


def one_promise() -> None:
    Queue.objects.update(answer_within_seconds=20, service_level_target="0.800")


def report(week: date = MONDAY, reason: str = "") -> ReportVersion:
    """Call it inside the client."""
    made = build(build_id=request_build(week=Week(week), reason=reason, by=BY, now=NOW).pk, now=NOW)
    assert made.report is not None
    return made.report


def level(made: ReportVersion) -> dict[str, Any]:
    return next(one for one in made.content["figures"] if one["ref"] == "SL-2")


def agreed_within_the_week(client: Any, definition: str) -> None:
    """Rows of the week before last, last week and this, and on its Wednesday another way of counting."""
    with enter(client.ref()):
        floor()
        one_promise()
    with time_machine.travel(WEDNESDAY, tick=False):
        agree_on_the_page(client, definition, str(SHORT) if definition == DEFINITIONS[2] else "")


@pytest.mark.parametrize("definition", ["", *DEFINITIONS])
def test_what_was_agreed_on_is_what_report_console_and_staffing_say(alpha: Any, definition: str) -> None:
    agreed_within_the_week(alpha, definition)
    with enter(alpha.ref()):
        good, whole = by_hand(list(Interaction.objects.select_related("queue")), definition)
        assert (week_figures(MONDAY, SUNDAY)["SL-2"].num, week_figures(MONDAY, SUNDAY)["SL-2"].den) == (good, whole)
        made = report()
        files = {kind: RENDERINGS[kind](made.content, made.sha256) for kind in ("csv", "xlsx", "pdf")}
    one = level(made)
    assert (one["num"], one["den"]) == (good, whole)
    assert one["definition"].get("by", "") == definition
    by_queue = [each for each in made.content["figures"] if each["ref"].startswith("SL-2.")]
    assert (sum(each["num"] for each in by_queue), sum(each["den"] for each in by_queue)) == (good, whole)
    assert {each["definition"].get("by", "") for each in by_queue} == {definition}
    said = {
        "": "answered + abandoned after that time", DEFINITIONS[0]: "promised / offered",
        DEFINITIONS[1]: "promised / answered", DEFINITIONS[2]: "abandoned in under 3 s",
    }[definition]  # fmt: skip
    assert said in one["definition"]["formula"]
    assert any(said.split(" / ")[-1] in note for note in made.content["notes"])
    told_of = {
        "": "We answered ", DEFINITIONS[0]: " of all interactions offered", DEFINITIONS[1]: "that were not abandoned",
        DEFINITIONS[2]: "short abandons aside",
    }[definition]  # fmt: skip
    assert told_of in "".join(part.get("text", "") for part in made.content["sentences"][0])
    assert f",{good},{whole}," in files["csv"].decode()
    assert all(files.values())
    [words] = [each for each in Page(made.content, made.sha256).definitions if each["code"] == "SL-2"]
    assert said in words["formula"]
    [week] = count(alpha.ref(), [MONDAY])
    assert (week.service.num, week.service.den, week.counted_by) == (good, whole, definition)
    assert (sum(one.num for one in week.queues), sum(one.den for one in week.queues)) == (good, whole)
    write(alpha.ref(), [week], now=NOW)
    reader = operator(email="other@bpo.example")
    assert f",{definition or 'late_abandons_only'}," in reader.get("/clients.csv").content.decode()
    shown = reader.get("/clients/alpha/service/").content.decode()
    assert str(told(BY_CODE["service"], week).definition) in html.unescape(shown)
    assert WeekRollup.objects.get().measures["counted_by"] == definition


def test_each_definition_gives_another_figure_on_these_rows(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor()
        one_promise()
        rows = list(Interaction.objects.select_related("queue"))
    assert len({by_hand(rows, definition) for definition in ("", *DEFINITIONS)}) == 4


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_a_first_staffing_starts_from_the_promise_and_says_so(alpha: Any, definition: str) -> None:
    agreed_within_the_week(alpha, definition)
    with enter(alpha.ref()):
        queue = Queue.objects.get(key="billing")
        past = [
            Interval(
                queue=queue, source="acd", starts_at=datetime(2026, 11, day, hour, tzinfo=UTC), minutes=60, zone="UTC",
                business_date=date(2026, 11, day), offered=20, answered=20, in_target=20, handle_seconds=6000,
            )
            for day in range(1, 23)
            for hour in range(8, 18)
        ]  # fmt: skip
        Interval.objects.bulk_create(past)
        make_forecast(queue_id=queue.pk, week_start=date(2026, 11, 30), zone="UTC", by=BY, now=NOW)
    planner = sign_in("alpha", "planner")
    where = "/staffing/?queue=billing&week=2026-11-30"
    shown = planner.get(where).content.decode()
    assert "The contract promises" in shown
    assert str(LevelDefinition(definition).label) in shown
    assert planner.post("/staffing/make/", {"queue": "billing", "week": "2026-11-30"}).status_code == 302
    with enter(alpha.ref()):
        made = Requirement.objects.get()
        assert (made.service_level, made.target_seconds, made.definition) == (0.8, 20, definition)
        assert made.short_seconds == (SHORT if definition == DEFINITIONS[2] else 0)
    assert "This week was staffed for it." in planner.get(where).content.decode()
    other = DEFINITIONS[0] if definition != DEFINITIONS[0] else DEFINITIONS[1]
    agree_on_the_page(alpha, other)
    shown = planner.get(where).content.decode()
    assert "staffed for another target" in shown
    assert f'<option value="{definition}" selected' in shown, "what it was staffed for stands in the form"
    assert f'<option value="{other}" selected' in planner.get(f"{where}&from=promise").content.decode()
    with enter(alpha.ref()):
        assert Requirement.objects.get().definition == definition, "a run keeps the inputs it was made from"


def test_weeks_before_keep_their_numbers_and_words(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor()
        one_promise()
        first = report()
        text, was = first.text, level(first)
    with time_machine.travel(WEDNESDAY + timedelta(weeks=1), tick=False):
        agree_on_the_page(alpha, DEFINITIONS[0])
        agree_on_the_page(alpha, DEFINITIONS[1])
    with enter(alpha.ref()):
        assert ReportVersion.objects.get(pk=first.pk).text == text
        assert verify() == (1, [])
        asked = request_build(week=Week(MONDAY), reason="Anything new?", by=BY, now=NOW)
        assert build(build_id=asked.pk, now=NOW).state == "unchanged", "counted again, it says what it said"
        Interaction.objects.filter(business_date=MONDAY, direction="in", abandoned=True).delete()
        again = level(report(reason="Monday was counted twice"))
        assert again["definition"] == was["definition"]
        assert again["den"] == by_hand(list(Interaction.objects.select_related("queue")), "")[1]
        assert PastCounting.objects.count() == 2, "of a day's changes the first says what held before it"
        assert {one.counting for one in promised_on(SUNDAY).values()} == {Counting()}
        assert {one.counting for one in promised_on(SUNDAY + timedelta(days=7)).values()} == {Counting(DEFINITIONS[1])}
    [week] = count(alpha.ref(), [MONDAY])
    assert (week.counted_by, week.service.den) == ("", again["den"])


def test_a_week_in_which_it_was_agreed_on_says_that_the_weeks_before_are_counted_so_too(alpha: Any) -> None:
    agreed_within_the_week(alpha, DEFINITIONS[0])
    with enter(alpha.ref()):
        made = report()
        rows = list(Interaction.objects.select_related("queue"))
    assert "agreed on in this week" in made.content["notes"][-1]
    before = [one for one in rows if MONDAY - timedelta(days=7) <= one.business_date < MONDAY]
    offered = [one for one in before if one.direction == "in" and one.wait_seconds is not None]
    assert level(made)["before"]["den"] == len(offered), "the change compares like with like"


def test_queues_that_are_counted_in_different_ways_say_each(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor()
        one_promise()
        Queue.objects.filter(key="billing").update(service_level_definition=DEFINITIONS[2], short_abandon_seconds=SHORT)
        rows = list(Interaction.objects.select_related("queue"))
        parts = [
            by_hand([one for one in rows if one.queue.key == key], definition)
            for key, definition in (("billing", DEFINITIONS[2]), ("mail", ""))
        ]
        made = report()
    one = level(made)
    assert (one["num"], one["den"]) == (sum(good for good, _ in parts), sum(whole for _, whole in parts))
    assert one["definition"]["by"] == "each_queue"
    assert (
        "Billing: inbound interactions answered, and those abandoned after 3 s or more"
        in (one["definition"]["denominator"])
    )
    [week] = count(alpha.ref(), [MONDAY])
    assert week.counted_by == "each_queue"
    assert "each queue" in str(told(BY_CODE["service"], week).definition)


def test_the_seconds_are_asked_for_by_one_definition_alone(alpha: Any) -> None:
    browser = operator()
    for short, said in (("", "Say how long a short abandon is."), ("0", "greater than"), ("601", "less than")):
        answer = browser.post(
            PAGE, {**USUAL, "service_level_definition": DEFINITIONS[2], "short_abandon_seconds": short}
        )
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert browser.post(PAGE, {**USUAL, "service_level_definition": "late_abandons_only"}).status_code == 422
    assert not Terms.objects.exists()
    sent = {**USUAL, "service_level_definition": DEFINITIONS[2], "short_abandon_seconds": "5"}
    assert browser.post(PAGE, sent).status_code == 302
    assert "short is under 5 s" in browser.get(PAGE).content.decode()
    sent = {**USUAL, "service_level_definition": DEFINITIONS[0], "short_abandon_seconds": "nonsense"}
    assert browser.post(PAGE, sent).status_code == 302
    assert list(Terms.objects.values_list("service_level_definition", "short_abandon_seconds")) == [
        (DEFINITIONS[0], None), (DEFINITIONS[2], 5),
    ]  # fmt: skip
    with pytest.raises(Refused, match="leaves short abandons out"):
        set_terms(
            client=alpha, agreed={"service_level_definition": DEFINITIONS[2]}, reason="r", by=BY, now=timezone.now()
        )
    kept = {"service_level_definition": DEFINITIONS[2], "short_abandon_seconds": 5, "service_level_target": Decimal(1)}
    assert agreed_from(kept_from(kept)) == kept


def test_terms_from_before_say_nothing_and_change_nothing(alpha: Any) -> None:
    with enter(alpha.ref()):
        floor()
    made = set_terms(client=alpha, agreed={"sees_reports": False}, reason="r", by=BY, now=timezone.now())
    assert (made.service_level_definition, made.short_abandon_seconds) == ("", None)
    job = Job.objects.get(kind="console.copy_terms", dedupe_key="terms:1", client=alpha)
    assert execute(job.pk, job.kind) == "done"
    with enter(alpha.ref()):
        assert not PastCounting.objects.exists()
        assert not Entry.objects.filter(action="queue.promise_set").exists()
        assert {one.counting for one in promised_on(SUNDAY).values()} == {Counting()}
        assert promise_of_new()["service_level_definition"] == ""


def test_a_queue_made_later_is_counted_as_agreed_from_its_first_day(alpha: Any) -> None:
    with enter(alpha.ref()):
        promise_on_queues(promised=Promised(Decimal("0.9"), 30, DEFINITIONS[2], 5), by=BY, now=NOW)
        made = Queue.objects.create(key="new", name="New", **promise_of_new())
        assert promised_on(date(2020, 1, 1)) == {made.pk: Promised(Decimal("0.9"), 30, DEFINITIONS[2], 5)}


COPY = """
INSERT INTO accounts_terms (id, client_id, number, sees_reports, sees_satisfaction, sees_evaluations, surveys_asked,
    survey_rest_days, service_level_target, answer_within_seconds, reason, set_by, set_at,
    service_level_definition, short_abandon_seconds)
VALUES (gen_random_uuid(), %s, %s, true, true, true, true, 30, 0.8, 20, 'r', 'x', now(), %s, %s)
"""
WRONG = [
    ("late_abandons_only", None, "definition_is_known"), ("short_abandons_excluded", None, "short_is_asked_for"),
    ("served_of_offered", 5, "short_is_asked_for"), ("", 5, "short_is_asked_for"),
    ("short_abandons_excluded", 0, "short_is_asked_for"), ("short_abandons_excluded", 601, "short_is_asked_for"),
]  # fmt: skip
RIGHT = [("short_abandons_excluded", 600), ("served_of_offered", None), ("", None)]


def test_the_database_refuses_seconds_without_their_definition(alpha: Any) -> None:
    for definition, short, constraint in WRONG:
        with refused(errors.CheckViolation, f"terms_{constraint}"), transaction.atomic():
            run(COPY, alpha.pk, 1, definition, short)
    assert [run(COPY, alpha.pk, 1 + n, *right) for n, right in enumerate(RIGHT)] == [1, 1, 1]
    with enter(alpha.ref()):
        queue = Queue.objects.create(key="q", name="Q")
        promise_on_queues(promised=Promised(Decimal("0.9"), 30), by=BY, now=NOW)
        for table, prefix in (("queue", "queue"), ("queuepromise", "queue_promise")):
            change = f"UPDATE interactions_{table} SET service_level_definition = %s, short_abandon_seconds = %s"
            for definition, short, constraint in WRONG:
                with refused(errors.CheckViolation, f"{prefix}_{constraint}"), transaction.atomic():
                    run(change, definition, short)
            assert [run(change, *right) for right in RIGHT] == [1, 1, 1]
        past = (
            "INSERT INTO interactions_pastcounting (id, queue_id, until, service_level_target, answer_within_seconds, "
            "service_level_definition, short_abandon_seconds) VALUES (gen_random_uuid(), %s, %s, 0.8, 20, %s, %s)"
        )
        for definition, short, constraint in WRONG:
            with refused(errors.CheckViolation, f"past_counting_{constraint}"), transaction.atomic():
                run(past, queue.pk, MONDAY, definition, short)
        assert run(past, queue.pk, MONDAY, *RIGHT[0]) == 1
        with refused(errors.UniqueViolation, "past_counting_is_one_a_day"), transaction.atomic():
            run(past, queue.pk, MONDAY, *RIGHT[1])
        for statement in (
            "UPDATE interactions_pastcounting SET until = '2020-01-01'", "DELETE FROM interactions_pastcounting",
            "TRUNCATE interactions_pastcounting",
        ):  # fmt: skip
            with refused(errors.InsufficientPrivilege), transaction.atomic():
                run(statement)
