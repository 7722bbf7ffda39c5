"""Evidence, markers, sentences on keys, answers passed in bulk, and looking ahead without taking anything."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from bpo.tenancy.context import enter
from interactions.models import Line
from qa.domain.scoring import AnswerError
from qa.errors import InHand, NotPossible, StaleNote
from qa.models import (
    Evaluation,
    EvaluationRevision,
    Evidence,
    EvidenceDraft,
    Note,
    ReviewTask,
    ScorecardVersion,
    Snippet,
)
from qa.services import (
    add_note,
    attach_evidence,
    claim,
    detach_evidence,
    keep_snippet,
    mark,
    publish_scorecard,
    release,
    remove_note,
    submit,
    take_back,
)
from qa.services.scoring import CLEAR
from tests.integration.qa.build import NOW, actor, answer, begun, by, card, content, system, task
from tests.people import sign_in

SAID = [(0, 4000, "agent", "Good morning."), (4000, 9000, "customer", "Charged twice."), (9000, 9500, "agent", "Oh.")]


@pytest.fixture
def inside(alpha: Any) -> Any:
    with enter(alpha.ref()):
        yield alpha


def said(one: ReviewTask) -> None:
    Line.objects.bulk_create(
        Line(interaction_id=one.interaction_id, number=n, speaker=who, starts_ms=a, ends_ms=b, text=text)
        for n, (a, b, who, text) in enumerate(SAID, start=1)
    )


def attach(one: Evaluation, start: int, end: int, **more: Any) -> EvidenceDraft:
    values = {"evidence_id": uuid4(), "question": "q1"} | more
    return attach_evidence(evaluation_id=one.pk, start_ms=start, end_ms=end, by=by(one.evaluator), now=NOW, **values)


def noted(one: Evaluation, note_id: UUID, text: str = "Slow down", **more: Any) -> Any:
    return add_note(evaluation_id=one.pk, note_id=note_id, text=text, by=by(one.evaluator), now=NOW, **more)


def full(one: Evaluation) -> EvaluationRevision:
    for seq, key in enumerate(("q1", "law"), start=one.seq + 1):
        answer(one, seq, key, "yes")
    return submit(evaluation_id=one.pk, seq=one.seq + 2, by=by(one.evaluator), now=NOW)


def test_evidence_quotes_the_transcript_and_is_frozen_with_its_answer_or_note(inside: Any) -> None:
    first = task()
    said(first)
    one, note = begun(first), uuid4()
    assert attach(one, 0, 9000).quote == "Good morning.\nCharged twice."
    assert attach(one, 5000, 6000).quote == "Charged twice.", "within one line"
    assert attach(one, 20_000, 21_000).quote == "", "nobody spoke"
    noted(one, note)
    attach(one, 9000, 9400, question="", note_id=note)
    revision = full(one)
    found = Evidence.objects.filter(revision=revision)
    assert [(piece.start_ms, piece.end_ms, piece.question) for piece in found] == [
        (0, 9000, "q1"), (5000, 6000, "q1"), (9000, 9400, ""), (20_000, 21_000, "q1"),
    ]  # fmt: skip
    assert found[2].note == Note.objects.get()
    assert found[2].quote == "Oh."
    take_back(evaluation_id=one.pk, by=by(one.evaluator), now=NOW)
    assert EvidenceDraft.objects.filter(evaluation=one).count() == 4, "taken back, it is a draft again"
    again = submit(evaluation_id=one.pk, seq=2, by=by(one.evaluator), now=NOW)
    assert Evidence.objects.filter(revision=again).count() == 4


def test_evidence_is_sent_twice_and_kept_once_and_can_be_taken_away(inside: Any) -> None:
    one, name = begun(task()), uuid4()
    attach(one, 0, 1000, evidence_id=name)
    attach(one, 0, 2000, evidence_id=name)
    assert EvidenceDraft.objects.get().end_ms == 2000
    other = begun(task("2", agent="Jerome", scorecard=one.scorecard), lead="Ana")
    with pytest.raises(NotPossible, match="another review"):
        attach(other, 0, 1000, evidence_id=name)
    for _ in range(2):
        detach_evidence(evaluation_id=one.pk, evidence_id=name, by=by(one.evaluator), now=NOW)
    assert not EvidenceDraft.objects.exists()


@pytest.mark.parametrize(
    ("start", "end", "more"),
    [
        (1000, 1000, {}), (2000, 1000, {}), (-1, 1000, {}), (0, 600_001, {}),
        (0, 1, {"question": ""}), (0, 1, {"note_id": uuid4()}), (0, 1, {"question": "", "note_id": uuid4()}),
    ],
)  # fmt: skip
def test_evidence_that_is_none_is_refused(inside: Any, start: int, end: int, more: Any) -> None:
    with pytest.raises(NotPossible):
        attach(begun(task()), start, end, **more)


def test_evidence_of_an_unknown_question_or_of_too_many_is_refused(inside: Any) -> None:
    one = begun(task())
    with pytest.raises(AnswerError):
        attach(one, 0, 1, question="q9")
    for place in range(50):
        attach(one, place, place + 1)
    with pytest.raises(NotPossible, match="enough"):
        attach(one, 99, 100)


def test_a_note_that_goes_takes_its_evidence_along(inside: Any) -> None:
    one, note = begun(task()), uuid4()
    noted(one, note)
    attach(one, 0, 1000, question="", note_id=note)
    remove_note(evaluation_id=one.pk, note_id=note, by=by(one.evaluator), now=NOW)
    assert not EvidenceDraft.objects.exists()


@pytest.mark.services
@pytest.mark.parametrize("table", ["evidence", "evidencedraft"])
@pytest.mark.parametrize(
    ("column", "value", "name"),
    [("end_ms", "start_ms", "ends_after"), ("question", "''", "is_of_an_answer_or_a_note"), ("start_ms", "-1", "start_ms")],
)  # fmt: skip
def test_the_database_keeps_evidence_whole(alpha: Any, table: str, column: str, value: str, name: str) -> None:
    """By copies: what is frozen can't be changed."""
    with enter(alpha.ref()):
        one = begun(task())
        attach(one, 0, 1000)
        if table == "evidence":
            full(one)
        model = {"evidence": Evidence, "evidencedraft": EvidenceDraft}[table]
        columns = [field.column for field in model._meta.concrete_fields]
        values = {"id": "gen_random_uuid()", column: value}
        chosen = ", ".join(values.get(each, each) for each in columns)
        with connection.cursor() as cursor, pytest.raises(IntegrityError, match=name):
            cursor.execute(f"INSERT INTO qa_{table} ({', '.join(columns)}) SELECT {chosen} FROM qa_{table}")


