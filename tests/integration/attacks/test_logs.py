"""T36: what a hundred requests and tasks of two clients leave in logs, error pages, job rows and audit rows."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.db import connection, transaction
from structlog.contextvars import clear_contextvars
from structlog.stdlib import ProcessorFormatter

from accounts.models import Client
from bpo.audit.models import Entry
from bpo.ops_audit.models import Entry as OperatorEntry
from bpo.outbox import registry
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.outbox.services import enqueue
from bpo.tenancy.context import current_client, enter
from interactions.models import Case, Customer, Interaction
from tests.integration.attacks.sources import found_in_source
from tests.integration.console.operators import operator
from tests.integration.search.test_search import fill
from tests.people import sign_in

MARKS = {"alpha": "quetzal", "beta": "ocelot"}
ROUNDS = 5
Step = Callable[[Any, Any, Any], str]  # browser, this client, the other one: what a person was shown


def look(browser: Any, one: Any, other: Any) -> str:
    with enter(one.ref()):
        case, interaction = Case.objects.latest("id"), Interaction.objects.latest("id")
    pages = ("/", "/cases/", f"/cases/{case.pk}/", f"/interactions/{interaction.pk}/", "/api/v1/interactions/")
    return " ".join(browser.get(page).content.decode() for page in pages)


def search(browser: Any, one: Any, other: Any) -> str:
    return "".join(browser.get("/search/", {"q": MARKS[key]}).content.decode() for key in (one.key,))


def trespass(browser: Any, one: Any, other: Any) -> str:
    """Ask for the other's rows by their ids, and send what can't be taken."""
    with enter(other.ref()):
        case = Case.objects.latest("id")
    sent = browser.post("/api/v1/interactions/", {"queue": "none"}, content_type="application/json")
    assert sent.status_code == 400
    missing = browser.get(f"/cases/{case.pk}/")
    assert missing.status_code == 404
    return (missing.content + sent.content).decode()


def break_down(browser: Any, one: Any, other: Any) -> str:
    """A view that reaches into the other's schema: the database refuses, and the page says nothing of where."""

    def breaks(*_: Any, **__: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {other.schema_name}.interactions_customer")

    browser.raise_request_exception = False
    with mock.patch("interactions.views.cases.cases", breaks), mock.patch("interactions.api.cases", breaks):
        answers = [browser.get("/cases/"), browser.get("/api/v1/cases/")]
    assert all(answer.status_code >= 500 for answer in answers)
    return " ".join(answer.content.decode() for answer in answers)


def work(browser: Any, one: Any, other: Any) -> str:
    shown = []
    clear_contextvars()  # a worker's thread never had a request
    for kind in ("logs.good", "logs.bad"):
        key = uuid4().hex
        with enter(one.ref()), transaction.atomic():
            enqueue(kind=kind, dedupe_key=key, payload={"schema": other.schema_name})
        job = Job.objects.get(dedupe_key=key)
        execute(job.pk, kind)
        job.refresh_from_db()
        assert job.client_id == one.pk
        shown.append(job.last_error)
    return " ".join(shown)


STEPS: tuple[Step, ...] = (look, search, trespass, break_down, work)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    registry.load()

    def good(**_: Any) -> None:
        logging.getLogger("work").warning("working for %s", current_client().key)
        assert Customer.objects.exists()

    def bad(schema: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {schema}.interactions_customer")

    for name, done in (("logs.good", good), ("logs.bad", bad)):
        monkeypatch.setitem(registry.KINDS, name, registry.Kind(name, "client", "default", 1, None, done))


@contextmanager
def logged() -> Iterator[list[dict[str, Any]]]:
    """Every line the process writes meanwhile, as it is written."""
    root, text = logging.getLogger(), io.StringIO()
    own = next(one for one in root.handlers if isinstance(one.formatter, ProcessorFormatter))
    copy = logging.StreamHandler(text)
    copy.setFormatter(own.formatter)
    before, lines = root.level, []
    root.addHandler(copy)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.setLevel(before)
        root.removeHandler(copy)
        lines += [json.loads(line) for line in text.getvalue().splitlines()]


def secrets_of(client: Any) -> list[str]:
    return [client.schema_name, client.role_name]


def data_of(client: Any) -> list[str]:
    return [MARKS[client.key], str(client.pk), f"{client.key}.bpo.test"]


def test_t36_lines_errors_and_audit_rows_name_their_own_client_and_hold_nothing_of_another(
    alpha: Any, beta: Any
) -> None:
    browsers = {}
    for one in (alpha, beta):
        fill(one, MARKS[one.key])
        browsers[one.key] = sign_in(one.key, "team_lead")
    lines = 0
    for number in range(2 * ROUNDS * len(STEPS)):
        one, other = (alpha, beta) if number % 2 else (beta, alpha)
        step = STEPS[number // 2 % len(STEPS)]
        with logged() as found:
            shown = step(browsers[one.key], one, other)
        assert found or step is work, step
        for line in found:
            assert line["client_id"] == str(one.pk), line
            assert line.get("client", one.key) == one.key
            assert [word for word in data_of(other) if word in json.dumps(line)] == [], line
        lines += len(found)
        assert [word for word in secrets_of(one) + secrets_of(other) + data_of(other) if word in shown] == [], step
    assert lines > 100

    for one, other in ((alpha, beta), (beta, alpha)):
        with enter(one.ref()):
            rows = [json.dumps([row.detail, row.target_id, row.actor_name]) for row in Entry.objects.all()]
        assert rows
        assert [row for row in rows for word in data_of(other) if word in row] == []
    for row in OperatorEntry.objects.all():
        whose = [
            one for one in (alpha, beta) for word in (str(one.pk), MARKS[one.key]) if word in json.dumps(row.detail)
        ]
        assert len({one.pk for one in whose}) <= 1, row.detail

    page = operator().get("/jobs/").content.decode()
    assert "permission denied for schema" in page
    for client in Client.objects.all():
        assert client.schema_name not in page
        assert client.role_name not in page


def test_t36_there_are_no_metrics_and_no_traces() -> None:
    assert found_in_source(r"prometheus|opentelemetry|statsd|sentry_sdk") == []
