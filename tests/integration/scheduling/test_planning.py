"""From history to a built roster, and a planner's changes under the rules."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from bpo.audit.models import Entry
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from interactions.models import Interaction, Queue
from scheduling.domain import erlang
from scheduling.domain.rostering import Progress, Roster
from scheduling.domain.weeks import Week
from scheduling.errors import NotPossible, StalePlan
from scheduling.models import DraftShift, ForecastInterval, RequirementInterval, SchedulePlan
from scheduling.problem import planned, required_steps
from scheduling.selectors import latest_requirement, next_week
from scheduling.services import (
    add_shift,
    building,
    change_shift,
    lose_build,
    make_forecast,
    publish,
    request_build,
    stop_build,
)
from scheduling.services.building import build_roster
from scheduling.services.changing import RuleBroken
from tests.integration.scheduling.build import (
    BY,
    NOW,
    WEEK,
    Floor,
    being_built,
    drafted,
    employ,
    floor,
    past,
    staffed,
    told_to_stop,
)
from tests.people import sign_in

NAMES = ("Ana", "Ben", "Cleo", "Dario", "Edna", "Farid")


@pytest.fixture
def ground(alpha: Any) -> Floor:
    found = floor(alpha, employ(*NAMES))
    with enter(alpha.ref()):
        past(found)
    return found


def ask(floor: Floor, **more: Any) -> SchedulePlan:
    return request_build(requirement_id=staffed(floor, **more).pk, seconds=5, by=BY, now=NOW)


@pytest.mark.services
def test_history_becomes_a_forecast_and_agents(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        requirement = staffed(ground, shrinkage=0.1)
        ten = datetime(2026, 11, 30, 10, tzinfo=UTC)
        expected = ForecastInterval.objects.get(starts_at=ten)
        assert (expected.volume, expected.aht_seconds, len(expected.days)) == (6.0, 300.0, 6)
        row = RequirementInterval.objects.get(starts_at=ten)
        found = erlang.required_agents(calls=6, interval=1800, aht=300, service_level=0.8, target=20, shrinkage=0.1)
        assert (row.agents, row.scheduled) == (found.agents, found.scheduled)
        assert row.service_level == pytest.approx(found.service_level)
        assert RequirementInterval.objects.filter(scheduled=0).count() == 7 * 24
        assert latest_requirement(ground.queue_id, WEEK) == requirement


def test_without_intervals_the_interactions_themselves_are_the_history(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        other = Queue.objects.create(key="chat", name="Chat")
        for number in range(4):
            at = datetime(2026, 11, 23, 9, 10 * number, tzinfo=UTC)
            Interaction.objects.create(
                source="t", external_id=str(number), queue=other, started_at=at, business_date=at.date(), zone="UTC",
                talk_seconds=200, hold_seconds=40, after_call_seconds=60,
            )  # fmt: skip
        made = make_forecast(queue_id=other.pk, week_start=WEEK, zone="UTC", by=BY, now=NOW)
        nine = made.intervals.get(starts_at=datetime(2026, 11, 30, 9, tzinfo=UTC))
        assert (nine.volume, nine.days, nine.aht_seconds, nine.handled) == (3.0, [["2026-11-23", 3]], 300.0, 4)


def test_a_queue_without_a_past_is_told_so(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        other = Queue.objects.create(key="new", name="New")
        with pytest.raises(NotPossible, match="Nothing has arrived"):
            make_forecast(queue_id=other.pk, week_start=WEEK, zone="UTC", by=BY, now=NOW)


@pytest.mark.services
def test_a_roster_is_built_by_the_outbox_and_says_how_good_it_is(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = ask(ground)
        assert plan.state == "queued"
        with pytest.raises(NotPossible, match="being built already"):
            request_build(requirement_id=plan.requirement_id, seconds=5, by=BY, now=NOW)  # type: ignore[arg-type]
    job = Job.objects.get(kind="scheduling.build")
    assert execute(job.pk, job.kind) == "done"
    with enter(alpha.ref()):
        plan.refresh_from_db()
        assert (plan.state, plan.problem) == ("draft", "")
        assert plan.objective is not None
        assert plan.bound is not None
        assert 0 <= plan.bound <= plan.objective
        assert plan.status in ("optimal", "feasible")
        assert {one["rule"] for one in plan.rule_prices} == {"rest", "max_minutes", "max_days"}
        for one in plan.rule_prices:
            assert sum(one["days"].values()) == pytest.approx(one["hours"])
            assert set(one["days"]) <= {day.isoformat() for day in Week(WEEK, "UTC").dates}
        assert Entry.objects.get(action="plan.built").detail["seed"] == plan.seed == 1
        shifts = list(plan.shifts.all())
        assert shifts
        by_person: dict[Any, list[DraftShift]] = {}
        for shift in shifts:
            by_person.setdefault(shift.actor_id, []).append(shift)
        for mine in by_person.values():
            assert len(mine) <= 5
            for before, after in pairwise(mine):
                assert after.starts_at - before.ends_at >= timedelta(hours=11)


def test_figures_are_kept_as_they_are_found_and_a_planner_may_take_the_best_so_far(
    alpha: Any, ground: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def search(_problem: Any, *, tell: Callable[[Progress], None], stop: Callable[[], bool], **_: Any) -> Roster:
        tell(Progress(1100, 950, 0.1))
        assert told_to_stop(stop), "nobody said that it is enough"
        return Roster((), 1100, 950, "feasible", 0.2, 1)

    monkeypatch.setattr(building, "solve", search)
    with enter(alpha.ref()):
        plan = being_built(ground.queue_id)
        stop_build(plan_id=plan.pk, by=BY, now=NOW)
        stop_build(plan_id=plan.pk, by=BY, now=NOW)  # asked again, it stays said once
        assert Entry.objects.filter(action="plan.stop_asked").count() == 1
        building._solved(plan, planned(plan))
        plan.refresh_from_db()
        assert (plan.objective, plan.bound, plan.stop_asked) == (1100, 950, True)


def test_a_build_whose_workers_were_all_lost_may_be_asked_for_again(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = ask(ground)
        SchedulePlan.objects.update(state="solving")
        lose_build(plan_id=plan.pk, now=NOW)
        plan.refresh_from_db()
        assert (plan.state, plan.problem) == ("failed", "Its worker was lost each time.")
        again = request_build(requirement_id=plan.requirement_id, seconds=5, by=BY, now=NOW)  # type: ignore[arg-type]
        assert again.state == "queued"


def test_the_rule_in_the_way_has_its_price(alpha: Any, ground: Floor) -> None:
    """Six people may work one day each: two are there at a time, when it could be ten of them."""
    with enter(alpha.ref()):
        plan = ask(ground)
        SchedulePlan.objects.filter(pk=plan.pk).update(max_days=1)
        build_roster(plan_id=plan.pk, clock=timezone.now)
        plan.refresh_from_db()
        dearest = plan.rule_prices[0]
        assert (dearest["rule"], dearest["limit"]) == ("max_days", 1)
        assert dearest["hours"] > 50
    with time_machine.travel(NOW, tick=True):
        page = sign_in("alpha", "planner").get(f"/board/?queue=billing&week={WEEK.isoformat()}").content.decode()
    assert "What each rule costs" in page
    assert "1 day a week at most" in page


def test_a_build_told_to_stop_still_has_a_roster(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = ask(ground)
        stop_build(plan_id=plan.pk, by=BY, now=NOW)
        build_roster(plan_id=plan.pk, clock=timezone.now)
        plan.refresh_from_db()
        assert plan.state == "draft"
        assert plan.shifts.exists()
        assert plan.rule_prices == [], "who takes the best so far doesn't wait for prices either"
        with pytest.raises(NotPossible, match="being built"):
            stop_build(plan_id=plan.pk, by=BY, now=NOW)
        asked_again = request_build(requirement_id=plan.requirement_id, seconds=5, by=BY, now=NOW)  # type: ignore[arg-type]
        assert not asked_again.stop_asked


@pytest.mark.services
def test_time_taken_by_another_client_is_kept_clear(alpha: Any, beta: Any) -> None:
    people = employ(*NAMES)
    ours, theirs = floor(alpha, people), floor(beta, {"Ana": people["Ana"]})
    with enter(beta.ref()):
        plan = drafted(theirs, [("Ana", number, "From 14") for number in range(0, 7, 2)])
        publish(plan_id=plan.pk, version=1, reason="First", by=BY, now=NOW)
    with enter(alpha.ref()):
        past(ours, offered=30)
        plan = ask(ours)
        build_roster(plan_id=plan.pk, clock=timezone.now)
        plan.refresh_from_db()
        publish(plan_id=plan.pk, version=plan.version, reason="No clash", by=BY, now=NOW)
        mine = list(plan.shifts.filter(actor_id=ours.actors["Ana"]).values_list("business_date", flat=True))
        assert not set(mine) & {WEEK + timedelta(days=number) for number in range(0, 7, 2)}


def test_what_last_weeks_night_still_covers_is_not_asked_for_again(alpha: Any, ground: Floor) -> None:
    from scheduling.problem import still_required

    with enter(alpha.ref()):
        requirement = staffed(ground, minimum=1)
        before = drafted(ground, [("Ana", 6, "From 14")], week=WEEK - timedelta(weeks=1))
        late = before.shifts.get()
        late.starts_at, late.ends_at = late.starts_at + timedelta(hours=8), late.ends_at + timedelta(hours=8)
        late.save()
        publish(plan_id=before.pk, version=1, reason="Night", by=BY, now=NOW)
        plan = SchedulePlan.objects.create(
            queue_id=ground.queue_id, week_start=WEEK, zone="UTC", requirement=requirement
        )
        assert required_steps(plan)[:28] == [1] * 28
        # 22:00 to 07:00 with a break from 00:00 and a meal from 02:00
        assert still_required(plan)[:29] == [1] + [0] * 7 + [1] * 4 + [0] * 16 + [1]


@pytest.mark.services
def test_changes_are_checked_against_the_rules(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 14"), ("Ana", 1, "From 14")])
        first = plan.shifts.order_by("starts_at").first()
        assert first is not None

        def change(template: str) -> Callable[[], DraftShift]:
            return lambda: change_shift(
                shift_id=second.pk, template_id=ground.templates[template], version=plan.version, by=BY, now=NOW
            )

        second = plan.shifts.order_by("starts_at").last()
        assert second is not None
        with pytest.raises(RuleBroken) as caught:
            change("From 6")()
        [rule] = caught.value.broken
        assert (rule.rule, rule.have, rule.limit) == ("rest", 7 * 60, 660)
        with pytest.raises(RuleBroken) as caught:
            give(plan, ground, "Ana", 0, "From 6")
        assert [one.rule for one in caught.value.broken] == ["day"]
        with pytest.raises(StalePlan):
            change_shift(shift_id=second.pk, template_id=ground.templates["From 6"], version=99, by=BY, now=NOW)
        give(plan, ground, "Ben", 0, "From 6")
        plan.refresh_from_db()
        assert (plan.version, plan.shifts.count()) == (2, 3)


def give(plan: SchedulePlan, floor: Floor, name: str, number: int, template: str) -> DraftShift:
    return add_shift(
        plan_id=plan.pk, actor_id=floor.actors[name], template_id=floor.templates[template],
        day=WEEK + timedelta(days=number), version=plan.version, by=BY, now=NOW,
    )  # fmt: skip


def test_the_next_week_is_the_first_that_is_not_published(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        assert next_week(ground.queue_id, "UTC", NOW) == WEEK
        plan = drafted(ground, [("Ana", 0, "From 6")])
        publish(plan_id=plan.pk, version=1, reason="First", by=BY, now=NOW)
        assert next_week(ground.queue_id, "UTC", NOW) == date(2026, 12, 7)
