"""Planned time off: room by teams and days, asked for, decided at once, cancelled; never more than there is."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from psycopg import errors

from bpo.audit.models import Entry
from bpo.notices.models import Notice
from bpo.tenancy.context import as_app, enter
from interactions.models import Actor, Team
from scheduling.domain.time_off import Room
from scheduling.errors import NotPossible
from scheduling.models import Absence, SchedulePlan, TimeOffAllotment, TimeOffDay, TimeOffRequest
from scheduling.problem import planned
from scheduling.selectors.time_off import rooms_of
from scheduling.services import (
    ask_time_off,
    cancel_time_off,
    publish,
    report_absence,
    set_allotments,
    withdraw_absence,
)
from scheduling.turns import InUse
from tests.integration.scheduling.build import BY, NOW, WEEK, Floor, drafted, employ, floor
from tests.integration.scheduling.test_at_once import alone, at_once, started_after_mine
from tests.refusals import refused, run

MONDAY = WEEK + timedelta(days=7)  # of a week that nobody has planned
ROUNDS = 6


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


@pytest.fixture
def ground(alpha: Any) -> Floor:
    """Ana and Ben in one team with eight hours of room on each day of two weeks; Cleo in a team without any."""
    found = floor(alpha, employ("Ana", "Ben", "Cleo"))
    with enter(alpha.ref()):
        north, south = (Team.objects.create(name=name) for name in ("North", "South"))
        Actor.objects.filter(display_name__in=("Ana", "Ben")).update(team=north)
        Actor.objects.filter(display_name="Cleo").update(team=south)
        allot(480)
    return found


def allot(cap: int, first: date = MONDAY, last: date = MONDAY + timedelta(days=13), **more: Any) -> int:
    asked: dict[str, Any] = {"team_id": Team.objects.get(name="North").pk, "weekdays": range(7), "by": BY, "now": NOW}
    return set_allotments(first_day=first, last_day=last, cap_minutes=cap, **(asked | more))


def ask(found: Floor, name: str, first: int, last: int | None = None) -> TimeOffRequest:
    return ask_time_off(
        actor_id=found.actors[name], first_day=day(first), last_day=day(first if last is None else last), by=BY, now=NOW
    )


def used() -> dict[int, int]:
    """Day number → minutes taken, where any are. They are what the time off that holds takes, always."""
    held = TimeOffDay.objects.filter(request__absence__withdrawn_at=None).select_related("allotment")
    taken: dict[int, int] = {}
    for one in held:
        number = (one.allotment.day - MONDAY).days
        taken[number] = taken.get(number, 0) + one.minutes
    kept = {(one.day - MONDAY).days: one.used_minutes for one in TimeOffAllotment.objects.exclude(used_minutes=0)}
    assert kept == taken
    return kept


@pytest.mark.services
def test_time_off_is_an_absence_that_the_roster_keeps_to(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        made = ask(ground, "Ana", 0, 1)
        assert (made.state, str(made.team)) == ("approved", "North")
        absence = Absence.objects.get()
        assert (absence.kind, absence.first_day, absence.last_day) == ("time_off", day(0), day(1))
        assert made.absence == absence
        assert used() == {0: 480, 1: 480}
        plan = SchedulePlan.objects.create(queue_id=ground.queue_id, week_start=MONDAY, zone="UTC")
        away = {one.key: one.days_off for one in planned(plan).problem.people}
        assert away[str(ground.actors["Ana"])] >= {0, 1}
        assert not away[str(ground.actors["Ben"])]
        [line] = Entry.objects.filter(action="time_off.approved")
        assert (line.target_id, line.detail["minutes"]) == (str(made.pk), 960)


@pytest.mark.services
def test_who_finds_no_room_hears_which_days_and_where_there_is(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        allot(600, day(1), day(1))
        ask(ground, "Ana", 1, 2)
        with pytest.raises(NotPossible) as told:
            ask(ground, "Ben", 1, 2)
        assert told.value.problem == (
            "No room: Tue 8 Dec (2 h left of the 8 h it takes), Wed 9 Dec (0 h left of the 8 h it takes)."
        )
        assert told.value.remedy == "The nearest 2 days with room are Thu 10 Dec – Fri 11 Dec."
        with pytest.raises(NotPossible, match=r"nearest day with room is Mon 7 Dec\."):
            ask(ground, "Ben", 1)
        with pytest.raises(NotPossible, match=r"Mon 21 Dec \(nothing is allotted\)\. The nearest day .* Sun 20 Dec\."):
            ask(ground, "Ben", 14)
        with pytest.raises(NotPossible, match=r"Mon 7 Dec \(nothing is allotted\)\. No day has room up to Fri 5 Feb;"):
            ask(ground, "Cleo", 0)
        assert (Absence.objects.count(), TimeOffRequest.objects.count(), used()) == (1, 1, {1: 480, 2: 480})
        assert ask(ground, "Ben", 3, 4).state == "approved", "what was named can be had"


def test_a_day_takes_the_shift_that_is_published_or_the_plans_usual_day(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        ana, ben = (Actor.objects.get(display_name=name) for name in ("Ana", "Ben"))
        plan = drafted(ground, [("Ana", 1, "From 6")], week=MONDAY)
        plan.max_minutes, plan.max_days = 2280, 6
        plan.save()
        assert {one.takes for one in rooms_of(ana, day(0), day(7))} == {380}, "a draft is nobody's yet"
        publish(plan_id=plan.pk, version=1, reason="First", by=BY, now=NOW)
        assert [one.takes for one in rooms_of(ana, day(0), day(8))] == [0, 480, 0, 0, 0, 0, 0, 480]
        assert [one.takes for one in rooms_of(ben, day(0), day(1))] == [380], "he has no shift in it"
        assert rooms_of(ana, day(1), day(2)) == [Room(day(1), 480, 480)]
        allot(0, day(2), day(6))
        with pytest.raises(NotPossible, match="You have no shift on these days"):
            ask(ground, "Ana", 2, 3)
        ask(ground, "Ana", 0, 6)
        assert used() == {1: 480}, "days off need no room"


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (NOW.date(), NOW.date(), "begins tomorrow or later"),
        (day(1), day(0), "has 1 to 31 days"),
        (day(0), day(31), "has 1 to 31 days"),
        (day(400), day(400), "too far ahead"),
    ],
)
def test_some_days_cannot_be_asked_for(alpha: Any, ground: Floor, first: date, last: date, says: str) -> None:
    with enter(alpha.ref()), pytest.raises(NotPossible, match=says):
        ask_time_off(actor_id=ground.actors["Ana"], first_day=first, last_day=last, by=BY, now=NOW)


def test_nobody_is_off_twice_or_without_a_team(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        report_absence(
            actor_id=ground.actors["Ana"], first_day=day(1), last_day=day(1), kind="sick", by=BY, now=NOW
        )  # fmt: skip
        with pytest.raises(NotPossible, match=r"You are absent already: Tue 8 Dec\."):
            ask(ground, "Ana", 0, 2)
        Actor.objects.filter(display_name="Ben").update(team=None)
        with pytest.raises(NotPossible, match="You are in no team"):
            ask(ground, "Ben", 0)
        with pytest.raises(ValueError, match="planned time off is asked for"):
            report_absence(
                actor_id=ground.actors["Ben"], first_day=day(1), last_day=day(1), kind="time_off", by=BY, now=NOW
            )  # fmt: skip
        assert used() == {}


@pytest.mark.services
def test_cancelling_gives_the_room_back_whichever_way_it_comes(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        first = ask(ground, "Ana", 0, 1)
        done = cancel_time_off(request_id=first.pk, by=BY, now=NOW, reason="Black Friday moved")
        assert (done.state, done.reason, used()) == ("cancelled", "Black Friday moved", {})
        [told] = Notice.objects.filter(actor_id=ground.actors["Ana"])
        assert told.text == "Your time off Mon 7 Dec – Tue 8 Dec is cancelled. Black Friday moved"
        with pytest.raises(NotPossible, match="withdrawn already"):
            cancel_time_off(request_id=first.pk, by=BY, now=NOW)
        second = ask(ground, "Ana", 0)
        withdraw_absence(absence_id=second.absence_id, by=BY, now=NOW)
        second = TimeOffRequest.objects.select_related("absence").get(pk=second.pk)
        assert (second.state, used()) == ("cancelled", {})
        with pytest.raises(NotPossible, match="withdrawn already"):
            withdraw_absence(absence_id=second.absence_id, by=BY, now=NOW)
        assert used() == {}
        actions = Entry.objects.filter(target_id=str(second.pk)).order_by("seq").values_list("action", flat=True)
        assert list(actions) == ["time_off.approved", "time_off.cancelled"]


def test_ones_own_can_be_cancelled_until_it_begins(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        made = ask(ground, "Ana", 0, 1)
        mine: dict[str, Any] = {"request_id": made.pk, "by": BY, "own": ground.actors["Ana"]}
        with pytest.raises(TimeOffRequest.DoesNotExist):
            cancel_time_off(**(mine | {"own": ground.actors["Ben"]}), now=NOW)
        begun = NOW + (day(0) - NOW.date())
        with pytest.raises(NotPossible, match="It has begun"):
            cancel_time_off(**mine, now=begun)
        with pytest.raises(NotPossible, match="It is over"):
            cancel_time_off(request_id=made.pk, by=BY, now=begun + timedelta(days=2))
        assert used() == {0: 480, 1: 480}
        cancel_time_off(**mine, now=begun - timedelta(days=1))
        assert used() == {}


def test_room_is_set_on_chosen_weekdays_and_never_under_what_is_taken(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        assert allot(960, day(0), day(13), weekdays=[0, 2]) == 4
        caps = dict(TimeOffAllotment.objects.values_list("day", "cap_minutes"))
        assert [caps[day(number)] for number in range(5)] == [960, 480, 960, 480, 480]
        ask(ground, "Ana", 1, 2)
        with pytest.raises(NotPossible) as told:
            allot(60, day(0), day(20))
        assert told.value.problem == "More is taken already: Tue 8 Dec 8 h, Wed 9 Dec 8 h."
        assert dict(TimeOffAllotment.objects.values_list("day", "cap_minutes")) == caps, "nothing is half-written"
        allot(480, day(1), day(2))
        for first, last, weekdays, says in (
            (NOW.date() - timedelta(days=1), day(0), range(7), "are over"),
            (day(1), day(0), range(7), "No day is among these"),
            (day(0), day(0), [3], "No day is among these"),
            (day(0), day(366), range(7), "more than 366 days"),
        ):
            with pytest.raises(NotPossible, match=says):
                allot(480, first, last, weekdays=weekdays)
        lines = Entry.objects.filter(action="time_off.allotted").order_by("seq")
        assert [one.detail["days"] for one in lines] == [14, 4, 2]


@pytest.mark.services
def test_4_no_more_is_taken_than_there_is(alpha: Any, ground: Floor) -> None:
    over = "UPDATE scheduling_timeoffallotment SET used_minutes = cap_minutes + %s WHERE day = %s"
    add = (
        "INSERT INTO scheduling_timeoffallotment (id, team_id, day, cap_minutes, used_minutes) "
        "SELECT gen_random_uuid(), id, %s, 480, %s FROM interactions_team WHERE name = 'North'"
    )
    with enter(alpha.ref()):
        with refused(errors.CheckViolation, "allotment_is_never_used_over_its_cap"):
            run(over, 1, day(0))
        assert run(over, 0, day(0)) == 1
        with refused(errors.CheckViolation, "allotment_is_never_used_over_its_cap"):
            run("UPDATE scheduling_timeoffallotment SET cap_minutes = used_minutes - 1 WHERE day = %s", day(0))
        with refused(errors.CheckViolation):
            run("UPDATE scheduling_timeoffallotment SET used_minutes = -1")
        with refused(errors.CheckViolation, "allotment_is_never_used_over_its_cap"):
            run(add, day(30), 481)
        assert run(add, day(30), 480) == 1
        with refused(errors.UniqueViolation, "allotment_is_one_a_team_and_day"):
            run(add, day(30), 0)
        with refused(errors.InsufficientPrivilege):
            run("ALTER TABLE scheduling_timeoffallotment DROP CONSTRAINT allotment_is_never_used_over_its_cap")
    there = f'"{alpha.schema_name}".scheduling_timeoffallotment'
    with as_app():
        for statement in (over, add):
            with refused(errors.InsufficientPrivilege):
                run(statement.replace("scheduling_timeoffallotment", there), 0, day(0))


@pytest.mark.services
def test_4_a_request_takes_a_day_once_and_has_an_absence_of_its_own(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        made = ask(ground, "Ana", 0)
        again = (
            "INSERT INTO scheduling_timeoffday (id, request_id, allotment_id, minutes) "
            "SELECT gen_random_uuid(), request_id, (SELECT id FROM scheduling_timeoffallotment WHERE day = %s), %s "
            "FROM scheduling_timeoffday"
        )
        with refused(errors.UniqueViolation, "time_off_takes_a_day_once"):
            run(again, day(0), 480)
        for minutes in (0, 1441):
            with refused(errors.CheckViolation, "time_off_takes_a_day_at_most"):
                run(again, day(1), minutes)
        assert run(again, day(1), 1440) == 1
        with refused(errors.UniqueViolation):
            run(
                "INSERT INTO scheduling_timeoffrequest (id, absence_id, team_id, reason) "
                "SELECT gen_random_uuid(), absence_id, team_id, '' FROM scheduling_timeoffrequest"
            )
        with refused(errors.NotNullViolation):
            run("UPDATE scheduling_timeoffrequest SET absence_id = NULL")
        with refused(errors.ForeignKeyViolation):
            run("DELETE FROM scheduling_timeoffrequest WHERE id = %s", made.pk)
        with refused(errors.CheckViolation, "absence_kind_is_known"):
            run("UPDATE scheduling_absence SET kind = 'holiday'")
        assert run("UPDATE scheduling_absence SET kind = 'time_off'") == 1


@pytest.mark.services
def test_of_two_who_want_the_last_place_one_gets_it(alpha: Any, ground: Floor) -> None:
    for number in range(ROUNDS):
        answers = at_once(
            *[(alpha, lambda name=name, number=number: ask(ground, name, number)) for name in ("Ana", "Ben")]
        )
        [refusal] = [one for one in answers if isinstance(one, NotPossible)]
        assert "(0 h left of the 8 h it takes)" in refusal.problem
        assert sum(isinstance(one, TimeOffRequest) for one in answers) == 1
    with enter(alpha.ref()):
        assert used() == dict.fromkeys(range(ROUNDS), 480)


@pytest.mark.services
def test_who_comes_second_waits_and_is_refused(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        with started_after_mine(alpha, lambda: ask(ground, "Ben", 0, 1)) as answer:
            ask(ground, "Ana", 1, 2)
        refusal = answer()
        assert isinstance(refusal, NotPossible)
        assert re.search(r"No room: Tue 8 Dec \(0 h left", refusal.problem)
        assert used() == {1: 480, 2: 480}
        with transaction.atomic(), ThreadPoolExecutor(1) as pool:
            ask(ground, "Ana", 3)
            waited = pool.submit(alone, alpha, lambda: ask(ground, "Ben", 3), "50ms").result(timeout=60)
        assert isinstance(waited, InUse), "and for no longer than the database lets anybody"


@pytest.mark.services
def test_asking_cancelling_and_allotting_crosswise_ends_and_adds_up(alpha: Any, ground: Floor) -> None:
    """Whatever the order they come in, nobody waits for somebody who waits for them, and the room is never overrun."""
    with enter(alpha.ref()):
        allot(960)
    for number in range(ROUNDS):
        with enter(alpha.ref()):
            held = ask(ground, "Ana", 0, 6)
        answers = at_once(
            (alpha, lambda held=held: cancel_time_off(request_id=held.pk, by=BY, now=NOW)),
            (alpha, lambda held=held: withdraw_absence(absence_id=held.absence_id, by=BY, now=NOW)),
            (alpha, lambda: ask(ground, "Ben", 3, 9)),
            (alpha, lambda: ask(ground, "Ana", 5, 11)),
            (alpha, lambda number=number: allot(960 + number, day(2), day(16))),
        )
        assert all(isinstance(one, (TimeOffRequest, Absence, NotPossible, int)) for one in answers), answers
        assert sum(isinstance(one, NotPossible) for one in answers[:2]) == 1, "it is given back once"
        with enter(alpha.ref()):
            used()
            for one in TimeOffRequest.objects.filter(absence__withdrawn_at=None):
                cancel_time_off(request_id=one.pk, by=BY, now=NOW)
            assert used() == {}
