"""The board's moves over HTTP: what it is told as it asks and as it moves, and the forms that need no script."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bpo.tenancy.context import enter
from interactions.models import Actor, Skill
from scheduling.models import DraftShift, SchedulePlan, ScheduleVersion
from scheduling.services import move_shift, publish
from tests.integration.scheduling.build import BY, NOW, Floor, add, drafted, employ, floor
from tests.integration.scheduling.test_moving import by, tuesday
from tests.people import sign_in
from tests.statements import statements

SIX = datetime(2026, 12, 1, 6, tzinfo=UTC)  # Tuesday's
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def ground(alpha: Any) -> Floor:
    return floor(alpha, employ("Ana", "Ben", "Cleo"))


def test_the_board_asks_what_a_move_would_meet_and_nothing_is_kept(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan, shift = tuesday(ground)
    with enter(alpha.ref()):
        add(plan, ground, "Ana", 2, "From 6")
    browser = sign_in("alpha", "planner")
    fine = browser.get(f"/board/shifts/{shift.pk}/move/", {"start": "2026-12-01T07:00:00Z"}).json()
    assert fine == {
        "broken": [],
        "kept": "rest 14 h of 11 h, week 16.0 of 40.0 h, 2 of 5 days",
        "offer": None,
    }
    wrong = browser.get(f"/board/shifts/{shift.pk}/move/", {"start": "2026-12-01T11:00:00Z"}).json()
    assert wrong["broken"] == [
        {"rule": "10 h of rest, the rule is 11 h", "whom": "Their shift of Wed 2 Dec is 06:00–15:00."}
    ]
    assert (wrong["offer"]["time"], wrong["offer"]["date"]) == ("10:00", "2026-12-01")
    out = browser.get(f"/board/shifts/{shift.pk}/move/", {"start": "2026-12-09T11:00:00Z"}).json()
    assert "A shift stays in its week" in out["broken"][0]["rule"]
    assert browser.get(f"/board/shifts/{shift.pk}/move/").status_code == 404
    with enter(alpha.ref()):
        assert plan.shifts.get(pk=shift.pk).starts_at == SIX
    with enter(alpha.ref()):
        assert SchedulePlan.objects.get().version == 1


def test_the_board_moves_a_shift_and_is_told_what_it_is_now(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan, shift = tuesday(ground)
    browser = sign_in("alpha", "planner")
    sent = {"start": "2026-12-01T07:15:00Z", "actor": str(ground.actors["Ben"]), "version": 1}
    answer = browser.post(f"/board/shifts/{shift.pk}/move/", sent, **JSON).json()
    assert answer == {
        "told": "Ben’s shift is 07:15–16:15 now.",
        "version": 2,
        "shift": {
            "id": str(shift.pk), "actor": str(ground.actors["Ben"]), "start": 1875, "end": 2415, "after": [120, 240],
        },
    }  # fmt: skip
    stale = browser.post(f"/board/shifts/{shift.pk}/move/", sent | {"start": "2026-12-01T08:00:00Z"}, **JSON)
    assert stale.status_code == 409
    assert stale.json()["stale"] is True
    with enter(alpha.ref()):
        add(plan, ground, "Ben", 2, "From 6")
    refused = browser.post(
        f"/board/shifts/{shift.pk}/move/", sent | {"start": "2026-12-01T12:00:00Z", "version": 2}, **JSON
    )
    assert refused.status_code == 409
    assert refused.json()["told"] == "Not placed: 9 h of rest, the rule is 11 h"
    assert refused.json()["offer"]["start"] == "2026-12-01T10:00:00+00:00"
    back = browser.post(f"/board/plans/{plan.pk}/undo/", {"version": 2}, **JSON).json()
    assert back["told"] == "Taken back: Ana’s shift is 06:00–15:00 again."
    pause = browser.post(f"/board/shifts/{shift.pk}/break/", {"number": 0, "after": 60, "version": 3}, **JSON).json()
    assert pause["shift"]["after"] == [60, 240]


def test_without_script_the_panels_forms_move_and_lead_back_to_the_board(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan, shift = tuesday(ground)
    browser = sign_in("alpha", "planner")
    panel = re.sub(r"\s+", " ", browser.get(f"/board/shifts/{shift.pk}/").content.decode())
    assert 'name="time" step="900" value="06:00"' in panel
    sent = {"day": "2026-12-02", "time": "09:30", "version": 1}
    answer = browser.post(f"/board/shifts/{shift.pk}/move/", sent)
    assert answer["Location"].endswith("&day=2026-12-02")
    page = browser.get(answer["Location"]).content.decode()
    assert "Ana’s shift is 09:30–18:30 now." in page
    assert ">09:30–18:30</a>" in page, "in words, too"
    browser.post(f"/board/shifts/{shift.pk}/break/", {"number": 1, "time": "14:00", "version": 2})
    with enter(alpha.ref()):
        assert [one.after for one in plan.shifts.get().breaks] == [120, 270]
    with enter(alpha.ref()):
        add(plan, ground, "Ana", 3, "From 6")
    answer = browser.post(f"/board/shifts/{shift.pk}/move/", sent | {"time": "12:00", "version": 3})
    page = browser.get(answer["Location"]).content.decode()
    assert "Not placed: 9 h of rest, the rule is 11 h. The nearest legal start is Wed 2 Dec, 10:00." in page
    answer = browser.post(f"/board/shifts/{shift.pk}/move/", {"day": "2026-12-02", "version": 3})
    assert "Say when it starts" in browser.get(answer["Location"]).content.decode()
    assert browser.post(f"/board/shifts/{shift.pk}/move/", {"day": "2026-12-02", "time": "09:00"}).status_code == 404


def test_a_break_after_midnight_is_moved_by_its_time(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan, shift = tuesday(ground)
    late = SIX + timedelta(hours=14)
    with enter(alpha.ref()):
        DraftShift.objects.update(starts_at=late, ends_at=late + timedelta(hours=9))
    sign_in("alpha", "planner").post(f"/board/shifts/{shift.pk}/break/", {"number": 1, "time": "01:00", "version": 1})
    with enter(alpha.ref()):
        assert [one.after for one in plan.shifts.get().breaks] == [120, 300]


def test_after_a_move_the_page_learns_what_publishing_would_change(alpha: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan, shift = tuesday(ground)
    with enter(alpha.ref()):
        publish(plan_id=plan.pk, version=1, reason="First", by=BY, now=NOW)
    browser = sign_in("alpha", "planner")
    assert "as published, version 1" in browser.get(f"/board/plans/{plan.pk}/after/").content.decode()
    with enter(alpha.ref()):
        move_shift(shift_id=shift.pk, actor_id=shift.actor_id, **by(1, 2))
    found = browser.get(f"/board/plans/{plan.pk}/after/").content.decode()
    assert "draft; 1 new, 1 gone since version 1" in found
    assert "Publish week" in found
    with enter(alpha.ref()):
        assert ScheduleVersion.objects.count() == 1


def test_who_may_not_plan_moves_nothing_and_another_clients_shifts_are_not_there(
    alpha: Any, beta: Any, ground: Floor
) -> None:
    with enter(alpha.ref()):
        plan, shift = tuesday(ground)
    sent = {"start": "2026-12-01T07:15:00Z", "version": 1}
    paths = (f"/board/shifts/{shift.pk}/move/", f"/board/shifts/{shift.pk}/break/", f"/board/plans/{plan.pk}/undo/")
    lead, theirs = sign_in("alpha", "team_lead"), sign_in("beta", "planner")
    for path in paths:
        assert lead.post(path, sent).status_code == 403
        assert theirs.post(path, sent).status_code == 404
    with enter(alpha.ref()):
        assert plan.shifts.get().starts_at == SIX


def test_what_a_move_asks_of_the_database_does_not_grow_with_the_agents(alpha: Any) -> None:
    found = floor(alpha, {})
    with enter(alpha.ref()):
        plan = drafted(found, [])
    browser = sign_in("alpha", "planner")
    counts = []
    for names in (("P1",), ("P2", "P3")):
        more = employ(*names)
        with enter(alpha.ref()):
            for name in more:
                actor = Actor.objects.create(display_name=name, pseudonym=f"Agent {name}")
                Skill.objects.create(actor=actor, queue_id=found.queue_id)
                found.actors[name] = actor.pk
                add(plan, found, name, 1, "From 6")
            one = plan.shifts.get(actor_id=found.actors["P1"])
        path, start = f"/board/shifts/{one.pk}/move/", {"start": "2026-12-01T07:00:00Z"}
        browser.get(path, start)
        counts.append(
            (
                statements(lambda path=path, start=start: browser.get(path, start)),
                statements(lambda: browser.get(f"/board/plans/{plan.pk}/after/")),
                statements(lambda: browser.get("/board/?queue=billing&week=2026-11-30&day=week")),
            )
        )
    assert counts[0] == counts[1]
    assert counts[0] == (12, 9, 18)
