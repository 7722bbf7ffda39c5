"""Notes, scorecards and evaluations over the API: who reads which note, and writing that may be repeated."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Membership, User
from accounts.services.tokens import create_token
from bpo.actors import system
from bpo.tenancy.context import enter
from interactions.models import Team
from qa.models import Note
from tests.integration.qa.build import NOW, actor, card, interaction, released
from tests.integration.qa.test_notes import CANARY, give, one_of_each
from tests.people import sign_in
from tests.statements import statements

URL = "/api/v1/notes/"


@pytest.fixture
def lead(alpha: Any) -> Any:
    return sign_in("alpha", "team_lead")


def post(browser: Any, data: Any, url: str = URL, **headers: str) -> Any:
    return browser.post(url, data, content_type="application/json", headers=headers)


def by_token(alpha: Any, scopes: list[str]) -> Any:
    """A program with a token of the lead's."""
    user = User.objects.get(email__startswith="team-lead")
    made = create_token(
        user=user, client=alpha, name="t", scopes=scopes, days=1, by=system("t"), now=timezone.now()
    )  # fmt: skip
    return Browser(HTTP_HOST="alpha.bpo.test", HTTP_AUTHORIZATION=f"Bearer {made[1]}")


def test_it_lists_what_the_caller_may_read(alpha: Any, lead: Any) -> None:
    with enter(alpha.ref()):
        revision = released()
        made = one_of_each(revision)
        loose = give(None, "On its own", "team", interaction_id=interaction(actor("Ana"), "9").pk)
    rows = {row["text"]: row for row in lead.get(URL).json()["results"]}
    assert set(rows) == {CANARY["team"], CANARY["agent"], CANARY["client"], "On its own"}
    assert rows[CANARY["agent"]]["evaluation"] == str(revision.evaluation_id)
    assert (rows["On its own"]["evaluation"], rows["On its own"]["interaction"]) == (None, str(loose.interaction_id))
    assert lead.get(f"{URL}{made['private'].pk}/").status_code == 404
    assert lead.get(f"{URL}{uuid4()}/").status_code == 404
    for query, expected in (
        (f"?evaluation={revision.evaluation_id}", 3), ("?visibility=client", 1), (f"?agent={loose.agent_id}", 1),
        (f"?interaction={loose.interaction_id}", 1), (f"?given_from={NOW.year + 1}-01-01T00:00:00Z", 0),
    ):  # fmt: skip
        assert len(lead.get(URL + query).json()["results"]) == expected, query
    page = lead.get(f"{URL}?page_size=2").json()
    assert len(page["results"]) == 2
    assert len(lead.get(page["next"]).json()["results"]) == 2
    for role in ("agent", "client_user", "planner"):
        assert sign_in("alpha", role).get(URL).status_code == 403


def test_an_evaluation_comes_with_its_answers_and_the_notes_for_the_caller(alpha: Any, lead: Any) -> None:
    with enter(alpha.ref()):
        revision = released(answers={"q1": None, "law": "yes"})
        one_of_each(revision)
    for found in (
        lead.get(f"/api/v1/evaluations/{revision.evaluation_id}/").json(),
        lead.get("/api/v1/evaluations/").json()["results"][0],
    ):
        assert found["answers"] == {"q1": None, "law": "yes"}
        assert [section["key"] for section in found["sections"]] == ["talk", "rules"]
        assert {note["text"] for note in found["notes"]} == {CANARY["team"], CANARY["agent"], CANARY["client"]}


def test_a_note_is_given_once_a_key(alpha: Any, lead: Any) -> None:
    with enter(alpha.ref()):
        revision = released()
    sent = {
        "evaluation": str(revision.evaluation_id), "text": "Card 4111 1111 1111 1111 read aloud", "visibility": "team",
        "at_ms": 3000, "question": "q1",
    }  # fmt: skip
    key = {"Idempotency-Key": "one"}
    first, again = post(lead, sent, **key), post(lead, sent, **key)
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 201, "true")
    assert first.json() == again.json()
    assert (first.json()["question"], first.json()["at_ms"]) == ("q1", 3000)
    assert "4111 1111" not in first.json()["text"]
    other = post(lead, {**sent, "text": "Other"}, **key)
    assert (other.status_code, other["Content-Type"]) == (422, "application/problem+json")
    with enter(alpha.ref()):
        assert Note.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "non_field_errors"), ({"evaluation": str(uuid4())}, "evaluation"), ({"interaction": str(uuid4())}, "interaction"),
        ({"interaction": "IT", "question": "q1"}, "question"), ({"interaction": "IT", "visibility": "world"}, "visibility"),
        ({"interaction": "IT", "text": ""}, "text"), ({"interaction": "IT", "text": "x" * 2001}, "text"),
        ({"interaction": "IT", "evaluation": str(uuid4())}, "non_field_errors"), ({"interaction": "OWN"}, "agent"),
    ],
)  # fmt: skip
def test_what_cant_be_noted_is_a_problem_with_its_field(
    alpha: Any, lead: Any, sent: dict[str, Any], field: str
) -> None:
    with enter(alpha.ref()):
        ids = {"IT": str(interaction(actor("Ana"), "1").pk), "OWN": str(interaction(actor("Team Lead"), "2").pk)}
    sent = {"text": "Well", **{name: ids.get(str(value), value) for name, value in sent.items()}}
    answered = post(lead, sent)
    assert (answered.status_code, answered["Content-Type"]) == (400, "application/problem+json")
    assert field in answered.json()["errors"]
    with enter(alpha.ref()):
        assert not Note.objects.exists()


