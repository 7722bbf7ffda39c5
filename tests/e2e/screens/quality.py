"""What a quality desk leaves behind: templates offered and followed, drafts, a review half done, threads."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.utils import timezone

from bpo.actors import By
from bpo.ids import uuid7
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from console.models import ScorecardTemplate
from interactions.models import Interaction
from qa.domain.documents import Document, write
from qa.models import (
    Article,
    ArticleDraft,
    Evaluation,
    Note,
    Release,
    ReviewTask,
    Scorecard,
    ScorecardDraft,
    TemplateCopy,
)
from qa.services import (
    add_note,
    ask_publication,
    ask_replay,
    attach_evidence,
    begin_draft,
    edit_draft,
    give_note,
    keep_snippet,
    mark,
    new_scorecard,
    publish_article,
    queue_many,
    reply,
    save_answer,
    save_draft,
    save_filter,
)
from tests.e2e.qa.ground import content

SENTENCES = ("Confirm the date in the customer's own words.", "Both names in the first sentence, please.")


def quality_worked_at(client: Any, operator: Any) -> None:
    """After somebody has claimed a review: that review half scored, and all that stands around it."""
    form = content()
    offered(operator, client, form, "For every voice line")
    with enter(client.ref()):
        held = ReviewTask.objects.filter(state="claimed", interaction__recording__isnull=False)
        task = held.select_related("holder").latest("lease_until")
        assert task.holder is not None
        by = By("person", task.holder.display_name, actor_id=task.holder.pk)
        follower(by)
    newer = deepcopy(form)
    newer["pass_mark"] = 75
    newer["sections"][0]["questions"][0]["text"] = "Did the agent give both names in the first sentence?"
    offered(operator, client, newer, "A lower mark; the greeting is asked about in plainer words")
    with enter(client.ref()):
        drafted(by)
        looked_for(by)
        half_scored(task, by)
        threaded(by)
    for job in Job.objects.filter(kind="qa.replay", client=client):  # more reviews than are counted at once
        assert execute(job.pk, job.kind) == "done"


def offered(operator: Any, client: Any, form: Mapping[str, Any], note: str) -> None:
    """A version of the operator's template from a file, offered to this client and copied there."""
    template = ScorecardTemplate.objects.first()
    text = write(Document("voice", "Voice, all sites", "voice", dict(form)))
    place = f"/library/{template.pk}/new/" if template else "/library/new/"
    sent = operator.post(place, {"text": text, "note": note, "take": "1"})
    assert sent.status_code == 302, sent.content.decode()
    assert operator.post(f"{sent['Location']}offer/", {"client": client.key}).status_code == 302
    job = Job.objects.filter(kind="console.copy_template", client=client).latest("pk")
    assert execute(job.pk, job.kind) == "done"


def follower(by: By) -> None:
    """A scorecard that follows the template and says one thing its own way."""
    copy = TemplateCopy.objects.latest("pk")
    draft = new_scorecard(
        name="Voice, second site", channel="voice", content=copy.content, template=copy, by=by, now=timezone.now()
    )
    _edit(draft, by, kind="question", key="q1", field="text", value="Did the agent greet in our words?")


def drafted(by: By) -> None:
    """What the client scores with, changed, replayed and waiting for somebody who publishes it."""
    card = Scorecard.objects.filter(versions__isnull=False).order_by("pk").distinct()[0]
    draft = begin_draft(card_id=card.pk, by=by, now=timezone.now())
    question = draft.content["sections"][0]["questions"][0]
    told = [{"text": "Named the brand and left out their own name.", "argues_for": question["options"][-1]["key"]}]
    words = "Brand and own name, in the first sentence. A name that can't be made out doesn't count."
    for field, value in (("guidance", words), ("precedents", told), ("weight", 3)):
        _edit(draft, by, kind="question", key=question["key"], field=field, value=value)
    _edit(draft, by, kind="form", field="pass_mark", value=90)
    ask_replay(card_id=card.pk, by=by, now=timezone.now())
    ask_publication(card_id=card.pk, by=by, now=timezone.now())


