"""What people would rather have, and who carries the unsocial hours: stated, kept by the database, put into the week."""

import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from psycopg import errors

from bpo.actors import By
from bpo.audit.models import Entry
from bpo.tenancy.context import as_app, enter
from interactions.models import Actor
from scheduling.domain.fairness import Burden
from scheduling.domain.preferences import LIKE, MUCH, Outcome
from scheduling.domain.rostering import Wish
from scheduling.domain.rostering.search import solve
from scheduling.errors import NotPossible
from scheduling.mending import standing
from scheduling.models import Preference, PublishedShift, SchedulePlan, ScheduleVersion, ShiftTemplate
from scheduling.problem import planned
from scheduling.selectors import carried, last_published, preferences_until
from scheduling.services import (
    build_roster,
    publish,
    put_back_preference,
    report_absence,
    request_build,
    state_preference,
    take_back_preference,
)
from scheduling.services.preferring import Wanted
from scheduling.weighing import Weigher, balances, outcomes
from tests.integration.scheduling.build import BY, NOW, PAUSES, WEEK, Floor, add, drafted, employ, floor, past, staffed
from tests.refusals import refused, run

NAMES = ("Ana", "Ben", "Cleo", "Dario")
MONDAY = Wanted(0, None, None, "much", "UTC")
EARLY = Wanted(1, None, (time(0), time(9, 59)), "like", "UTC")
INSERT = """
INSERT INTO scheduling_preference
    (id, actor_id, weekday, date, kind, begins_from, begins_until, zone, strength, state, stated_at, ended_at)
VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s, %s, %s, '2026-11-25 12:00Z', %s)
"""


@pytest.fixture
def ground(alpha: Any) -> Floor:
    return floor(alpha, employ(*NAMES))


def state(found: Floor, name: str, wanted: Wanted, *, by: By = BY, now: datetime = NOW) -> Preference:
    return state_preference(actor_id=found.actors[name], wanted=wanted, by=by, now=now)


def live() -> set[tuple[str, int | None, date | None, str]]:
    rows = Preference.objects.filter(state="live").select_related("actor")
    return {(one.actor.display_name, one.weekday, one.date, one.kind) for one in rows}


# --- Stating and taking back ----------------------------------------------------------------------------


@pytest.mark.services
def test_one_is_stated_replaced_taken_back_and_put_back_and_the_log_says_by_whom(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        planner = By("person", "Pia", actor_id=ground.actors["Ben"])
        state(ground, "Ana", MONDAY, by=planner)
        second = state(ground, "Ana", replace(MONDAY, band=(time(14), time(23, 59))))
        assert live() == {("Ana", 0, None, "start")}
        assert Preference.objects.get(state="back").stated_by_id == ground.actors["Ben"]
        take_back_preference(preference_id=second.pk, by=BY, now=NOW)
        take_back_preference(preference_id=second.pk, by=BY, now=NOW)
        assert live() == set()
        put_back_preference(preference_id=second.pk, by=BY, now=NOW)
        assert live() == {("Ana", 0, None, "start")}
        done = Entry.objects.filter(action__startswith="preference.").order_by("seq")
        assert [one.action.split(".")[1] for one in done] == [
            "stated", "taken_back", "stated", "taken_back", "stated",
        ]  # fmt: skip
        assert done[0].detail == {
            "actor": str(ground.actors["Ana"]), "day": 0, "kind": "off", "start": None, "strength": "much",
        }  # fmt: skip
        assert (done[0].actor_id, done[1].actor_id) == (ground.actors["Ben"], None)
        assert done[2].detail["start"] == "14:00–23:59"


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        pytest.param(Wanted(None, date(2026, 11, 24), None, "like", "UTC"), "over", id="a day that is over"),
        pytest.param(Wanted(0, date(2026, 12, 1), None, "like", "UTC"), "weekday or for a date", id="both"),
        pytest.param(Wanted(None, None, None, "like", "UTC"), "weekday or for a date", id="neither"),
        pytest.param(Wanted(0, None, (time(22), time(2)), "like", "UTC"), "before the earlier", id="over midnight"),
    ],
)
def test_what_can_be_no_preference_is_refused_in_words(alpha: Any, ground: Floor, wanted: Wanted, why: str) -> None:
    with enter(alpha.ref()):
        with pytest.raises(NotPossible, match=why):
            state(ground, "Ana", wanted)
        assert not Preference.objects.exists()


