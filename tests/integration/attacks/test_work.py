"""Attacks by message, callback and task: the row says whose work it is and which; a message only wakes."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.db.transaction import TransactionManagementError

from bpo.celery import NoScope, app
from bpo.outbox import registry
from bpo.outbox.execution import execute
from bpo.outbox.models import Job
from bpo.outbox.services import enqueue
from bpo.outbox.tasks import run
from bpo.tenancy.context import NoClient, current_client, enter, on_commit
from tests.integration.attacks.sources import found_in_source

RAN: list[tuple[str, str]] = []


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    registry.load()
    RAN.clear()
    for name in ("attack.mild", "attack.grave"):
        work = registry.Kind(
            name, "client", "default", 8, None, lambda _name=name, **_: RAN.append((current_client().key, _name))
        )
        monkeypatch.setitem(registry.KINDS, name, work)


def add(client: Any, kind: str = "attack.mild") -> UUID:
    with enter(client.ref()), transaction.atomic():
        enqueue(kind=kind, dedupe_key=str(uuid4()), payload={})
    return UUID(str(Job.objects.latest("id").pk))


def test_t20_a_message_names_no_client_and_one_for_nothing_does_nothing(alpha: Any, beta: Any) -> None:
    job = add(beta)
    assert execute(uuid4(), "attack.mild") == "skipped"
    with pytest.raises(TypeError):
        run(str(job), "attack.mild", client=str(alpha.pk))  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        run()  # type: ignore[call-arg]
    assert RAN == []
    run(str(job), "attack.mild")
    assert RAN == [("beta", "attack.mild")]


def test_t20_a_tampered_message_chooses_neither_client_nor_work(alpha: Any, beta: Any) -> None:
    job = add(beta)
    assert execute(job, "attack.grave") == "done"
    assert RAN == [("beta", "attack.mild")]
    assert execute(add(beta), "no.such.work") == "done", "the row's kind is known, whatever the message says"


def test_t20_a_task_that_says_no_scope_runs_nowhere() -> None:
    @app.task(name="attack.plain")
    def plain() -> None:
        raise AssertionError("ran")

    try:
        with pytest.raises(NoScope):
            plain()
    finally:
        app.tasks.pop("attack.plain")


def test_t21_a_callback_waits_for_the_outer_transaction_and_runs_in_a(alpha: Any, beta: Any) -> None:
    seen: list[str] = []
    with enter(alpha.ref()), transaction.atomic():
        with transaction.atomic():
            on_commit(lambda: seen.append(current_client().key))
        assert seen == []
        with pytest.raises((RuntimeError, TransactionManagementError)), enter(beta.ref()):
            pass
        assert current_client().key == "alpha"
    assert seen == ["alpha"]
    with pytest.raises(NoClient):
        current_client()


def test_t21_work_for_b_run_inside_a_is_refused_and_a_goes_on(alpha: Any, beta: Any) -> None:
    job = add(beta)
    with enter(alpha.ref()), transaction.atomic():
        with pytest.raises((RuntimeError, TransactionManagementError)):
            with enter(beta.ref()):
                run(str(job), "attack.mild")
        assert current_client().key == "alpha"
    assert RAN == []


def test_t21_nothing_is_sent_to_the_broker_but_by_the_relay() -> None:
    senders = found_in_source(r"\.delay\(|delay_on_commit|apply_async|send_task")
    assert [line.split(":")[0] for line in senders] == ["bpo/outbox/relay.py"]


def test_t22_there_are_no_chains_no_retries_by_message_and_no_results() -> None:
    assert found_in_source(r"\b(chain|group|chord|chunks|starmap)\(.*\.s\(|\.retry\(|countdown=|\beta=") == []
    assert found_in_source(r"AsyncResult|result_backend\s*=\s*['\"]") == []
    assert app.conf.task_ignore_result is True
    assert app.conf.result_backend is None
    assert not hasattr(settings, "CELERY_RESULT_BACKEND")
