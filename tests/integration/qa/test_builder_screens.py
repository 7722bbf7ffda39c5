"""Screens of scorecards: the builder's answers, the way to publishing, files, and what a page costs."""

import json
from typing import Any
from uuid import uuid4

import pytest

from bpo.tenancy.context import enter
from qa.domain.documents import read
from qa.models import DraftEdit, Scorecard, ScorecardDraft, ScorecardReplay, ScorecardVersion
from tests.integration.qa.build import NOW, actor, card, content, released, submitted
from tests.integration.qa.drafts import begun, counted, edited, published, reworded
from tests.people import sign_in
from tests.statements import statements

LETTERS = ("Jerome", "Ana B", "Paolo")


@pytest.fixture
def analyst(alpha: Any) -> Any:
    return sign_in("alpha", "qa_analyst")


@pytest.fixture
def lead(alpha: Any) -> Any:
    return sign_in("alpha", "team_lead")


def drafted(alpha: Any, **more: Any) -> str:
    with enter(alpha.ref()):
        return f"/scorecards/{begun(card(**more).scorecard).scorecard_id}/draft/"


def send(browser: Any, path: str, **data: Any) -> Any:
    return browser.post(path, json.dumps(data), content_type="application/json")


def test_the_builder_answers_each_edit_with_the_parts_it_changed(alpha: Any, analyst: Any) -> None:
    path = drafted(alpha)
    page = analyst.get(path).content.decode()
    assert "draft of version 2" in page
    assert "Is q1 right?" in page
    intent = {"do": "set", "kind": "question", "key": "q1", "field": "weight", "value": "3"}
    told = send(analyst, f"{path}edit/", version=1, at="question:q1", answers={"q1": "yes"}, intent=intent).json()
    assert (told["version"], told["at"], told["undo"], told["try"]["answers"]) == (
        2,
        "question:q1",
        True,
        {"q1": "yes"},
    )
    assert "changed" in told["parts"]["tree"]
    assert set(told["parts"]) == {"tree", "editor", "preview", "saved"}
    added = send(
        analyst, f"{path}edit/", version=2, at="question:q1", intent={"do": "add", "kind": "question", "after": "q1"}
    )
    assert (added.json()["made"], added.json()["at"], added.json()["said"]) == ("q2", "question:q2", "Question added.")
    assert "1 thing to mend" in added.json()["parts"]["tree"]
    undone = send(analyst, f"{path}undo/", at="question:q2").json()
    assert undone["at"] == "form"
    with enter(alpha.ref()):
        assert [edit.takes_back for edit in DraftEdit.objects.all()] == [None, None, 3]


def test_trying_scores_as_the_queue_does_and_writes_nothing(alpha: Any, analyst: Any) -> None:
    path = drafted(alpha)
    told = send(analyst, f"{path}try/", at="question:q1", answers={"q1": "no", "law": "yes", "gone": 1}).json()
    assert told["try"]["answers"] == {"q1": "no", "law": "yes"}
    assert (told["try"]["score"], told["try"]["words"]) == ("40.0", "Fail")
    told = send(analyst, f"{path}try/", at="question:q1", answers={"q1": "no"}).json()
    assert (told["try"]["missing"], told["full"]) == (["law"], {"score": "40.0", "label": "Fail", "tone": "bad"})
    with enter(alpha.ref()):
        assert not DraftEdit.objects.exists()


