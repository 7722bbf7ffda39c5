"""Screens of knowledge: who reads and who writes, what is saved while typing, what stands beside a review."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from bpo.permissions import Principal
from bpo.roles import permissions_of
from bpo.slots import Query, search
from bpo.tenancy.context import enter
from interactions.models import Reason
from qa.models import Article, ArticleDraft, Evaluation
from qa.services import withdraw_article
from tests.integration.qa.build import NOW, card, released
from tests.integration.qa.writing import BY, EMPTY, again, written
from tests.people import sign_in
from tests.statements import statements


@pytest.fixture
def trainer(alpha: Any) -> Any:
    return sign_in("alpha", "trainer")


def patch(browser: Any, one: Article, version: int, before: Any = None, **fields: Any) -> Any:
    sent = {"version": version, "fields": {**EMPTY, **fields}, "before": before or EMPTY}
    return browser.patch(f"/knowledge/{one.pk}/draft/", json.dumps(sent), content_type="application/json")


def page_of(browser: Any, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.content[:300]
    return str(answer.content.decode())


def test_lists_of_articles_take_as_many_statements_for_three_rows_as_for_one(alpha: Any, trainer: Any) -> None:
    agent = sign_in("alpha", "agent")
    with enter(alpha.ref()):
        scorecard = card().scorecard_id
        written("Refunds one", questions=[[str(scorecard), "q1"]])
    cases = ((trainer, "/knowledge/", 10), (trainer, "/knowledge/?q=refunds", 10), (agent, "/knowledge/", 9))
    counted = []
    for browser, path, _count in cases:
        browser.get(path)
        counted.append(statements(lambda browser=browser, path=path: browser.get(path)))
    with enter(alpha.ref()):
        written("Refunds two")
        written("Refunds three")
    for (browser, path, count), before in zip(cases, counted, strict=True):
        assert statements(lambda browser=browser, path=path: browser.get(path)) == before == count, path


def test_the_pages_of_an_article_take_few_statements(alpha: Any, trainer: Any) -> None:
    with enter(alpha.ref()):
        one = written(body="See [[other]] and [[another]]")
        written("Other")
        written("Another")
        again(one, title="Refunds", body="See [[other]] and [[another]] again", why="More")
    for path, most in (("", 10), ("edit/", 10), ("changes/", 9), ("versions/1/", 11)):
        trainer.get(f"/knowledge/{one.pk}/{path}")
        assert statements(lambda path=path: trainer.get(f"/knowledge/{one.pk}/{path}")) <= most, path


def test_an_article_shows_its_text_links_versions_and_what_changed(alpha: Any, trainer: Any) -> None:
    with enter(alpha.ref()):
        reason = Reason.objects.create(key="bill", name="A question about the bill")
        other = written("Other")
        one = written(
            body="Say soon, see [[other]].", reasons=[str(reason.pk)], questions=[[str(card().scorecard_id), "q1"]]
        )
        again(one, title="Refunds", body="Say Friday, see [[other]]. <b>x</b>", why="A day, not soon")
        withdraw_article(article_id=other.pk, by=BY, now=NOW)
    page = page_of(trainer, f"/knowledge/{one.pk}/")
    for words in ("Say Friday, see other. &lt;b&gt;x&lt;/b&gt;", "A day, not soon", "First version", "What changed"):
        assert words in page
    first = page_of(trainer, f"/knowledge/{one.pk}/versions/1/")
    assert "This isn't the version that stands." in first.replace("&#x27;", "'")
    assert "A question about the bill" in first
    changes = page_of(trainer, f"/knowledge/{one.pk}/changes/")
    assert "<del>soon,</del><ins>Friday,</ins>" in changes
    assert "From version 1 to 2" in changes
    assert "From version 2 to 1" in page_of(trainer, f"/knowledge/{one.pk}/changes/?from=2&to=1")
    assert trainer.get(f"/knowledge/{one.pk}/versions/9/").status_code == 404
    assert trainer.get(f"/knowledge/{other.pk}/changes/").status_code == 404


def test_readers_read_what_is_live_and_write_nothing(alpha: Any, beta: Any) -> None:
    with enter(alpha.ref()):
        live, gone = written("Live"), written("Gone")
        withdraw_article(article_id=gone.pk, by=BY, now=NOW)
    agent = sign_in("alpha", "agent")
    page = page_of(agent, "/knowledge/")
    assert "Live" in page
    assert "Gone" not in page
    assert "Write an article" not in page
    assert "Withdraw" not in page_of(agent, f"/knowledge/{live.pk}/")
    assert agent.get(f"/knowledge/{gone.pk}/").status_code == 404
    assert agent.get(f"/knowledge/beside/{gone.pk}/").status_code == 404
    assert agent.get(f"/knowledge/{live.pk}/edit/").status_code == 403
    assert agent.get("/knowledge/gaps/").status_code == 403
    assert sign_in("beta", "agent").get(f"/knowledge/{live.pk}/").status_code == 404


def test_a_draft_is_saved_shown_published_and_withdrawn_over_http(alpha: Any, trainer: Any) -> None:
    with enter(alpha.ref()):
        scorecard = card().scorecard_id
    assert trainer.post("/knowledge/new/", {"question": f"{uuid4()}:q1"})["Location"] == "/knowledge/"
    there = trainer.post("/knowledge/new/", {"question": f"{scorecard}:q1"})["Location"]
    with enter(alpha.ref()):
        one = Article.objects.get()
        assert ArticleDraft.objects.get().questions == [[str(scorecard), "q1"]]
    assert there == f"/knowledge/{one.pk}/edit/"
    assert "checked" in page_of(trainer, there)
    saved = patch(trainer, one, 1, title="Credits", body="# Up to 25\n<i>", questions=[[str(scorecard), "q1"]])
    assert (saved.status_code, saved.json()["version"]) == (200, 2)
    assert saved.json()["html"] == "<h2>Up to 25</h2><p>&lt;i&gt;</p>"
    assert patch(trainer, one, 2, title="x" * 200).status_code == 422
    assert trainer.patch(f"/knowledge/{one.pk}/draft/", "[]", content_type="application/json").status_code == 400
    assert patch(trainer, Article(pk=uuid4()), 0).status_code == 404
    refused = trainer.post(f"/knowledge/{one.pk}/publish/", {"version": "2", "why": " "})
    assert (refused.status_code, "Say in a few words what is new" in refused.content.decode()) == (422, True)
    assert trainer.post(f"/knowledge/{one.pk}/publish/", {"version": "1", "why": "New"}).status_code == 409
    assert (
        trainer.post(f"/knowledge/{one.pk}/publish/", {"version": "2", "why": "New"})["Location"]
        == f"/knowledge/{one.pk}/"
    )
    assert "Version 1 is live." in page_of(trainer, f"/knowledge/{one.pk}/")
    nothing = trainer.post(f"/knowledge/{one.pk}/publish/", {"version": "3", "why": "Again"})
    assert (nothing.status_code, "There is nothing new to publish." in nothing.content.decode()) == (422, True)
    trainer.post(f"/knowledge/{one.pk}/withdraw/")
    page = page_of(trainer, f"/knowledge/{one.pk}/")
    assert f'action="/knowledge/{one.pk}/put-back/"' in page
    assert "Withdrawn: in no list" in page
    trainer.post(f"/knowledge/{one.pk}/put-back/")
    assert "Withdrawn: in no list" not in page_of(trainer, f"/knowledge/{one.pk}/")


def test_a_stale_draft_asks_only_about_what_both_changed(alpha: Any, trainer: Any) -> None:
    with enter(alpha.ref()):
        one = written("Refunds", "first")
        version = ArticleDraft.objects.get().version
    before = {**EMPTY, "title": "Refunds", "body": "first"}
    assert patch(trainer, one, version, before, title="Refunds, theirs", body="theirs").status_code == 200
    stale = patch(trainer, one, version, before, title="Refunds", summary="mine", body="mine")
    text = stale.content.decode()
    assert stale.status_code == 409
    assert "1 field needs a choice" in text
    assert "Trainer" in text
    for kept in ('type="hidden" name="title" value="Refunds, theirs"', 'type="hidden" name="summary" value="mine"',
                 'type="radio" name="body" value="theirs"', 'type="radio" name="body" value="mine"'):  # fmt: skip
        assert kept in text
    sent = {
        "version": str(version + 1),
        "title": "Refunds, theirs",
        "summary": "mine",
        "body": "mine",
        "reasons": "[]",
        "questions": "[]",
    }
    assert trainer.post(f"/knowledge/{one.pk}/draft/", sent)["Location"] == f"/knowledge/{one.pk}/edit/"
    with enter(alpha.ref()):
        draft = ArticleDraft.objects.get()
        assert (draft.title, draft.summary, draft.body) == ("Refunds, theirs", "mine", "mine")
    late = trainer.post(f"/knowledge/{one.pk}/draft/", sent)
    assert (late.status_code, "Somebody was faster" in late.content.decode()) == (409, True)


def test_giving_up_a_draft_can_be_undone(alpha: Any, trainer: Any) -> None:
    trainer.post("/knowledge/new/")
    with enter(alpha.ref()):
        one = Article.objects.get()
    patch(trainer, one, 1, title="Begun")
    assert trainer.post(f"/knowledge/{one.pk}/draft/drop/")["Location"] == "/knowledge/"
    page = page_of(trainer, "/knowledge/")
    assert "Draft given up." in page
    assert "No drafts." in page
    trainer.post(f"/knowledge/{one.pk}/draft/back/")
    assert "Begun" in page_of(trainer, "/knowledge/")
    assert trainer.get(f"/knowledge/{one.pk}/").status_code == 200
    assert sign_in("alpha", "agent").get(f"/knowledge/{one.pk}/").status_code == 404


def test_the_list_is_narrowed_and_a_question_without_an_article_offers_one(alpha: Any, trainer: Any) -> None:
    with enter(alpha.ref()):
        scorecard = card().scorecard_id
        reason = Reason.objects.create(key="bill", name="Bill")
        written("About q1", questions=[[str(scorecard), "q1"]])
        written("About bills", reasons=[str(reason.pk)])
    page = page_of(trainer, f"/knowledge/?question={scorecard}:q1")
    assert "About q1" in page
    assert "About bills" not in page
    assert "About q1" not in page_of(trainer, f"/knowledge/?reason={reason.pk}")
    lacking = page_of(trainer, f"/knowledge/?question={scorecard}:law")
    assert "No article about this question yet" in lacking
    assert f'name="question" value="{scorecard}:law"' in lacking
    assert "Nothing matches" in page_of(trainer, "/knowledge/?q=nowhere")
    found = page_of(trainer, "/knowledge/?q=Friday")
    assert "Say by <mark>Friday</mark>" in found
    for odd in ("?reason=x", "?question=x", "?page=99", "?q=%00", "?withdrawn=on"):
        assert trainer.get(f"/knowledge/{odd}").status_code == 200


def test_beside_a_review_stand_the_articles_of_the_question_and_the_reason(alpha: Any) -> None:
    lead = sign_in("alpha", "team_lead")
    with enter(alpha.ref()):
        scorecard = card().scorecard_id
        reason = Reason.objects.create(key="bill", name="A question about a bill")
        written("Zebra of the question", questions=[[str(scorecard), "q1"]])
        written("About bills", reasons=[str(reason.pk)])
        other = written("Something else", "with a giraffe")
    page = page_of(lead, f"/knowledge/beside/?question={scorecard}:q1&reason={reason.pk}")
    assert page.index("Zebra of the question") < page.index("About bills")
    assert "Something else" not in page
    searched = page_of(lead, f"/knowledge/beside/?question={scorecard}:q1&reason={reason.pk}&q=giraffe&part=found")
    assert "Something else" in searched
    assert "panel-title" not in searched
    again = page_of(lead, f"/knowledge/beside/{other.pk}/?question={scorecard}:q1&q=giraffe")
    assert f"/knowledge/beside/?question={scorecard}%3Aq1&amp;q=giraffe" in again
    assert 'value="giraffe"' in page_of(lead, f"/knowledge/beside/?question={scorecard}:q1&q=giraffe")
    assert "with a giraffe" in page_of(lead, f"/knowledge/beside/{other.pk}/")
    assert "Nothing is written about" in page_of(lead, f"/knowledge/beside/?question={scorecard}:law&reason=x")


def test_an_agent_finds_what_to_read_beside_what_was_marked_down(alpha: Any) -> None:
    agent = sign_in("alpha", "agent")
    with enter(alpha.ref()):
        scorecard = card().scorecard_id
        written("How to do q1", questions=[[str(scorecard), "q1"]])
        written("How to do law", questions=[[str(scorecard), "law"]])
        released("1", {"q1": "no", "law": "yes"}, agent="Agent")
        one = Evaluation.objects.get()
    page = page_of(agent, f"/reviews/{one.pk}/")
    assert "How to do q1" in page
    assert "How to do law" not in page


def test_the_palette_finds_articles_for_who_may_read_them(alpha: Any) -> None:
    def principal(role: str) -> Principal:
        permissions = permissions_of([role], on_operator=False)
        return Principal(uuid4(), "x", "staff", frozenset([role]), False, permissions=permissions)

    with enter(alpha.ref()):
        one = written("Refund rule")
        groups = [hit for hits in search.collect(Query("refund", principal("agent"))) for hit in hits]
        assert [(hit.label, hit.url) for hit in groups] == [("Refund rule", f"/knowledge/{one.pk}/")]
        assert not [hit for hits in search.collect(Query("refund", principal("hr"))) for hit in hits]


def test_gaps_show_what_is_failed_and_not_written_about_first(alpha: Any, trainer: Any) -> None:
    assert "Nothing to go by" in page_of(trainer, "/knowledge/gaps/")
    today = timezone.localdate()
    with enter(alpha.ref()):
        scorecard = card(questions=3)
        scorecard_id = scorecard.scorecard_id
        reason = Reason.objects.create(key="bill", name="Bill")
        written("About q1", questions=[[str(scorecard_id), "q1"]], now=timezone.now() - timedelta(days=5))
        evaluations(
            scorecard, reason, [("yes", "no", "yes")] * 4 + [("no", "no", "yes")] * 3 + [("no", "yes", "no")], today
        )
    trainer.get("/knowledge/gaps/")
    assert statements(lambda: trainer.get("/knowledge/gaps/")) == 12
    page = page_of(trainer, "/knowledge/gaps/")
    assert "2 questions are failed and nobody wrote about them" in page
    assert page.index("q2") < page.index("law") < page.index("About q1")
    for words in ("7 of 8", "4 of 8", "1 of 8", f'value="{scorecard_id}:q2"', "Bill", "n = 2, needs 5", "1 of 5"):
        assert words in page
    for days in (
        "?from=2020-01-01&to=2020-01-31",
        "?from=x",
        "?from=2026-02-01&to=2026-01-01",
        "?from=2020-01-01&to=2026-01-01",
    ):
        assert trainer.get(f"/knowledge/gaps/{days}").status_code == (200 if "2020-01-31" in days else 422)
    for key in ("question", "reason", "around"):
        assert "Wilson" in page_of(trainer, f"/knowledge/gaps/figures/{key}/")
    assert trainer.get("/knowledge/gaps/figures/none/").status_code == 404
    lines = trainer.get("/knowledge/gaps.csv").content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith('question,"Voice 2, q2",7,8,0.875,')
    assert trainer.get("/knowledge/gaps.csv?from=x").status_code == 404


def test_gaps_of_a_narrow_reach_count_own_teams_only(alpha: Any) -> None:
    from accounts.models import Membership

    browser = sign_in("alpha", "trainer")
    Membership.objects.filter(role="trainer").update(scope="teams")
    with enter(alpha.ref()):
        evaluations(card(questions=3), None, [("no", "no", "no")] * 6, timezone.localdate())
    assert "Nothing to go by" in page_of(browser, "/knowledge/gaps/")


def evaluations(scorecard: Any, reason: Reason | None, given: list[tuple[str, str, str]], today: Any) -> None:
    """Released ones, as if drawn at random, of a call a day back each."""
    from tests.integration.qa.many import released_rows

    released_rows(
        scorecard,
        [dict(zip(("q1", "q2", "law"), answers, strict=True)) for answers in given],
        today=today,
        reason=reason,
    )
