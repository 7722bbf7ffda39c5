"""Calls we make: learned from the attempts there were, planned to a requirement, and never staffed by Erlang."""

import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from psycopg import errors

from bpo.audit.models import Entry
from bpo.ids import uuid7
from bpo.tenancy.context import as_app, enter
from interactions.models import Interaction, Queue
from interactions.queues import turn_queue
from scheduling.domain.attempts import Learned, OutboundTarget
from scheduling.domain.requirement import Target
from scheduling.errors import NotPossible
from scheduling.models import Forecast, Requirement, RequirementInterval, SchedulePlan
from scheduling.selectors import learned_attempts
from scheduling.services import build_roster, make_forecast, make_outbound, make_requirement, request_build
from scheduling.staffing import target_of
from tests.integration.scheduling.build import BY, NOW, WEEK, Floor, employ, floor, past
from tests.people import sign_in
from tests.refusals import refused, run
from tests.statements import statements

QUERY = "?queue=billing&week=2026-11-30"
ABOUT = {"queue": "billing", "week": "2026-11-30"}
PLAN = {
    **ABOUT, "records": "600", "most": "3", "usual": "30", "talk": "240", "unanswered": "40", "opens": "09:00",
    "closes": "18:00", "max_occupancy": "85", "shrinkage": "10", "minimum": "1", "reach_17": "50",
}  # fmt: skip
TARGET = OutboundTarget(records=600, most=3, usual=0.3, talk=240, unanswered=40, opens=540, closes=1080)


@pytest.fixture
def ground(alpha: Any) -> Floor:
    """An outbound queue that four people call from."""
    found = floor(alpha, employ("Ana", "Ben", "Cleo", "Dario"))
    with enter(alpha.ref()):
        Queue.objects.update(direction="out")
    return found


def tried(ground: Floor, *, a_day: int = 40, days: int = 20, seed: int = 5, now: datetime = NOW) -> list[Interaction]:
    """Attempts of the days before `now`, by chance, with every case that a count must tell apart."""
    chance = random.Random(seed)  # noqa: S311 - the same rows each time
    rows = []
    for day in range(1, days + 1):
        for _ in range(a_day):
            at = (
                now.replace(hour=0, minute=0)
                - timedelta(days=day)
                + timedelta(minutes=chance.randrange(8 * 60, 19 * 60))
            )
            talked = chance.random() < (0.2 if at.hour < 15 else 0.5)
            rows.append(
                Interaction(
                    source="dialler", external_id=uuid7().hex, queue_id=ground.queue_id, zone="UTC",
                    direction=chance.choices(["out", "in"], [9, 1])[0], started_at=at, business_date=at.date(),
                    wait_seconds=chance.choice([None, 12, 25]),
                    talk_seconds=chance.choice([90, 200]) if talked else chance.choice([None, 0]),
                    after_call_seconds=chance.choice([None, 20]), abandoned=False,
                )
            )  # fmt: skip
    return Interaction.objects.bulk_create(rows)


def planned(ground: Floor, target: OutboundTarget = TARGET) -> Requirement:
    """Call it inside the client."""
    return make_outbound(queue_id=ground.queue_id, week_start=WEEK, zone="UTC", target=target, by=BY, now=NOW)


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def test_reach_and_times_are_what_a_plain_loop_over_the_attempts_gives(ground: Floor) -> None:
    with enter(ground.client.ref()):
        rows = tried(ground)
        found = learned_attempts(ground.queue_id, NOW, "UTC")
        elsewhere = learned_attempts(ground.queue_id, NOW, "Asia/Kolkata")
    attempts = [one for one in rows if one.direction == "out"]
    for hour in range(24):
        mine = [one for one in attempts if one.started_at.hour == hour]
        talked = [one for one in mine if one.talk_seconds]
        learned = found.of(hour)
        assert (learned.attempts, learned.reached) == (len(mine), len(talked)) if learned else not mine
    parts = {kind: [one for one in attempts if bool(one.talk_seconds) == kind] for kind in (True, False)}
    for kind, mean in ((True, found.talk), (False, found.unanswered)):
        times = [(one.wait_seconds, one.talk_seconds, one.after_call_seconds) for one in parts[kind]]
        known = [sum(part or 0 for part in each) for each in times if any(part is not None for part in each)]
        assert mean == pytest.approx(sum(known) / len(known))
    assert elsewhere.whole == found.whole
    assert {one.hour for one in elsewhere.hours} == {*range(13, 24), 0}, "hours are the client's own"