def test_a_stale_edit_of_the_same_field_is_409_and_asks_about_it_alone(alpha: Any, analyst: Any) -> None:
    path = drafted(alpha)
    with enter(alpha.ref()):
        reworded(ScorecardDraft.objects.get(), "By Ana?")
    intent = {"do": "set", "kind": "question", "key": "q1", "field": "text", "value": "Mine?"}
    answer = send(analyst, f"{path}edit/", version=1, at="question:q1", intent=intent)
    assert (answer.status_code, answer.json()["problem"]) == (409, "stale")
    merge = answer.json()["merge"]
    for words in ("Ana", "Question 1, question", "Is q1 right?", "By Ana?", "Mine?"):
        assert words in merge
    weight = {"do": "set", "kind": "question", "key": "q1", "field": "weight", "value": "2"}
    answer = send(analyst, f"{path}edit/", version=1, at="question:q1", intent=weight)
    assert (answer.status_code, answer.json()["meanwhile"]) == (200, 1)
    with enter(alpha.ref()):
        edited(ScorecardDraft.objects.get(), do="remove", kind="question", key="law")
    text = {"do": "set", "kind": "question", "key": "law", "field": "text", "value": "?"}
    answer = send(analyst, f"{path}edit/", version=3, at="question:law", intent=text)
    assert (answer.status_code, answer.json()["problem"]) == (409, "gone")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"version": 1, "intent": {"do": "set", "kind": "question", "key": "q1", "field": "key", "value": "x"}}, 422),
        ({"version": 1, "intent": {"do": "set", "kind": "form", "field": "mode", "value": "flat"}}, 422),
        ({"version": 9, "intent": {"do": "remove", "kind": "question", "key": "q1"}}, 422),
        ({"version": 1, "intent": {"do": "nudge", "kind": "section", "key": "talk", "by": -1}}, 422),
        ({"version": "x", "intent": {}}, 400),
        ({"intent": {"do": "remove"}}, 400),
        ([], 400),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(alpha: Any, analyst: Any, data: Any, status: int) -> None:
    path = drafted(alpha)
    answer = analyst.post(f"{path}edit/", json.dumps(data), content_type="application/json")
    assert answer.status_code == status
    with enter(alpha.ref()):
        assert ScorecardDraft.objects.get().content == content()


def test_the_way_to_publishing_shows_what_flips_and_lets_somebody_else_publish(
    alpha: Any, analyst: Any, lead: Any
) -> None:
    with enter(alpha.ref()):
        scorecard = card(questions=3).scorecard
        submitted("1", {"q1": "yes", "q2": "no", "law": "yes"}, scorecard=scorecard)
        submitted("2", {"q1": "yes", "q2": "yes", "law": "yes"}, scorecard=scorecard, agent="Jerome")
    path = f"/scorecards/{scorecard.pk}/draft/"
    assert analyst.post(f"{path}begin/")["Location"] == path
    intent = {"do": "set", "kind": "form", "field": "pass_mark", "value": "60"}
    send(analyst, f"{path}edit/", version=1, at="form", intent=intent)
    page = analyst.get(f"{path}changes/").content.decode()
    assert "You wrote a part of this draft" in page
    assert analyst.post(f"{path}publish/", {"seen": "x", "reason": "y"}).status_code == 403
    page = lead.get(f"{path}changes/").content.decode()
    assert "Not counted for the draft as it is now" in page
    seen = page.split('name="seen" value="')[1][:64]
    refused = lead.post(f"{path}publish/", {"seen": seen, "reason": "Fairer"})
    assert (refused.status_code, "counted yet. Count it" in refused.content.decode()) == (422, True)
    part = lead.post(f"{path}replay/", HTTP_HX_REQUEST="true").content.decode()
    assert "1 of 2 would have another score or outcome" in part
    assert "1 fail to pass" in part
    assert "Maricel" in part
    assert "Jerome" not in part
    assert lead.post(f"{path}publish/", {"seen": seen, "reason": ""}).status_code == 422
    done = lead.post(f"{path}publish/", {"seen": seen, "reason": "Fairer"})
    with enter(alpha.ref()):
        version = ScorecardVersion.objects.get(number=2)
        assert done["Location"] == f"/scorecards/{version.pk}/"
        assert version.written_by_id != version.published_by_id
    assert "Fairer" in lead.get(done["Location"]).content.decode()
    assert lead.get(f"{path}changes/").status_code == 404