def test_today_is_that_of_the_clock_it_is_stated_on(alpha: Any, ground: Floor) -> None:
    """Noon UTC on Wednesday is Thursday in Kiritimati, where Wednesday is over."""
    with enter(alpha.ref()):
        state(ground, "Ana", Wanted(None, NOW.date(), None, "like", "UTC"))
        with pytest.raises(NotPossible, match="over"):
            state(ground, "Ben", Wanted(None, NOW.date(), None, "like", "Pacific/Kiritimati"))


def test_who_is_not_there_states_nothing(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()), pytest.raises(Actor.DoesNotExist):
        state_preference(actor_id=uuid.uuid4(), wanted=MONDAY, by=BY, now=NOW)


@pytest.mark.services
def test_the_database_keeps_its_own_rules_whatever_writes(alpha: Any, ground: Floor) -> None:
    ana = ground.actors["Ana"]
    good = [ana, 2, None, "off", None, None, "UTC", "like", "live", None]
    later = "2026-11-26 12:00Z"

    def row(**changed: Any) -> list[Any]:
        names = ("actor", "weekday", "date", "kind", "first", "last", "zone", "strength", "state", "ended")
        return [changed.get(name, value) for name, value in zip(names, good, strict=True)]

    attacks = [
        (row(date="2026-12-02"), "preference_is_for_a_weekday_or_a_date"),
        (row(weekday=None), "preference_is_for_a_weekday_or_a_date"),
        (row(weekday=7), "preference_weekday_is_of_the_week"),
        (row(kind="start"), "preference_band_is_for_a_start"),
        (row(first="06:00", last="10:00"), "preference_band_is_for_a_start"),
        (row(kind="start", first="06:00"), "preference_band_is_for_a_start"),
        (row(kind="start", first="10:00", last="06:00"), "preference_band_is_for_a_start"),
        (row(kind="never"), "preference_band_is_for_a_start"),
        (row(strength="very"), "preference_strength_is_known"),
        (row(state="gone"), "preference_ends_when_taken_back"),
        (row(state="back"), "preference_ends_when_taken_back"),
        (row(ended=later), "preference_ends_when_taken_back"),
        (row(state="back", ended="2026-11-01 12:00Z"), "preference_ends_when_taken_back"),
        (row(zone=""), "preference_is_in_a_zone"),
    ]
    for values, rule in attacks:
        with enter(alpha.ref()), refused(errors.CheckViolation, rule), transaction.atomic():
            run(INSERT, *values)
    with enter(alpha.ref()):
        for once, rule in (
            (row(), "preference_is_one_a_weekday"), (row(weekday=None, date="2026-12-02"), "preference_is_one_a_date"),
        ):  # fmt: skip
            run(INSERT, *once)
            with refused(errors.UniqueViolation, rule), transaction.atomic():
                run(INSERT, *once)
        run(INSERT, *row(state="back", ended=later))
        run(INSERT, *row(weekday=3, kind="start", first="06:00", last="06:00"))
    with as_app(), refused(errors.InsufficientPrivilege):
        run(INSERT.replace("scheduling_", f'"{alpha.schema_name}".scheduling_'), *good)


# --- In the week ----------------------------------------------------------------------------------------


def kept(found: Floor, name: str) -> tuple[Wish, ...]:
    """Somebody's wishes in the problem of the only plan."""
    people = planned(SchedulePlan.objects.get(week_start=WEEK)).problem.people
    return next(one.wishes for one in people if one.key == str(found.actors[name]))


def waiting(found: Floor, *, offered: int = 2) -> SchedulePlan:
    """The week, forecast and staffed, asked to be built."""
    past(found, offered=offered)
    return request_build(requirement_id=staffed(found).pk, seconds=3, by=BY, now=NOW)