def test_statements_do_not_grow_with_attempts(ground: Floor) -> None:
    with enter(ground.client.ref()):
        assert learned_attempts(ground.queue_id, NOW, "UTC") == Learned()
        tried(ground, a_day=1, days=1)
        few = statements(lambda: learned_attempts(ground.queue_id, NOW, "UTC"))
        tried(ground, seed=6)
        assert (few, statements(lambda: learned_attempts(ground.queue_id, NOW, "UTC"))) == (1, 1)


def test_a_plan_is_a_requirement_that_keeps_all_it_was_made_of(ground: Floor) -> None:
    with enter(ground.client.ref()):
        tried(ground)
        learned = learned_attempts(ground.queue_id, NOW, "UTC")
        target = OutboundTarget(
            600, 3, 0.3, 240, 40, reach=((17, 0.5),), opens=540, closes=1080, max_occupancy=0.85, minimum=1,
            parts=(("absence", 0.1),), learned=learned,
        )  # fmt: skip
        made = planned(ground, target)
        again = planned(ground, target)
        assert target_of(Requirement.objects.get(pk=made.pk)) == target
        rows = list(made.intervals.all())
        assert (made.method, made.service_level, made.forecast.method) == ("outbound", None, "planned")
        assert made.digest == again.digest != planned(ground, TARGET).digest
        assert len(rows) == 336
        assert sum(row.scheduled > 0 for row in rows) == 5 * 18
        assert [row.reach for row in rows if row.starts_at == datetime(2026, 11, 30, 17, tzinfo=UTC)] == [0.5]
        assert {row.service_level for row in rows} == {None}
        volumes = dict(made.forecast.intervals.values_list("starts_at", "volume"))
        assert volumes == {row.starts_at: row.calls for row in rows}
        [first, *_] = Entry.objects.filter(action="requirement.made").order_by("seq")
        assert first.detail["records"] == "600"


def test_calls_we_make_are_never_forecast_nor_staffed_by_erlang(ground: Floor) -> None:
    with enter(ground.client.ref()):
        past(ground)
        with pytest.raises(NotPossible, match="aren't forecast"):
            make_forecast(queue_id=ground.queue_id, week_start=WEEK, zone="UTC", by=BY, now=NOW)
        Queue.objects.update(direction="in")
        made = make_forecast(queue_id=ground.queue_id, week_start=WEEK, zone="UTC", by=BY, now=NOW)
        with pytest.raises(NotPossible, match="so its week is forecast"):
            planned(ground)
        with pytest.raises(NotPossible, match="by attempts and reach"):
            make_requirement(forecast_id=made.pk, target=TARGET, by=BY, now=NOW)
        assert make_requirement(forecast_id=made.pk, target=Target(0.8, 20), by=BY, now=NOW).method == "answer"
        Queue.objects.update(direction="out")
        with pytest.raises(NotPossible, match="by attempts and reach"):
            make_requirement(forecast_id=made.pk, target=Target(0.8, 20), by=BY, now=NOW)
        with pytest.raises(NotPossible, match="talk must be above 0"):
            planned(ground, OutboundTarget(600, 3, 0.3, 0, 40))


@pytest.mark.services
def test_a_roster_is_built_for_it_as_for_any_other(ground: Floor) -> None:
    with enter(ground.client.ref()):
        made = planned(ground)
        plan = request_build(requirement_id=made.pk, seconds=2, by=BY, now=NOW)
        build_roster(plan_id=plan.pk, clock=timezone.now)
        assert SchedulePlan.objects.get(pk=plan.pk).requirement_id == made.pk
        assert SchedulePlan.objects.get(pk=plan.pk).shifts.exists()