def test_a_draft_edited_while_somebody_looks_is_409_with_what_is_there_now(alpha: Any, lead: Any) -> None:
    path = drafted(alpha)
    with enter(alpha.ref()):
        draft = reworded(ScorecardDraft.objects.get())
    seen = lead.get(f"{path}changes/").content.decode().split('name="seen" value="')[1][:64]
    with enter(alpha.ref()):
        reworded(draft, "Again other words?")
    answer = lead.post(f"{path}publish/", {"seen": seen, "reason": "x"})
    assert answer.status_code == 409
    assert "edited since you looked" in answer.content.decode()
    assert (
        "Again other words?" in " ".join(answer.content.decode().split()) or "other words?" in answer.content.decode()
    )


def test_a_lead_of_own_teams_sees_counts_of_all_and_rows_of_their_own(alpha: Any) -> None:
    from accounts.models import Membership

    browser = sign_in("alpha", "team_lead")
    Membership.objects.filter(user__email="team-lead@alpha.example").update(scope="teams")
    with enter(alpha.ref()):
        scorecard = card().scorecard
        released("1", {"q1": "no", "law": "yes"}, scorecard=scorecard)
        draft = edited(begun(scorecard), do="set", kind="form", field="pass_mark", value="40")
        counted(draft)
    page = browser.get(f"/scorecards/{scorecard.pk}/draft/replay/").content.decode()
    assert "1 of 1 would have another score or outcome" in page
    assert "Maricel" not in page
    assert "the list shows those of your teams" in page


def test_files_go_out_and_come_in_after_a_look(alpha: Any, analyst: Any) -> None:
    path = drafted(alpha)
    with enter(alpha.ref()):
        version = ScorecardVersion.objects.get()
    answer = analyst.get(f"/scorecards/{version.pk}/file/")
    assert answer["Content-Disposition"] == 'attachment; filename="voice-version-1.json"'
    text = answer.content.decode()
    assert read(text).content == content()
    assert read(analyst.get(f"{path}file/").content).content == content()
    changed = text.replace('"pass_mark": 80', '"pass_mark": 65')
    look = analyst.post(f"{path}file/take/", {"text": changed})
    assert "1 thing of the draft would change" in look.content.decode()
    with enter(alpha.ref()):
        assert ScorecardDraft.objects.get().version == 1
    assert analyst.post(f"{path}file/take/", {"text": changed, "take": "9"}).status_code == 422
    assert analyst.post(f"{path}file/take/", {"text": changed, "take": "1"})["Location"] == path
    broken = analyst.post("/scorecards/new/file/", {"text": text.replace('"choice"', '"guess"')})
    assert (broken.status_code, "content.sections[0].questions[0].type" in broken.content.decode()) == (422, True)
    assert analyst.post("/scorecards/new/file/", {"text": ""}).status_code == 422
    made = analyst.post("/scorecards/new/file/", {"text": text, "take": "1", "name": "Second", "channel": ""})
    with enter(alpha.ref()):
        assert ScorecardDraft.objects.get(scorecard__name="Second").content == content()
        assert ScorecardDraft.objects.get(scorecard__key="voice").content["pass_mark"] == 65
        assert made["Location"] == f"/scorecards/{Scorecard.objects.get(name='Second').pk}/draft/"


@pytest.mark.parametrize("start", ["", "nested", "flat", "points", "points_x_weight"])
def test_a_new_scorecard_begins_empty_or_from_an_example(alpha: Any, analyst: Any, start: str) -> None:
    assert analyst.post("/scorecards/new/", {"name": "", "start": start}).status_code == 422
    made = analyst.post("/scorecards/new/", {"name": "Billing", "channel": "voice", "start": start})
    assert analyst.get(made["Location"]).status_code == 200
    with enter(alpha.ref()):
        draft = ScorecardDraft.objects.get()
        assert bool(draft.content["sections"]) == bool(start)
        assert draft.content["mode"] == (start or "nested")
    assert "Billing" in analyst.get("/scorecards/").content.decode()
    assert analyst.post(f"{made['Location']}discard/", {"version": str(draft.version)})["Location"] == "/scorecards/"
    with enter(alpha.ref()):
        assert not Scorecard.objects.exists()


