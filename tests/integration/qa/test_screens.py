"""Screens of quality: who sees what, what is saved, and how many statements a page takes."""

import json
import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from bpo.actors import system
from bpo.files.services import store_file
from bpo.permissions import Principal
from bpo.roles import permissions_of
from bpo.slots import Panel, Query, agent_home, search
from bpo.slots import interaction_panel as panel_slot
from bpo.tenancy.context import enter
from interactions.models import Actor, Line, Recording
from qa.models import Evaluation, EvaluationRevision, NoteDraft, ReviewTask
from qa.services import claim, release
from tests.integration.qa.build import NOW, actor, by, card, interaction, released, submitted, task
from tests.people import sign_in
from tests.statements import statements

SOUND = bytes(range(256)) * 1000


@pytest.fixture
def lead(alpha: Any) -> Any:
    return sign_in("alpha", "team_lead")


def send(browser: Any, method: str, path: str, data: Any) -> Any:
    return getattr(browser, method)(path, json.dumps(data), content_type="application/json")


def opened(browser: Any, one: ReviewTask) -> str:
    answer = browser.post(f"/queue/{one.pk}/open/")
    assert answer["Location"] == f"/queue/{one.pk}/"
    return f"/queue/{one.pk}/"


def record(one: ReviewTask) -> Recording:
    stored = store_file(stream=BytesIO(SOUND), name="a.wav", purpose="recording", by=system("t"), now=NOW, limit=10**6)
    peaks = {"per_second": 4, "agent": [90, 0, 40, 200] * 10, "customer": [0, 0, 0, 120] * 10}
    Line.objects.create(
        interaction=one.interaction, number=1, speaker="agent", starts_ms=0, ends_ms=900, text="Let me check both."
    )
    return Recording.objects.create(
        interaction=one.interaction, file=stored, duration_ms=10_000, peaks=peaks,
        redactions=[{"from_ms": 2000, "to_ms": 4000, "kind": "card"}],
    )  # fmt: skip


def test_the_queue_takes_as_many_statements_for_three_rows_as_for_one(alpha: Any, lead: Any) -> None:
    with enter(alpha.ref()):
        scorecard = card().scorecard
        task("1", scorecard=scorecard)
    lead.get("/queue/")
    assert statements(lambda: lead.get("/queue/")) == 14
    with enter(alpha.ref()):
        for number in "23":
            task(number, agent=f"Agent {number}", scorecard=scorecard)
        submitted("4", {"q1": "yes", "law": "no"}, scorecard=scorecard, agent="Jerome")
    assert statements(lambda: lead.get("/queue/")) == 14


@pytest.mark.parametrize(
    ("path", "count"), [("/evaluations/", 9), ("/coaching/", 6), ("/api/v1/evaluations/", 6), ("/scorecards/", 6)]
)
def test_lists_take_as_many_statements_for_three_rows_as_for_one(alpha: Any, lead: Any, path: str, count: int) -> None:
    with enter(alpha.ref()):
        scorecard = card().scorecard
        released("1", scorecard=scorecard)
    lead.get(path)
    assert statements(lambda: lead.get(path)) == count
    with enter(alpha.ref()):
        released("2", agent="Jerome", scorecard=scorecard)
        released("3", agent="Ana", scorecard=scorecard)
        card(pass_mark=70)
    assert statements(lambda: lead.get(path)) == count


def test_my_reviews_take_as_many_statements_for_three_rows_as_for_one(alpha: Any) -> None:
    browser = sign_in("alpha", "agent")
    with enter(alpha.ref()):
        scorecard = card().scorecard
        released("1", agent="Agent", scorecard=scorecard)
    browser.get("/reviews/")
    assert statements(lambda: browser.get("/reviews/")) == 9
    with enter(alpha.ref()):
        for number in "23":
            released(number, agent="Agent", scorecard=scorecard)
    assert statements(lambda: browser.get("/reviews/")) == 9


