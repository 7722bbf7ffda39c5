"""One's own preferences on one's own page, and a planner's page of preferences and fairness."""

import re
import uuid
from datetime import time, timedelta
from typing import Any

import pytest
import time_machine

from bpo.audit.models import Entry
from bpo.tenancy.context import enter
from interactions.models import Actor, Skill
from scheduling.models import Preference, SchedulePlan
from scheduling.services import publish, state_preference
from scheduling.services.preferring import Wanted
from scheduling.views import preferring
from tests.integration.scheduling.build import BY, NOW, WEEK, Floor, add, drafted, employ, floor, past, staffed
from tests.people import sign_in
from tests.statements import statements

MONDAY = {"day": "0", "wish": "off", "strength": "much"}
PAGE = "/my-schedule/?week=2026-11-30"


@pytest.fixture
def ground(alpha: Any) -> Floor:
    return floor(alpha, employ("Ana", "Ben", "Cleo"))


@pytest.fixture
def agent(alpha: Any, ground: Floor) -> Any:
    """A signed-in agent who serves the queue."""
    with time_machine.travel(NOW, tick=True):
        browser = sign_in("alpha", "agent")
        with enter(alpha.ref()):
            actor = Actor.objects.get(display_name="Agent")
            Skill.objects.create(actor=actor, queue_id=ground.queue_id)
            ground.actors["Me"] = actor.pk
        yield browser


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def plan_of(ground: Floor, *shifts: tuple[str, int, str]) -> SchedulePlan:
    past(ground)
    plan = drafted(ground, shifts)
    plan.requirement = staffed(ground)
    plan.save()
    return plan


def state(ground: Floor, name: str, weekday: int, **more: Any) -> Preference:
    wanted = Wanted(weekday, None, more.get("band"), "like", "UTC")
    return state_preference(actor_id=ground.actors[name], wanted=wanted, by=BY, now=NOW)


