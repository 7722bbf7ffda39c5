"""Who reads which note: given, widened, taken back, answered; and that what isn't for somebody reaches none of theirs."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Client
from accounts.services.terms import set_terms
from bpo.actors import system
from bpo.audit.models import Entry
from bpo.notices.models import Notice
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.permissions import Reach
from bpo.tenancy.context import as_app, enter
from interactions.models import Actor, Team
from qa import selectors
from qa.errors import NotPossible
from qa.models import EvaluationRevision, Note, NoteReply, NoteShare
from qa.models.note import LEVELS
from qa.selectors.notes import Audience
from qa.services import add_note, give_note, release, reply, share_note, submit, take_back, withdraw_note
from qa.services.coaching import GRACE, tell_of_note
from tests.integration.qa.build import NOW, actor, answer, begun, by, card, interaction, released, submitted, task
from tests.people import sign_in
from tests.statements import statements

LATER = NOW + timedelta(minutes=1)
CANARY = {level: f"canary-{level}-note" for level in ("private", "team", "agent", "client")}


@pytest.fixture
def inside(alpha: Any) -> Any:
    with enter(alpha.ref()):
        yield alpha


def team(name: str = "Lea", *, now: Any = LATER, reach: Reach | None = None) -> Audience:
    return Audience("team", now, actor(name).pk, reach)


def agent(name: str = "Maricel", *, now: Any = LATER) -> Audience:
    return Audience("agent", now, actor(name).pk)


def texts(audience: Audience) -> set[str]:
    return {one.text for one in selectors.notes_for(audience)}


def give(revision: EvaluationRevision | None, text: str, visibility: str, *, lead: str = "Grace", **more: Any) -> Note:
    about = revision.interaction_id if revision else more.pop("interaction_id")
    values = {"note_id": uuid4(), "by": by(actor(lead)), "now": NOW, **more}
    return give_note(
        interaction_id=about, revision_id=revision.pk if revision else None, text=text, visibility=visibility, **values
    )  # fmt: skip


def one_of_each(revision: EvaluationRevision) -> dict[str, Note]:
    return {str(level): give(revision, CANARY[str(level)], level) for level in LEVELS}


def test_each_reads_their_own_and_nobody_reads_more(inside: Any) -> None:
    revision = released()
    one_of_each(revision)
    assert texts(team("Grace")) == set(CANARY.values())  # the author
    assert texts(team()) == {CANARY["team"], CANARY["agent"], CANARY["client"]}
    assert texts(agent()) == {CANARY["agent"], CANARY["client"]}
    assert texts(agent("Jerome")) == set()
    assert texts(Audience("client", LATER)) == {CANARY["client"]}
    assert texts(Audience("nobody", LATER)) == set()
    elsewhere = Reach(frozenset({uuid4()}), actor("Lea").pk)
    assert texts(team(reach=elsewhere)) == set()


def test_a_lead_reads_no_team_note_about_themselves(inside: Any) -> None:
    one_of_each(released())
    assert texts(team("Maricel")) == {CANARY["agent"], CANARY["client"]}


def test_before_its_release_the_agent_reads_nothing(inside: Any) -> None:
    revision = submitted()
    one_of_each(revision)
    assert texts(agent()) == texts(Audience("client", LATER)) == set()
    release(revision_id=revision.pk, by=system("t"), now=NOW)
    assert texts(agent()) == {CANARY["agent"], CANARY["client"]}


def test_a_note_given_after_the_release_is_shown_after_the_grace(inside: Any) -> None:
    give(released(), "Later", "agent")
    assert texts(agent(now=NOW + GRACE - timedelta(seconds=1))) == set()
    assert texts(agent(now=NOW + GRACE)) == {"Later"}


def test_notes_of_a_submission_that_was_taken_back_are_nobodys(inside: Any) -> None:
    one = begun(task())
    for seq, key in enumerate(("q1", "law"), start=1):
        answer(one, seq, key, "yes")
    add_note(evaluation_id=one.pk, note_id=uuid4(), text="Once", by=by(one.evaluator), now=NOW)
    submit(evaluation_id=one.pk, seq=2, by=by(one.evaluator), now=NOW)
    assert texts(team()) == {"Once"}
    take_back(evaluation_id=one.pk, by=by(one.evaluator), now=NOW)
    assert texts(team("Grace")) == set()
    assert [draft.text for draft in selectors.drafts_of(one)] == ["Once"]


def test_a_note_is_widened_by_a_row_and_never_narrowed(inside: Any) -> None:
    note = give(released(), "Mine", "private")
    with pytest.raises(NotPossible, match="private"):
        share_note(note_id=note.pk, to="agent", by=by(actor("Lea")), now=NOW)
    share_note(note_id=note.pk, to="team", by=by(actor("Grace")), now=NOW)
    assert texts(team()) == {"Mine"}
    assert texts(agent()) == set()
    share_note(note_id=note.pk, to="client", by=by(actor("Lea")), now=NOW)
    share_note(note_id=note.pk, to="client", by=by(actor("Lea")), now=NOW)  # again changes nothing
    assert texts(agent()) == texts(Audience("client", LATER)) == {"Mine"}
    for narrower in ("agent", "team", "private"):
        with pytest.raises(NotPossible, match="can't be narrowed"):
            share_note(note_id=note.pk, to=narrower, by=by(actor("Grace")), now=NOW)
    with pytest.raises(NotPossible, match="Nobody is called"):
        share_note(note_id=note.pk, to="world", by=by(actor("Grace")), now=NOW)
    shares = list(NoteShare.objects.filter(note=note).values_list("was", "to"))
    assert shares == [("private", "team"), ("team", "client")]
    assert Note.objects.get(pk=note.pk).visibility == "private"  # as it was given
    assert [one.detail for one in Entry.objects.filter(action="qa.note_shared").order_by("seq")] == [
        {"was": "private", "to": "team"}, {"was": "team", "to": "client"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("was", "to"), [("agent", "team"), ("client", "agent"), ("team", "team"), ("team", "private"), ("client", "client")]
)
def test_the_database_takes_no_share_that_narrows(inside: Any, was: str, to: str) -> None:
    note = give(released(), "Mine", "agent")
    with pytest.raises(IntegrityError, match="note_is_only_widened"), transaction.atomic():
        NoteShare.objects.create(note=note, was=was, to=to, shared_by=actor("Grace"), shared_at=NOW)


@pytest.mark.parametrize("table", ["note", "noteshare", "notereply", "notewithdrawal"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_clients_role_changes_no_given_note(inside: Any, table: str, verb: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(f"qa_{table}"))


def test_a_note_without_an_evaluation_names_no_question_in_the_database(inside: Any) -> None:
    about = interaction(actor("Maricel"), "1")
    with pytest.raises(IntegrityError, match="note_on_an_interaction_stands_alone"), transaction.atomic():
        Note.objects.create(
            interaction=about, agent=about.agent, author=actor("Grace"), text="x", question="q1", given_at=NOW,
            shown_from=NOW,
        )  # fmt: skip


def test_it_is_taken_back_by_its_author_while_the_agent_cant_see_it(inside: Any) -> None:
    revision = submitted()
    note, other = give(revision, "Hasty", "agent"), give(revision, "Stays", "agent")
    with pytest.raises(NotPossible, match="Somebody else"):
        withdraw_note(note_id=note.pk, by=by(actor("Lea")), now=NOW)
    for _ in range(2):
        withdraw_note(note_id=note.pk, by=by(actor("Grace")), now=NOW)
    assert texts(team("Grace")) == {"Stays"}
    with pytest.raises(NotPossible, match="taken back"):
        share_note(note_id=note.pk, to="client", by=by(actor("Grace")), now=NOW)
    release(revision_id=revision.pk, by=system("t"), now=NOW)
    with pytest.raises(NotPossible, match="has it already"):
        withdraw_note(note_id=other.pk, by=by(actor("Grace")), now=NOW)
    assert Note.objects.count() == 2  # the row stays
    assert texts(agent()) == {"Stays"}


def test_on_an_interaction_a_note_is_taken_back_within_its_grace(inside: Any) -> None:
    about = interaction(actor("Maricel"), "1")
    note = give(None, "Hasty", "agent", interaction_id=about.pk)
    withdraw_note(note_id=note.pk, by=by(actor("Grace")), now=NOW + GRACE - timedelta(seconds=1))
    kept = give(None, "Kept", "agent", interaction_id=about.pk)
    with pytest.raises(NotPossible, match="has it already"):
        withdraw_note(note_id=kept.pk, by=by(actor("Grace")), now=NOW + GRACE)
    for one in (note, kept):
        tell_of_note(note_id=one.pk, now=NOW + GRACE)
    assert [one.path for one in Notice.objects.filter(kind="note_given")] == [f"/reviews/notes/{kept.pk}/"]


def test_an_agent_is_told_by_work_of_the_outbox_once_the_note_is_theirs(alpha: Any) -> None:
    with enter(alpha.ref()):
        revision = released()
        give(revision, "For the team", "team")
        note = give(revision, "For you", "agent", now=timezone.now() - GRACE)
    with as_app():
        [job] = Job.objects.filter(kind="qa.tell_of_note")
    assert execute(job.pk, job.kind) == "done"
    with enter(alpha.ref()):
        [told] = Notice.objects.filter(kind="note_given")
        assert (told.actor_id, told.path) == (note.agent_id, f"/reviews/notes/{note.pk}/")
        assert "For you" not in told.text


def test_shared_with_the_agent_later_they_are_told_then(alpha: Any) -> None:
    with enter(alpha.ref()):
        note = give(released(), "Mine", "team")
        share_note(note_id=note.pk, to="agent", by=by(actor("Lea")), now=NOW)
    with as_app():
        assert Job.objects.filter(kind="qa.tell_of_note", dedupe_key=f"note:{note.pk}").count() == 1


def test_agent_and_leads_answer_each_other_and_are_told(inside: Any) -> None:
    note = give(released(), "Say the amount aloud", "agent")
    first = reply(note_id=note.pk, reply_id=uuid4(), text=" I did, at 2:10 ", by=by(actor("Maricel")), now=LATER)
    again = reply(note_id=note.pk, reply_id=first.pk, text="I did, at 2:10", by=by(actor("Maricel")), now=LATER)
    assert first.pk == again.pk
    reply(note_id=note.pk, reply_id=uuid4(), text="You are right", by=by(actor("Lea")), now=LATER + GRACE)
    told = dict(Notice.objects.filter(kind="note_answered").values_list("actor_id", "path"))
    assert told == {actor("Grace").pk: f"/coaching/{note.pk}/", actor("Maricel").pk: f"/reviews/notes/{note.pk}/"}
    [mine] = selectors.said(selectors.notes_for(agent()), agent())
    assert [(one.text, one.mine, one.name) for one in mine.replies] == [
        ("I did, at 2:10", True, ""), ("You are right", False, ""),
    ]  # fmt: skip
    assert (mine.author, mine.visibility) == ("", "")
    [theirs] = selectors.said(selectors.notes_for(team("Grace")), team("Grace"))
    assert [one.name for one in theirs.replies] == ["Maricel", "Lea"]
    share_note(note_id=note.pk, to="client", by=by(actor("Grace")), now=LATER)
    client = Audience("client", LATER)
    [shown] = selectors.said(selectors.notes_for(client), client)
    assert (shown.text, shown.replies, shown.author) == ("Say the amount aloud", (), "")


@pytest.mark.parametrize("level", ["private", "team"])
def test_nobody_answers_what_the_agent_doesnt_see(inside: Any, level: str) -> None:
    note = give(released(), "Mine", level)
    with pytest.raises(NotPossible, match="doesn't see"):
        reply(note_id=note.pk, reply_id=uuid4(), text="x", by=by(actor("Grace")), now=LATER)
    assert not NoteReply.objects.exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"text": "  "}, "nothing in it"), ({"text": "x" * 2001}, "longer"), ({"visibility": "world"}, "Nobody"),
        ({"question": "nope"}, "no such question"), ({"lead": "Maricel"}, "Nobody else"), ({"at_ms": -1}, "over"),
    ],
)  # fmt: skip
def test_what_cant_be_noted_is_refused_in_words(inside: Any, more: dict[str, Any], words: str) -> None:
    revision = released()
    given = {"text": "x", "visibility": "agent", **more}
    with pytest.raises(NotPossible, match=words):
        give(revision, given.pop("text"), given.pop("visibility"), **given)
    assert not Note.objects.exists()


def test_the_same_note_twice_is_one(inside: Any) -> None:
    revision, ident = released(), uuid4()
    for _ in range(2):
        give(revision, "Once", "agent", note_id=ident, question="q1", at_ms=3000)
    assert Note.objects.count() == 1
    with pytest.raises(NotPossible, match="another one"):
        give(None, "Other", "agent", note_id=ident, interaction_id=interaction(actor("Jerome"), "9").pk)


@pytest.fixture
def pages(alpha: Any) -> dict[str, Any]:
    """Every address an agent can open, and their browser, beside notes of each kind about them."""
    browser = sign_in("alpha", "agent")
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        revision = released(agent="Agent")
        made = one_of_each(revision)
        loose = {
            str(level): give(None, f"loose {CANARY[str(level)]}", level, interaction_id=revision.interaction_id)
            for level in LEVELS
        }
        evaluation = revision.evaluation_id
    return {
        "agent": browser, "lead": lead, "evaluation": evaluation, "notes": made, "loose": loose,
        "interaction": revision.interaction_id,
    }  # fmt: skip


def test_an_agents_pages_hold_what_is_for_them_and_no_word_more(pages: dict[str, Any]) -> None:
    browser, opened = pages["agent"], {}
    for path in ("/today/", "/reviews/", f"/reviews/{pages['evaluation']}/", "/search/?q=canary", "/notices/", "/me/"):
        opened[path] = browser.get(path).content.decode()
    for level, note in {**pages["notes"], **{f"l{k}": v for k, v in pages["loose"].items()}}.items():
        answered = browser.get(f"/reviews/notes/{note.pk}/")
        assert answered.status_code == (404 if level.lstrip("l") in ("private", "team") else 200), level
        opened[f"note {level}"] = answered.content.decode()
        assert browser.post(f"/reviews/notes/{note.pk}/answer/", {"text": "x", "reply": str(uuid4())}).status_code == (
            404 if level.lstrip("l") in ("private", "team") else 302
        )
    for where, page in opened.items():
        assert CANARY["private"] not in page, where
        assert CANARY["team"] not in page, where
    assert CANARY["agent"] in opened[f"/reviews/{pages['evaluation']}/"]
    assert "loose canary-agent-note" in opened["/reviews/"]


def alike(answer: Any, ident: UUID) -> str:
    """An answer without the id asked for and the marks of its request."""
    return re.sub(r"[A-Za-z0-9]{64}|[0-9a-f]{32}", "", answer.content.decode().replace(str(ident), ""))


def test_a_missing_note_and_one_that_isnt_theirs_answer_alike(pages: dict[str, Any]) -> None:
    secret, missing = pages["notes"]["private"].pk, uuid4()
    for who, path in (("agent", "/reviews/notes/{}/"), ("lead", "/coaching/{}/")):
        theirs, none = (pages[who].get(path.format(one)) for one in (secret, missing))
        assert theirs.status_code == none.status_code == 404
        assert alike(theirs, secret) == alike(none, missing)
    for verb in ("share", "withdraw", "answer"):
        assert pages["lead"].post(f"/coaching/{secret}/{verb}/").status_code == 404


def test_a_lead_reads_gives_shares_answers_and_takes_back_on_screen(pages: dict[str, Any], alpha: Client) -> None:
    lead = pages["lead"]
    for path in (f"/evaluations/{pages['evaluation']}/", "/coaching/", f"/interactions/{pages['interaction']}/"):
        page = lead.get(path).content.decode()
        assert CANARY["private"] not in page, path
        assert CANARY["team"] in page, path
    address = f"/evaluations/{pages['evaluation']}/note/"
    assert "Give the note" in lead.get(address).content.decode()
    sent = {"note": str(uuid4()), "text": "Well kept", "at_ms": "3:24", "question": "q1", "visibility": "team"}
    for wrong, words in (
        ({"at_ms": "soon"}, "no moment"), ({"text": " "}, "required"), ({"question": "zz"}, "valid choice"),
    ):  # fmt: skip
        refused = lead.post(address, sent | wrong)
        assert (refused.status_code, words in refused.content.decode()) == (422, True), words
    assert lead.post(address, sent)["Location"] == f"/evaluations/{pages['evaluation']}/"
    note = f"/coaching/{sent['note']}/"
    page = lead.get(note).content.decode()
    assert "Well kept" in page
    assert "nobody to answer" in page
    assert lead.post(f"{note}answer/", {"text": "x", "reply": str(uuid4())}).status_code == 422
    assert lead.post(f"{note}share/", {"to": "private"}).status_code == 302
    assert "can't be narrowed" in lead.get(note).content.decode()
    assert lead.post(f"{note}share/", {"to": "agent"}).status_code == 302
    with enter(alpha.ref()):
        assert list(NoteShare.objects.values_list("was", "to")) == [("team", "agent")]
        assert Note.objects.get(pk=sent["note"]).at_ms == 204_000
    own = {"note": str(uuid4()), "text": "Hm", "visibility": "private"}
    assert lead.post(f"/interactions/{pages['interaction']}/note/", own).status_code == 302
    assert lead.post(f"/coaching/{own['note']}/withdraw/").status_code == 302
    assert lead.get(f"/coaching/{own['note']}/").status_code == 404


def test_who_reaches_one_team_gives_no_note_to_another(alpha: Any) -> None:
    browser = sign_in("alpha", "team_lead", email="narrow@alpha.example")
    from accounts.models import Membership

    Membership.objects.filter(user__email="narrow@alpha.example").update(scope="teams")
    with enter(alpha.ref()):
        Actor.objects.filter(pk=actor("Maricel").pk).update(team=Team.objects.create(name="South"))
        revision = released()
        note = give(revision, "Theirs", "team")
    for path in (f"/evaluations/{revision.evaluation_id}/note/", f"/interactions/{revision.interaction_id}/note/"):
        assert browser.get(path).status_code == 404
        assert browser.post(path, {"text": "x"}).status_code == 404
    assert browser.get(f"/coaching/{note.pk}/").status_code == 404
    assert browser.post(f"/coaching/{note.pk}/share/", {"to": "agent"}).status_code == 404


def test_no_search_and_no_log_holds_the_words_of_a_note(pages: dict[str, Any], alpha: Client) -> None:
    with enter(alpha.ref()):
        for entry in Entry.objects.all():
            assert "canary" not in str(entry.detail), entry.action
        assert not Notice.objects.filter(text__contains="canary").exists()
    assert "canary-" not in pages["lead"].get("/search/?q=canary-private").content.decode()
    with as_app():
        assert not [job for job in Job.objects.all() if "canary" in str(job.payload)]


def test_a_clients_pages_hold_what_is_for_them_and_no_name(pages: dict[str, Any], alpha: Client) -> None:
    set_terms(client=alpha, agreed={"sees_evaluations": True}, reason="Agreed", by=system("t"), now=timezone.now())
    browser = sign_in("alpha", "client_user")
    address = f"/quality/{pages['evaluation']}/"
    opened = {path: browser.get(path).content.decode() for path in ("/quality/", address, "/search/?q=canary", "/me/")}
    for where, page in opened.items():
        for hidden in (CANARY["private"], CANARY["team"], CANARY["agent"], "Grace"):
            assert hidden not in page, where
    assert CANARY["client"] in opened[address]
    assert f"loose {CANARY['client']}" in opened["/quality/"]
    for path in ("/evaluations/", f"/evaluations/{pages['evaluation']}/", "/coaching/", "/api/v1/notes/", "/reviews/"):
        assert browser.get(path).status_code == 403, path
    missing = uuid4()
    with enter(alpha.ref()):
        hidden = submitted("2", agent="Jerome").evaluation_id
    unreleased, none = browser.get(f"/quality/{hidden}/"), browser.get(f"/quality/{missing}/")
    assert unreleased.status_code == none.status_code == 404
    assert alike(unreleased, hidden) == alike(none, missing)


def test_the_clients_list_takes_as_many_statements_for_three_rows_as_for_one(alpha: Client) -> None:
    set_terms(client=alpha, agreed={"sees_evaluations": True}, reason="Agreed", by=system("t"), now=timezone.now())
    browser = sign_in("alpha", "client_user")
    with enter(alpha.ref()):
        scorecard = card().scorecard
        released("1", scorecard=scorecard)
    browser.get("/quality/")
    assert statements(lambda: browser.get("/quality/")) == 8
    with enter(alpha.ref()):
        for number in "23":
            released(number, agent=f"A{number}", scorecard=scorecard)
    assert statements(lambda: browser.get("/quality/")) == 8