def test_the_queue_says_why_each_review_is_there_and_who_has_it(alpha: Any, lead: Any) -> None:
    assert "The queue is empty" in lead.get("/queue/").content.decode()
    with enter(alpha.ref()):
        one = task()
        claim(task_id=one.pk, by=by(actor("Grace")), now=timezone.now())
    page = lead.get("/queue/").content.decode()
    for words in ("1 review waits", "Asked for by the lead", "By hand", "Maricel", "Grace"):
        assert words in page
    assert lead.post("/queue/next/")["Location"] == "/queue/"
    assert lead.post(f"/queue/{one.pk}/open/")["Location"] == "/queue/"
    assert "has this review in hand" in lead.get(f"/queue/{one.pk}/").content.decode()
    assert lead.get(f"/queue/{uuid4()}/").status_code == 404
    assert "Nothing matches" in lead.get("/queue/?picked=random").content.decode()


def test_answers_are_saved_scored_and_refused_over_http(alpha: Any, lead: Any) -> None:
    with enter(alpha.ref()):
        one, second = task("1"), task("2")
    path = opened(lead, one)
    page = lead.get(path).content.decode()
    assert "can end 40.0–100.0, or 0.0" in page
    first = send(lead, "patch", f"{path}answers/", {"seq": 1, "question": "q1", "answer": "no", "active": 9}).json()
    assert (first["score"], first["words"], first["reach"]) == ("0.0", "Fail so far", "can end 40.0–40.0, or 0.0")
    assert (first["seq"], first["answered"], first["asked"]) == (1, 1, 2)
    stale = send(lead, "patch", f"{path}answers/", {"seq": 1, "question": "q1", "answer": "yes"})
    assert (stale.status_code, stale.json()["problem"], stale.json()["answers"]) == (409, "stale", {"q1": "no"})
    wrong = send(lead, "patch", f"{path}answers/", {"seq": 2, "question": "law", "answer": None})
    assert (wrong.status_code, wrong.json()["question"]) == (422, "law")
    assert send(lead, "patch", f"{path}answers/", ["x"]).status_code == 400
    early = send(lead, "post", f"{path}submit/", {"seq": 1})
    assert (early.status_code, early.json()["question"]) == (422, "law")
    done = send(lead, "patch", f"{path}answers/", {"seq": 2, "question": "law", "answer": "yes"}).json()
    assert (done["score"], done["words"], done["reach"]) == ("40.0", "Fail", "all answered")
    sent = send(lead, "post", f"{path}submit/", {"seq": 2})
    assert sent.json() == {"next": f"/queue/{second.pk}/"}
    after = lead.get(f"/queue/{second.pk}/").content.decode()
    assert "Review of Maricel submitted, 40.0" in after
    assert f"{path}undo/" in after
    with enter(alpha.ref()):
        revision = EvaluationRevision.objects.get()
        assert (str(revision.final), revision.outcome, revision.active_seconds) == ("40.00", "FAIL", 9)
    assert lead.post(f"{path}undo/")["Location"] == path
    with enter(alpha.ref()):
        assert Evaluation.objects.get(task=one).state == "draft"


def test_notes_come_by_the_browsers_name_and_go(alpha: Any, lead: Any) -> None:
    with enter(alpha.ref()):
        one = task()
    path = opened(lead, one)
    address = f"{path}notes/{uuid4()}/"
    note = {"text": "Slow down", "at_ms": 3000, "question": "q1", "visibility": "agent"}
    for _ in range(2):
        assert send(lead, "put", address, note).status_code == 200
    assert send(lead, "put", address, note | {"text": " "}).status_code == 422
    assert send(lead, "put", address, note | {"visibility": "world"}).status_code == 422
    with enter(alpha.ref()):
        assert list(NoteDraft.objects.values_list("text", "at_ms", "question")) == [("Slow down", 3000, "q1")]
    assert "Slow down" in lead.get(path).content.decode()
    assert send(lead, "delete", address, {}).status_code == 200
    with enter(alpha.ref()):
        assert not NoteDraft.objects.exists()


def test_the_review_page_stays_within_twelve_statements(alpha: Any, lead: Any) -> None:
    with enter(alpha.ref()):
        one = task()
        record(one)
    path = opened(lead, one)
    lead.get(path)
    assert statements(lambda: lead.get(path)) <= 12
    page = lead.get(path).content.decode()
    for words in ("Let me check both.", "card number", "redacted", "needs 3", "Asked for by the lead"):
        assert words in page