def test_an_agent_states_takes_back_and_puts_back(alpha: Any, agent: Any, ground: Floor) -> None:
    assert "no right: cover goes first" in text(agent.get(PAGE))
    page = text(agent.post("/my-schedule/preferences/add/", MONDAY, follow=True))
    assert "Your preference is noted." in page
    assert '<b class="medium">Every Monday</b>, day off' in page
    with enter(alpha.ref()):
        made = Preference.objects.get()
        assert (made.zone, made.strength, made.stated_by_id) == ("Europe/Berlin", "much", ground.actors["Me"])
    page = text(agent.post(f"/preferences/{made.pk}/take-back/", follow=True))
    assert "Every Monday</b>, day off" not in page
    assert f"/preferences/{made.pk}/put-back/" in page, "an undo is offered"
    page = text(agent.post(f"/preferences/{made.pk}/put-back/", follow=True))
    assert "Every Monday</b>, day off" in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        pytest.param({"day": "once"}, "Choose the date.", id="no date"),
        pytest.param({"day": "once", "date": "2026-11-24"}, "This day is over.", id="a day that is over"),
        pytest.param({"wish": "band"}, "Choose a time.", id="no times"),
        pytest.param(
            {"wish": "band", "begins_from": "22:00", "begins_until": "02:00"}, "one side of it", id="midnight"
        ),
        pytest.param({"wish": "never"}, "Select a valid choice", id="no such wish"),
        pytest.param({"strength": ""}, "This field is required", id="no strength"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(alpha: Any, agent: Any, sent: dict[str, str], said: str) -> None:
    page = text(agent.post("/my-schedule/preferences/add/", MONDAY | sent), 422)
    assert said in page
    with enter(alpha.ref()):
        assert not Preference.objects.exists()


def test_dates_early_late_and_bands_are_kept_as_they_are_meant(alpha: Any, agent: Any) -> None:
    once = {"day": "once", "date": "2026-12-03", "strength": "like"}
    for sent in (
        once | {"wish": "early"},
        once | {"date": "2026-12-04", "wish": "late"},
        once | {"date": "2026-12-05", "wish": "band", "begins_from": "08:00", "begins_until": "11:30"},
    ):
        assert agent.post("/my-schedule/preferences/add/", sent).status_code == 302
    page = text(agent.get(PAGE))
    for words in (
        "Thu 3 Dec</b>, early start, before 10:00", "Fri 4 Dec</b>, late start, 14:00 or later",
        "Sat 5 Dec</b>, start between 08:00 and 11:30",
    ):  # fmt: skip
        assert words in page
    with enter(alpha.ref()):
        kept = Preference.objects.order_by("date").values_list("begins_from", "begins_until")
        assert list(kept) == [(time(0), time(9, 59)), (time(14), time(23, 59)), (time(8), time(11, 30))]


def test_after_publication_one_sees_which_were_met(alpha: Any, agent: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        state(ground, "Me", 0)
        state(ground, "Me", 1)
        state(ground, "Me", 2, band=(time(0), time(9, 59)))
        plan = drafted(ground, [("Me", 1, "From 14"), ("Ana", 0, "From 6")])
    assert "as preferred" not in text(agent.get(PAGE)), "nothing is published"
    with enter(alpha.ref()):
        publish(plan_id=plan.pk, version=1, reason="First", by=BY, now=NOW + timedelta(minutes=1))
    page = text(agent.get(PAGE))
    days = re.findall(r'<li class="my-day.*?</li>', page)
    assert ["not as preferred" in day for day in days] == [False, True, False, False, False, False, False]
    assert ["as preferred" in day for day in days] == [True, True, False, False, False, False, False]


def test_ones_own_alone_and_another_clients_is_as_missing(alpha: Any, beta: Any, agent: Any, ground: Floor) -> None:
    with enter(alpha.ref()):
        plan = plan_of(ground)
        theirs = state(ground, "Ana", 0)
    for verb in ("take-back", "put-back"):
        for key in (theirs.pk, uuid.uuid4()):
            assert agent.post(f"/preferences/{key}/{verb}/").status_code == 404
    page = text(agent.get(PAGE))
    assert "Every Monday</b>" not in page
    for path in ("fairness/", "fairness/sum/"):
        assert agent.get(f"/board/plans/{plan.pk}/{path}").status_code == 403
    other = sign_in("beta", "planner")
    for path in (f"/board/plans/{plan.pk}/fairness/", f"/board/plans/{plan.pk}/fairness/sum/"):
        assert other.get(path).status_code == 404
    for path in (f"/preferences/{theirs.pk}/take-back/", f"/board/plans/{plan.pk}/preferences/add/"):
        assert other.post(path, MONDAY).status_code == 404
    with enter(alpha.ref()):
        assert Preference.objects.get().state == "live"


def test_a_planner_notes_and_takes_back_for_an_agent_and_is_named(alpha: Any, ground: Floor) -> None:
    with time_machine.travel(NOW, tick=True):
        planner = sign_in("alpha", "planner")
        with enter(alpha.ref()):
            plan = plan_of(ground, ("Ana", 0, "From 6"))
        address = f"/board/plans/{plan.pk}/fairness/"
        sent = MONDAY | {"actor": str(ground.actors["Ana"])}
        page = text(planner.post(f"/board/plans/{plan.pk}/preferences/add/", sent, follow=True))
        assert "Ana’s preference is noted." in page
        assert 'noted by <span translate="no">Planner</span>' in page
        assert "0 of 1 preference met" in page
        assert re.search(r"Met by a day off: \+\d", page)
        with enter(alpha.ref()):
            made = Preference.objects.get()
            said = Entry.objects.get(action="preference.stated")
            assert said.actor_id == made.stated_by_id == Actor.objects.get(display_name="Planner").pk
            shift = plan.shifts.get()
        assert "Would rather have that day: <b>day off</b>, matters much" in text(
            planner.get(f"/board/shifts/{shift.pk}/")
        )
        answer = planner.post(f"/preferences/{made.pk}/take-back/?plan={plan.pk}")
        assert answer.headers["Location"] == address
        page = text(planner.get(address))
        assert "Nobody asked for anything this week" in page
        wrong = planner.post(f"/board/plans/{plan.pk}/preferences/add/", sent | {"actor": str(uuid.uuid4())})
        assert "Select a valid choice" in text(wrong, 422)
        assert planner.post(f"/preferences/{made.pk}/take-back/?plan=none").status_code == 404


def test_the_board_fetches_its_figures_once_it_is_there(alpha: Any, ground: Floor) -> None:
    with time_machine.travel(NOW, tick=True):
        planner = sign_in("alpha", "planner")
        with enter(alpha.ref()):
            plan = plan_of(ground, ("Ana", 1, "From 6"))
            state(ground, "Ana", 0)
            state(ground, "Ana", 1)
        board = text(planner.get("/board/?queue=billing&week=2026-11-30"))
        assert f'hx-get="/board/plans/{plan.pk}/fairness/sum/"' in board
        assert "preferences met" not in board
        card = text(planner.get(f"/board/plans/{plan.pk}/fairness/sum/"))
        assert "<b>1</b> of 2 preferences met" in card
        assert "nobody carried 8 unsocial hours above a fair share" in card


def test_who_is_ahead_stands_first_with_the_definition_beside_it(alpha: Any, ground: Floor) -> None:
    with time_machine.travel(NOW, tick=True):
        planner = sign_in("alpha", "planner")
        with enter(alpha.ref()):
            before = drafted(
                ground,
                [("Cleo", day, "From 14") for day in range(5)] + [("Ana", day, "From 6") for day in range(5)],
                week=WEEK - timedelta(weeks=1),
            )
            publish(plan_id=before.pk, version=1, reason="First", by=BY, now=NOW)
            plan = plan_of(ground, ("Cleo", 0, "From 14"))
        page = text(planner.get(f"/board/plans/{plan.pk}/fairness/"))
        assert "hours at night (22:00–06:00), at weekends and in the evening (20:00–22:00)" in page
        rows = re.findall(r'<tr><th scope="row" class="main" translate="no">(\w+)</th>(.*?)</tr>', page)
        figures = {name: re.findall(r"<td[^>]*>([^<]*)<", cells) for name, cells in rows}
        assert [name for name, _ in rows] == ["Cleo", "Ben", "Ana"]
        # Cleo 5 × (2 h evening + 1 h night) of 45 h; both worked alike, so each one's share is 7.5 h.
        assert figures["Cleo"] == ["45.0", "5.0", "0.0", "10.0", "15.0", "7.5", "+7.5", "3.0", "+8.2"]
        assert figures["Ana"] == ["45.0", "0.0", "0.0", "0.0", "0.0", "7.5", "−7.5", "0.0", "−8.2"]
        assert figures["Ben"][4:7] == ["0.0", "0.0", "0.0"]


def test_many_people_stand_on_pages_of_their_own(alpha: Any, ground: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preferring, "PART", 2)
    planner = sign_in("alpha", "planner")
    with enter(alpha.ref()):
        plan = plan_of(ground, ("Ana", 0, "From 6"))
        for day in range(3):
            state(ground, "Ben", day)
    address = f"/board/plans/{plan.pk}/fairness/"
    first, second = text(planner.get(address)), text(planner.get(f"{address}?page=2&asked=2&live=9"))
    assert first.count("1–2 of 3 preferences") == 2  # asked for this week, and stated
    assert second.count("3–3 of 3 preferences") == 2  # a page past the last is the last
    names = [re.findall(r'<th scope="row" class="main" translate="no">(\w+)</th>', page) for page in (first, second)]
    assert sorted([*names[0], *names[1]]) == ["Ana", "Ben", "Cleo"]
    assert [len(one) for one in names] == [2, 1]
    assert "0 of 3 preferences met" in second or "3 of 3 preferences met" in second  # counted of all, not of the page


def test_the_pages_cost_the_same_at_one_row_and_at_three(alpha: Any, agent: Any, ground: Floor) -> None:
    planner = sign_in("alpha", "planner")
    with enter(alpha.ref()):
        plan = plan_of(ground)

    def more(*names: str) -> None:
        with enter(alpha.ref()):
            for name in names:
                state(ground, name, 0)
                add(plan, ground, name, 0, "From 6")
            for weekday in range(len(names)):
                state(ground, "Me", weekday)

    pages = {
        "page": lambda: planner.get(f"/board/plans/{plan.pk}/fairness/"),
        "sum": lambda: planner.get(f"/board/plans/{plan.pk}/fairness/sum/"),
        "mine": lambda: agent.get(PAGE),
    }
    counts: dict[str, list[int]] = {name: [] for name in pages}
    for names in (("Ana",), ("Ben", "Cleo")):
        more(*names)
        for name, page in pages.items():
            page()
            counts[name].append(statements(page))
    assert counts == {"page": [18, 18], "sum": [10, 10], "mine": [8, 8]}
