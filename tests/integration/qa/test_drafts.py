"""Drafts: saved edit by edit, merged, taken back, and published by somebody who didn't write them."""

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from bpo.actors import By, system
from bpo.audit.models import Entry
from bpo.ids import uuid7
from bpo.notices.models import Notice
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from qa.domain.content import content_hash
from qa.errors import NotPossible, StaleScorecard
from qa.models import DraftEdit, Scorecard, ScorecardDraft, ScorecardVersion
from qa.services import ask_publication, discard_draft, edit_draft, new_scorecard, replace_draft, undo_edit
from qa.tasks import tell_publishers
from tests.integration.qa.build import NOW, actor, by, card, content
from tests.integration.qa.drafts import begun, counted, edited, published, reader, reworded, writer
from tests.people import sign_in


def question(draft: ScorecardDraft, key: str) -> dict[str, Any]:
    found = ScorecardDraft.objects.get(pk=draft.pk).content["sections"]
    return next(one for section in found for one in section["questions"] if one["key"] == key)


def test_a_draft_says_what_the_newest_version_says_and_each_edit_is_saved_numbered_and_recorded(alpha: Any) -> None:
    with enter(alpha.ref()):
        draft = begun(card().scorecard)
        assert draft.content == content()
        assert begun(draft.scorecard).pk == draft.pk
        draft = reworded(draft)
        assert (draft.version, question(draft, "q1")["text"]) == (2, "Was the greeting right?")
        edit = DraftEdit.objects.get()
        assert (edit.number, edit.edited_by.display_name) == (2, "Ana")
        line = Entry.objects.get(action="qa.draft_edited")
        assert line.detail == {"number": 2, "touched": ["question:q1.text"]}
        assert ScorecardVersion.objects.get().content == content()


def test_a_card_number_in_a_draft_is_masked_before_it_is_stored(alpha: Any) -> None:
    with enter(alpha.ref()):
        draft = reworded(begun(card().scorecard), "Was 4111 1111 1111 1111 read aloud?")
        assert "4111 1111" not in str(question(draft, "q1"))
        assert "4111 1111" not in str(DraftEdit.objects.get().step)


def test_other_fields_merge_by_themselves_and_the_same_field_is_asked_about(alpha: Any) -> None:
    with enter(alpha.ref()):
        draft = begun(card().scorecard)
        reworded(draft, "By Ana?", version=1)
        edited(draft, reader(), 1, do="set", kind="question", key="q1", field="weight", value="3")
        assert (question(draft, "q1")["text"], question(draft, "q1")["weight"]) == ("By Ana?", 3)
        with pytest.raises(StaleScorecard) as caught:
            reworded(draft, "By Grace?", who=reader(), version=1)
        met = caught.value.met
        assert (met.field, met.before, met.theirs, met.mine, met.who) == (
            "text", "Is q1 right?", "By Ana?", "By Grace?", "Ana",
        )  # fmt: skip
        assert question(draft, "q1")["text"] == "By Ana?"
        reworded(draft, "By Grace?", who=reader())
        assert question(draft, "q1")["text"] == "By Grace?"


def test_what_somebody_removed_meanwhile_is_gone_and_their_undo_brings_it_back(alpha: Any) -> None:
    with enter(alpha.ref()):
        draft = begun(card(questions=3).scorecard)
        before = ScorecardDraft.objects.get().content
        edited(draft, do="remove", kind="question", key="q1")
        with pytest.raises(StaleScorecard) as caught:
            reworded(draft, who=reader(), version=1)
        assert caught.value.met.gone
        undo_edit(card_id=draft.scorecard_id, by=writer(), now=NOW)
        assert ScorecardDraft.objects.get().content == before


