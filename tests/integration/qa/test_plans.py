"""Random plans: made, changed, paused; drawn each week by themselves, drawn again, and what replaces a skipped one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection, connections
from django.utils import timezone

from bpo.actors import system
from bpo.audit.models import Entry
from bpo.outbox.execution import execute
from bpo.outbox.models import Job, Slot
from bpo.outbox.slots import due_week, tick
from bpo.tenancy.context import enter
from interactions.models import Interaction
from qa import selectors
from qa.domain.sampling import by_lot, last_week
from qa.errors import NotPossible, StalePlan
from qa.models import Draw, DrawnFrom, ReviewTask, SamplingPlan
from qa.services import change_plan, draw_for_plan, make_plan, pause_plan, skip
from tests.integration.qa.build import MONDAY, NOW, actor, by, card, interaction
from tests.people import sign_in
from tests.statements import statements

TODAY = NOW.date()
TESTS = system("tests")


@pytest.fixture
def inside(alpha: Any) -> Iterator[Any]:
    with enter(alpha.ref()) as client:
        yield client


def plan(**more: Any) -> SamplingPlan:
    values = {"quota": 2, "due_days": 5, "replaces": True} | more
    return make_plan(scorecard_id=card().scorecard_id, by=TESTS, now=NOW, **values)


def calls(agent: str, count: int) -> None:
    """Calls of one agent in the week of MONDAY."""
    for number in range(count):
        interaction(actor(agent), f"{agent}-{number}", days=3 + number % 5)


def drawn(one: SamplingPlan) -> Draw:
    return draw_for_plan(plan_id=one.pk, week=MONDAY, today=TODAY, by=TESTS, now=NOW)


def test_a_plan_draws_its_quota_and_names_who_has_too_few(inside: Any) -> None:
    calls("Maricel", 6)
    calls("Ana", 1)
    one = plan()
    made = drawn(one)
    assert (made.frame_size, made.quota, made.plan_id, len(made.seed)) == (7, 2, one.pk, 32)
    found = [(task.agent.display_name, task.place, task.places) for task in selectors.tasks_of(made)]
    assert found == [("Ana", 1, 1), ("Maricel", 1, 2), ("Maricel", 2, 2)]
    assert set(made.tasks.values_list("due_on", flat=True)) == {TODAY + timedelta(days=5)}
    assert [(row.agent.display_name, row.there) for row in selectors.short_of(made)] == [("Ana", 1)]
    assert drawn(one).pk == made.pk, "drawn once a week"


def test_drawn_again_it_is_identical_until_somebody_meddles(inside: Any) -> None:
    calls("Maricel", 9)
    made = drawn(plan())
    again = selectors.draw_again(made)
    assert again is not None
    assert (again.identical, again.drawn, again.differing, again.came_later) == (True, 2, 0, 0)
    interaction(actor("Maricel"), "late", days=4)
    later = selectors.draw_again(made)
    assert later is not None
    assert (later.identical, later.came_later) == (True, 1)
    other = Interaction.objects.exclude(review_tasks__draw=made).first()
    assert other is not None
    made.tasks.filter(place=1).update(interaction=other)
    meddled = selectors.draw_again(made)
    assert meddled is not None
    assert (meddled.identical, meddled.frame_same, meddled.differing) == (False, True, 2)


def test_a_skipped_one_gives_its_place_to_the_next_by_lot(inside: Any) -> None:
    calls("Maricel", 4)
    one = plan()
    made = drawn(one)
    order = by_lot(made.frame.get().interactions, seed=made.seed)
    first = made.tasks.get(place=1)
    assert first.interaction_id == order[0]
    skip(task_id=first.pk, reason="No sound", by=by(actor("Grace")), now=NOW)
    second = ReviewTask.objects.get(replaces=first)
    assert (second.interaction_id, second.place, second.picked, second.draw_id) == (order[2], 1, "random", made.pk)
    skip(task_id=second.pk, reason="No sound either", by=by(actor("Ana L")), now=NOW)
    assert ReviewTask.objects.get(replaces=second).interaction_id == order[3]
    last = ReviewTask.objects.get(replaces=second)
    skip(task_id=last.pk, reason="Test call", by=by(actor("Grace")), now=NOW)
    assert not ReviewTask.objects.filter(replaces=last).exists(), "nothing is left by lot"
    again = selectors.draw_again(made)
    assert again is not None
    assert again.identical
    rates = {
        row.evaluator.display_name: (row.skipped.num, row.skipped.den, row.replaced) for row in selectors.skips_of(one)
    }
    assert rates == {"Grace": (2, 2, 1), "Ana L": (1, 1, 1)}
    assert Entry.objects.filter(action="qa.replaced").count() == 2


def test_without_a_plan_that_replaces_nothing_comes_after(inside: Any) -> None:
    calls("Maricel", 4)
    made = drawn(plan(replaces=False))
    first = made.tasks.get(place=1)
    skip(task_id=first.pk, reason="No sound", by=by(actor("Grace")), now=NOW)
    assert made.tasks.count() == 2


def test_a_plan_is_changed_by_version_and_paused(inside: Any) -> None:
    one = plan()
    changed = change_plan(plan_id=one.pk, version=1, quota=3, due_days=5, replaces=True, by=TESTS, now=NOW)
    assert (changed.quota, changed.version) == (3, 2)
    assert Entry.objects.get(action="qa.plan_changed").detail == {"changes": {"quota": [2, 3]}}
    with pytest.raises(StalePlan) as stale:
        change_plan(plan_id=one.pk, version=1, quota=4, due_days=5, replaces=True, by=TESTS, now=NOW)
    assert (stale.value.sent, stale.value.plan.quota) == (1, 3)
    assert pause_plan(plan_id=one.pk, active=False, by=TESTS, now=NOW).version == 3
    assert pause_plan(plan_id=one.pk, active=False, by=TESTS, now=NOW).version == 3, "as it is already"
    with pytest.raises(NotPossible, match="has a plan already"):
        plan()
    for wrong in ({"quota": 0}, {"quota": 51}, {"due_days": 0}, {"due_days": 61}):
        with pytest.raises(NotPossible, match="can't be"):
            change_plan(
                plan_id=one.pk, version=3, **{"quota": 2, "due_days": 5, "replaces": True} | wrong, by=TESTS, now=NOW
            )
    with pytest.raises(NotPossible, match="isn't over"):
        draw_for_plan(plan_id=one.pk, week=MONDAY + timedelta(days=7), today=TODAY, by=TESTS, now=NOW)


@pytest.mark.services
@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE qa_samplingplan SET quota = 0", "plan_quota_is_1_to_50"),
        ("UPDATE qa_samplingplan SET due_days = 61", "plan_is_due_in_1_to_60_days"),
        ("UPDATE qa_reviewtask SET replaces_id = id", "task_replaces_within_a_draw"),
        ("UPDATE qa_reviewtask SET skipped_by_id = agent_id", "task_skipped_by_is_of_a_skip"),
        ("INSERT INTO qa_samplingplan SELECT gen_random_uuid(), quota, due_days, replaces, active, made_at, version, "
         "made_by_id, scorecard_id FROM qa_samplingplan", "scorecard_id"),
        ("INSERT INTO qa_drawnfrom (id, draw_id, agent_id, interactions) SELECT gen_random_uuid(), draw_id, agent_id, "
         "interactions FROM qa_drawnfrom", "frame_names_an_agent_once"),
        ("INSERT INTO qa_savedfilter (id, actor_id, name, query, made_at) SELECT gen_random_uuid(), id, '', 'x', now() "
         "FROM interactions_actor", "filter_looks_for_something"),
    ],
)  # fmt: skip
def test_a_constraint_holds_against_raw_sql(inside: Any, statement: str, constraint: str) -> None:
    calls("Maricel", 3)
    drawn(plan())
    with pytest.raises(IntegrityError, match=constraint), connection.cursor() as cursor:
        cursor.execute(statement)


def test_each_week_is_drawn_by_itself_once_on_the_clients_clock(alpha: Any, beta: Any) -> None:
    """Alpha keeps Berlin's time: its Monday 04:00 is 03:00 UTC in winter."""
    with enter(alpha.ref()):
        calls("Maricel", 5)
        one = plan()
    before = datetime(2026, 11, 23, 2, 59, tzinfo=UTC)
    assert due_week(time(4), "Europe/Berlin", before) == "2026-11-16"
    assert due_week(time(4), "Europe/Berlin", before + timedelta(minutes=1)) == "2026-11-23"
    assert due_week(time(4), "Asia/Manila", before) == "2026-11-23", "Manila is seven hours ahead"
    for _twice in range(2):
        tick(now=before + timedelta(minutes=1))
    ours = Slot.objects.filter(name="qa.draw_weekly", client_id=alpha.pk)
    assert [slot.local_slot for slot in ours] == ["2026-11-23"]
    [job] = Job.objects.filter(kind="qa.draw_weekly", client_id=alpha.pk)
    with time_machine.travel(before + timedelta(minutes=1)):
        assert execute(job.pk, "qa.draw_weekly") == "done"
    with enter(alpha.ref()):
        made = Draw.objects.get()
        assert (made.week, made.plan_id, made.tasks.count()) == (date(2026, 11, 16), one.pk, 2)
        pause_plan(plan_id=one.pk, active=False, by=TESTS, now=NOW)


