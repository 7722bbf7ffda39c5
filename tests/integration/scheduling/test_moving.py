"""Moving a draft's shifts and breaks: kept where the rules allow, else where they were, with the reason and an offer."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections

from bpo.audit.models import Entry
from bpo.tenancy.context import enter
from interactions.models import Actor, Skill
from scheduling.errors import NotPossible, StalePlan
from scheduling.models import DraftMove, DraftShift, SchedulePlan
from scheduling.services import change_shift, move_break, move_shift, remove_shift, undo_move
from scheduling.services.moving import KEPT, MoveRefused
from tests.integration.scheduling.build import BY, NOW, Floor, add, drafted, employ, floor

SIX = datetime(2026, 12, 1, 6, tzinfo=UTC)  # Tuesday's


@pytest.fixture
def ground(alpha: Any) -> Iterator[Floor]:
    found = floor(alpha, employ("Ana", "Ben", "Cleo"))
    with enter(alpha.ref()):
        yield found


def by(hours: float, version: int = 1) -> dict[str, Any]:
    return {"starts_at": SIX + timedelta(hours=hours), "version": version, "by": BY, "now": NOW}


def tuesday(ground: Floor, name: str = "Ana") -> tuple[SchedulePlan, DraftShift]:
    plan = drafted(ground, [(name, 1, "From 6")])
    return plan, plan.shifts.get()


@pytest.mark.services
def test_a_moved_shift_keeps_its_length_its_breaks_and_its_templates_name(ground: Floor) -> None:
    plan, shift = tuesday(ground)
    move_shift(shift_id=shift.pk, actor_id=shift.actor_id, **by(1.25))
    found = plan.shifts.get()
    assert (found.starts_at, found.ends_at - found.starts_at) == (SIX + timedelta(minutes=75), timedelta(hours=9))
    assert (found.template_name, found.breaks, found.business_date) == ("From 6", shift.breaks, date(2026, 12, 1))
    plan.refresh_from_db()
    assert (plan.version, plan.state) == (2, "draft")
    written = Entry.objects.get(action="plan.shift_moved")
    assert written.detail["from"] == "2026-12-01T06:00:00+00:00"
    assert written.detail["to"] == "2026-12-01T07:15:00+00:00"


@pytest.mark.services
def test_a_shift_moves_to_somebody_else_who_can_and_is_free(ground: Floor) -> None:
    plan, shift = tuesday(ground)
    move_shift(shift_id=shift.pk, actor_id=ground.actors["Ben"], **by(0))
    assert plan.shifts.get().actor_id == ground.actors["Ben"]
    Skill.objects.filter(actor_id=ground.actors["Cleo"]).delete()
    with pytest.raises(NotPossible, match="does not have the queue's skill"):
        move_shift(shift_id=shift.pk, actor_id=ground.actors["Cleo"], **by(0, 2))
    add(plan, ground, "Ana", 1, "From 14")
    with pytest.raises(MoveRefused) as refusal:
        move_shift(shift_id=shift.pk, actor_id=ground.actors["Ana"], **by(0, 2))
    assert [one.rule for one in refusal.value.broken] == ["day"]
    assert plan.shifts.get(pk=shift.pk).actor_id == ground.actors["Ben"]


@pytest.mark.services
def test_too_little_rest_is_refused_with_figures_and_the_nearest_legal_start(ground: Floor) -> None:
    plan, shift = tuesday(ground)
    late = add(plan, ground, "Ana", 0, "From 6")
    at = {"starts_at": late.starts_at + timedelta(hours=5.75), "ends_at": late.ends_at + timedelta(hours=5.75)}
    DraftShift.objects.filter(pk=late.pk).update(**at)
    DraftShift.objects.filter(pk=shift.pk).update(starts_at=SIX + timedelta(hours=4), ends_at=SIX + timedelta(hours=13))
    with pytest.raises(MoveRefused) as refusal:
        move_shift(shift_id=shift.pk, actor_id=shift.actor_id, **by(0))
    [broken] = refusal.value.broken
    assert (broken.rule, broken.have, broken.limit) == ("rest", 555, 660)
    assert refusal.value.offer == SIX + timedelta(hours=1.75)
    assert plan.shifts.get(pk=shift.pk).starts_at == SIX + timedelta(hours=4)
    plan.refresh_from_db()
    assert plan.version == 1
    assert not Entry.objects.filter(action="plan.shift_moved").exists()


def test_somebody_not_employed_yet_gets_no_shift_moved_to(ground: Floor) -> None:
    plan, shift = tuesday(ground)
    Actor.objects.filter(pk=ground.actors["Ben"]).update(starts_on=date(2026, 12, 2))
    with pytest.raises(MoveRefused) as refusal:
        move_shift(shift_id=shift.pk, actor_id=ground.actors["Ben"], **by(0))
    assert [one.rule for one in refusal.value.broken] == ["here"]
    assert refusal.value.offer is None, "Wednesday is more than twelve hours away"
    assert plan.shifts.get().actor_id == ground.actors["Ana"]


@pytest.mark.parametrize(
    ("hours", "said"),
    [(-31, "stays in its week"), (24 * 6, "stays in its week"), (0.1, "quarters of an hour"), (0, "there already")],
)
def test_a_start_that_no_move_may_have_is_refused(ground: Floor, hours: float, said: str) -> None:
    _plan, shift = tuesday(ground)
    with pytest.raises(NotPossible, match=said):
        move_shift(shift_id=shift.pk, actor_id=shift.actor_id, **by(hours))


def test_a_shift_over_midnight_is_of_the_day_it_starts_on_where_its_people_are(ground: Floor) -> None:
    plan, shift = tuesday(ground)
    DraftShift.objects.update(zone="Asia/Manila")
    move_shift(shift_id=shift.pk, actor_id=shift.actor_id, **by(9.75))  # 23:45 in Manila
    assert plan.shifts.get().business_date == date(2026, 12, 1)
    move_shift(shift_id=shift.pk, actor_id=shift.actor_id, **by(10, 2))  # and midnight
    assert plan.shifts.get().business_date == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("monday", "day", "wall_end"),
    [(date(2027, 3, 22), date(2027, 3, 27), "08:00"), (date(2026, 10, 19), date(2026, 10, 24), "06:00")],
)
def test_in_the_night_of_a_clock_change_the_length_stays_and_the_wall_says_otherwise(
    ground: Floor, monday: date, day: date, wall_end: str
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    plan = SchedulePlan.objects.create(queue_id=ground.queue_id, week_start=monday, zone="Europe/Berlin")
    start = datetime.combine(day, time(14), berlin).astimezone(UTC)
    shift = DraftShift.objects.create(
        plan=plan, actor_id=ground.actors["Ana"], template_name="Late", starts_at=start, ends_at=start + timedelta(hours=9),
        business_date=day, zone="Europe/Berlin",
    )  # fmt: skip
    move_shift(
        shift_id=shift.pk, actor_id=shift.actor_id, starts_at=start + timedelta(hours=8), version=1, by=BY, now=NOW
    )
    found = plan.shifts.get()
    assert found.ends_at - found.starts_at == timedelta(hours=9)
    assert f"{found.starts_at.astimezone(berlin):%H:%M}" == "22:00"
    assert f"{found.ends_at.astimezone(berlin):%H:%M}" == wall_end
    assert found.business_date == day


@pytest.mark.services
def test_a_break_moves_between_its_neighbours_alone(ground: Floor) -> None:
    plan, shift = tuesday(ground)
    about = {"shift_id": shift.pk, "by": BY, "now": NOW}
    move_break(**about, number=1, after=300, version=1)
    assert [one.after for one in plan.shifts.get().breaks] == [120, 300]
    with pytest.raises(NotPossible, match="It may begin from 08:30 to 13:45"):
        move_break(**about, number=1, after=135, version=2)
    with pytest.raises(NotPossible, match="no such break"):
        move_break(**about, number=2, after=300, version=2)
    assert Entry.objects.filter(action="plan.break_moved").count() == 1


@pytest.mark.services
def test_moves_are_taken_back_the_last_first(ground: Floor) -> None:
    plan, shift = tuesday(ground)
    move_shift(shift_id=shift.pk, actor_id=ground.actors["Ben"], **by(2))
    move_break(shift_id=shift.pk, number=0, after=60, version=2, by=BY, now=NOW)
    with pytest.raises(StalePlan):
        undo_move(plan_id=plan.pk, version=2, by=BY, now=NOW)
    undo_move(plan_id=plan.pk, version=3, by=BY, now=NOW)
    assert [one.after for one in plan.shifts.get().breaks] == [120, 240]
    undo_move(plan_id=plan.pk, version=4, by=BY, now=NOW)
    found = plan.shifts.get()
    assert (found.actor_id, found.starts_at) == (ground.actors["Ana"], SIX)
    with pytest.raises(NotPossible, match="no move to take back"):
        undo_move(plan_id=plan.pk, version=5, by=BY, now=NOW)
    assert Entry.objects.filter(action="plan.move_undone").count() == 2


def test_a_move_is_not_taken_back_to_where_the_rules_forbid_it_by_now(ground: Floor) -> None:
    plan, shift = tuesday(ground)
    move_shift(shift_id=shift.pk, actor_id=ground.actors["Ben"], **by(0))
    add(plan, ground, "Ana", 1, "From 14")
    with pytest.raises(MoveRefused):
        undo_move(plan_id=plan.pk, version=2, by=BY, now=NOW)
    assert plan.shifts.get(pk=shift.pk).actor_id == ground.actors["Ben"]
    assert plan.moves.count() == 1


def test_another_template_or_none_ends_the_way_back(ground: Floor) -> None:
    plan, shift = tuesday(ground)
    move_shift(shift_id=shift.pk, actor_id=shift.actor_id, **by(1))
    change_shift(shift_id=shift.pk, template_id=ground.templates["From 14"], version=2, by=BY, now=NOW)
    assert not DraftMove.objects.exists()
    move_shift(shift_id=shift.pk, actor_id=shift.actor_id, **by(2, 3))
    remove_shift(shift_id=shift.pk, version=4, by=BY, now=NOW)
    with pytest.raises(NotPossible, match="no move to take back"):
        undo_move(plan_id=plan.pk, version=5, by=BY, now=NOW)


def test_a_plan_keeps_its_last_moves_alone(ground: Floor) -> None:
    plan, shift = tuesday(ground)
    for number in range(KEPT + 3):
        move_shift(shift_id=shift.pk, actor_id=shift.actor_id, **by(0.25 if number % 2 == 0 else 0.5, number + 1))
    assert [one.version for one in plan.moves.all()] == list(range(KEPT + 3, 3, -1))


@pytest.mark.services
def test_of_two_planners_who_move_at_once_one_is_told_to_look_again(alpha: Any) -> None:
    found = floor(alpha, employ("Ana"))
    with enter(alpha.ref()):
        _plan, shift = tuesday(found)
    ready = Barrier(2)

    def try_it(hours: int) -> str:
        try:
            with enter(alpha.ref()):
                connections["default"].ensure_connection()
                ready.wait(30)
                move_shift(shift_id=shift.pk, actor_id=shift.actor_id, **by(hours))
                return "moved"
        except StalePlan:
            return "stale"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(try_it, (1, 2))) == ["moved", "stale"]
