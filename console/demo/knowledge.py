"""Knowledge of the demo: a dozen articles a client with their versions, and a draft. One question is left out: GAP."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from accounts.models import Client
from bpo.actors import By, system
from bpo.audit.services import record
from bpo.tenancy.context import enter
from console.demo.knowledge_words import ARTICLES, DRAFT, Written
from console.demo.plans import ClientWork
from console.demo.world import World
from interactions.models import Reason
from qa.models import Article, Scorecard
from qa.services import begin_article, publish_article, save_draft

BETWEEN: Final = 9  # days from a first version to the second


def seed(world: World, *, now: datetime) -> None:
    """Write and publish at each client that has no article yet."""
    for key, work in world.work.items():
        with enter(Client.objects.get(key=key).ref()), transaction.atomic():
            if not Article.objects.exists():
                _client(world, work, now)


def _client(world: World, work: ClientWork, now: datetime) -> None:
    card = Scorecard.objects.get()
    reasons = dict(Reason.objects.values_list("key", "pk"))
    writers = _writers(world, work)
    made: Article | None = None
    for place, written in enumerate(ARTICLES[work.client.key]):
        made = _article(written, card.pk, reasons, writers[place % len(writers)], now)
    title, summary, body = DRAFT
    asked = begin_article(by=writers[0], now=now - timedelta(hours=30))
    fields = {"title": title, "summary": summary, "body": body}
    save_draft(article_id=asked.pk, version=1, fields=fields, by=writers[0], now=now - timedelta(hours=29))
    assert made is not None  # noqa: S101 - every client of the demo has articles
    detail = {"articles": len(ARTICLES[work.client.key])}
    record(action="knowledge.demo_filled", target=made, by=system("demo"), now=now, detail=detail)


def _writers(world: World, work: ClientWork) -> list[By]:
    """Trainers and analysts of the client as they are today; the product itself where there is none."""
    client, found = work.client.key, []
    for role in ("trainer", "qa_analyst"):
        for person in world.staff_of(client, world.today, role):
            part = person.assignment_on(client, world.today)
            if part is not None:
                found.append(By("person", person.name, actor_id=part.actor_id))
    return found or [system("demo")]


def _article(written: Written, card: UUID, reasons: dict[str, UUID], by: By, now: datetime) -> Article:
    title, summary, body, questions, keys, days, again = written
    at = now - timedelta(days=days)
    fields: dict[str, Any] = {
        "title": title,
        "summary": summary,
        "body": body.rpartition("\n\n")[0] if again else body,
        "reasons": [reasons[key] for key in keys if key in reasons],
        "questions": [(card, f"q{number:02}") for number in questions],
    }
    made = begin_article(by=by, now=at - timedelta(hours=2))
    save_draft(article_id=made.pk, version=1, fields=fields, by=by, now=at - timedelta(hours=1))
    publish_article(article_id=made.pk, version=2, why="First version", by=by, now=at)
    if again:
        later = at + timedelta(days=min(BETWEEN, days - 1))
        save_draft(article_id=made.pk, version=3, fields={**fields, "body": body}, by=by, now=later)
        publish_article(article_id=made.pk, version=4, why=again, by=by, now=later)
    return made