def test_a_planner_plans_a_week_and_opens_a_number(ground: Floor) -> None:
    with enter(ground.client.ref()):
        tried(ground)
        learned = learned_attempts(ground.queue_id, NOW, ground.client.zone)
    with time_machine.travel(NOW, tick=True):
        planner = sign_in("alpha", "planner")
        shown = text(planner.get(f"/forecast/{QUERY}"))
        assert "This work isn't forecast: we plan it" in shown.replace("&#x27;", "'")
        assert f'href="/staffing/{QUERY.replace("&", "&amp;")}"' in shown
        shown = text(planner.get(f"/staffing/{QUERY}"))
        assert "A list to work this week" in shown
        assert f"Of {learned.whole.attempts} attempts in the last eight weeks {learned.whole.reached} reached" in shown
        busy = next(one for one in learned.hours if one.attempts >= 30)
        assert f"{busy.reached} of {busy.attempts}" in shown
        assert f'value="{round(100 * (busy.share or 0), 2):g}"' in shown
        refusal = text(planner.post("/staffing/make/", PLAN | {"closes": "08:00", "records": ""}), 422)
        assert "Calls end after they begin" in refusal
        assert "This field is required." in refusal
        assert planner.post("/staffing/make/", PLAN).status_code == 302
        shown = text(planner.get(f"/staffing/{QUERY}"))
        assert "600 records, each tried 3 times at most" in shown
        assert 'value="600"' in shown
        with enter(ground.client.ref()):
            five = RequirementInterval.objects.filter(reach=0.5).first()
            assert five is not None
            night = RequirementInterval.objects.get(starts_at=datetime(2026, 11, 30, 3, tzinfo=UTC))
            made = Requirement.objects.get()
        panel = text(planner.get(f"/staffing/interval/{five.pk}/"))
        for said in (
            "600 records, each tried until reached, 3 times at most", "Reach from 17:00", "50.0", "240.0 s reached",
            "Rounded up, at least 1", "Attempts and reach", made.digest[:12], "no queueing model",
        ):  # fmt: skip
            assert said in panel, said
        assert "No calls are made in this interval." in text(planner.get(f"/staffing/interval/{night.pk}/"))
        more = text(planner.get("/staffing/what-if/", PLAN | {"records": "1200"}))
        assert "Attempts of the week" in more
        assert "Service level" not in more
        wrong = text(planner.get("/staffing/what-if/", PLAN | {"usual": "0"}), 422)
        assert "Reached, % of attempts" in wrong
        with enter(ground.client.ref()):
            zone = ground.client.zone
            SchedulePlan.objects.create(queue_id=ground.queue_id, week_start=WEEK, zone=zone, requirement=made)
        assert "calls made by attempts and reach" in text(planner.get(f"/board/{QUERY}"))
        assert planner.post("/forecast/make/", ABOUT).status_code == 302
    with enter(ground.client.ref()):
        assert Forecast.objects.count() == 1, "nothing is forecast, also when asked for"


def test_the_page_asks_the_database_as_often_whatever_was_tried_and_planned(ground: Floor) -> None:
    with time_machine.travel(NOW, tick=True):
        planner = sign_in("alpha", "planner")
        counts = []
        for days in (1, 20):
            with enter(ground.client.ref()):
                tried(ground, days=days, seed=days)
                planned(ground)
            counts.append(statements(lambda: planner.get(f"/staffing/{QUERY}")))
        assert counts == [11, 11]


def test_a_list_planned_is_no_forecast_once_customers_turn_to_the_queue(ground: Floor) -> None:
    with enter(ground.client.ref()):
        made = planned(ground)
        Queue.objects.update(direction="in")
        with pytest.raises(NotPossible, match="by attempts and reach"):
            make_requirement(forecast_id=made.forecast_id, target=Target(0.8, 20), by=BY, now=NOW)
    with time_machine.travel(NOW, tick=True):
        planner = sign_in("alpha", "planner")
        assert "This week is not forecast yet" in text(planner.get(f"/forecast/{QUERY}"))
        assert "Attempts and reach: 600 records" in text(planner.get(f"/staffing/{QUERY}")), (
            "the plan that was made stays"
        )
        assert planner.post("/staffing/make/", ABOUT).status_code == 404


def test_a_queue_is_turned_by_its_planner_and_says_so(ground: Floor) -> None:
    with time_machine.travel(NOW, tick=True):
        planner = sign_in("alpha", "planner")
        where = "/staffing/direction/"
        assert planner.post(where, ABOUT | {"direction": "in"}).status_code == 302
        assert "One that calls customers is planned" in text(planner.get(f"/forecast/{QUERY}"))
        assert planner.post(where, ABOUT | {"direction": "in"}).status_code == 302
        assert planner.post(where, ABOUT | {"direction": "sideways"}).status_code == 404
        assert planner.post(where, ABOUT | {"direction": "out"}).status_code == 302
        assert "we call customers" in text(planner.get(f"/forecast/{QUERY}"))
    with enter(ground.client.ref()):
        turned = [
            one.detail["changes"]["direction"] for one in Entry.objects.filter(action="queue.turned").order_by("seq")
        ]
        assert turned == [["out", "in"], ["in", "out"]]
        mail = Queue.objects.create(key="mail", name="Mail", channel="email")
        with pytest.raises(ValueError, match="Nobody is called"):
            turn_queue(queue_id=mail.pk, direction="out", by=BY, now=NOW)
        with refused(errors.CheckViolation, "queue_direction_fits_its_channel"), transaction.atomic():
            run("UPDATE interactions_queue SET direction = 'out' WHERE key = 'mail'")
        with refused(errors.CheckViolation, "queue_direction_fits_its_channel"), transaction.atomic():
            run("UPDATE interactions_queue SET direction = 'up' WHERE key = 'billing'")
        assert run("UPDATE interactions_queue SET direction = 'in' WHERE key = 'billing'") == 1