def test_two_draws_at_once_are_one(alpha: Any) -> None:
    with enter(alpha.ref()):
        calls("Maricel", 5)
        one = plan()

    def draw(_number: int) -> Any:
        try:
            with enter(alpha.ref()):
                return drawn(one).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(draw, range(6)))) == 1
    with enter(alpha.ref()):
        assert (Draw.objects.count(), ReviewTask.objects.count(), DrawnFrom.objects.count()) == (1, 2, 1)


def test_a_plan_on_screen_from_making_it_to_drawing_again(alpha: Any) -> None:
    analyst, lead = sign_in("alpha", "qa_analyst"), sign_in("alpha", "team_lead")
    assert "Random plans" in analyst.get("/queue/plans/").content.decode()
    with enter(alpha.ref()):
        version = card()
        monday = week_that_is_over()
        for number in range(3):
            interaction(actor("Maricel"), str(number), started_at=timezone.now(), ended_at=None, business_date=monday)
        interaction(actor("Ana"), "a", business_date=monday)
    assert "New plan" in analyst.get("/queue/plans/").content.decode()
    assert lead.get("/queue/plans/new/").status_code == 403
    refused = analyst.post("/queue/plans/new/", {"scorecard": version.scorecard_id, "quota": 99, "due_days": 5})
    assert refused.status_code == 422
    made = analyst.post(
        "/queue/plans/new/", {"scorecard": version.scorecard_id, "quota": 2, "due_days": 5, "replaces": "on"}
    )
    page = made["Location"]
    assert "Draws next on" in lead.get(page).content.decode()
    assert lead.post(f"{page}draw/").status_code == 403
    draw = analyst.post(f"{page}draw/")["Location"]
    told = lead.get(draw).content.decode()
    for words in ("3 drawn", "Fewer than asked for", "1 of 2", "Ana", "Draw again"):
        assert words in told
    assert "Identical." in lead.get(f"{draw}again/").content.decode()
    assert "Identical." in lead.get(f"{draw}again/", headers={"HX-Request": "true"}).content.decode()
    changed = {"quota": 3, "due_days": 4, "version": 1}
    assert analyst.post(f"{page}change/", changed).status_code == 302
    stale = analyst.post(f"{page}change/", changed | {"quota": 7})
    assert (stale.status_code, "Somebody was faster" in stale.content.decode()) == (409, True)
    assert analyst.post(f"{page}change/", {"quota": 0, "due_days": 4, "version": 2}).status_code == 422
    assert analyst.post(f"{page}pause/", {"active": "no"}).status_code == 302
    assert "Paused: nothing is drawn." in analyst.get(page).content.decode()
    assert analyst.post(f"{page}pause/?active=yes").status_code == 302, "the toast's undo"
    with enter(alpha.ref()):
        assert SamplingPlan.objects.get().active


