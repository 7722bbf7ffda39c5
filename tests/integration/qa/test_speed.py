"""The queue at ten and at ten thousand: as many statements, and read by its index."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from bpo.tenancy.context import as_owner, enter
from interactions.models import Actor, Interaction
from qa import selectors
from qa.models import ReviewTask
from qa.services import claim
from tests.integration.qa.build import actor, by, card, interaction, task
from tests.integration.qa.test_screens import send
from tests.people import sign_in
from tests.statements import statements

MANY = 10_000


def fill(to: int) -> None:
    """Queue interactions of forty agents until so many wait, due over ten days."""
    scorecard, day = card().scorecard, timezone.localdate()
    agents = [actor(f"Agent {number}") for number in range(40)]
    first = Interaction.objects.first() or interaction(agents[0], "first")
    have = ReviewTask.objects.count()
    made = Interaction.objects.bulk_create(
        [
            Interaction(
                source="acd", external_id=f"n{number}", agent=agents[number % 40], queue=first.queue, zone="UTC",
                started_at=first.started_at, business_date=first.business_date, talk_seconds=300,
            )
            for number in range(have, to)
        ],
        batch_size=2000,
    )  # fmt: skip
    ReviewTask.objects.bulk_create(
        [
            ReviewTask(
                interaction=one, scorecard=scorecard, agent_id=one.agent_id, picked="targeted", why="Odd",
                due_on=day + timedelta(days=number % 10 - 2), created_at=timezone.now(),
            )
            for number, one in enumerate(made)
        ],
        batch_size=2000,
    )  # fmt: skip


def analysed(alpha: Any) -> None:
    with as_owner(alpha.schema_name), connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.fixture
def lead(alpha: Any) -> Any:
    return sign_in("alpha", "team_lead")


def score(browser: Any, path: str) -> None:
    for seq, key in enumerate(("q1", "law"), start=1):
        send(browser, "patch", f"{path}answers/", {"seq": seq, "question": key, "answer": "yes"})


def transition(browser: Any, path: str) -> tuple[int, int]:
    """Statements of submitting a review, and of the page of the next one."""
    score(browser, path)
    answers: list[Any] = []
    submitting = statements(lambda: answers.append(send(browser, "post", f"{path}submit/", {"seq": 2})))
    following = answers[0].json()["next"]
    return submitting, statements(lambda: browser.get(following))


def test_submitting_and_opening_the_next_takes_as_many_statements_at_ten_as_at_ten_thousand(
    alpha: Any, lead: Any
) -> None:
    with enter(alpha.ref()):
        task("first")
        fill(10)
    lead.get("/queue/")
    first = lead.post("/queue/next/")["Location"]
    few = transition(lead, first)
    assert few[0] <= 45
    assert few[1] <= 14
    with enter(alpha.ref()):
        fill(MANY)
    analysed(alpha)
    with enter(alpha.ref()):
        held = ReviewTask.objects.get(state="claimed")
    assert transition(lead, f"/queue/{held.pk}/") == few


def test_the_queue_takes_as_many_statements_at_ten_as_at_ten_thousand(alpha: Any, lead: Any) -> None:
    with enter(alpha.ref()):
        fill(10)
    lead.get("/queue/")
    few = statements(lambda: lead.get("/queue/"))
    assert few == 14
    with enter(alpha.ref()):
        fill(MANY)
    lead.get("/queue/")  # filling took so long that the session is noted as seen
    assert statements(lambda: lead.get("/queue/")) == few


def test_ten_thousand_are_read_by_the_index_of_the_queue(alpha: Any, lead: Any) -> None:
    """The first page and the next review stop after what they need; what one has in hand is found by its holder."""
    with enter(alpha.ref()):
        fill(MANY)
    analysed(alpha)
    with enter(alpha.ref()):
        me = Actor.objects.get(display_name="Team Lead")
        now = timezone.now()
        page = selectors.tasks(apart_from=me.pk)[:50]
        assert "tasks_in_queue_order" in page.explain()
        assert [one.pk for one in page] == [one.pk for one in sorted(page, key=lambda one: (one.due_on, one.pk))], (
            "by day, then as they came"
        )
        found = selectors.next_task(actor=me.pk, now=now)
        assert found is not None
        assert found.pk == page[0].pk
        for plan in plans_of(lambda: selectors.next_task(actor=me.pk, now=now)):
            assert "tasks_in_queue_order" in plan or "tasks_in_hand" in plan, plan
            assert "Seq Scan on qa_reviewtask" not in plan, plan
        claim(task_id=page[7].pk, by=by(me), now=now)
        mine = selectors.next_task(actor=me.pk, now=now)
        assert mine is not None
        assert mine.pk == page[7].pk, "what is in hand comes first"


def plans_of(call: Any) -> list[str]:
    """What PostgreSQL would do for each SELECT of reviews that `call` sends."""
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        call()
    sent = [one["sql"] for one in captured if one["sql"].startswith("SELECT") and "qa_reviewtask" in one["sql"]]
    found = []
    with connection.cursor() as cursor:
        for sql in sent:
            cursor.execute(f"EXPLAIN {sql}")
            found.append("\n".join(row[0] for row in cursor.fetchall()))
    return found