@pytest.mark.services
def test_a_preference_is_a_wish_for_each_shift_that_is_against_it(alpha: Any, ground: Floor) -> None:
    early, late = (str(ground.templates[name]) for name in ("From 6", "From 14"))
    with enter(alpha.ref()):
        waiting(ground)
        state(ground, "Ana", MONDAY)
        state(ground, "Ana", EARLY)
        state(ground, "Ana", Wanted(None, WEEK + timedelta(days=8), None, "much", "UTC"))
        assert sorted((one.day, one.kind, one.weight, one.on) for one in kept(ground, "Ana")) == sorted(
            [(0, early, MUCH, False), (0, late, MUCH, False), (1, late, LIKE, False)]
        )
        assert kept(ground, "Ben") == ()
        report_absence(
            actor_id=ground.actors["Ana"], first_day=WEEK, last_day=WEEK, kind="sick", by=BY, now=NOW
        )  # fmt: skip
        assert [one.day for one in kept(ground, "Ana")] == [1], "Monday is off anyway"


def test_without_preferences_and_excess_the_problem_and_its_roster_are_what_they_were(
    alpha: Any, ground: Floor
) -> None:
    with enter(alpha.ref()):
        waiting(ground)
        bare = planned(SchedulePlan.objects.get()).problem
        assert {one.wishes for one in bare.people} == {()}
        found = solve(bare, effort=20)
        stated = state(ground, "Ana", MONDAY)
        take_back_preference(preference_id=stated.pk, by=BY, now=NOW)
        again = planned(SchedulePlan.objects.get()).problem
        assert again == bare
        assert solve(again, effort=20).held == found.held


@pytest.mark.services
def test_a_build_meets_what_costs_no_cover_and_leaves_what_does(alpha: Any, ground: Floor) -> None:
    """Two are needed from 08:00 to 20:00 and four are there: Ana's Monday is free to be hers.

    If everybody asks for Monday, Monday is covered all the same.
    """
    with enter(alpha.ref()):
        plan = waiting(ground)
        state(ground, "Ana", MONDAY)
        build_roster(plan_id=plan.pk, clock=timezone.now)
        plan.refresh_from_db()
        assert not plan.shifts.filter(actor_id=ground.actors["Ana"], business_date=WEEK).exists()
        monday = plan.shifts.filter(business_date=WEEK).count()
        assert monday > 0
        for name in NAMES[1:]:
            state(ground, name, MONDAY)
        build_roster_again(plan)
        assert plan.shifts.filter(business_date=WEEK).count() == monday
        assert plan.bound is not None
        assert plan.objective is not None
        assert plan.objective >= plan.bound
        assert plan.rule_prices


def build_roster_again(plan: SchedulePlan) -> None:
    assert plan.requirement_id is not None
    request_build(requirement_id=plan.requirement_id, seconds=3, by=BY, now=NOW)
    build_roster(plan_id=plan.pk, clock=timezone.now)
    plan.refresh_from_db()


def test_a_repair_knows_of_none(alpha: Any, ground: Floor) -> None:
    """What people were told goes before what they once asked for (ADR 44)."""
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 6")])
        past(ground)
        plan.requirement = staffed(ground)
        plan.save()
        version = publish(plan_id=plan.pk, version=1, reason="First", by=BY, now=NOW)
        state(ground, "Ana", MONDAY)
        found = standing(SchedulePlan.objects.get(), version, [], since=NOW)
        assert {one.wishes for one in found.problem.people} == {()}


# --- Fairness -------------------------------------------------------------------------------------------


def nights(found: Floor, name: str, weeks: int, *, before: date = WEEK) -> None:
    """So many published weeks of five nights (22:00 to 07:00 UTC) each, the last of them the week before."""
    night, _ = ShiftTemplate.objects.get_or_create(
        name="Night", starts_at=time(22), minutes=540, zone="UTC", defaults={"pauses": PAUSES}
    )
    found.templates["Night"] = night.pk
    for back in range(1, weeks + 1):
        monday = before - timedelta(weeks=back)
        plan, _ = SchedulePlan.objects.get_or_create(
            queue_id=found.queue_id, week_start=monday, defaults={"zone": "UTC"}
        )
        for number in range(5):
            add(plan, found, name, number, "Night")
        plan.refresh_from_db()
        publish(plan_id=plan.pk, version=plan.version, reason="Nights", by=BY, now=NOW)


