"""Planned time off on screen: a planner sets the room and cancels, an agent sees it, asks and cancels."""

import html
import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from bpo.tenancy.context import enter
from interactions.models import Actor, Queue, Team
from scheduling.models import Absence, SchedulePlan, TimeOffAllotment, TimeOffRequest
from scheduling.services import ask_time_off, set_allotments
from tests.integration.scheduling.build import BY, NOW, WEEK, employ, floor
from tests.people import sign_in
from tests.statements import statements

BOARD, MINE = "/board/time-off/", "/my-schedule/time-off/"
MONDAY = WEEK + timedelta(days=7)


@pytest.fixture(autouse=True)
def still() -> Any:
    with time_machine.travel(NOW, tick=True):
        yield


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def north(client: Any, *names: str) -> dict[str, uuid.UUID]:
    """People of one team."""
    found = floor(client, employ(*names)).actors
    with enter(client.ref()):
        team = Team.objects.create(name="North")
        Actor.objects.filter(pk__in=found.values()).update(team=team)
    return found


def room(client: Any, cap: int, first: date = MONDAY, last: date = MONDAY + timedelta(days=13)) -> None:
    with enter(client.ref()):
        set_allotments(
            team_id=Team.objects.get(name="North").pk, first_day=first, last_day=last, weekdays=range(7),
            cap_minutes=cap, by=BY, now=NOW,
        )  # fmt: skip


def off(client: Any, actor_id: uuid.UUID, first: date, last: date | None = None) -> TimeOffRequest:
    with enter(client.ref()):
        return ask_time_off(actor_id=actor_id, first_day=first, last_day=last or first, by=BY, now=NOW)


def agent(client: Any, *, email: str = "") -> tuple[Any, uuid.UUID]:
    """A signed-in agent of North."""
    with enter(client.ref()):
        before = set(Actor.objects.values_list("pk", flat=True))
    browser = sign_in(client.key, "agent", email=email)
    with enter(client.ref()):
        [actor] = Actor.objects.exclude(pk__in=before)
        actor.team = Team.objects.get(name="North")
        actor.save()
    return browser, actor.pk


def test_a_planner_sets_room_and_sees_what_is_taken(alpha: Any) -> None:
    planner = sign_in("alpha", "planner")
    assert "No team yet" in text(planner.get(BOARD))
    people = north(alpha, "Ana", "Ben")
    page = text(planner.get(BOARD))
    assert "No room for time off in these four weeks" in page
    assert "Nobody has taken time off" in page
    with enter(alpha.ref()):
        team = Team.objects.get().pk
    asked = {
        "team": team, "hours": "8.75", "first_day": MONDAY, "last_day": MONDAY + timedelta(days=6),
        "weekdays": ["0", "1", "2", "3", "4"],
    }  # fmt: skip
    answer = planner.post(f"{BOARD}allot/", asked, follow=True)
    assert "Room is set on 5 days." in text(answer)
    assert answer.request["QUERY_STRING"] == f"week={MONDAY}"
    off(alpha, people["Ana"], MONDAY, MONDAY + timedelta(days=1))
    assert planner.post(f"{BOARD}allot/", {**asked, "hours": "8", "first_day": MONDAY + timedelta(days=1)}).status_code
    page = text(planner.get(BOARD))
    assert "8 / 8.8 h nearly full" in page
    assert "8 / 8 h full" in page
    assert "Ana North Mon 7 Dec – Tue 8 Dec 16 h approved" in page
    refused = planner.post(f"{BOARD}allot/", {**asked, "hours": "1"})
    assert "More is taken already: Mon 7 Dec 8 h, Tue 8 Dec 8 h." in text(refused, 422)
    for wrong in ({"hours": "-1"}, {"weekdays": []}, {"team": uuid.uuid4()}, {"first_day": "soon"}):
        assert planner.post(f"{BOARD}allot/", {**asked, **wrong}).status_code == 422
    with enter(alpha.ref()):
        assert set(TimeOffAllotment.objects.values_list("cap_minutes", flat=True)) == {525, 480}


def test_a_planner_cancels_and_who_had_it_is_told_why(alpha: Any) -> None:
    people = north(alpha, "Ana")
    room(alpha, 480)
    browser, mine = agent(alpha)
    made = off(alpha, mine, MONDAY)
    off(alpha, people["Ana"], MONDAY + timedelta(days=1))
    planner = sign_in("alpha", "planner")
    done = planner.post(f"{BOARD}{made.pk}/cancel/", {"reason": "Launch day"}, follow=True)
    assert "Agent’s time off is cancelled; they are told." in text(done)
    again = planner.post(f"{BOARD}{made.pk}/cancel/", {}, follow=True)
    assert "withdrawn already" in text(again)
    assert "Ensure this value has at most 200" in text(
        planner.post(f"{BOARD}{made.pk}/cancel/", {"reason": "x" * 201}, follow=True)
    )
    assert "cancelled: Launch day" in text(browser.get(MINE))
    assert "Your time off Mon 7 Dec is cancelled. Launch day" in text(browser.get("/notices/"))
    assert planner.post(f"{BOARD}{uuid.uuid4()}/cancel/").status_code == 404