def test_one_takes_back_ones_own_edits_one_by_one_and_not_what_others_built_on(alpha: Any) -> None:
    with enter(alpha.ref()):
        draft = begun(card().scorecard)
        start = draft.content
        for text in ("One?", "Two?"):
            reworded(draft, text)
        edited(draft, reader(), do="set", kind="form", field="pass_mark", value="70")
        undo = {"card_id": draft.scorecard_id, "now": NOW}
        undo_edit(by=writer(), **undo)
        assert question(draft, "q1")["text"] == "One?"
        undo_edit(by=writer(), **undo)
        assert ScorecardDraft.objects.get().content == {**start, "pass_mark": 70}
        assert undo_edit(by=writer(), **undo) is None
        reworded(draft, "Three?")
        reworded(draft, "By Grace?", who=reader())
        with pytest.raises(NotPossible, match="Grace changed the same"):
            undo_edit(by=writer(), **undo)


def test_the_mode_is_fixed_with_the_first_publication(alpha: Any) -> None:
    with enter(alpha.ref()):
        mode = {"do": "set", "kind": "form", "field": "mode", "value": "points"}
        draft = begun(card().scorecard)
        with pytest.raises(NotPossible, match="scores by another mode"):
            edited(draft, **mode)
        with pytest.raises(NotPossible, match="scores by another mode"):
            replace_draft(
                card_id=draft.scorecard_id, version=1, content=content() | {"mode": "flat"}, by=writer(), now=NOW
            )
        fresh = new_scorecard(name="Chat", channel="chat", content=None, by=writer(), now=NOW)
        assert edited(fresh, **mode).content["mode"] == "points"


def test_a_key_ever_given_in_the_lineage_is_not_given_again(alpha: Any) -> None:
    with enter(alpha.ref()):
        draft = begun(card(questions=4).scorecard)  # q1 to q3, law
        edited(draft, do="add", kind="question", after="q3")
        edited(draft, do="remove", kind="question", key="q4")
        edited(draft, do="remove", kind="question", key="q3")
        edited(draft, do="add", kind="question", after="q2")
        keys = [one["key"] for one in ScorecardDraft.objects.get().content["sections"][0]["questions"]]
        assert keys == ["q1", "q2", "q5"]


def test_nobody_publishes_what_they_wrote_a_part_of(alpha: Any) -> None:
    with enter(alpha.ref()):
        draft = reworded(begun(card().scorecard))
        edited(draft, reader(), do="set", kind="form", field="pass_mark", value="70")
        for who in (writer(), reader()):
            with pytest.raises(NotPossible, match="You wrote a part of this draft"):
                published(draft, who)
        with pytest.raises(NotPossible, match="no seat"):
            published(draft, By("person", "Nobody"))
        assert ScorecardVersion.objects.count() == 1
        version = published(draft, by(actor("Ines")))
        assert (version.number, version.written_by.display_name, version.published_by.display_name) == (
            2, "Grace", "Ines",
        )  # fmt: skip
        assert version.reason == "The greeting is asked about in other words"
        assert not ScorecardDraft.objects.exists()
        assert not DraftEdit.objects.exists()
        line = Entry.objects.filter(action="qa.scorecard_published").order_by("-seq").first()
        assert line.detail["editors"] == [str(actor("Ana").pk), str(actor("Grace").pk)]


def test_a_draft_is_published_as_it_was_seen_with_a_reason_and_without_problems(alpha: Any) -> None:
    with enter(alpha.ref()):
        draft = begun(card().scorecard)
        with pytest.raises(NotPossible, match="Nothing is different"):
            published(draft)
        reworded(draft, "")
        with pytest.raises(NotPossible, match="1 problem is left"):
            published(draft)
        seen = content_hash(ScorecardDraft.objects.get().content)
        reworded(draft)
        with pytest.raises(NotPossible, match="edited since you looked"):
            published(draft, seen=seen)
        with pytest.raises(NotPossible, match="No reason"):
            published(draft, reason="  ")
        published(draft)


def test_the_database_refuses_a_version_published_by_its_writer_and_one_without_a_reason(alpha: Any) -> None:
    with enter(alpha.ref()):
        version = published(reworded(begun(card().scorecard)))
        for changes, name in (
            ({"published_by_id": version.written_by_id}, "scorecard_version_has_four_eyes"),
            ({"published_by_id": None}, "scorecard_version_has_four_eyes"),
            ({"reason": ""}, "scorecard_version_says_what_changed"),
        ):
            copy = ScorecardVersion.objects.get(pk=version.pk)
            copy.pk, copy.number, copy._state.adding = uuid7(), 9, True
            for field, value in changes.items():
                setattr(copy, field, value)
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                copy.save(force_insert=True)


