"""A real worker dies by SIGKILL at three points, on three brokers: nothing lost, nothing twice but what says so."""

import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from bpo.embedded.mail import Sink
from bpo.notices.mails import queue_notice
from bpo.notices.models import Mail, Notice
from bpo.outbox.models import Job
from bpo.tenancy.context import enter
from tests.processes import Processes, environment, processes, wait_for

BROKERS = {
    "embedded": "filesystem://",
    "redis": os.environ.get("BPO_TESTS_REDIS", "redis://127.0.0.1:6379/5"),
    "rabbitmq": os.environ.get("BPO_TESTS_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672//"),
}
MAILS = 3

# The point of death, and how many of the mails end uncertain for it.
POINTS = {"outbox.claimed": 0, "mail.connected": 0, "mail.accepted": 1}


def queue_mails(client: Any) -> None:
    with enter(client.ref()):
        for number in range(MAILS):
            actor = uuid.uuid4()
            with transaction.atomic():
                notice = Notice.objects.create(
                    actor_id=actor, kind="k", text=f"Notice {number}", dedupe_key="k", created_at=timezone.now()
                )
            queue_notice(notice_id=notice.pk, address=f"a{number}@example.com", now=timezone.now())


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Job.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize(
    "broker",
    [
        "embedded",
        pytest.param("redis", marks=pytest.mark.outside),
        pytest.param("rabbitmq", marks=pytest.mark.outside),
    ],
)
def test_a_killed_worker_loses_nothing_and_sends_nothing_twice(
    alpha: Any, tmp_path: Path, broker: str, point: str
) -> None:
    failpoints = tmp_path / "failpoints"
    failpoints.mkdir()
    (failpoints / point).touch()
    sink = Sink(tmp_path / "mail").start()
    queue_mails(alpha)
    try:
        with processes(tmp_path, environment(tmp_path, BROKERS[broker], sink, failpoints)) as running:
            died_and_recovered(running, point)
    finally:
        sink.stop()
    with enter(alpha.ref()):
        mails = {mail.message_id: mail.state for mail in Mail.objects.all()}
    accepted = [message.message_id for message in sink.messages()]
    assert sorted(accepted) == sorted(mails), "each mail was accepted exactly once"
    assert sorted(mails.values()) == ["sent"] * (MAILS - POINTS[point]) + ["uncertain"] * POINTS[point]


def died_and_recovered(running: Processes, point: str) -> None:
    def seen() -> str:
        return f"{states()}\n{running.log('worker')}\n{running.log('relay')}"

    running.relay()
    running.worker()
    wait_for(lambda: running.died("worker"), seconds=40, what=lambda: f"no death at {point}: {seen()}")
    running.worker()
    settled = {"done": MAILS - POINTS[point], **({"uncertain": POINTS[point]} if POINTS[point] else {})}
    wait_for(lambda: states() == settled, seconds=40, what=seen)
