"""Who has a review in hand: shown, taken over by a lead with a reason, and never two at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client as Browser
from django.utils import timezone

from bpo.actors import system
from bpo.audit.models import Entry
from bpo.notices.models import Notice
from bpo.tenancy.context import enter
from interactions.models import Actor
from qa import selectors
from qa.errors import InHand, NotPossible
from qa.models import Evaluation, ReviewTask
from qa.selectors.notes import Audience
from qa.services import add_note, claim, publish_scorecard, release, skip, submit, take_over
from qa.services.scoring import begin
from tests.integration.qa.build import NOW, actor, answer, begun, by, card, content, question, released, submitted, task
from tests.integration.qa.test_screens import opened, send
from tests.people import sign_in

CLAIMERS, EDITORS = 20, 50
TEAM = Audience("team", NOW)


def test_of_twenty_who_claim_at_once_one_wins(alpha: Any) -> None:
    with enter(alpha.ref()):
        one = task()
        people = [actor(f"Reviewer {number}") for number in range(CLAIMERS)]
    ready = Barrier(CLAIMERS)

    def try_it(who: Actor) -> str:
        try:
            with enter(alpha.ref()):
                connections["default"].ensure_connection()
                ready.wait(30)
                begin(task=claim(task_id=one.pk, by=by(who), now=NOW), by=by(who), now=NOW)
                return who.display_name
        except InHand as error:
            return f"in the hand of {error.holder}"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CLAIMERS) as pool:
        told = list(pool.map(try_it, people))
    with enter(alpha.ref()):
        held = ReviewTask.objects.select_related("holder").get()
        assert held.holder is not None
        assert sorted(told) == sorted([held.holder.display_name] + [f"in the hand of {held.holder.display_name}"] * 19)
        assert Evaluation.objects.count() == 1
        assert Entry.objects.filter(action="qa.claimed").count() == 1


def test_of_fifty_edits_of_one_version_one_is_saved(alpha: Any) -> None:
    """Over HTTP by one person in many windows: each version is written by exactly one, the others are told 409."""
    number = question("age", type="number", options=[], ranges=[{"from": 0, "to": 1000, "points": 1}])
    form = content() | {"sections": [{"key": "s", "title": "S", "weight": 1, "questions": [number]}]}
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        version = publish_scorecard(key="number", name="Number", content=form, by=system("tests"), now=NOW)
        one = task(scorecard=version.scorecard)
    path = opened(lead, one)
    cookie = lead.cookies["bpo_session"].value

    def edit(seq: int, value: int, ready: Barrier) -> tuple[int, int]:
        try:
            window = Browser(HTTP_HOST="alpha.bpo.test")
            window.cookies["bpo_session"] = cookie
            ready.wait(60)
            answer = send(window, "patch", f"{path}answers/", {"seq": seq, "question": "age", "answer": value})
            return answer.status_code, value
        finally:
            connections.close_all()

    for seq in (1, 2, 3):
        ready = Barrier(EDITORS)
        with ThreadPoolExecutor(EDITORS) as pool:
            told = list(pool.map(lambda value, seq=seq, ready=ready: edit(seq, value, ready), range(1, EDITORS + 1)))
        statuses = sorted(status for status, _value in told)
        assert statuses == [200] + [409] * (EDITORS - 1)
        with enter(alpha.ref()):
            kept = Evaluation.objects.get()
            assert (kept.seq, kept.answers["age"]) == (seq, next(value for status, value in told if status == 200))


def test_a_lead_takes_over_and_the_holder_is_told(alpha: Any) -> None:
    with enter(alpha.ref()):
        grace, ana = actor("Grace"), actor("Ana")
        mine = begun(task())
        answer(mine, 1, "q1", "no")
        with pytest.raises(NotPossible, match="Say why you take it"):
            take_over(task_id=mine.task_id, reason=" ", by=by(ana), now=NOW)
        with pytest.raises(NotPossible, match="your own work"):
            take_over(task_id=mine.task_id, reason="x", by=by(actor("Maricel")), now=NOW)
        taken = take_over(task_id=mine.task_id, reason="Grace is ill", by=by(ana), now=NOW)
        assert (taken.holder_id, taken.lease_until) == (ana.pk, NOW + timedelta(minutes=30))
        line = Entry.objects.get(action="qa.taken_over")
        assert (line.actor_id, line.detail) == (ana.pk, {"taken_from": str(grace.pk), "reason": "Grace is ill"})
        notice = Notice.objects.get(kind="review_taken")
        assert (notice.actor_id, notice.text) == (
            grace.pk, "Ana took over a review you had in hand: Grace is ill"
        )  # fmt: skip
        for act in (
            lambda: answer(mine, 2, "law", "yes"),
            lambda: submit(evaluation_id=mine.pk, seq=1, by=by(grace), now=NOW),
            lambda: skip(task_id=mine.task_id, reason="x", by=by(grace), now=NOW),
        ):
            with pytest.raises(InHand, match="Ana has this review in hand"):
                act()
        assert Evaluation.objects.get(evaluator=grace).answers == {"q1": "no"}, "what she answered stays hers"
        theirs = begin(task=taken, by=by(ana), now=NOW)
        assert theirs.answers == {}
        with pytest.raises(NotPossible, match="Nobody else has"):
            take_over(task_id=mine.task_id, reason="x", by=by(ana), now=NOW)


def test_a_lease_that_ran_out_needs_no_taking_over(alpha: Any) -> None:
    with enter(alpha.ref()):
        mine = begun(task())
        late = NOW + timedelta(minutes=31)
        with pytest.raises(NotPossible, match="Open it from the queue"):
            take_over(task_id=mine.task_id, reason="x", by=by(actor("Ana")), now=late)
        assert claim(task_id=mine.task_id, by=by(actor("Ana")), now=late).holder_id == actor("Ana").pk


def test_taking_over_on_screen(alpha: Any) -> None:
    """The queue shows who has it and for how long; an analyst can't take it; the window that lost it gets a 409."""
    analyst, lead = sign_in("alpha", "qa_analyst"), sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        one = task()
    path = opened(analyst, one)
    assert send(analyst, "patch", f"{path}answers/", {"seq": 1, "question": "q1", "answer": "no"}).status_code == 200
    page = lead.get("/queue/").content.decode()
    for words in ("Take over", "30 min left", "Qa Analyst"):
        assert words in page, words
    assert "Take over" not in analyst.get("/queue/").content.decode()
    assert analyst.get(f"{path}take/").status_code == 403
    assert analyst.post(f"{path}take/", {"reason": "x"}).status_code == 403
    asked = lead.get(f"{path}take/", headers={"HX-Request": "true"}).content.decode()
    assert "has this review in hand for 30 min more" in asked
    assert lead.post(f"{path}take/", {"reason": ""}).status_code == 422
    assert lead.post(f"{path}take/", {"reason": "They left early"})["Location"] == path
    lost = send(analyst, "patch", f"{path}answers/", {"seq": 2, "question": "law", "answer": "yes"})
    assert (lost.status_code, lost.json()["problem"], lost.json()["holder"]) == (409, "in_hand", "Team Lead")
    beat = send(analyst, "post", f"{path}beat/", {})
    assert (beat.status_code, beat.json()["holder"]) == (409, "Team Lead")
    with enter(alpha.ref()):
        drafts = {row.evaluator.display_name: row.answers for row in Evaluation.objects.select_related("evaluator")}
        assert drafts == {"Qa Analyst": {"q1": "no"}, "Team Lead": {}}
    assert "They left early" in analyst.get("/notices/").content.decode()


