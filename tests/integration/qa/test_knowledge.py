"""Articles: what is frozen, what a draft survives, what a publication changes, and what a search finds."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection

from bpo.audit.models import Entry
from bpo.tenancy.context import enter
from interactions.models import Reason
from qa.errors import NotPossible, StaleDraft
from qa.models import Article, ArticleDraft, ArticleQuestion, ArticleReason, ArticleVersion
from qa.selectors.articles import About, articles, being_written, beside, lit_parts
from qa.services import (
    begin_article,
    draft_back,
    drop_draft,
    publish_article,
    put_back_article,
    save_draft,
    withdraw_article,
)
from tests.integration.qa.build import NOW, card
from tests.integration.qa.test_frozen import run
from tests.integration.qa.writing import BY, EMPTY, again, written


@pytest.mark.services
def test_a_published_version_refuses_update_delete_and_truncate(alpha: Any) -> None:
    with enter(alpha.ref()):
        written()
        table = "qa_articleversion"
        for statement in (f"UPDATE {table} SET title = 'x'", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                run(statement)


@pytest.mark.services
@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE qa_article SET current_id = NULL", "article_published_has_a_version"),
        ("UPDATE qa_article SET state = 'new'", "article_published_has_a_version"),
        ("UPDATE qa_articlequestion SET question = ''", "article_question_is_named"),
        ("INSERT INTO qa_articlequestion SELECT gen_random_uuid(), question, article_id, scorecard_id FROM qa_articlequestion", "article_names_a_question_once"),
        ("INSERT INTO qa_articlereason SELECT gen_random_uuid(), article_id, reason_id FROM qa_articlereason", "article_names_a_reason_once"),
        ("INSERT INTO qa_articleversion (id, article_id, number, title, summary, body, plain, reasons, questions, why, published_at) SELECT gen_random_uuid(), article_id, 1, 'x', '', '', '', '[]', '[]', 'y', now() FROM qa_articleversion", "article_version_is_numbered_once"),
        ("INSERT INTO qa_articleversion (id, article_id, number, title, summary, body, plain, reasons, questions, why, published_at) SELECT gen_random_uuid(), article_id, 0, 'x', '', '', '', '[]', '[]', 'y', now() FROM qa_articleversion", "article_version_counts_from_one"),
        ("INSERT INTO qa_articleversion (id, article_id, number, title, summary, body, plain, reasons, questions, why, published_at) SELECT gen_random_uuid(), article_id, 2, 'x', '', '', '', '[]', '[]', '', now() FROM qa_articleversion", "article_version_has_title_and_why"),
    ],
)  # fmt: skip
def test_a_constraint_of_articles_holds_against_raw_sql(alpha: Any, statement: str, constraint: str) -> None:
    with enter(alpha.ref()):
        reason = Reason.objects.create(key="bill", name="Bill")
        written(reasons=[str(reason.pk)], questions=[[str(card().scorecard_id), "q1"]])
        with pytest.raises(IntegrityError, match=constraint):
            run(statement)


def test_publishing_freezes_the_draft_and_makes_its_links_the_articles(alpha: Any) -> None:
    with enter(alpha.ref()):
        scorecard = card().scorecard_id
        bill, move = (Reason.objects.create(key=key, name=key) for key in ("bill", "move"))
        one = written("Refunds & credits", reasons=[str(bill.pk)], questions=[[str(scorecard), "q1"]])
        assert (one.key, one.state) == ("refunds-credits", "live")
        again(one, title="Refunds, new", body="**Say** by Friday", reasons=[str(move.pk)], why="Moves")
        one.refresh_from_db()
        assert one.current is not None
        assert (one.key, one.current.number, one.current.plain) == ("refunds-credits", 2, "Say by Friday")
        assert [link.reason for link in one.of_reasons.all()] == [move]
        assert not one.of_questions.exists()
        first = one.versions.get(number=1)
        assert (first.title, first.questions) == ("Refunds & credits", [[str(scorecard), "q1"]])
        assert written("Refunds & credits").key == "refunds-credits-2"
        actions = Entry.objects.filter(target_id=str(one.pk)).order_by("pk").values_list("action", flat=True)
        assert list(actions) == ["knowledge.begun", "knowledge.published", "knowledge.published"]


@pytest.mark.parametrize(
    ("fields", "why", "field"),
    [
        ({"title": "", "body": "x"}, "why", "title"),
        ({"title": "T", "body": " \n "}, "why", "body"),
        ({"title": "T", "body": "x"}, "  ", "why"),
        ({"title": "T", "body": "x"}, "w" * 201, "why"),
    ],
)
def test_what_is_not_whole_is_not_published(alpha: Any, fields: dict[str, str], why: str, field: str) -> None:
    with enter(alpha.ref()):
        made = begin_article(by=BY, now=NOW)
        draft = save_draft(article_id=made.pk, version=1, fields={**EMPTY, **fields}, by=BY, now=NOW)
        with pytest.raises(NotPossible) as refused:
            publish_article(article_id=made.pk, version=draft.version, why=why, by=BY, now=NOW)
        assert refused.value.field == field
        assert not ArticleVersion.objects.exists()


def test_a_draft_is_saved_against_the_version_its_writer_saw(alpha: Any) -> None:
    with enter(alpha.ref()):
        made = begin_article(by=BY, now=NOW)
        first = save_draft(article_id=made.pk, version=1, fields={**EMPTY, "title": "A"}, by=BY, now=NOW)
        assert first.version == 2
        same = save_draft(article_id=made.pk, version=2, fields={**EMPTY, "title": "A"}, by=BY, now=NOW)
        assert same.version == 2
        with pytest.raises(StaleDraft) as stale:
            save_draft(article_id=made.pk, version=1, fields={**EMPTY, "title": "B"}, by=BY, now=NOW)
        assert stale.value.draft is not None
        assert (stale.value.draft.title, stale.value.draft.version) == ("A", 2)
        with pytest.raises(StaleDraft):
            publish_article(article_id=made.pk, version=1, why="x", by=BY, now=NOW)


def test_who_opened_the_editor_before_a_publication_does_not_write_over_it(alpha: Any) -> None:
    with enter(alpha.ref()):
        one = written(body="first")
        seen = ArticleDraft.objects.get(article=one).version
        again(one, title="Refunds", body="second")
        with pytest.raises(StaleDraft):
            save_draft(
                article_id=one.pk, version=seen, fields={**EMPTY, "title": "Refunds", "body": "old"}, by=BY, now=NOW
            )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": "x" * 121}, "title"),
        ({"body": "x" * 20_001}, "body"),
        ({"reasons": [str(uuid4())]}, "reasons"),
        ({"questions": [[str(uuid4()), "q1"]]}, "questions"),
    ],
)
def test_a_draft_refuses_what_is_too_long_or_not_there(alpha: Any, fields: dict[str, Any], field: str) -> None:
    with enter(alpha.ref()):
        made = begin_article(by=BY, now=NOW)
        with pytest.raises(NotPossible) as refused:
            save_draft(article_id=made.pk, version=1, fields={**EMPTY, **fields}, by=BY, now=NOW)
        assert refused.value.field == field


def test_control_characters_and_card_numbers_are_never_stored(alpha: Any) -> None:
    with enter(alpha.ref()):
        one = written("A\x02b\tc", "x\x02y\x03\r\nz\x00 4111 1111 1111 1111")
        assert one.current is not None
        assert one.current.title == "Ab c"
        assert one.current.body.startswith("xy\nz ")
        assert "4111 1111" not in one.current.body + one.current.plain


def test_withdrawn_is_in_no_list_and_comes_back_as_it_was(alpha: Any) -> None:
    with enter(alpha.ref()):
        scorecard = card().scorecard_id
        one = written(questions=[[str(scorecard), "q1"]])
        withdraw_article(article_id=one.pk, by=BY, now=NOW)
        assert not articles()
        assert not articles(About(text="Friday"))
        assert beside(reason=None, question=(scorecard, "q1")) == []
        assert [found.title for found in articles(About(withdrawn=True))] == ["Refunds"]
        with pytest.raises(NotPossible):
            withdraw_article(article_id=one.pk, by=BY, now=NOW)
        put_back_article(article_id=one.pk, by=BY, now=NOW)
        assert [found.title for found in beside(reason=None, question=(scorecard, "q1"))] == ["Refunds"]


def test_a_draft_given_up_can_be_had_back_until_somebody_writes_again(alpha: Any) -> None:
    with enter(alpha.ref()):
        one = written()
        version = ArticleDraft.objects.get(article=one).version
        save_draft(article_id=one.pk, version=version, fields={**EMPTY, "title": "New"}, by=BY, now=NOW)
        drop_draft(article_id=one.pk, by=BY, now=NOW)
        assert being_written() == []
        with pytest.raises(NotPossible):
            drop_draft(article_id=one.pk, by=BY, now=NOW)
        draft_back(article_id=one.pk, by=BY, now=NOW)
        assert [draft.title for draft in being_written()] == ["New"]


def test_a_search_ranks_the_title_before_the_summary_before_the_text(alpha: Any) -> None:
    with enter(alpha.ref()):
        written("Closing", "Nothing about it. The word refund is here.")
        written("Opening", "Nothing", summary="When a refund is due")
        written("Refund rule", "Nothing")
        found = list(articles(About(text="refund")))
        assert [one.title for one in found] == ["Refund rule", "Opening", "Closing"]
        assert [one.title for one in articles(About(text='"refund is due"'))] == ["Opening"]
        assert {one.title for one in articles(About(text="refund -rule"))} == {"Opening", "Closing"}
        assert lit_parts(found[2].lit)[1] == (True, "refund")


def test_only_the_version_that_stands_is_searched(alpha: Any) -> None:
    with enter(alpha.ref()):
        one = written(body="an old word: zebra")
        again(one, title="Refunds", body="a new word: giraffe")
        assert not articles(About(text="zebra"))
        assert articles(About(text="giraffe")).count() == 1


@pytest.mark.parametrize("text", ["'", '"', "a & b | !", "<script>", ":*", "\\", "%s", "-", "( )", "🙂"])
def test_a_search_takes_any_text(alpha: Any, text: str) -> None:
    with enter(alpha.ref()):
        written()
        assert len(articles(About(text=text))) <= 1


def test_five_thousand_articles_are_searched_by_the_index(alpha: Any) -> None:
    with enter(alpha.ref()):
        written("The needle", "A haystack has one needle.")
        many(5000)
        with connection.cursor() as cursor:
            # Autovacuum brings the statistics in a minute; a role that owns no table can't, so the planner is told.
            cursor.execute(
                "SET LOCAL enable_seqscan = off" if connection.in_atomic_block else "SET enable_seqscan = off"
            )
        plan = articles(About(text="needle")).explain()
        assert "articles_by_their_words" in plan
        assert [one.title for one in articles(About(text="needle"))] == ["The needle"]
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = on")


def many(count: int) -> None:
    """Live articles with words that differ."""
    made = [Article(key=f"a-{number}") for number in range(count)]
    Article.objects.bulk_create(made, batch_size=1000)
    versions = [
        ArticleVersion(
            article=one, number=1, title=f"Article {number}", summary=f"About {number % 97}", body=f"word{number} hay",
            plain=f"word{number} hay", why="x", published_at=NOW,
        )
        for number, one in enumerate(made)
    ]  # fmt: skip
    ArticleVersion.objects.bulk_create(versions, batch_size=1000)
    run(
        "UPDATE qa_article a SET state = 'live', current_id = v.id FROM qa_articleversion v WHERE v.article_id = a.id AND a.state = 'new'"
    )


def test_links_are_kept_apart_by_client(alpha: Any, beta: Any) -> None:
    with enter(alpha.ref()):
        written()
    with enter(beta.ref()):
        assert not articles()
        assert not ArticleQuestion.objects.exists()
        assert not ArticleReason.objects.exists()
