"""Claims, fences, fairness, retries, slots: the outbox without processes."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from bpo.outbox import registry
from bpo.outbox.execution import backoff, claim, execute
from bpo.outbox.models import Job, Slot
from bpo.outbox.registry import KINDS, Permanent, job
from bpo.outbox.relay import relay_once
from bpo.outbox.services import enqueue, replay
from bpo.outbox.slots import DAILY, daily, due_slot, tick
from bpo.tenancy.context import NoClient, as_owner, current_client, enter

RAN: list[str] = []


@pytest.fixture(autouse=True)
def kinds() -> Any:
    @job("test.note", scope="client")
    def note(*, word: str) -> None:
        RAN.append(f"{current_client().key}:{word}")

    @job("test.fails", scope="client", max_attempts=2)
    def fails() -> None:
        raise ConnectionError("no answer")

    @job("test.hopeless", scope="client")
    def hopeless() -> None:
        raise Permanent("no such address")

    @job("test.mourned", scope="client", max_attempts=2, when_dead="test.note")
    def mourned(*, word: str) -> None:
        raise ConnectionError(word)

    @job("test.operator", scope="operator")
    def operator() -> None:
        RAN.append("operator")

    RAN.clear()
    yield
    for name in [name for name in KINDS if name.startswith("test.")]:
        del KINDS[name]


def add(client: Any, kind: str = "test.note", key: str = "k", **payload: Any) -> UUID:
    with enter(client.ref()), transaction.atomic():
        enqueue(kind=kind, dedupe_key=key, payload=payload)
    return Job.objects.get(client=client, dedupe_key=key).pk


@pytest.mark.services
def test_work_runs_in_the_client_of_its_row(alpha: Any, beta: Any) -> None:
    first, second = add(alpha, word="a"), add(beta, word="b")
    assert [execute(first, "test.note"), execute(second, "test.note")] == ["done", "done"]
    assert RAN == ["alpha:a", "beta:b"]


def test_the_same_key_in_one_client_is_one_job_and_in_two_clients_two(alpha: Any, beta: Any) -> None:
    add(alpha, word="a")
    add(alpha, word="again")
    add(beta, word="b")
    assert Job.objects.count() == 2


def test_a_job_done_is_not_run_again(alpha: Any) -> None:
    first = add(alpha, word="a")
    assert [execute(first, "test.note"), execute(first, "test.note")] == ["done", "skipped"]
    assert RAN == ["alpha:a"]


def test_a_worker_that_lost_its_lease_writes_nothing(alpha: Any) -> None:
    first = add(alpha, word="a")
    slow = claim(first, lease_seconds=60)
    assert slow is not None
    assert claim(first, lease_seconds=60) is None
    Job.objects.filter(pk=first).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert execute(first, "test.note") == "done"
    assert slow.fence == 1
    assert Job.objects.get(pk=first).fence == 2


def test_failing_work_is_tried_again_later_and_is_dead_after_its_last_try(alpha: Any) -> None:
    first = add(alpha, "test.fails")
    assert execute(first, "test.fails") == "ready"
    row = Job.objects.get(pk=first)
    assert row.run_at > timezone.now()
    assert row.last_error == "ConnectionError: no answer"
    Job.objects.filter(pk=first).update(run_at=timezone.now() - timedelta(seconds=1))
    assert execute(first, "test.fails") == "dead"
    assert replay(job_id=first)
    assert Job.objects.get(pk=first).state == "ready"


def test_permanent_failure_is_dead_at_once(alpha: Any) -> None:
    first = add(alpha, "test.hopeless")
    assert execute(first, "test.hopeless") == "dead"
    assert Job.objects.get(pk=first).last_error == "no such address"


def test_work_that_kills_its_worker_each_time_is_buried(alpha: Any) -> None:
    first = add(alpha, word="a")
    Job.objects.filter(pk=first).update(state="running", attempts=8, lease_until=timezone.now() - timedelta(seconds=1))
    assert relay_once(send=lambda *_: None) == 0
    assert Job.objects.get(pk=first).state == "dead"


def dead_letter() -> Job:
    return Job.objects.get(kind="test.note")


def lost(job_id: UUID, attempts: int) -> None:
    """A worker took the job and died in the middle of it."""
    Job.objects.filter(pk=job_id).update(
        state="running", attempts=attempts, fence=attempts, lease_until=timezone.now() - timedelta(seconds=1)
    )


def test_what_is_wanted_when_work_is_dead_comes_after_the_last_attempt_alone(alpha: Any) -> None:
    first = add(alpha, "test.mourned", word="gone")
    lost(first, 1)
    relay_once(send=lambda *_: None)
    assert not Job.objects.filter(kind="test.note").exists()
    lost(first, 2)
    relay_once(send=lambda *_: None)
    assert (Job.objects.get(pk=first).state, dead_letter().client_id) == ("dead", alpha.pk)
    assert execute(dead_letter().pk, "test.note") == "done"
    assert RAN == ["alpha:gone"]


def test_a_last_attempt_that_fails_by_itself_is_followed_too_and_again_after_a_replay(alpha: Any) -> None:
    first = add(alpha, "test.mourned", word="gone")
    for _round in range(2):
        assert execute(first, "test.mourned") == "ready"
        Job.objects.filter(pk=first).update(run_at=timezone.now() - timedelta(seconds=1))
        assert execute(first, "test.mourned") == "dead"
        replay(job_id=first)
    assert Job.objects.filter(kind="test.note").count() == 2


def test_a_client_cannot_ask_for_operator_work(alpha: Any) -> None:
    first = add(alpha, "test.operator")
    assert execute(first, "test.operator") == "dead"
    assert RAN == []


def test_work_of_a_suspended_client_waits(alpha: Any) -> None:
    from accounts.models import Client

    first = add(alpha, word="a")
    with as_owner():
        Client.objects.filter(pk=alpha.pk).update(status="suspended")
    assert execute(first, "test.note") == "ready"
    assert RAN == []
    waiting = Job.objects.get(pk=first)
    assert (waiting.attempts, waiting.published_at) == (0, None)
    sent: list[UUID] = []
    relay_once(send=lambda ident, kind: sent.append(ident))
    assert sent == []
    with as_owner():
        Client.objects.filter(pk=alpha.pk).update(status="active")
    relay_once(send=lambda ident, kind: sent.append(ident))
    assert sent == [first]
    assert execute(first, "test.note") == "done"


def test_enqueue_outside_a_transaction_is_refused(alpha: Any) -> None:
    with enter(alpha.ref()), pytest.raises(RuntimeError, match="inside atomic"):
        enqueue(kind="test.note", dedupe_key="x")


def test_client_work_called_outside_a_client_is_refused() -> None:
    with pytest.raises(NoClient, match=r"test\.note works on a client's data"):
        registry.KINDS["test.note"].work(word="x")


def test_a_job_without_a_known_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="must be 'client'"):
        job("test.bad", scope="everywhere")  # type: ignore[arg-type]


def test_a_busy_client_does_not_hold_up_another(alpha: Any, beta: Any) -> None:
    for number in range(20):
        add(alpha, key=f"a{number}", word="a")
    add(beta, key="b", word="b")
    sent: list[UUID] = []
    relay_once(batch=2, send=lambda ident, kind: sent.append(ident))
    assert set(Job.objects.filter(pk__in=sent).values_list("client__key", flat=True)) == {"alpha", "beta"}


def test_a_refusing_broker_marks_nothing(alpha: Any) -> None:
    add(alpha, word="a")

    def refuse(*_: Any) -> None:
        raise ConnectionRefusedError

    with pytest.raises(ConnectionRefusedError):
        relay_once(send=refuse)
    assert Job.objects.get().published_at is None
    assert relay_once(send=lambda *_: None) == 1
    assert relay_once(send=lambda *_: None) == 0, "handed over a moment ago"


def test_backoff_doubles_to_ten_minutes() -> None:
    assert 2.5 <= backoff(1) <= 5
    assert 300 <= backoff(20) <= 600


@pytest.mark.parametrize(
    ("zone", "now", "slot"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "2026-03-28"),  # 01:59, before the gap
        ("Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29"),  # 03:00: 02:30 never was, the slot is
        ("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "2026-10-31"),  # 01:30 EDT
        ("America/New_York", datetime(2026, 11, 1, 7, 30, tzinfo=UTC), "2026-11-01"),  # 02:30 EST
        ("Asia/Manila", datetime(2026, 11, 1, 18, 30, tzinfo=UTC), "2026-11-02"),
    ],
)
def test_a_daily_slot_comes_once_a_local_day_through_clock_changes(zone: str, now: datetime, slot: str) -> None:
    assert due_slot(datetime(2026, 1, 1, 2, 30).time(), zone, now) == slot  # noqa: DTZ001 - a wall-clock time


def test_a_tick_claims_each_slot_once(alpha: Any, beta: Any) -> None:
    daily("test.note", at=datetime(2026, 1, 1, 2, 30).time())  # noqa: DTZ001 - a wall-clock time
    try:
        now = datetime(2026, 11, 24, 12, tzinfo=UTC)
        ours = [job for job in DAILY if job.kind == "test.note"]
        assert len(ours) == 1
        tick(now=now)
        tick(now=now)
        assert Slot.objects.filter(name="test.note").count() == 2
        assert Job.objects.filter(kind="test.note").count() == 2
    finally:
        DAILY[:] = [job for job in DAILY if job.kind != "test.note"]