def test_mine_in_hand_comes_first_then_what_is_due(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    today = timezone.localdate()
    with enter(alpha.ref()):
        scorecard = card().scorecard
        rows = [task(str(n), agent=f"Agent {n}", scorecard=scorecard) for n in range(4)]
        for one, days in zip(rows, (3, -1, 0, 40), strict=True):
            ReviewTask.objects.filter(pk=one.pk).update(due_on=today + timedelta(days=days))
        me = Actor.objects.get(display_name="Team Lead")
        claim(task_id=rows[3].pk, by=by(me), now=timezone.now())
    page = lead.get("/queue/").content.decode()
    places = [page.index(f'title="Agent {n}"') for n in (3, 1, 2, 0)]
    assert places == sorted(places)
    assert "4 reviews wait" in page
    assert "2 due" in page
    assert page.index("Now, in hand or due") < places[0] < places[2] < page.index("In the next seven days") < places[3]
    assert lead.post("/queue/next/")["Location"] == f"/queue/{rows[3].pk}/", "mine in hand first"


@pytest.mark.parametrize("role", ["team_lead", "qa_analyst"])
def test_the_queue_is_home_and_one_key_away_from_the_first_review(alpha: Any, role: str) -> None:
    """Signed in they land on it; Enter there opens the next one, which makes two keys with the client's "Open"."""
    browser = sign_in("alpha", role)
    with enter(alpha.ref()):
        one = task()
    assert browser.get("/")["Location"] == "/queue/"
    assert 'data-key-also="enter"' in browser.get("/queue/").content.decode()
    assert browser.post("/queue/next/")["Location"] == f"/queue/{one.pk}/"


def test_coach_is_what_an_agent_has_not_seen_and_watch_what_failed_in_a_day(alpha: Any) -> None:
    """A fail or a note for the agent is for coaching; a pass without either isn't. A critical error is watched."""
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        scorecard = card().scorecard
        released("1", {"q1": "yes", "law": "yes"}, agent="Passed Pia", scorecard=scorecard)
        released("2", {"q1": "no", "law": "yes"}, agent="Failed Fay", scorecard=scorecard)
        noted = begun(task("3", agent="Noted Nia", scorecard=scorecard))
        add_note(evaluation_id=noted.pk, note_id=uuid4(), text="Well done", by=by(noted.evaluator), now=NOW)
        for seq, key in enumerate(("q1", "law"), start=1):
            answer(noted, seq, key, "yes")
        release(
            revision_id=submit(evaluation_id=noted.pk, seq=2, by=by(noted.evaluator), now=NOW).pk,
            by=system("tests"), now=NOW,
        )  # fmt: skip
        assert [one.agent.display_name for one in selectors.to_coach(TEAM)] == ["Failed Fay", "Noted Nia"]
        wrong = submitted("4", {"q1": "yes", "law": "no"}, agent="Critical Cy", scorecard=scorecard)
        later = wrong.submitted_at + timedelta(hours=23)
        assert [one.agent.display_name for one in selectors.failed_lately(later)] == ["Critical Cy"]
        assert not selectors.failed_lately(later + timedelta(hours=2)).exists()
    page = lead.get("/queue/").content.decode()
    assert 'Coach <span class="count">2</span>' in page
    assert "Passed Pia" not in page
