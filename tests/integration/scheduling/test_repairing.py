"""Absences of a published week, and the least change that makes up for them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from bpo.audit.models import Entry
from bpo.notices.models import Notice
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from interactions.models import Actor, Skill
from scheduling.errors import Clash, NotPossible
from scheduling.models import Absence, DraftShift, PublishedShift, Repair, SchedulePlan, ScheduleVersion, ShiftTemplate
from scheduling.problem import planned
from scheduling.selectors import current_version
from scheduling.services import (
    accept_repair,
    add_shift,
    ask_repair,
    discard_repair,
    lose_repair,
    publish,
    report_absence,
    withdraw_absence,
)
from scheduling.services.changing import RuleBroken
from scheduling.services.repairing import find_repair
from tests.integration.scheduling.build import BY, NOW, WEEK, Floor, add, drafted, employ, floor, past, staffed
from tests.people import sign_in
from tests.statements import statements
from workforce.models import WorkBlock

NAMES = ("Ana", "Ben", "Cleo", "Dario")
MONDAY, TUESDAY = WEEK, WEEK + timedelta(days=1)
WORKED = [
    ("Ana", 0, "From 6"),
    ("Ana", 1, "From 6"),
    ("Ben", 0, "From 14"),
    ("Ben", 1, "From 14"),
    ("Cleo", 0, "From 6"),
]


@pytest.fixture
def ground(alpha: Any) -> Floor:
    """Two people needed from 08:00 to 20:00; three work on Monday and two on Tuesday."""
    found = floor(alpha, employ(*NAMES))
    with enter(alpha.ref()):
        past(found, offered=2)
        plan = drafted(found, WORKED)
        plan.requirement = staffed(found)
        plan.save()
        publish(plan_id=plan.pk, version=1, reason="First", by=BY, now=NOW)
    return found


def gone(found: Floor, name: str, *days: date) -> Absence:
    return report_absence(
        actor_id=found.actors[name], first_day=days[0], last_day=days[-1], kind="sick", by=BY, now=NOW
    )  # fmt: skip


def looked_for(*, now: datetime = NOW, **more: Any) -> Repair:
    """Asked for and found, as a worker does it."""
    asked: dict[str, Any] = {
        "lead": timedelta(hours=2), "notice": timedelta(hours=48), "change_hours": 1.0, "short_notice_hours": 2.0,
    }  # fmt: skip
    made = ask_repair(plan_id=SchedulePlan.objects.get().pk, by=BY, now=now, **(asked | more))
    find_repair(repair_id=made.pk, clock=lambda: now)
    return Repair.objects.get(pk=made.pk)


def week(version: ScheduleVersion) -> set[tuple[str, int, int]]:
    """Person, day of the week, hour of the beginning."""
    return {
        (one.actor.display_name, one.business_date.weekday(), one.starts_at.hour)
        for one in version.shifts.select_related("actor")
    }


@pytest.mark.services
def test_somebody_else_comes_in_and_only_who_is_concerned_is_told(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        gone(ground, "Ana", TUESDAY)
        found = looked_for()
        assert found.state == "proposed"
        assert [one["kind"] for one in found.changes] == ["absent", "added"]
        assert found.status == "optimal"
        [missing, added] = found.changes
        assert (missing["actor"], missing["before"]["day"], missing["after"]) == (
            str(ground.actors["Ana"]), "2026-12-01", None
        )  # fmt: skip
        assert added["actor"] in (str(ground.actors["Cleo"]), str(ground.actors["Dario"]))
        assert added["after"]["starts_at"] == "2026-12-01T06:00:00+00:00"
        assert found.short_absent > found.short_published >= found.short_after
        told = Notice.objects.count()
        made = accept_repair(repair_id=found.pk, reason="Ana is away", by=BY, now=NOW)
        assert made is not None
        assert (made.number, made.reason, made.added, made.dropped) == (2, "Ana is away", 1, 1)
        name = Actor.objects.get(pk=added["actor"]).display_name
        assert week(made) == {
            ("Ana", 0, 6), ("Ben", 0, 14), ("Ben", 1, 14), ("Cleo", 0, 6), (name, 1, 6),
        }  # fmt: skip
        assert {str(one.actor_id) for one in Notice.objects.order_by("-pk")[: Notice.objects.count() - told]} == {
            added["actor"], str(ground.actors["Ana"])
        }  # fmt: skip
        assert Repair.objects.get().state == "accepted"
        done = Entry.objects.filter(action__startswith="repair.").order_by("seq").values_list("action", flat=True)
        assert list(done) == ["repair.asked", "repair.proposed", "repair.accepted"]
    assert WorkBlock.objects.count() == 5


@pytest.mark.services
def test_it_goes_through_the_outbox(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        ask_repair(
            plan_id=SchedulePlan.objects.get().pk, lead=timedelta(), notice=timedelta(), change_hours=1,
            short_notice_hours=1, by=BY, now=NOW,
        )  # fmt: skip
    job = Job.objects.get(kind="scheduling.repair")
    assert execute(job.pk, job.kind) == "done"
    with enter(alpha.ref()):
        assert Repair.objects.get().state == "proposed"
        assert Repair.objects.get().changes == [], "nobody is missing"


def test_what_runs_or_begins_too_soon_stays_as_it_is(alpha: Any, ground: Floor) -> None:
    """Monday 13:00: Ana went home in the middle of her shift, and is away on Tuesday, too."""
    now = datetime(2026, 11, 30, 13, tzinfo=UTC)
    with enter(alpha.ref()):
        gone(ground, "Ana", MONDAY, TUESDAY)
        found = looked_for(now=now)
        assert [one["kind"] for one in found.changes if one["actor"] == str(ground.actors["Ana"])] == ["absent"]
        assert {one["before"]["day"] for one in found.changes if one["before"]} == {"2026-12-01"}
        assert all(one["after"]["starts_at"] >= "2026-11-30T15:00" for one in found.changes if one["after"])
        made = accept_repair(repair_id=found.pk, reason="Away", by=BY, now=now)
        assert made is not None
        assert ("Ana", 0, 6) in week(made), "she was told of it, and began it"


def test_a_price_above_what_is_won_changes_nobody(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        gone(ground, "Ana", TUESDAY)
        assert [one["kind"] for one in looked_for(change_hours=50.0, short_notice_hours=50.0).changes] == ["absent"]
        soon = datetime(2026, 11, 30, 4, tzinfo=UTC)
        within = looked_for(now=soon, change_hours=1.0, short_notice_hours=50.0)
        assert [one["kind"] for one in within.changes] == ["absent"]
        beyond = looked_for(now=soon, notice=timedelta(hours=12), change_hours=1.0, short_notice_hours=50.0)
        assert [one["kind"] for one in beyond.changes] == ["absent", "added"]


def test_a_shift_with_times_of_its_own_may_be_kept_and_taken_over(alpha: Any, ground: Floor) -> None:
    """Published at 07:15 after a planner moved it; no template has it any more."""
    with enter(alpha.ref()):
        plan = SchedulePlan.objects.get()
        for one in DraftShift.objects.filter(business_date=TUESDAY):
            one.starts_at += timedelta(minutes=75)
            one.ends_at += timedelta(minutes=75)
            one.save()
        publish(plan_id=plan.pk, version=plan.version, reason="Later", by=BY, now=NOW)
        ShiftTemplate.objects.update(active=False)
        gone(ground, "Ana", TUESDAY)
        found = looked_for()
        assert [one["kind"] for one in found.changes] == ["absent"], "nobody else's shift says 07:15 any more"
        Absence.objects.all().delete()
        gone(ground, "Ben", MONDAY)
        assert [one["kind"] for one in looked_for().changes] == ["absent"]


def test_rest_and_other_clients_are_kept(alpha: Any, beta: Any, ground: Floor) -> None:
    """Dario is beta's on Tuesday, Cleo worked until 15:00 on Monday and may come at six: eleven hours and more."""
    from workforce.models import Employee, Seat

    theirs = Seat.objects.create(client=beta, employee=Employee.objects.get(name="Dario")).actor_id
    with enter(beta.ref()):
        with connection.cursor() as cursor:
            Actor.objects.create(pk=theirs, display_name="Dario", pseudonym="Agent 1")
            cursor.execute(
                "SELECT public.workforce_book(%s, %s, %s, %s, 'UTC', 'x')",
                [theirs, "2026-12-01 04:00Z", "2026-12-01 12:00Z", TUESDAY],
            )
    with enter(alpha.ref()):
        gone(ground, "Ana", TUESDAY)
        [_, added] = looked_for().changes
        assert added["actor"] == str(ground.actors["Cleo"])