INSERT = """
INSERT INTO scheduling_requirement (id, forecast_id, method, service_level, target_seconds, opens_minute,
    closes_minute, weekends, backlog, shrinkage, minimum, concurrency, definition, short_seconds, parts, edits, engine,
    digest, made_at, records, attempts, reach, talk_seconds, unanswered_seconds, reach_by_hour, learned_from,
    patience_seconds)
SELECT gen_random_uuid(), forecast_id, {method}, {service_level}, {target_seconds}, 540, 1080, false, 0, 0, 0,
    {concurrency}, definition, 0, '[]', '[]', 1, '', now(), {records}, {attempts}, {reach}, {talk_seconds},
    {unanswered_seconds}, {reach_by_hour}, {learned_from}, {patience_seconds} FROM scheduling_requirement LIMIT 1
"""
OUTBOUND = {
    "method": "'outbound'", "service_level": "NULL", "target_seconds": "0", "records": "10", "attempts": "3",
    "reach": "0.3", "talk_seconds": "200", "unanswered_seconds": "30", "reach_by_hour": "'[[9, 0.2]]'",
    "learned_from": "'[]'", "concurrency": "1", "patience_seconds": "NULL",
}  # fmt: skip
NOTHING = dict.fromkeys(("records", "attempts", "reach", "talk_seconds", "unanswered_seconds"), "NULL")
ANSWERED = OUTBOUND | NOTHING | {
    "method": "'answer'", "service_level": "0.8", "target_seconds": "20", "reach_by_hour": "'[]'",
}  # fmt: skip


def test_the_database_keeps_lists_and_promises_apart(ground: Floor) -> None:
    wrong = [
        *[OUTBOUND | {name: "NULL"} for name in NOTHING],
        OUTBOUND | {"reach": "1.1"}, OUTBOUND | {"reach": "-0.1"}, OUTBOUND | {"records": "-1"},
        OUTBOUND | {"attempts": "0"}, OUTBOUND | {"talk_seconds": "0"}, OUTBOUND | {"unanswered_seconds": "0"},
        OUTBOUND | {"target_seconds": "20"}, OUTBOUND | {"patience_seconds": "60"}, OUTBOUND | {"concurrency": "2"},
        *[ANSWERED | {name: OUTBOUND[name]} for name in (*NOTHING, "reach_by_hour")],
        ANSWERED | {"learned_from": "'[[9, 1, 1, 1, 1, 1, 1]]'"},
    ]  # fmt: skip
    with enter(ground.client.ref()):
        made = planned(ground)
        for values in wrong:
            with refused(errors.CheckViolation, "requirement_outbound_has_its_list"), transaction.atomic():
                run(INSERT.format(**values))
        with refused(errors.CheckViolation, "requirement_level_is_a_share"), transaction.atomic():
            run(INSERT.format(**OUTBOUND | {"service_level": "0.8"}))
        with refused(errors.CheckViolation, "requirement_level_is_a_share"), transaction.atomic():
            run(INSERT.format(**ANSWERED | {"service_level": "NULL"}))
        assert run(INSERT.format(**OUTBOUND)) == 1
        assert run(INSERT.format(**ANSWERED)) == 1
        share = (
            "INSERT INTO scheduling_requirementinterval (id, requirement_id, starts_at, calls, aht_seconds, agents, "
            "scheduled, reach, callback_load, callback_agents, decided_by) "
            "VALUES (gen_random_uuid(), %s, '2027-01-04 09:00Z', 1, 60, 1, 1, %s, 0, 0, '')"
        )
        with refused(errors.CheckViolation, "requirement_interval_reach_is_a_share"), transaction.atomic():
            run(share, made.pk, 1.5)
        assert run(share, made.pk, 0.5) == 1
        for statement in ("UPDATE scheduling_requirement SET records = 1", "DELETE FROM scheduling_requirement"):
            with refused(errors.InsufficientPrivilege), transaction.atomic():
                run(statement)
    with as_app(), refused(errors.UndefinedTable), transaction.atomic():
        run("SELECT records FROM scheduling_requirement")