def test_a_note_is_shared_further_and_never_back(alpha: Any, lead: Any) -> None:
    with enter(alpha.ref()):
        note = give(released(), "Theirs", "team")
    address = f"{URL}{note.pk}/share/"
    assert post(lead, {"to": "client"}, address).json()["visibility"] == "client"
    refused = post(lead, {"to": "agent"}, address)
    assert (refused.status_code, "can't be narrowed" in refused.json()["detail"]) == (409, True)
    assert post(lead, {"to": "world"}, address).status_code == 400
    assert post(lead, {"to": "client"}, f"{URL}{uuid4()}/share/").status_code == 404


def test_a_token_does_what_its_scopes_name(alpha: Any, lead: Any) -> None:
    with enter(alpha.ref()):
        revision = released()
    sent = {"evaluation": str(revision.evaluation_id), "text": "By a program", "visibility": "team"}
    reads, coaches = by_token(alpha, ["see_evaluations"]), by_token(alpha, ["coach"])
    assert post(reads, sent).status_code == 403
    assert post(coaches, sent).status_code == 201
    assert coaches.get(URL).status_code == 403
    assert [row["text"] for row in reads.get(URL).json()["results"]] == ["By a program"]
    assert reads.get("/api/v1/scorecards/").status_code == 200


def test_who_reaches_one_team_reads_and_writes_there_alone(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead", email="narrow@alpha.example")
    Membership.objects.filter(user__email="narrow@alpha.example").update(scope="teams")
    with enter(alpha.ref()):
        agent = actor("Maricel")
        agent.team = Team.objects.create(name="South")
        agent.save()
        revision = released()
        note = give(revision, "Theirs", "team")
    assert browser.get(URL).json()["results"] == []
    assert browser.get(f"{URL}{note.pk}/").status_code == 404
    assert post(browser, {"to": "agent"}, f"{URL}{note.pk}/share/").status_code == 404
    for sent in ({"evaluation": str(revision.evaluation_id)}, {"interaction": str(revision.interaction_id)}):
        beyond = post(browser, {**sent, "text": "x"})
        missing = post(browser, {next(iter(sent)): str(uuid4()), "text": "x"})
        assert beyond.status_code == missing.status_code == 400
        assert beyond.json()["errors"] == missing.json()["errors"]


def test_published_scorecards_come_whole(alpha: Any, lead: Any) -> None:
    with enter(alpha.ref()):
        first = card()
        second = card(pass_mark=70)
    rows = lead.get("/api/v1/scorecards/?scorecard=voice").json()["results"]
    assert [row["number"] for row in rows] == [2, 1]
    assert lead.get("/api/v1/scorecards/?scorecard=nope").json()["results"] == []
    one = lead.get(f"/api/v1/scorecards/{first.pk}/").json()
    assert (one["content"], one["content_hash"], one["pass_mark"]) == (first.content, first.content_hash, "80.00")
    assert second.content_hash != one["content_hash"]


@pytest.mark.parametrize(("path", "count"), [(URL, 5), ("/api/v1/evaluations/", 6), ("/api/v1/scorecards/", 5)])
def test_lists_take_as_many_statements_for_three_rows_as_for_one(alpha: Any, lead: Any, path: str, count: int) -> None:
    with enter(alpha.ref()):
        scorecard = card().scorecard
        give(released("1", scorecard=scorecard), "One", "team")
    lead.get(path)
    assert statements(lambda: lead.get(path)) == count
    with enter(alpha.ref()):
        for number in "23":
            give(released(number, agent=f"A{number}", scorecard=scorecard), number, "agent")
        card(pass_mark=70)
        card(pass_mark=60)
    assert statements(lambda: lead.get(path)) == count
