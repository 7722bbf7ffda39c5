"""The planner's screens, from history to a published board."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from interactions.models import Actor, Queue, Skill
from scheduling.models import (
    DraftShift,
    PublishedShift,
    Requirement,
    RequirementInterval,
    SchedulePlan,
    ScheduleVersion,
)
from scheduling.services import build_roster, publish, report_absence
from tests.integration.scheduling.build import BY, NOW, WEEK, Floor, being_built, drafted, employ, floor, past
from tests.people import sign_in
from tests.statements import statements
from workforce.models import Employee, Seat, WorkBlock

ABOUT = {"queue": "billing", "week": "2026-11-30"}
QUERY = "?queue=billing&week=2026-11-30"


@pytest.fixture
def ground(alpha: Any) -> Floor:
    found = floor(alpha, employ("Ana", "Ben", "Cleo", "Dario"))
    with enter(alpha.ref()):
        past(found)
    return found


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def drawn(page: str) -> dict[str, Any]:
    """What the page gives its script to draw from."""
    found = re.search(r'<script id="board-data" type="application/json">(.*?)</script>', page)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_without_a_queue_the_planner_is_told_what_is_missing(alpha: Any) -> None:
    browser = sign_in("alpha", "planner")
    for path in ("/forecast/", "/staffing/", "/board/"):
        assert "No queue yet" in text(browser.get(path))


@pytest.mark.services
def test_from_history_to_a_published_week(alpha: Any, ground: Floor) -> None:
    with time_machine.travel(NOW, tick=True):
        browser = sign_in("alpha", "planner")
        assert "This week is not forecast yet" in text(browser.get("/forecast/"))
        browser.post("/forecast/make/", ABOUT)
        page = text(browser.get("/forecast/"))
        assert "About 1,008 expected, as in the last four weeks" in page
        assert "Forecast, week of 30 Nov" in page
        browser.post("/staffing/make/", ABOUT)
        page = text(browser.get("/staffing/"))
        assert "Erlang C, 80" in page
        with enter(alpha.ref()):
            row = RequirementInterval.objects.get(starts_at=datetime(2026, 11, 30, 12, tzinfo=UTC))
            requirement = Requirement.objects.get()
        assert f'href="/staffing/interval/{row.pk}/"' in page
        panel = text(browser.get(f"/staffing/interval/{row.pk}/"))
        for words in ("6.00 × 300.0 s ÷ 1,800 s", "1.00 Erlang", "Mean of 6 days", "Shrinkage 12"):
            assert words in panel
        browser.post("/board/build/", {"requirement": requirement.pk, "seconds": 3})
        assert "Waiting for a worker" in text(browser.get(f"/board/{QUERY}"))
        assert Job.objects.filter(kind="scheduling.build", client_id=alpha.pk).count() == 1
        with enter(alpha.ref()):
            build_roster(plan_id=SchedulePlan.objects.get().pk, clock=timezone.now)
            plan = SchedulePlan.objects.get()
            count = plan.shifts.count()
        assert browser.get(f"/board/plans/{plan.pk}/progress/").headers["HX-Refresh"] == "true"
        page = text(browser.get(f"/board/{QUERY}"))
        assert "draft, never published" in page
        assert "covered of" in page
        panel = text(browser.get(f"/board/plans/{plan.pk}/publish/"))
        assert f"{count} shifts are booked in the work ledger, 0 given back" in panel
        browser.post(f"/board/plans/{plan.pk}/publish/", {"version": plan.version, "reason": "First"})
        page = text(browser.get(f"/board/{QUERY}"))
        assert f"Version 1 is published: {count} shifts booked." in page
        assert "as published, version 1" in page
    with enter(alpha.ref()):
        assert PublishedShift.objects.count() == count
    assert WorkBlock.objects.count() == count


def test_targets_are_recalculated_and_a_wrong_one_is_marked(alpha: Any, ground: Floor) -> None:
    with time_machine.travel(NOW, tick=True):
        browser = sign_in("alpha", "planner")
        browser.post("/forecast/make/", ABOUT)
        target = {"service_level": 90, "seconds": 10, "shrinkage": 20, "minimum": 1, "concurrency": 1, "patience": 120}
        browser.post("/staffing/make/", ABOUT | target)
        assert "Erlang A, 90" in text(browser.get("/staffing/"))
        wrong = browser.post("/staffing/make/", ABOUT | target | {"shrinkage": 100})
        assert wrong.status_code == 422
        assert "less than or equal to 90" in wrong.content.decode()


def test_days_of_absence_stand_in_the_lanes_of_those_who_plan(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 6"), ("Ben", 1, "From 6")])
        publish(plan_id=plan.pk, version=1, reason="First", by=BY, now=NOW)
        days = {"first_day": WEEK, "last_day": WEEK + timedelta(days=1)}
        for name in ("Ana", "Cleo"):
            report_absence(actor_id=ground.actors[name], **days, kind="sick", by=BY, now=NOW)

    planner, lead = sign_in("alpha", "planner"), sign_in("alpha", "team_lead")

    def seen(who: Any, query: str = "") -> tuple[str, dict[str, Any]]:
        page = text(who.get(f"/board/{QUERY}&day=2026-11-30{query}"))
        return page, {row[1]: row[4:] for row in drawn(page)["people"]}

    page, people = seen(planner)
    assert people == {"Ana": [[0, 1]], "Ben": [], "Cleo": [[0, 1]], "Dario": []}
    assert re.search(r'data-panel-title="Cleo">absent</a>', page)
    assert "sick" not in page.lower()  # why is nobody's on a board
    assert seen(planner, "&version=1")[1] == people
    others, unknown = seen(lead)
    assert set(map(tuple, unknown.values())) == {()}
    assert ">absent<" not in others


@pytest.mark.services
def test_a_clash_is_explained_on_screen_and_nothing_is_published(alpha: Any, beta: Any) -> None:
    people = employ("Maria", "Jun")
    ours, theirs = floor(alpha, people), floor(beta, {"Maria": people["Maria"]})
    with enter(beta.ref()):
        plan = drafted(theirs, [("Maria", 1, "From 14")])
        publish(plan_id=plan.pk, version=1, reason="First", by=BY, now=NOW)
    with enter(alpha.ref()):
        plan = drafted(ours, [("Maria", 1, "From 6"), ("Jun", 0, "From 6")])
    browser = sign_in("alpha", "planner")
    answer = browser.post(f"/board/plans/{plan.pk}/publish/", {"version": 1, "reason": "x"})
    told = re.sub(r"\s+", " ", answer.content.decode())
    assert answer.status_code == 409
    assert "Nothing was published: 1 shift can’t be booked" in told
    assert "Maria</b>, Tue 1 Dec, 06:00–15:00: busy then, for another client; choose another shift." in told
    assert "beta" not in told.lower()
    with enter(alpha.ref()):
        assert not ScheduleVersion.objects.exists()
    assert not WorkBlock.objects.filter(client=alpha).exists()


@pytest.mark.services
@pytest.mark.parametrize(
    ("day", "shift", "told"),
    [
        (1, "From 14", "Tue 1 Dec, 06:00–15:00: busy then, with their shift of Retention on Tue 1 Dec, 14:00–23:00"),
        (0, "From 14", "Tue 1 Dec, 06:00–15:00: too little rest beside their shift of Retention on Mon 30 Nov, 14:00–"),
    ],
)
def test_a_clash_with_a_shift_of_the_client_s_own_says_which(alpha: Any, day: int, shift: str, told: str) -> None:
    people = employ("Maria")
    ours = floor(alpha, people)
    with enter(alpha.ref()):
        other = Floor(alpha, Queue.objects.create(key="retention", name="Retention").pk, ours.actors, ours.templates)
        plan = drafted(other, [("Maria", day, shift)])
        publish(plan_id=plan.pk, version=1, reason="First", by=BY, now=NOW)
        plan = drafted(ours, [("Maria", 1, "From 6")])
        drawn = plan.shifts.get()
    planner = sign_in("alpha", "planner")
    panel = text(planner.get(f"/board/shifts/{drawn.pk}/"))
    assert "a shift of another queue or week" in panel
    assert "another client" not in panel
    answer = planner.post(f"/board/plans/{plan.pk}/publish/", {"version": 1, "reason": "x"})
    assert answer.status_code == 409
    page = re.sub(r"\s+", " ", answer.content.decode())
    assert f"Maria</b>, {told}" in page
    assert "change one of the two." in page
    assert "another client" not in page


def test_a_build_shows_its_best_so_far_which_planners_may_take(alpha: Any) -> None:
    ours = floor(alpha, employ("Maria"))
    with enter(alpha.ref()):
        plan = being_built(ours.queue_id)
    planner, lead = sign_in("alpha", "planner"), sign_in("alpha", "team_lead")
    stop = f"/board/plans/{plan.pk}/stop/"
    page = text(planner.get(f"/board/plans/{plan.pk}/progress/"))
    assert "Best so far costs 1,200, no roster can be under 900: within 25" in page
    assert stop in page
    assert stop not in text(lead.get(f"/board/plans/{plan.pk}/progress/"))
    assert lead.post(stop).status_code == 403
    assert planner.get(stop).status_code == 405
    assert planner.post(stop).status_code == 302
    page = text(planner.get(f"/board/plans/{plan.pk}/progress/"))
    assert "It is being taken." in page
    assert stop not in page
    with enter(alpha.ref()):
        SchedulePlan.objects.update(state="draft")
    assert "This roster isn’t being built" in text(planner.post(stop, follow=True))


@pytest.mark.services
def test_busy_time_is_drawn_without_a_name_and_refuses_choices(alpha: Any, beta: Any) -> None:
    people = employ("Maria", "Jun")
    ours, theirs = floor(alpha, people), floor(beta, {"Maria": people["Maria"]})
    with enter(beta.ref()):
        plan = drafted(theirs, [("Maria", 0, "From 6")])
        publish(plan_id=plan.pk, version=1, reason="First", by=BY, now=NOW)
    with enter(alpha.ref()):
        plan = drafted(ours, [("Jun", 0, "From 6")])
    browser = sign_in("alpha", "planner")
    page = text(browser.get(f"/board/{QUERY}&day=2026-11-30"))
    assert page.count(">busy</a>") == 1, "in words"
    [maria] = [one for one in drawn(page)["people"] if one[1] == "Maria"]
    assert maria[3] == [[360, 900]], "when, and nothing else"
    assert "beta" not in page.lower()
    panel = text(browser.get(f"/board/plans/{plan.pk}/add/{ours.actors['Maria']}/2026-11-30/"))
    assert panel.count("busy then, for another client") == 2
    refused = browser.post(
        f"/board/plans/{plan.pk}/add/{ours.actors['Maria']}/2026-11-30/",
        {"template": ours.templates["From 14"], "version": 1},
    )
    assert refused.status_code == 302
    assert "Not placed: busy then" in text(browser.get(refused["Location"]))
    with enter(alpha.ref()):
        assert DraftShift.objects.count() == 1


def test_a_shift_is_changed_taken_out_and_given_in_the_panel(alpha: Any, ground: Floor) -> None:
    browser = sign_in("alpha", "planner")
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 6")])
        shift = plan.shifts.get()
    panel = text(browser.get(f"/board/shifts/{shift.pk}/"))
    assert "14:00–23:00" in panel
    browser.post(f"/board/shifts/{shift.pk}/change/", {"template": ground.templates["From 14"], "version": 1})
    with enter(alpha.ref()):
        assert plan.shifts.get().template_name == "From 14"
    stale = browser.post(f"/board/shifts/{shift.pk}/remove/", {"version": 1})
    assert "Somebody changed this plan" in text(browser.get(stale["Location"]))
    browser.post(f"/board/shifts/{shift.pk}/remove/", {"version": 2})
    browser.post(
        f"/board/plans/{plan.pk}/add/{ground.actors['Ben']}/2026-12-01/",
        {"template": ground.templates["From 6"], "version": 3},
    )
    with enter(alpha.ref()):
        given = plan.shifts.get()
        assert (given.actor_id, given.template_name) == (ground.actors["Ben"], "From 6")


@pytest.mark.services
def test_a_team_lead_reads_what_is_published_and_changes_nothing(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 6")])
        publish(plan_id=plan.pk, version=1, reason="First", by=BY, now=NOW)
        plan.shifts.all().delete()
        shift = PublishedShift.objects.get()
    lead = sign_in("alpha", "team_lead")
    page = text(lead.get(f"/board/{QUERY}"))
    assert f"/board/published/{shift.pk}/" in page
    assert "Publish week" not in page
    assert 'data-words-give="give a shift"' in page, "which the script only says on a draft"
    assert drawn(page)["draft"] is False
    assert "/add/" not in page
    assert "data-board-do" not in page
    assert "version 1" in text(lead.get(f"/board/published/{shift.pk}/"))
    assert lead.post(f"/board/plans/{plan.pk}/publish/", {"version": 2, "reason": "x"}).status_code == 403
    agent = sign_in("alpha", "agent")
    assert agent.get("/board/").status_code == 403


def test_another_clients_ids_are_not_there(alpha: Any, beta: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = drafted(ground, [("Ana", 0, "From 6")])
        shift = plan.shifts.get()
    browser = sign_in("beta", "planner")
    for path in (f"/board/shifts/{shift.pk}/", f"/board/plans/{plan.pk}/publish/", f"/board/plans/{plan.pk}/progress/"):
        assert browser.get(path).status_code == 404
    assert browser.get("/board/?queue=billing").status_code == 404


def test_the_board_asks_the_same_for_one_person_and_for_three(alpha: Any) -> None:
    ground = floor(alpha, {})
    with enter(alpha.ref()):
        plan = drafted(ground, [])
    browser = sign_in("alpha", "planner")
    template = ground.templates["From 6"]

    def add(count: int) -> None:
        for _ in range(count):
            number = Employee.objects.count() + 1
            employee = Employee.objects.create(number=f"B{number}", name=f"P{number}", created_at=timezone.now())
            seat = Seat.objects.create(client=alpha, employee=employee)
            with enter(alpha.ref()):
                actor = Actor.objects.create(pk=seat.actor_id, display_name=f"P{number}", pseudonym=f"Agent {number}x")
                Skill.objects.create(actor=actor, queue_id=ground.queue_id)
                start = datetime(2026, 11, 30, 6, tzinfo=UTC)
                DraftShift.objects.create(
                    plan=plan, actor=actor, template_id=template, template_name="From 6", starts_at=start,
                    ends_at=start + timedelta(hours=9), business_date=WEEK, zone="UTC",
                )  # fmt: skip

    counts = []
    for rows in (1, 2):
        add(rows)
        browser.get(f"/board/{QUERY}")
        counts.append(statements(lambda: browser.get(f"/board/{QUERY}")))
    assert counts == [18, 18]