@pytest.mark.services
@pytest.mark.parametrize("table", ["scorecardversion", "templatecopy"])
def test_published_and_offered_resist_raw_sql(alpha: Any, table: str) -> None:
    with enter(alpha.ref()), connection.cursor() as cursor:
        for statement in (
            f"UPDATE qa_{table} SET content = '{{}}'",
            f"DELETE FROM qa_{table}",
            f"TRUNCATE qa_{table} CASCADE",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(statement)


@pytest.mark.services
@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE qa_draftedit SET takes_back = number", "draft_edit_takes_back_an_earlier"),
        ("UPDATE qa_draftedit SET number = 2", "draft_edit_is_numbered_once"),
        ("UPDATE qa_scorecarddraft SET version = 0", "version"),
        ("UPDATE qa_scorecarddraft SET asked_at = NULL, asked_by_id = edited_by_id", "draft_asked_has_a_time"),
        ("UPDATE qa_scorecardreplay SET done = total + 1", "replay_does_no_more_than_there_is"),
        ("UPDATE qa_scorecardreplay SET state = 'waiting'", "replay_over_has_an_end"),
    ],
)
def test_rules_of_drafts_hold_against_raw_sql(alpha: Any, statement: str, constraint: str) -> None:
    with enter(alpha.ref()), connection.cursor() as cursor:
        draft = begun(card().scorecard)
        for text in ("One?", "Two?"):
            reworded(draft, text)
        counted(draft)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            cursor.execute(statement)


def test_asking_for_publication_tells_those_who_may_and_did_not_write_it(alpha: Any) -> None:
    for role in ("team_lead", "operator_admin", "planner"):
        sign_in("alpha", role)
    with enter(alpha.ref()):
        draft = reworded(begun(card().scorecard))
        edited(draft, by(actor("Operator Admin")), do="set", kind="form", field="pass_mark", value="70")
        ask_publication(card_id=draft.scorecard_id, by=writer(), now=NOW)
        ask_publication(card_id=draft.scorecard_id, by=writer(), now=NOW)
    job = Job.objects.get(kind="qa.tell_publishers")
    tell_publishers(client=alpha.ref(), **job.payload)
    tell_publishers(client=alpha.ref(), **job.payload)
    with enter(alpha.ref()):
        notice = Notice.objects.get()
        assert notice.actor_id == actor("Team Lead").pk
        assert notice.text == "Voice waits for somebody to publish it."
        assert notice.path == f"/scorecards/{draft.scorecard_id}/draft/changes/"
        reworded(draft, "Changed after asking?")
        assert ScorecardDraft.objects.get().asked_at is None


def test_a_discarded_draft_takes_a_card_that_was_never_published_with_it(alpha: Any) -> None:
    with enter(alpha.ref()):
        fresh = new_scorecard(name="Chat", channel="", content=content(), by=writer(), now=NOW)
        again = new_scorecard(name="Chat", channel="", content=None, by=writer(), now=NOW)
        assert (fresh.scorecard.key, again.scorecard.key) == ("chat", "chat-2")
        assert discard_draft(card_id=again.scorecard_id, version=again.version, by=writer(), now=NOW) is None
        assert list(Scorecard.objects.values_list("key", flat=True)) == ["chat"]
        draft = begun(card().scorecard)
        assert discard_draft(card_id=draft.scorecard_id, version=1, by=writer(), now=NOW) is not None
        assert Scorecard.objects.filter(key="voice").exists()


def test_nothing_of_a_draft_is_another_clients(alpha: Any, beta: Any) -> None:
    with enter(alpha.ref()):
        draft = begun(card().scorecard)
    with enter(beta.ref()), pytest.raises(ScorecardDraft.DoesNotExist):
        edit_draft(card_id=draft.scorecard_id, version=1, intent={"do": "remove"}, by=system("tests"), now=NOW)
