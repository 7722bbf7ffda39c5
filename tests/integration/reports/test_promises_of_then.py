"""A week that is over is counted by the seconds, and judged by the share, that were promised in it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from psycopg import errors

from bpo.actors import system
from bpo.tenancy.context import as_owner, enter
from bpo.tenancy.provisioning import execute
from console.rollups import count
from interactions.models import Interaction, PastCounting, Queue
from interactions.queues import Promised, promise_on_queues, promised_on
from reports.domain.weeks import Week
from reports.models import ReportVersion
from reports.services import build, request_build
from tests.integration.reports.build import MONDAY, NOW, SUNDAY, floor
from tests.older import step, to
from tests.refusals import refused, run

BY = system("tests")
NEXT = MONDAY + timedelta(days=7)
THURSDAY = datetime(2026, 11, 26, 12, tzinfo=UTC)  # of the week after
SOONER = Promised(Decimal("0.900"), 5)


def answered(seconds: int, monday: date = MONDAY) -> tuple[int, int]:
    """In time, and of how many, by a plain loop."""
    good = whole = 0
    for one in Interaction.objects.filter(business_date__range=(monday, monday + timedelta(days=6)), direction="in"):
        if one.wait_seconds is not None and (not one.abandoned or one.wait_seconds > seconds):
            good, whole = good + (not one.abandoned and one.wait_seconds <= seconds), whole + 1
    return good, whole


def report(monday: date = MONDAY, reason: str = "", now: datetime = NOW) -> ReportVersion:
    made = build(build_id=request_build(week=Week(monday), reason=reason, by=BY, now=now).pk, now=now)
    assert made.report is not None
    return made.report


def level(made: ReportVersion) -> dict[str, Any]:
    return next(one for one in made.content["figures"] if one["ref"] == "SL-2")


@pytest.fixture
def one_queue(alpha: Any) -> Any:
    """Two weeks and the next, of one queue that promises 80 % in 20 seconds."""
    with enter(alpha.ref()):
        floor(last_monday=NEXT)
        Interaction.objects.exclude(queue__key="billing").delete()
        Queue.objects.update(answer_within_seconds=20, service_level_target="0.800")
    return alpha


def test_weeks_before_keep_their_seconds_and_their_target(one_queue: Any) -> None:
    with enter(one_queue.ref()):
        first = level(report())
        assert (first["num"], first["den"]) == answered(20)
        promise_on_queues(promised=SOONER, by=BY, now=THURSDAY)
        asked = request_build(week=Week(MONDAY), reason="Anything new?", by=BY, now=THURSDAY)
        assert build(build_id=asked.pk, now=THURSDAY).state == "unchanged", "counted again, it says what it said"
        Interaction.objects.filter(business_date=MONDAY).delete()
        again = report(reason="Monday was counted twice", now=THURSDAY)
        assert (level(again)["num"], level(again)["den"]) == answered(20)
        assert answered(20) != answered(5)
        assert "within 20 s" in said(again)
        assert "agreed on in this week" not in " ".join(again.content["notes"])
        [queue] = Queue.objects.filter(key="billing")
        assert (promised_on(SUNDAY)[queue.pk].answer_within_seconds, queue.answer_within_seconds) == (20, 5)
        assert promised_on(THURSDAY.date())[queue.pk] == SOONER
        assert promised_on(THURSDAY.date() - timedelta(days=1))[queue.pk] == Promised(Decimal("0.800"), 20)
        good, whole = answered(20)
    week, following = count(one_queue.ref(), [MONDAY, NEXT])
    assert (week.service.num, week.service.den) == (good, whole)
    assert [(one.name, one.target) for one in week.queues] == [("Billing", 0.8)]
    assert [(one.name, one.target) for one in following.queues] == [("Billing", 0.9)]


def test_the_week_of_the_change_says_so_and_compares_like_with_like(one_queue: Any) -> None:
    with enter(one_queue.ref()):
        promise_on_queues(promised=SOONER, by=BY, now=THURSDAY)
        made = report(NEXT, now=THURSDAY + timedelta(days=5))
        assert (level(made)["num"], level(made)["den"]) == answered(5, NEXT)
        assert level(made)["before"]["num"] == answered(5, MONDAY)[0]
        assert "within 5 s" in said(made)
        [note] = [one for one in made.content["notes"] if "agreed on in this week" in one]
        assert note.startswith("The time to answer in was agreed on")


def said(made: ReportVersion) -> str:
    return "".join(part.get("text", "") for part in made.content["sentences"][0])


def test_another_publisher_is_no_other_promise(one_queue: Any) -> None:
    with enter(one_queue.ref()):
        promise_on_queues(promised=Promised(Decimal("0.800"), 20, second_person=True), by=BY, now=THURSDAY)
        assert not PastCounting.objects.exists()
        assert promised_on(SUNDAY) == promised_on(NOW.date())


def test_the_database_refuses_a_share_above_all(one_queue: Any) -> None:
    insert = """
        INSERT INTO interactions_pastcounting
            (id, queue_id, until, service_level_target, answer_within_seconds, service_level_definition)
        SELECT gen_random_uuid(), id, '2026-11-01', %s, %s, '' FROM interactions_queue WHERE key = 'billing'
    """
    with enter(one_queue.ref()):
        for share in ("1.001", "0"):
            with refused(errors.CheckViolation, "past_counting_target_is_a_fraction"), transaction.atomic():
                run(insert, share, 20)
        with refused(errors.NotNullViolation), transaction.atomic():
            run(insert, "0.8", None)
        assert run(insert, "1", 20) == 1


@pytest.mark.services
def test_notes_of_older_versions_take_what_their_queue_promises(db: None) -> None:
    with as_owner("older"):
        execute(["CREATE SCHEMA older"])
        before, mine = step("interactions", "promises_of_then")
        models = to(before)
        queue = models.get_model("interactions", "Queue").objects.create(
            key="q", name="Q", service_level_target="0.700", answer_within_seconds=45
        )
        models.get_model("interactions", "PastCounting").objects.create(queue=queue, until=MONDAY)
        kept = to([mine]).get_model("interactions", "PastCounting").objects.get()
        assert (kept.service_level_target, kept.answer_within_seconds) == (Decimal("0.700"), 45)
        assert to(before).get_model("interactions", "PastCounting").objects.count() == 1