@pytest.mark.services
@pytest.mark.parametrize(
    ("change", "name"), [("place = 10", "snippet_key_is_1_to_9"), ("text = ''", "snippet_says_something")]
)
def test_a_sentence_has_a_key_and_says_something(alpha: Any, change: str, name: str) -> None:
    with enter(alpha.ref()):
        keep_snippet(place=3, text="Well done.", by=by(actor("Grace")))
        with connection.cursor() as cursor, pytest.raises(IntegrityError, match=name):
            cursor.execute(f"UPDATE qa_snippet SET {change}")


def test_sentences_are_ones_own_and_an_empty_one_frees_its_key(inside: Any) -> None:
    for text in ("Well done.", "Well said."):
        keep_snippet(place=3, text=text, by=by(actor("Grace")))
    keep_snippet(place=3, text="Mine", by=by(actor("Ana")))
    assert sorted(Snippet.objects.values_list("text", flat=True)) == ["Mine", "Well said."]
    keep_snippet(place=3, text="  ", by=by(actor("Grace")))
    assert list(Snippet.objects.values_list("text", flat=True)) == ["Mine"]
    for place in (0, 10):
        with pytest.raises(NotPossible):
            keep_snippet(place=place, text="x", by=by(actor("Grace")))


def test_markers_are_kept_in_order_and_lifted(inside: Any) -> None:
    one = begun(task())

    def put(ms: int, on: bool) -> list[int]:
        return mark(evaluation_id=one.pk, at_ms=ms, on=on, by=by(one.evaluator), now=NOW)

    assert [put(9000, True), put(1000, True), put(9000, True), put(1000, False), put(5, False)][2:] == [
        [1000, 9000], [9000], [9000],
    ]  # fmt: skip
    with pytest.raises(NotPossible):
        put(-1, True)
    with pytest.raises(InHand):
        taken = ReviewTask.objects.get()
        ReviewTask.objects.update(lease_until=NOW - timedelta(seconds=1))
        claim(task_id=taken.pk, by=by(actor("Ana")), now=NOW)
        put(1, True)