def address(page: Any) -> str:
    """Where a page says its sound is."""
    return re.findall(r'src="(/sound/[^"]+)"', page.content.decode())[0]


def test_the_review_plays_by_an_address_of_its_own(alpha: Any, lead: Any) -> None:
    with enter(alpha.ref()):
        one = task()
        record(one)
    page = lead.get(opened(lead, one))
    answer = lead.get(address(page), headers={"Range": "bytes=100-"})
    assert b"".join(answer.streaming_content) == SOUND[100:]
    assert address(page) != address(lead.get(f"/queue/{one.pk}/")), "a new one each time"
    assert f'"/interactions/{one.interaction_id}/sound/"' in page.content.decode()


def test_an_agent_sees_own_released_reviews_and_notes_for_them(alpha: Any) -> None:
    browser = sign_in("alpha", "agent")
    assert "No reviews yet" in browser.get("/reviews/").content.decode()
    with enter(alpha.ref()):
        one = task(agent="Agent")
        record(one)
    lead = sign_in("alpha", "team_lead")
    path = opened(lead, one)
    for seq, key in enumerate(("q1", "law"), start=1):
        send(lead, "patch", f"{path}answers/", {"seq": seq, "question": key, "answer": "yes"})
    for text, who in (("For the agent", "agent"), ("Among leads", "team"), ("Only me", "private")):
        note = {"text": text, "at_ms": 4000, "question": "q1", "visibility": who}
        send(lead, "put", f"{path}notes/{uuid4()}/", note)
    send(lead, "post", f"{path}submit/", {"seq": 2})
    with enter(alpha.ref()):
        revision = EvaluationRevision.objects.get()
        mine = f"/reviews/{revision.evaluation_id}/"
    assert browser.get(mine).status_code == 404, "not released yet"
    with enter(alpha.ref()):
        release(revision_id=revision.pk, by=system("release"), now=NOW)
    page = browser.get(mine).content.decode()
    assert "For the agent" in page
    assert "0:04" in page
    for hidden in ("Among leads", "Only me", "Team Lead"):
        assert hidden not in page
    theirs = lead.get(f"/evaluations/{revision.evaluation_id}/").content.decode()
    assert "Among leads" in theirs
    assert "Only me" in theirs  # who wrote it
    others = sign_in("alpha", "qa_analyst").get(f"/evaluations/{revision.evaluation_id}/").content.decode()
    assert "Among leads" in others
    assert "Only me" not in others
    heard = browser.get(address(browser.get(mine)))
    assert b"".join(heard.streaming_content) == SOUND
    assert browser.post(f"{mine}seen/")["Location"] == mine
    assert "You have seen it" in browser.get(mine).content.decode()
    with enter(alpha.ref()):
        other = released("9", agent="Somebody Else").evaluation_id
    assert browser.get(f"/reviews/{other}/").status_code == 404
    assert browser.post(f"/reviews/{other}/seen/").status_code == 404


def test_the_api_lists_filters_and_keeps_to_its_client(alpha: Any, beta: Any, lead: Any) -> None:
    with enter(alpha.ref()):
        good, bad = released("1"), released("2", {"q1": "yes", "law": "no"}, agent="Jerome")
        agent = str(bad.agent_id)
    found = lead.get("/api/v1/evaluations/").json()["results"]
    assert [one["outcome"] for one in found] == ["FAIL", "PASS"]
    assert found[0] | {"raw": "60.00", "final": "0.00", "triggers": ["law"], "critical_error": True} == found[0]
    assert found[0]["sections"][0] == {"key": "talk", "score": "100.00", "weight": "60"}
    for query, count in (
        (f"agent={agent}", 1), ("outcome=PASS", 1), ("queue=billing", 2), ("queue=other", 0), ("picked=random", 0),
        ("submitted_from=2026-11-24T12:00:00Z", 2), ("submitted_to=2026-11-24T12:00:00Z", 0),
    ):  # fmt: skip
        assert len(lead.get(f"/api/v1/evaluations/?{query}").json()["results"]) == count, query
    assert lead.get("/api/v1/evaluations/?outcome=GREAT").status_code == 400
    one = f"/api/v1/evaluations/{good.evaluation_id}/"
    assert lead.get(one).json()["state"] == "released"
    other = sign_in("beta", "team_lead")
    assert other.get(one).status_code == 404
    assert other.get("/api/v1/evaluations/").json()["results"] == []
    assert sign_in("alpha", "agent").get(one).status_code == 403