def test_an_agent_asks_and_hears_at_once(alpha: Any) -> None:
    people = north(alpha, "Ana")
    room(alpha, 480)
    off(alpha, people["Ana"], MONDAY)
    room(alpha, 600, MONDAY + timedelta(days=2), MONDAY + timedelta(days=2))
    off(alpha, people["Ana"], MONDAY + timedelta(days=2))
    browser, mine = agent(alpha)
    page = text(browser.get(f"{MINE}?month=2026-12"))
    assert "December 2026" in page
    assert "7 full 8 room 9 2 h left 10 room" in page
    assert "21 closed" in page
    assert MINE in browser.get("/my-schedule/").content.decode()
    assert 'value="2026-12-08"' in browser.get(f"{MINE}?day=2026-12-08").content.decode()
    refused = browser.post(f"{MINE}ask/", {"first_day": "2026-12-07", "last_day": "2026-12-07"})
    said = text(refused, 422)
    assert "No room: Mon 7 Dec (0 h left of the 8 h it takes). The nearest day with room is Tue 8 Dec." in said
    done = browser.post(f"{MINE}ask/", {"first_day": "2026-12-10", "last_day": "2026-12-11"}, follow=True)
    page = text(done)
    assert "You are off Thu 10 Dec – Fri 11 Dec." in page
    assert "10 away 11 away" in page
    assert "Thu 10 Dec – Fri 11 Dec approved, 16 h" in page
    for wrong in (
        {},
        {"first_day": "2026-12-12", "last_day": "never"},
        {"first_day": "2026-11-25", "last_day": "2026-11-25"},
    ):
        assert browser.post(f"{MINE}ask/", wrong).status_code == 422
    with enter(alpha.ref()):
        made = TimeOffRequest.objects.get(absence__actor_id=mine)
    cancelled = browser.post(f"{MINE}{made.pk}/cancel/", follow=True)
    assert "Your time off Thu 10 Dec – Fri 11 Dec is cancelled." in text(cancelled)
    assert "withdrawn already" in text(browser.post(f"{MINE}{made.pk}/cancel/", follow=True))
    for query in ("month=never", "day=2026-13-01", "month=1-01"):
        assert browser.get(f"{MINE}?{query}").status_code == 404
    assert sign_in("alpha", "planner").get(f"{BOARD}?week=never").status_code == 404


def test_somebody_elses_time_off_is_missing(alpha: Any) -> None:
    people = north(alpha, "Ana")
    room(alpha, 480)
    theirs = off(alpha, people["Ana"], MONDAY)
    browser, _ = agent(alpha)
    assert browser.post(f"{MINE}{theirs.pk}/cancel/").status_code == 404
    assert browser.post(f"{MINE}{uuid.uuid4()}/cancel/").status_code == 404
    assert "Mon 7 Dec approved" not in text(browser.get(MINE))
    with enter(alpha.ref()):
        assert Absence.objects.get().withdrawn_at is None


def test_an_agent_in_no_team_is_told_so(alpha: Any) -> None:
    browser = sign_in("alpha", "agent")
    assert "You are in no team" in text(browser.get(MINE))
    refused = browser.post(f"{MINE}ask/", {"first_day": "2026-12-10", "last_day": "2026-12-10"})
    assert "You are in no team" in text(refused, 422)


def test_a_reported_absence_is_never_called_time_off(alpha: Any) -> None:
    people = north(alpha, "Ana")
    with enter(alpha.ref()):
        plan = SchedulePlan.objects.create(queue=Queue.objects.get(), week_start=MONDAY, zone="UTC")
    room(alpha, 480)
    off(alpha, people["Ana"], MONDAY)
    planner = sign_in("alpha", "planner")
    page = planner.get(f"/board/plans/{plan.pk}/repair/").content.decode()
    assert '<option value="time_off"' not in page
    assert re.search(r"Ana</b>, Mon 7 Dec, time off<br>", page)
    sent = {"actor": people["Ana"], "first_day": MONDAY, "last_day": MONDAY, "kind": "time_off"}
    assert planner.post(f"/board/plans/{plan.pk}/absences/add/", sent).status_code == 422
    with enter(alpha.ref()):
        absence = Absence.objects.get()
    planner.post(f"/board/absences/{absence.pk}/withdraw/", {"plan": plan.pk})
    with enter(alpha.ref()):
        assert TimeOffAllotment.objects.get(day=MONDAY).used_minutes == 0


def test_the_lists_cost_the_same_at_one_row_and_at_three(alpha: Any) -> None:
    north(alpha)
    room(alpha, 480)
    planner, (browser, mine) = sign_in("alpha", "planner"), agent(alpha)
    counts = []
    for days in ((0,), (2, 4)):
        for number in days:
            off(alpha, mine, MONDAY + timedelta(days=number))
        for each, path in ((planner, BOARD), (browser, f"{MINE}?month=2026-12")):
            each.get(path)
            counts.append(statements(lambda each=each, path=path: each.get(path)))
    assert text(planner.get(BOARD)).count("approved") == text(browser.get(MINE)).count("approved") == 3
    assert counts == [8, 10, 8, 10]