def test_what_was_passed_in_bulk_is_known_of_the_frozen_revision(inside: Any) -> None:
    one = begun(task())
    answer(one, 1, "q1", "yes", source="bulk")
    with pytest.raises(AnswerError, match="critical"):
        answer(one, 2, "law", "yes", source="bulk")
    with pytest.raises(AnswerError, match="by 'magic'"):
        answer(one, 2, "q1", "yes", source="magic")
    answer(one, 2, "law", "yes")
    assert submit(evaluation_id=one.pk, seq=2, by=by(one.evaluator), now=NOW).sources == {"q1": "bulk"}
    take_back(evaluation_id=one.pk, by=by(one.evaluator), now=NOW)
    answer(one, 3, "q1", "no")
    assert submit(evaluation_id=one.pk, seq=3, by=by(one.evaluator), now=NOW).sources == {}, "then by hand"


def test_an_answer_taken_back_leaves_no_source(inside: Any) -> None:
    one = begun(task())
    answer(one, 1, "q1", "yes", source="bulk")
    assert answer(one, 2, "q1", CLEAR).sources == {}


def test_a_note_changed_elsewhere_is_not_written_over(inside: Any) -> None:
    one, note = begun(task()), uuid4()
    assert noted(one, note, "One", version=0).version == 1
    assert noted(one, note, "One", version=0).version == 1, "sent twice"
    assert noted(one, note, "Two", version=1).version == 2
    with pytest.raises(StaleNote) as stale:
        noted(one, note, "Three", version=1)
    assert (stale.value.note.text, stale.value.note.version) == ("Two", 2)


# --- Over HTTP ------------------------------------------------------------------------------------------


def send(browser: Any, method: str, path: str, data: Any, **headers: str) -> Any:
    return getattr(browser, method)(path, json.dumps(data), content_type="application/json", headers=headers)


def opened(browser: Any, one: ReviewTask) -> str:
    browser.post(f"/queue/{one.pk}/open/")
    return f"/queue/{one.pk}/"