def _edit(draft: ScorecardDraft, by: By, **meant: Any) -> None:
    draft.refresh_from_db()
    edit_draft(
        card_id=draft.scorecard_id, version=draft.version, intent={"do": "set", **meant}, by=by, now=timezone.now()
    )


def looked_for(by: By) -> None:
    """A search kept under a name, and two interactions that were queued by it."""
    save_filter(name="Long ones", query="aht=long&order=longest", by=by, now=timezone.now())
    found = Interaction.objects.filter(agent__isnull=False, review_tasks=None, channel="voice").order_by("-pk")[:2]
    ids = [one.pk for one in found]
    queue_many(interactions=ids, why="Handling time unusually long", by=by, now=timezone.now())


def half_scored(task: ReviewTask, by: By) -> None:
    """The review in hand: half its questions answered, two notes, evidence, markers, sentences on keys."""
    one = Evaluation.objects.select_related("scorecard_version").get(task=task, state="draft")
    asked = [each for part in one.scorecard_version.content["sections"] for each in part["questions"]]
    given: dict[str, Any] = {"evaluation_id": one.pk, "by": by, "now": timezone.now()}
    for seq, question in enumerate(asked[: len(asked) // 2], start=1):
        answer = question["options"][seq % 2]["key"]
        save_answer(question=question["key"], answer=answer, seq=seq, active_seconds=20 * seq, **given)
    for place, words in enumerate(SENTENCES):
        keep_snippet(place=place + 1, text=words, by=by)
        note = add_note(note_id=uuid7(), text=words, at_ms=9_000 * (place + 1), question=asked[place]["key"], **given)
        attach_evidence(evidence_id=uuid7(), start_ms=8_000, end_ms=14_000 + place, note_id=note.pk, **given)
        attach_evidence(evidence_id=uuid7(), start_ms=20_000, end_ms=26_000, question=asked[place]["key"], **given)
        mark(at_ms=31_000 * (place + 1), on=True, **given)


def threaded(by: By) -> None:
    """Below a note of a released review its agent answers, and is answered; another is for the client, too."""
    told = Note.objects.filter(visibility="agent", revision__release__isnull=False).select_related("agent").latest("pk")
    agent = By("person", told.agent.display_name, actor_id=told.agent_id)
    for who, words in ((agent, "I had the other account open. I name both now."), (by, "That is what I heard today.")):
        reply(note_id=told.pk, reply_id=uuid7(), text=words, by=who, now=timezone.now())
    released = Release.objects.select_related("revision").exclude(revision__agent_id=by.actor_id).latest("pk").revision
    give_note(
        note_id=uuid7(), interaction_id=released.interaction_id, revision_id=released.pk, visibility="client",
        text="The outage was explained in words that the customer repeated.", by=by, now=timezone.now(),
    )  # fmt: skip


def stretched(by: By, long: str) -> None:
    """Words that people write, as long as the longest we promise to bear: a draft's, and an article's title."""
    draft = ScorecardDraft.objects.latest("pk")
    part = draft.content["sections"][0]
    question = part["questions"][0]
    _edit(draft, by, kind="section", key=part["key"], field="title", value=f"{long}, {long}"[:60])
    _edit(draft, by, kind="question", key=question["key"], field="short", value=f"{long}, {long}"[:60])
    _edit(draft, by, kind="question", key=question["key"], field="text", value=(f"{long} " * 9)[:300])
    one = {"kind": "option", "question": question["key"], "key": question["options"][0]["key"]}
    _edit(draft, by, **one, field="label", value=f"{long}, {long}"[:60])
    now, fields = (
        timezone.now(),
        {"title": f"{long} and what to say of it"[:60], "summary": long, "body": f"{long}. " * 9},
    )
    article = Article.objects.filter(state="live").latest("pk")
    seen = ArticleDraft.objects.filter(article=article).values_list("version", flat=True).first() or 0
    saved = save_draft(article_id=article.pk, version=seen, fields=fields, by=by, now=now)
    publish_article(article_id=article.pk, version=saved.version, why=long, by=by, now=now)