def test_who_lost_the_skill_keeps_the_week_they_were_told(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        Skill.objects.filter(actor_id=ground.actors["Ben"]).delete()
        gone(ground, "Ana", TUESDAY)
        assert str(ground.actors["Ben"]) not in {one["actor"] for one in looked_for().changes}


@pytest.mark.parametrize("how", ["published", "absence", "withdrawn", "edited", "running"])
def test_a_proposal_is_refused_once_it_isnt_right_any_more(alpha: Any, ground: Floor, how: str) -> None:
    with enter(alpha.ref()):
        away = gone(ground, "Ana", TUESDAY)
        found = looked_for()
        plan = SchedulePlan.objects.get()
        before = (DraftShift.objects.count(), ScheduleVersion.objects.count())
        if how == "published":
            add(plan, ground, "Dario", 3, "From 6")
            publish(plan_id=plan.pk, version=plan.version, reason="More", by=BY, now=NOW)
            before = (before[0] + 1, before[1] + 1)
        elif how == "absence":
            gone(ground, "Ben", TUESDAY)
        elif how == "withdrawn":
            withdraw_absence(absence_id=away.pk, by=BY, now=NOW)
        elif how == "edited":
            DraftShift.objects.get(actor_id=ground.actors["Ana"], business_date=TUESDAY).delete()
            before = (before[0] - 1, before[1])
        else:
            SchedulePlan.objects.update(state="solving")
        with pytest.raises(NotPossible):
            accept_repair(repair_id=found.pk, reason="x", by=BY, now=NOW)
        assert (DraftShift.objects.count(), ScheduleVersion.objects.count()) == before
        assert Repair.objects.get().state == "proposed"


def test_beside_a_planners_own_changes_it_waits_in_the_draft(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        gone(ground, "Ana", TUESDAY)
        found = looked_for()
        plan = SchedulePlan.objects.get()
        add_shift(
            plan_id=plan.pk, actor_id=ground.actors["Ben"], template_id=ground.templates["From 14"],
            day=WEEK + timedelta(days=4), version=plan.version, by=BY, now=NOW,
        )  # fmt: skip
        assert accept_repair(repair_id=found.pk, reason="x", by=BY, now=NOW) is None
        assert ScheduleVersion.objects.count() == 1
        drafted_now = {
            (one.actor.display_name, one.business_date.weekday()) for one in plan.shifts.select_related("actor")
        }
        assert ("Ana", 1) not in drafted_now
        assert ("Ben", 4) in drafted_now


def test_a_clash_with_another_client_changes_nothing(alpha: Any, beta: Any, ground: Floor) -> None:
    from workforce.models import Employee, Seat

    with enter(alpha.ref()):
        gone(ground, "Ana", TUESDAY)
        found = looked_for()
        name = Actor.objects.get(pk=found.changes[1]["actor"]).display_name
    theirs = Seat.objects.create(client=beta, employee=Employee.objects.get(name=name)).actor_id
    with enter(beta.ref()), connection.cursor() as cursor:
        Actor.objects.create(pk=theirs, display_name=name, pseudonym="Agent 1")
        cursor.execute(
            "SELECT public.workforce_book(%s, %s, %s, %s, 'UTC', 'x')",
            [theirs, "2026-12-01 07:00Z", "2026-12-01 12:00Z", TUESDAY],
        )
    with enter(alpha.ref()):
        drafted_before = DraftShift.objects.count()
        with pytest.raises(Clash):
            accept_repair(repair_id=found.pk, reason="x", by=BY, now=NOW)
        assert (DraftShift.objects.count(), ScheduleVersion.objects.count()) == (drafted_before, 1)
        assert Repair.objects.get().state == "proposed"


def test_one_is_looked_for_at_a_time_and_none_of_a_week_that_isnt_published(alpha: Any, ground: Floor) -> None:
    asked: dict[str, Any] = {
        "lead": timedelta(), "notice": timedelta(), "change_hours": 1, "short_notice_hours": 1, "by": BY,
    }  # fmt: skip
    with enter(alpha.ref()):
        plan = SchedulePlan.objects.get()
        ask_repair(plan_id=plan.pk, now=NOW, **asked)
        with pytest.raises(NotPossible, match="already"):
            ask_repair(plan_id=plan.pk, now=NOW, **asked)
        with pytest.raises(IntegrityError, match="repair_is_one_at_a_time"), transaction.atomic():
            Repair.objects.create(
                plan=plan, of_version=ScheduleVersion.objects.get(), since=NOW, notice_until=NOW, change_hours=1,
                short_notice_hours=1, asked_at=NOW,
            )  # fmt: skip
        later = SchedulePlan.objects.create(queue_id=plan.queue_id, week_start=WEEK + timedelta(days=7), zone="UTC")
        with pytest.raises(NotPossible, match="published"):
            ask_repair(plan_id=later.pk, now=NOW, **asked)
        Repair.objects.update(state="proposed")
        with pytest.raises(NotPossible, match="over"):
            ask_repair(plan_id=plan.pk, now=NOW + timedelta(days=20), **asked)


def test_a_newer_question_discards_a_proposal_and_so_does_a_planner(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        first, second = looked_for(), looked_for()
        assert Repair.objects.get(pk=first.pk).state == "discarded"
        discard_repair(repair_id=second.pk, by=BY, now=NOW)
        with pytest.raises(NotPossible, match="open"):
            accept_repair(repair_id=second.pk, reason="x", by=BY, now=NOW)


def test_a_search_that_fails_says_so_and_may_be_run_again(alpha: Any, ground: Floor, monkeypatch: Any) -> None:
    from scheduling.services import repairing

    def fails(*_: Any, **__: Any) -> None:
        raise MemoryError("no room")

    with enter(alpha.ref()):
        gone(ground, "Ana", TUESDAY)
        made = ask_repair(
            plan_id=SchedulePlan.objects.get().pk, lead=timedelta(), notice=timedelta(), change_hours=1,
            short_notice_hours=1, by=BY, now=NOW,
        )  # fmt: skip
        with monkeypatch.context() as patched:
            patched.setattr(repairing, "repair", fails)
            with pytest.raises(MemoryError):
                find_repair(repair_id=made.pk, clock=lambda: NOW)
        assert (Repair.objects.get().state, Repair.objects.get().problem) == ("failed", "MemoryError: no room")
        find_repair(repair_id=made.pk, clock=lambda: NOW)
        assert Repair.objects.get().state == "proposed"


def test_a_search_whose_workers_were_all_lost_keeps_nobody_from_asking_again(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        lost = looked_for_by_nobody()
        Repair.objects.update(state="solving")
        lose_repair(repair_id=lost.pk, now=NOW)
        assert (Repair.objects.get().state, Repair.objects.get().problem) == (
            "failed",
            "Its worker was lost each time.",
        )
        again = looked_for_by_nobody()
        find_repair(repair_id=lost.pk, clock=lambda: NOW)  # a message that comes late leaves the newer one alone
        assert Repair.objects.get(pk=lost.pk).state == "failed"
        assert Repair.objects.get(pk=again.pk).state == "queued"


def looked_for_by_nobody() -> Repair:
    return ask_repair(
        plan_id=SchedulePlan.objects.get().pk, lead=timedelta(), notice=timedelta(), change_hours=1,
        short_notice_hours=1, by=BY, now=NOW,
    )  # fmt: skip


# --- Absences -------------------------------------------------------------------------------------------


def test_absences_of_a_person_do_not_overlap_whatever_writes_them(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        first = gone(ground, "Ana", MONDAY, TUESDAY)
        with pytest.raises(NotPossible, match="Ana is reported absent then already"):
            gone(ground, "Ana", TUESDAY)
        insert = (
            "INSERT INTO scheduling_absence (id, actor_id, first_day, last_day, kind, reported_at) "
            "SELECT gen_random_uuid(), actor_id, %s, %s, 'sick', now() FROM scheduling_absence WHERE withdrawn_at IS NULL"
        )
        for days, error in (
            ((TUESDAY, TUESDAY), "absences_of_a_person_do_not_overlap"), ((TUESDAY, MONDAY), "absence_ends_after"),
        ):  # fmt: skip
            with pytest.raises(IntegrityError, match=error), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(insert, days)
        with connection.cursor() as cursor:
            cursor.execute(insert, [WEEK + timedelta(days=2)] * 2)
        withdraw_absence(absence_id=first.pk, by=BY, now=NOW)
        assert gone(ground, "Ana", MONDAY).pk


def test_nobody_is_given_a_shift_on_a_day_they_are_absent(alpha: Any, ground: Floor) -> None:
    """By hand it is refused with its reason, and a roster that is built leaves them out."""
    with enter(alpha.ref()):
        gone(ground, "Dario", TUESDAY)
        plan = SchedulePlan.objects.get()
        given: dict[str, Any] = {
            "plan_id": plan.pk, "actor_id": ground.actors["Dario"], "template_id": ground.templates["From 6"], "by": BY,
        }  # fmt: skip
        with pytest.raises(RuleBroken) as refused:
            add_shift(day=TUESDAY, version=plan.version, now=NOW, **given)
        assert [one.rule for one in refused.value.broken] == ["absent"]
        add_shift(day=TUESDAY + timedelta(days=1), version=plan.version, now=NOW, **given)
        person = next(one for one in planned(plan).problem.people if one.key == str(ground.actors["Dario"]))
        assert person.days_off == {1}


def test_an_absence_is_of_one_to_31_days_and_withdrawn_once(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        for last in (MONDAY - timedelta(days=1), MONDAY + timedelta(days=31)):
            with pytest.raises(NotPossible, match="1 to 31 days"):
                gone(ground, "Ana", MONDAY, last)
        found = gone(ground, "Ana", MONDAY, MONDAY + timedelta(days=30))
        withdraw_absence(absence_id=found.pk, by=BY, now=NOW)
        with pytest.raises(NotPossible, match="already"):
            withdraw_absence(absence_id=found.pk, by=BY, now=NOW)


# --- The page -------------------------------------------------------------------------------------------


def test_the_page_from_an_absence_to_a_version(alpha: Any, ground: Floor) -> None:
    with time_machine.travel(NOW, tick=True):
        browser = sign_in("alpha", "planner")
        with enter(alpha.ref()):
            plan = SchedulePlan.objects.get()
        here = f"/board/plans/{plan.pk}/repair/"
        page = browser.get(here).content.decode()
        assert "Nobody is reported absent" in page
        with enter(alpha.ref()):
            shift = plan.shifts.get(actor_id=ground.actors["Ana"], business_date=TUESDAY)
        way = f"{here}?who={ground.actors['Ana']}&amp;day=2026-12-01"
        assert way in browser.get(f"/board/shifts/{shift.pk}/").content.decode()
        page = browser.get(way.replace("&amp;", "&")).content.decode()
        assert f'<option value="{ground.actors["Ana"]}" selected>' in page
        assert page.count('value="2026-12-01"') == 2
        sent = {"actor": str(ground.actors["Ana"]), "first_day": "2026-12-01", "last_day": "2026-12-01", "kind": "sick"}
        assert browser.post(f"/board/plans/{plan.pk}/absences/add/", sent).headers["Location"] == here
        again = browser.post(f"/board/plans/{plan.pk}/absences/add/", sent)
        assert again.status_code == 422
        assert "Ana is reported absent then already" in again.content.decode()
        wrong = browser.post(f"/board/plans/{plan.pk}/absences/add/", sent | {"last_day": ""})
        assert wrong.status_code == 422
        asked = {"lead": "2", "notice": "48", "change_hours": "1", "short_notice_hours": "x"}
        assert browser.post(f"/board/plans/{plan.pk}/repair/find/", asked).status_code == 422
        browser.post(f"/board/plans/{plan.pk}/repair/find/", asked | {"short_notice_hours": "2"})
        assert "Waiting for a worker" in browser.get(here).content.decode()
        with enter(alpha.ref()):
            found = Repair.objects.get()
        assert "HX-Refresh" not in browser.get(f"/board/repairs/{found.pk}/progress/").headers
        with enter(alpha.ref()):
            find_repair(repair_id=found.pk, clock=lambda: NOW)
        assert browser.get(f"/board/repairs/{found.pk}/progress/").headers["HX-Refresh"] == "true"
        page = browser.get(here).content.decode()
        assert "1 change wins back" in page
        done = browser.post(f"/board/repairs/{found.pk}/accept/", {"reason": "Ana is away"})
        assert done.headers["Location"].startswith("/board/?queue=billing")
        with enter(alpha.ref()):
            made = current_version(ground.queue_id, WEEK)
            assert made is not None
            assert (made.number, made.reason) == (2, "Ana is away")
            assert not PublishedShift.objects.filter(version=made, actor_id=ground.actors["Ana"], business_date=TUESDAY)
        assert "accepted" in browser.get(here).content.decode()


def test_withdrawn_and_discarded_on_the_page(alpha: Any, ground: Floor) -> None:
    with time_machine.travel(NOW, tick=True):
        browser = sign_in("alpha", "planner")
        with enter(alpha.ref()):
            plan, away = SchedulePlan.objects.get(), gone(ground, "Ana", TUESDAY)
            found = looked_for()
        browser.post(f"/board/absences/{away.pk}/withdraw/", {"plan": str(plan.pk)})
        assert (
            "The absences changed since this was proposed"
            in browser.get(f"/board/plans/{plan.pk}/repair/").content.decode()
        )
        browser.post(f"/board/repairs/{found.pk}/discard/")
        with enter(alpha.ref()):
            assert (Repair.objects.get().state, Absence.objects.get().withdrawn_at is None) == ("discarded", False)


@pytest.mark.parametrize("names", [["Ana"], ["Ana", "Ben", "Cleo"]])
def test_the_page_asks_as_often_for_one_absence_as_for_three(alpha: Any, ground: Floor, names: list[str]) -> None:
    with time_machine.travel(NOW, tick=True):
        browser = sign_in("alpha", "planner")
        with enter(alpha.ref()):
            plan = SchedulePlan.objects.get()
            for name in names:
                gone(ground, name, TUESDAY)
            looked_for()
        browser.get(f"/board/plans/{plan.pk}/repair/")
        found = statements(lambda: browser.get(f"/board/plans/{plan.pk}/repair/"))
    assert found == 11