def test_any_two_versions_and_the_draft_stand_side_by_side(alpha: Any, analyst: Any) -> None:
    with enter(alpha.ref()):
        version = published(reworded(begun(card().scorecard), "Was the greeting right?"))
        edited(begun(version.scorecard), do="set", kind="form", field="pass_mark", value="70")
    path = f"/scorecards/{version.scorecard_id}/compare/"
    page = analyst.get(path, {"a": "1", "b": "2"}).content.decode()
    assert "<ins>Was the greeting</ins>" in page
    assert "<del>Is q1</del>" in page
    assert "Is law right?" not in page
    assert "Is law right?" in analyst.get(path, {"a": "1", "b": "2", "all": "1"}).content.decode()
    page = analyst.get(path).content.decode()
    assert "Version 2 → Draft" in page
    assert "pass mark" in page
    assert "Nothing is different" in analyst.get(path, {"a": "2", "b": "2"}).content.decode()
    assert analyst.get(f"/scorecards/{uuid4()}/compare/").status_code == 404


def test_pages_take_as_many_statements_for_three_rows_as_for_one(alpha: Any, analyst: Any) -> None:
    with enter(alpha.ref()):
        scorecard = card().scorecard
        draft = edited(begun(scorecard), do="set", kind="form", field="pass_mark", value="40")
        released("1", {"q1": "no", "law": "yes"}, scorecard=scorecard)
        counted(draft)
    paths = {
        "/scorecards/": 6,
        f"/scorecards/{scorecard.pk}/draft/": 7,
        f"/scorecards/{scorecard.pk}/draft/changes/": 11,
        f"/scorecards/{scorecard.pk}/compare/": 7,
    }
    found = {}
    for path in paths:
        analyst.get(path)
        found[path] = statements(lambda path=path: analyst.get(path))
    with enter(alpha.ref()):
        for number, name in enumerate(LETTERS, start=2):
            released(str(number), {"q1": "no", "law": "yes"}, scorecard=scorecard, agent=name)
        counted(ScorecardDraft.objects.get())
        card("chat")
        begun(card("mail").scorecard)
    assert found == paths
    for path, count in paths.items():
        assert statements(lambda path=path: analyst.get(path)) == count, path


def test_worked_examples_stand_with_the_question_in_the_queue(alpha: Any, analyst: Any) -> None:
    from tests.integration.qa.build import begun as in_hand
    from tests.integration.qa.build import task

    with enter(alpha.ref()):
        draft = begun(card().scorecard)
        examples = [{"text": "Said the brand, not the name: no.", "argues_for": "no"}]
        edited(draft, do="set", kind="question", key="q1", field="precedents", value=examples)
        version = published(draft)
        grader = actor("Qa Analyst")
        one = in_hand(task(scorecard=version.scorecard), grader.display_name)
    page = analyst.get(f"/queue/{one.task_id}/").content.decode()
    assert "Said the brand, not the name: no." in page
    assert "Said the brand" in analyst.get(f"/scorecards/{version.pk}/").content.decode()


def test_a_replay_is_of_the_content_it_was_counted_for(alpha: Any) -> None:
    with enter(alpha.ref()):
        scorecard = card().scorecard
        released("1", scorecard=scorecard)
        draft = edited(begun(scorecard), do="set", kind="form", field="pass_mark", value="40")
        one = counted(draft)
        assert (one.state, one.total, one.done) == ("done", 1, 1)
        assert counted(draft).pk == one.pk
        edited(draft, do="set", kind="form", field="pass_mark", value="50")
        assert counted(draft).pk != one.pk
        assert ScorecardReplay.objects.count() == 2
        assert one.finished_at == NOW