def week_that_is_over() -> date:
    return last_week(timezone.now().astimezone(ZoneInfo("Europe/Berlin")).date())


def test_plans_and_draws_take_as_many_statements_for_three_rows_as_for_one(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        calls("Maricel", 3)
        one = plan(quota=1)
        made = drawn(one)
        skip(task_id=made.tasks.get().pk, reason="No sound", by=by(actor("Grace")), now=NOW)
    paths = {"/queue/plans/": 7, f"/queue/plans/{one.pk}/": 10, f"/queue/draws/{made.pk}/": 10}
    lead.get("/queue/plans/")
    assert {path: statements(lambda path=path: lead.get(path)) for path in paths} == paths
    with enter(alpha.ref()):
        for number, key in enumerate(("chat", "mail"), start=2):
            make_plan(scorecard_id=card(key, pass_mark=70 + number).scorecard_id, quota=1, due_days=5, replaces=True, by=TESTS, now=NOW)  # fmt: skip
        for agent in ("Jerome", "Ana"):
            calls(agent, 2)
        draw_for_plan(plan_id=one.pk, week=MONDAY - timedelta(days=7), today=TODAY, by=TESTS, now=NOW)
        for task in list(made.tasks.exclude(state="skipped")):
            skip(task_id=task.pk, reason="No sound", by=by(actor("Grace")), now=NOW)
    assert {path: statements(lambda path=path: lead.get(path)) for path in paths} == paths