@pytest.mark.services
def test_what_was_carried_is_of_the_versions_that_hold_in_eight_weeks_without_absences(
    alpha: Any, ground: Floor
) -> None:
    ids = list(ground.actors.values())
    with enter(alpha.ref()):
        assert carried(ids, WEEK) == dict.fromkeys(ids, Burden())
        nights(ground, "Ana", 9)
        assert carried(ids, WEEK)[ground.actors["Ana"]] == Burden(8 * 5 * 540, 8 * 5 * 480, 8 * 60, 0)
        last = SchedulePlan.objects.get(week_start=WEEK - timedelta(weeks=1))
        last.shifts.all().delete()
        add(last, ground, "Ben", 5, "From 6")
        publish(plan_id=last.pk, version=last.version, reason="Ben instead", by=BY, now=NOW)
        found = carried(ids, WEEK)
        assert found[ground.actors["Ana"]].night == 7 * 5 * 480
        assert found[ground.actors["Ben"]] == Burden(540, 0, 540, 0)
        day = WEEK - timedelta(weeks=2)
        report_absence(actor_id=ground.actors["Ana"], first_day=day, last_day=day, kind="sick", by=BY, now=NOW)
        assert carried(ids, WEEK)[ground.actors["Ana"]].night == (7 * 5 - 1) * 480


