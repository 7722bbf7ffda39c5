"""What an agent sees of their own schedule, on screen and over the API."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone

from bpo.tenancy.context import enter
from interactions.models import Actor, Skill
from scheduling.models import PublishedShift, SchedulePlan, ShiftTemplate
from scheduling.services import add_shift, publish
from scheduling.views.mine import card
from tests.integration.scheduling.build import BY, NOW, PAUSES, WEEK, Floor, add, drafted, employ, floor
from tests.people import sign_in
from tests.statements import statements
from workforce.models import Employee, Seat


@pytest.fixture
def ground(alpha: Any) -> Floor:
    return floor(alpha, employ("Ana", "Ben"))


def agent(client: Any, floor: Floor) -> Any:
    """A signed-in agent who serves the queue."""
    browser = sign_in(client.key, "agent")
    with enter(client.ref()):
        actor = Actor.objects.get(display_name="Agent")
        Skill.objects.create(actor=actor, queue_id=floor.queue_id)
        floor.actors["Me"] = actor.pk
    return browser


def put_out(plan: SchedulePlan, reason: str = "First") -> None:
    plan.refresh_from_db()
    publish(plan_id=plan.pk, version=plan.version, reason=reason, by=BY, now=NOW)


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    return datetime(2026, 11, 30, hour, minute, tzinfo=UTC) + timedelta(days=day)


@override_settings(SESSION_IDLE_MINUTES=1440)  # one browser looks in all day long
def test_today_counts_down_to_what_comes_next(alpha: Any, ground: Floor) -> None:
    with time_machine.travel(at(11), tick=True):
        browser = agent(alpha, ground)
        assert "No shift published for you" in text(browser.get("/today/"))
    with enter(alpha.ref()):
        put_out(drafted(ground, [("Me", 0, "From 14"), ("Me", 1, "From 14"), ("Ana", 0, "From 6")]))

    def seen(moment: datetime) -> str:
        with time_machine.travel(moment, tick=False):
            return text(browser.get("/today/"))

    assert 'Your shift starts in</span><span class="ink2 num">14:00' in seen(at(12))
    page = seen(at(14, 27))
    assert 'Next break in</span><span class="ink2 num">16:00, 15 min, paid' in page
    assert '<p class="figure">1 h 33 min</p>' in page
    assert "Tomorrow 14:00–23:00" in page
    assert "15 h of rest before it" in page
    assert "Back from break in" in seen(at(16, 5))
    assert 'Your meal in</span><span class="ink2 num">18:00, 60 min, unpaid' in seen(at(17))
    assert 'Your shift ends in</span><span class="ink2 num">23:00' in seen(at(20))
    assert "06:00" not in page  # Ana's
    with enter(alpha.ref()):
        found = card(ground.actors["Me"], at(12, 0, -2))
    assert found["shift"] is None
    assert (found["following"]["day"], found["following"]["times"]) == ("Mon 30 Nov", "14:00–23:00")


@override_settings(SESSION_IDLE_MINUTES=1440)  # one browser looks in all day long
def test_a_night_shift_belongs_to_the_day_it_starts_and_names_its_zone(alpha: Any, ground: Floor) -> None:
    with time_machine.travel(at(12), tick=True):
        browser = agent(alpha, ground)
    with enter(alpha.ref()):
        night = ShiftTemplate.objects.create(
            name="Night", starts_at=time(22), minutes=540, zone="Asia/Manila", pauses=PAUSES
        )
        plan = drafted(ground, [])
        add_shift(
            plan_id=plan.pk, actor_id=ground.actors["Me"], template_id=night.pk, day=WEEK, version=1, by=BY, now=NOW
        )
        put_out(plan)
        shift = PublishedShift.objects.get()
        assert (shift.business_date, shift.starts_at, shift.ends_at) == (WEEK, at(14), at(23))
    with time_machine.travel(at(18), tick=False):  # 02:00 on Tuesday in Manila
        page = text(browser.get("/my-schedule/?week=2026-11-30"))
        today = text(browser.get("/today/"))
    assert "Manila time. 8 h" in page
    assert re.search(
        r"<span>Mon</span><b>30</b></span> <span class=\"grow\"><span class=\"when num\">22:00–07:00", page
    )
    assert page.count("Day off") == 6
    assert "Shift from 22:00 to 07:00 Manila time" in today


def test_a_change_is_marked_with_what_it_was_and_why(alpha: Any, ground: Floor) -> None:
    browser = agent(alpha, ground)
    with enter(alpha.ref()):
        plan = drafted(ground, [("Me", 0, "From 14"), ("Me", 1, "From 14"), ("Ana", 3, "From 6")])
        put_out(plan)
    page = text(browser.get("/my-schedule/?week=2026-11-30"))
    assert "changed</b>" not in page
    with enter(alpha.ref()):
        plan.shifts.filter(actor_id=ground.actors["Me"]).delete()
        add(plan, ground, "Me", 0, "From 6")
        add(plan, ground, "Me", 4, "From 6")
        put_out(plan, "Mornings are short")
    page = text(browser.get("/my-schedule/?week=2026-11-30"))
    assert "Monday changed</b><br>Was 14:00–23:00, now 06:00–15:00." in page
    assert "Tuesday changed</b><br>Was 14:00–23:00, now a day off." in page
    assert "Friday changed</b><br>Was a day off, now 06:00–15:00." in page
    assert "Thursday changed" not in page
    assert "Mornings are short" in page
    assert browser.get("/my-schedule/?week=never").status_code == 404


def test_a_moved_break_is_marked_with_what_it_was(alpha: Any, ground: Floor) -> None:
    browser = agent(alpha, ground)
    with enter(alpha.ref()):
        plan = drafted(ground, [("Me", 0, "From 14"), ("Me", 1, "From 14")])
        put_out(plan)
        first = plan.shifts.order_by("starts_at")[0]
        first.pauses = [first.pauses[0], {**first.pauses[1], "after": 300}]
        first.save()
        put_out(plan, "Lunch is busy")
    page = text(browser.get("/my-schedule/?week=2026-11-30"))
    assert (
        "Monday changed</b><br>Breaks were: break 16:00–16:15, meal 18:00–19:00. Now: break 16:00–16:15, meal 19:00–20:00."
        in page
    )
    assert page.count("breaks moved") == 1
    assert "Tuesday changed" not in page
    assert "Lunch is busy" in page


def test_me_says_what_one_does_and_how_one_is_told(alpha: Any, ground: Floor) -> None:
    browser = agent(alpha, ground)
    page = text(browser.get("/me/"))
    for words in ("Serves customers; sees own work.", "My shifts are published or changed", "Sign out"):
        assert words in page
    browser.post("/notices/preferences/", {"shift_published.by_mail": "on"})
    assert 'name="shift_published.by_mail" checked' in text(browser.get("/me/"))


def test_shifts_over_the_api_are_ones_own_or_all(alpha: Any, beta: Any, ground: Floor) -> None:
    browser = agent(alpha, ground)
    with enter(alpha.ref()):
        plan = drafted(ground, [("Me", 0, "From 14"), ("Ana", 0, "From 6"), ("Ben", 2, "From 6")])
        put_out(plan)
        plan.shifts.filter(actor_id=ground.actors["Ben"]).delete()
        put_out(plan, "Without Ben")
    own = browser.get("/api/v1/shifts/").json()["results"]
    assert [(one["actor_name"], one["starts_at"], one["paid_minutes"]) for one in own] == [
        ("Agent", "2026-11-30T14:00:00Z", 480)
    ]
    assert own[0]["pauses"] == PAUSES
    assert (own[0]["queue"], own[0]["version"], own[0]["business_date"]) == ("billing", 2, "2026-11-30")
    planner = sign_in("alpha", "planner")
    every = planner.get("/api/v1/shifts/").json()["results"]
    assert sorted(one["actor_name"] for one in every) == ["Agent", "Ana"]
    ana = next(one for one in every if one["actor_name"] == "Ana")
    assert browser.get(f"/api/v1/shifts/{ana['id']}/").status_code == 404
    assert planner.get(f"/api/v1/shifts/{ana['id']}/").status_code == 200
    assert sign_in("beta", "planner").get(f"/api/v1/shifts/{ana['id']}/").status_code == 404
    assert sign_in("alpha", "client_user").get("/api/v1/shifts/").status_code == 403
    for query, count in (
        (f"actor={ground.actors['Ana']}", 1), ("queue=billing", 2), ("queue=other", 0),
        ("business_date_from=2026-11-30&business_date_to=2026-11-30", 2), ("business_date_from=2026-12-01", 0),
    ):  # fmt: skip
        assert len(planner.get(f"/api/v1/shifts/?{query}").json()["results"]) == count, query


def publish_for(client: Any, floor: Floor, count: int) -> None:
    """So many people with a shift each, in a week of their own."""
    with enter(client.ref()):
        week = date(2027, 1, 4) + timedelta(weeks=SchedulePlan.objects.count())
    for _ in range(count):
        number = Employee.objects.count() + 1
        employee = Employee.objects.create(number=f"B{number}", name=f"P{number}", created_at=timezone.now())
        floor.actors[f"P{number}"] = Seat.objects.create(client=client, employee=employee).actor_id
        with enter(client.ref()):
            Actor.objects.create(pk=floor.actors[f"P{number}"], display_name=f"P{number}", pseudonym=f"Agent {number}x")
    names = [name for name in floor.actors if name.startswith("P")][-count:]
    with enter(client.ref()):
        put_out(drafted(floor, [(name, 0, "From 6") for name in names], week=week))


def test_the_list_of_shifts_costs_the_same_at_one_row_and_at_three(alpha: Any, ground: Floor) -> None:
    browser = sign_in("alpha", "planner")
    publish_for(alpha, ground, 1)
    browser.get("/api/v1/shifts/")
    at_one = statements(lambda: browser.get("/api/v1/shifts/"))
    publish_for(alpha, ground, 2)
    assert len(browser.get("/api/v1/shifts/").json()["results"]) == 3
    assert (at_one, statements(lambda: browser.get("/api/v1/shifts/"))) == (5, 5)


def test_ones_week_costs_the_same_at_one_shift_and_at_three(alpha: Any, ground: Floor) -> None:
    browser = agent(alpha, ground)
    counts = []
    with enter(alpha.ref()):
        plan = drafted(ground, [("Me", 0, "From 6")])
        put_out(plan)
    browser.get("/my-schedule/?week=2026-11-30")
    counts.append(statements(lambda: browser.get("/my-schedule/?week=2026-11-30")))
    with enter(alpha.ref()):
        add(plan, ground, "Me", 1, "From 6")
        add(plan, ground, "Me", 2, "From 6")
        put_out(plan, "More")
    counts.append(statements(lambda: browser.get("/my-schedule/?week=2026-11-30")))
    assert counts == [10, 10]


def test_the_palette_finds_boards(alpha: Any, ground: Floor) -> None:
    from bpo.permissions import Permission, Principal
    from bpo.slots import Query
    from scheduling.providers import search

    def who(*permissions: Permission) -> Principal:
        return Principal(UUID(int=1), "P", "staff", frozenset({"planner"}), False, permissions=frozenset(permissions))

    with enter(alpha.ref()):
        put_out(drafted(ground, [("Ana", 0, "From 6")]))
        [hit] = search(Query("bill", who(Permission.SEE_SCHEDULE))) or []
        assert hit.url.startswith("/board/?queue=billing&week=")
        [week] = search(Query("2026-11", who(Permission.SEE_SCHEDULE))) or []
        assert week.url == "/board/?queue=billing&week=2026-11-30"
        assert search(Query("bill", who())) is None