def principal(role: str, one: Actor) -> Principal:
    roles = frozenset({role})
    return Principal(
        uuid4(), "x", "staff", roles, False, actor_id=one.pk, permissions=permissions_of(roles, on_operator=False)
    )


def test_slots_show_an_agent_their_newest_review_and_a_lead_the_evaluations(alpha: Any) -> None:
    with enter(alpha.ref()):
        revision = released(agent="Agent")
        own, lead = principal("agent", actor("Agent")), principal("team_lead", actor("Grace"))
        home = "".join(agent_home.collect(Panel(None, own)))
        assert "New review" in home
        assert f"/reviews/{revision.evaluation_id}/" in home
        panel = "".join(panel_slot.collect(Panel(revision.interaction_id, lead)))
        assert "100.0" in panel
        assert "Queue for review" in "".join(panel_slot.collect(Panel(interaction(None, "x").pk, lead)))
        hits = [hit for found in search.collect(Query("agent", lead)) for hit in found if "Reviews" in str(hit.group)]
        assert [hit.url for hit in hits] == [f"/evaluations/{revision.evaluation_id}/"]
        mine = [hit for found in search.collect(Query("bill", own)) for hit in found if "Reviews" in str(hit.group)]
        assert [hit.url for hit in mine] == [f"/reviews/{revision.evaluation_id}/"]
        other = principal("agent", actor("Nobody"))
        assert not [h for found in search.collect(Query("bill", other)) for h in found if "Reviews" in str(h.group)]


def test_each_figure_opens_its_definition(lead: Any) -> None:
    for key, words in (("mean", "t interval"), ("critical", "critical question applied"), ("passed", "pass mark")):
        assert words in lead.get(f"/evaluations/figures/{key}/").content.decode()
    assert lead.get("/evaluations/figures/luck/").status_code == 404


def test_an_interaction_is_queued_by_hand_with_a_reason(alpha: Any, lead: Any) -> None:
    with enter(alpha.ref()):
        one = interaction(actor("Maricel"), "1")
    address = f"/queue/add/{one.pk}/"
    assert "No scorecard is published" in lead.get(address).content.decode()
    with enter(alpha.ref()):
        card()
    assert lead.post(address, {"why": ""}).status_code == 422
    assert lead.post(address, {"why": "Low rating"}).status_code == 302
    with enter(alpha.ref()):
        assert list(ReviewTask.objects.values_list("why", "picked")) == [("Low rating", "manual")]


def test_random_ones_make_the_figures(alpha: Any, lead: Any) -> None:
    from qa.services import draw_sample

    with enter(alpha.ref()):
        version = card()
        for number in range(4):
            interaction(actor("Maricel"), str(number), days=1)
        week = (NOW - timedelta(days=1)).date() - timedelta(days=(NOW - timedelta(days=1)).weekday())
        draw_sample(scorecard=version.scorecard, week=week, quota=4, seed="s", due_on=None, by=system("t"), now=NOW)
        from qa.selectors import by_week, critical_accuracy, mean_score, pass_rate
        from tests.integration.qa.build import answer, begun

        for one, given in zip(ReviewTask.objects.all(), ("yes", "yes", "no", "yes"), strict=True):
            evaluation = begun(one)
            answer(evaluation, 1, "q1", given)
            answer(evaluation, 2, "law", "yes" if one.place != 4 else "no")
            from qa.services import submit

            found = submit(evaluation_id=evaluation.pk, seq=2, by=by(evaluation.evaluator), now=NOW)
            release(revision_id=found.pk, by=system("t"), now=NOW)
        start, end = week, week + timedelta(days=7)
        finals = [float(value) for value in EvaluationRevision.objects.values_list("final", flat=True)]
        mean = mean_score(start, end)
        assert (mean.n, mean.value) == (4, sum(finals) / 4)
        assert by_week(start, end) == {week: mean}
        assert (critical_accuracy(start, end).num, critical_accuracy(start, end).den) == (3, 4)
        assert pass_rate(start, end).den == 4