@pytest.mark.services
def test_who_carried_the_nights_is_spared_the_next_and_newcomers_owe_nothing(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        nights(ground, "Ana", 2)
        days = SchedulePlan.objects.get(week_start=WEEK - timedelta(weeks=1))
        for number in range(5):
            add(days, ground, "Ben", number, "From 6")
        publish(plan_id=days.pk, version=days.version, reason="Days", by=BY, now=NOW)
        plan = waiting(ground)
        night = str(ground.templates["Night"])
        assert {(one.kind, one.weight) for one in kept(ground, "Ana") if one.day < 4} == {
            (night, 3), (str(ground.templates["From 14"]), 1),
        }  # fmt: skip
        assert kept(ground, "Ben") == kept(ground, "Cleo") == ()
        build_roster(plan_id=plan.pk, clock=timezone.now)
        people = [Actor.objects.get(pk=ground.actors[name]) for name in NAMES]
        found = {one.actor.display_name: one for one in balances(plan, people, list(plan.shifts.all()))}
        assert next(one.actor.display_name for one in balances(plan, people, [])) == "Ana"
        assert found["Ana"].excess == pytest.approx(4920 * 5 / 15)
        assert found["Ben"].excess == pytest.approx(-4920 * 5 / 15)
        assert sum(one.excess for one in found.values()) == pytest.approx(0)
        assert sum(one.after for one in found.values()) == pytest.approx(0)
        assert found["Cleo"].share == found["Cleo"].excess == 0


# --- What a draft makes of it ---------------------------------------------------------------------------


@pytest.mark.services
def test_an_unmet_preference_says_what_meeting_it_would_take(alpha: Any, ground: Floor) -> None:
    """Two are needed from 08:00 to 20:00, and more than two are there on Monday morning alone."""
    with enter(alpha.ref()):
        past(ground, offered=2)
        plan = drafted(ground, [
            ("Ana", 0, "From 6"), ("Ben", 0, "From 6"), ("Cleo", 0, "From 6"), ("Dario", 0, "From 14"),
            ("Ana", 1, "From 14"), ("Ben", 1, "From 14"),
        ])  # fmt: skip
        plan.requirement = staffed(ground)
        plan.save()
        state(ground, "Ana", MONDAY)
        state(ground, "Ana", EARLY)
        state(ground, "Ben", replace(MONDAY, weekday=1))
        state(ground, "Cleo", replace(EARLY, weekday=0))
        state(ground, "Dario", replace(EARLY, weekday=2))
        people = [Actor.objects.get(pk=ground.actors[name]) for name in NAMES]
        shifts = list(plan.shifts.all())
        weigher = Weigher(plan, people, shifts)
        found = {
            (one.actor.display_name, one.day.weekday()): weigher.weigh(one) for one in outcomes(plan, people, shifts)
        }
        assert {who: one.outcome for who, one in found.items()} == {
            ("Ana", 0): Outcome.UNMET, ("Ana", 1): Outcome.UNMET, ("Ben", 1): Outcome.UNMET,
            ("Cleo", 0): Outcome.MET, ("Dario", 2): Outcome.OPEN,
        }  # fmt: skip
        assert found["Ana", 0].hours == pytest.approx(0.0), "a third on Monday morning is not missed"
        assert found["Ana", 1].instead is not None
        assert found["Ana", 1].instead.pattern.name == "From 6"
        early, late = by_hand(plan, shifts, "From 6"), by_hand(plan, shifts, "From 14")
        assert found["Ben", 1].hours == pytest.approx(late[1])
        assert found["Ana", 1].hours == pytest.approx(late[1] - early[0])
        assert found["Cleo", 0].hours is None


def by_hand(plan: SchedulePlan, shifts: list[Any], template: str) -> tuple[float, float]:
    """Agent hours a shift of Tuesday from that template would win where none is yet, and those one of two there keeps."""
    from scheduling.problem import required_steps
    from scheduling.views.week import covered, short_hours

    def short(those: list[Any]) -> float:
        return short_hours(required_steps(plan), covered(plan, those).scheduled)

    [ana, ben] = [one for one in shifts if one.business_date.weekday() == 1]
    hour = int(template.removeprefix("From "))
    moved = type(ana)(
        starts_at=ana.starts_at.replace(hour=hour), ends_at=ana.starts_at.replace(hour=hour) + timedelta(minutes=540),
        pauses=ana.pauses, business_date=ana.business_date, zone="UTC",
    )  # fmt: skip
    without = [one for one in shifts if one is not ana]
    return short(without) - short([*without, moved]), short([one for one in shifts if one is not ben]) - short(shifts)


def test_a_start_no_rule_allows_says_so(alpha: Any, ground: Floor) -> None:
    """Ana ends on Monday at 23:00 and can't begin at six."""
    with enter(alpha.ref()):
        past(ground)
        plan = drafted(ground, [("Ana", 0, "From 14"), ("Ana", 1, "From 14")])
        plan.requirement = staffed(ground)
        plan.save()
        state(ground, "Ana", EARLY)
        people, shifts = [Actor.objects.get(pk=ground.actors["Ana"])], list(plan.shifts.all())
        [asked] = outcomes(plan, people, shifts)
        weighed = Weigher(plan, people, shifts).weigh(asked)
        assert (weighed.outcome, weighed.hours, weighed.instead) == (Outcome.UNMET, None, None)


@pytest.mark.services
def test_a_published_week_is_judged_by_what_was_asked_for_by_then(alpha: Any, ground: Floor) -> None:
    ana = ground.actors["Ana"]
    with enter(alpha.ref()):
        early = state(ground, "Ana", MONDAY, now=NOW - timedelta(days=1))
        plan = drafted(ground, [("Ben", 0, "From 6")])
        assert last_published(ana, WEEK) is None
        publish(plan_id=plan.pk, version=1, reason="First", by=BY, now=NOW)
        at = last_published(ana, WEEK)
        assert at == NOW == ScheduleVersion.objects.get().published_at
        assert not PublishedShift.objects.filter(actor_id=ana).exists(), "of a queue she serves, without a shift"
        take_back_preference(preference_id=early.pk, by=BY, now=NOW + timedelta(hours=1))
        state(ground, "Ana", EARLY, now=NOW + timedelta(hours=2))
        assert [one.pk for one in preferences_until(ana, at)] == [early.pk]