def test_evidence_markers_and_sentences_are_on_the_page_again(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        one = task()
        said(one)
    path, piece = opened(lead, one), uuid4()
    given = {"start_ms": 4000, "end_ms": 9000, "question": "q1"}
    answered = send(lead, "put", f"{path}evidence/{piece}/", given)
    assert answered.json() == {"evidence": str(piece), "quote": "Charged twice."}
    assert send(lead, "put", f"{path}evidence/{piece}/", given | {"end_ms": 1}).status_code == 422
    assert send(lead, "put", f"{path}evidence/{piece}/", {}).status_code == 422
    assert send(lead, "put", f"{path}markers/", {"at_ms": 700}).json() == {"markers": [700]}
    assert send(lead, "put", "/queue/snippets/2/", {"text": "Say the amount aloud."}).json() == {"place": 2}
    assert send(lead, "put", "/queue/snippets/12/", {"text": "x"}).status_code == 422
    page = lead.get(path).content.decode()
    for words in ("Charged twice.", '"markers": [700]', '"2": "Say the amount aloud."'):
        assert words in page
    assert send(lead, "delete", f"{path}evidence/{piece}/", {}).json() == {"evidence": None}


def test_a_stale_note_says_what_is_there(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        one = task()
    address = f"{opened(lead, one)}notes/{uuid4()}/"
    note = {"text": "One", "visibility": "agent", "version": 0}
    assert send(lead, "put", address, note).json()["version"] == 1
    stale = send(lead, "put", address, note | {"text": "Two"})
    assert (stale.status_code, stale.json()["problem"], stale.json()["theirs"]["text"]) == (409, "stale_note", "One")


def test_a_page_left_open_by_somebody_else_saves_nothing(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        one = task()
    path = opened(lead, one)
    change = {"seq": 1, "question": "q1", "answer": "yes"}
    assert send(lead, "patch", f"{path}answers/", change, **{"X-Evaluation": str(uuid4())}).status_code == 404
    with enter(alpha.ref()):
        own = Evaluation.objects.get()
        assert own.answers == {}
    assert send(lead, "patch", f"{path}answers/", change, **{"X-Evaluation": str(own.pk)}).status_code == 200


def test_looking_ahead_shows_the_next_one_and_takes_nothing(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        scorecard = card().scorecard
        first, second = task("1", scorecard=scorecard), task("2", agent="Jerome", scorecard=scorecard)
    path = opened(lead, first)
    seen = lead.get(f"{path}ahead/")
    assert "Jerome" in seen.content.decode()
    with enter(alpha.ref()):
        assert ReviewTask.objects.get(pk=second.pk).state == "waiting"
        assert Evaluation.objects.count() == 1
    for seq, key in enumerate(("q1", "law"), start=1):
        send(lead, "patch", f"{path}answers/", {"seq": seq, "question": key, "answer": "yes"})
    told = send(lead, "post", f"{path}submit/", {"seq": 2, "shows": True}).json()
    assert told["mark"] in seen.content.decode(), "what was drawn may be shown"
    assert (told["next"], told["said"]) == (f"/queue/{second.pk}/", "Review of Maricel submitted, 100.0")
    with enter(alpha.ref()):
        assert str(Evaluation.objects.get(task=second).pk) == told["evaluation"]
    assert "submitted" not in lead.get(told["next"]).content.decode(), "said once, by the page itself"
    assert lead.get(f"{told['next']}ahead/").status_code == 204, "nothing is left"


def test_what_changed_since_looking_ahead_has_another_mark(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        scorecard = card().scorecard
        first, second = task("1", scorecard=scorecard), task("2", agent="Jerome", scorecard=scorecard)
    path = opened(lead, first)
    seen = lead.get(f"{path}ahead/").content.decode()
    with enter(alpha.ref()):
        said(second)
        publish_scorecard(key="voice", name="Voice", content=content(pass_mark=70), by=system("t"), now=timezone.now())
        assert ScorecardVersion.objects.count() == 2
    for seq, key in enumerate(("q1", "law"), start=1):
        send(lead, "patch", f"{path}answers/", {"seq": seq, "question": key, "answer": "yes"})
    told = send(lead, "post", f"{path}submit/", {"seq": 2, "shows": True}).json()
    assert told["mark"]
    assert told["mark"] not in seen


def test_an_agent_gets_evidence_of_answers_and_of_the_notes_they_see(alpha: Any) -> None:
    browser = sign_in("alpha", "agent")
    with enter(alpha.ref()):
        one = task(agent="Agent")
        said(one)
        scored, shown, hidden = begun(one), uuid4(), uuid4()
        noted(scored, shown, visibility="agent")
        noted(scored, hidden, "Among leads", visibility="team")
        attach(scored, 0, 4000)
        attach(scored, 4000, 9000, question="", note_id=shown)
        attach(scored, 9000, 9500, question="", note_id=hidden)
        answer(scored, 1, "q1", "yes", source="bulk")
        answer(scored, 2, "law", "yes")
        revision = submit(evaluation_id=scored.pk, seq=2, by=by(scored.evaluator), now=NOW)
        release(revision_id=revision.pk, by=system("t"), now=NOW)
    page = browser.get(f"/reviews/{scored.pk}/").content.decode()
    assert "Good morning." in page
    assert "Charged twice." in page
    for unseen in ("Oh.", "passed with its section"):
        assert unseen not in page
    theirs = sign_in("alpha", "team_lead").get(f"/evaluations/{scored.pk}/").content.decode()
    for words in ("Good morning.", "Charged twice.", "Oh.", "passed with its section"):
        assert words in theirs
