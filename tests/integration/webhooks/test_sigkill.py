"""A real worker dies by SIGKILL after the receiver took the event: it comes again, with the same ids, and once more only."""

from ipaddress import ip_network
from pathlib import Path
from typing import Any

from django.test import override_settings
from django.utils import timezone

from bpo.actors import system
from bpo.embedded.mail import Sink
from bpo.tenancy.context import enter
from bpo.webhooks.models import Delivery
from bpo.webhooks.services import create_endpoint
from tests.integration.qa.build import released
from tests.integration.webhooks.receiver import receiver
from tests.processes import environment, processes, wait_for


def test_a_killed_worker_sends_the_same_event_again(alpha: Any, tmp_path: Path) -> None:
    failpoints = tmp_path / "failpoints"
    failpoints.mkdir()
    (failpoints / "webhook.answered").touch()
    sink = Sink(tmp_path / "mail").start()
    with receiver() as hook, override_settings(WEBHOOK_NETWORKS=[ip_network("127.0.0.0/8")]):
        with enter(alpha.ref()):
            create_endpoint(url=hook.url, events=["evaluation.released"], by=system("t"), now=timezone.now())
            released()
        env = environment(tmp_path, "filesystem://", sink, failpoints) | {"BPO_WEBHOOK_NETWORKS": "127.0.0.0/8"}

        def state() -> str:
            with enter(alpha.ref()):
                return Delivery.objects.get().state

        try:
            with processes(tmp_path, env) as running:
                running.relay()
                running.worker()
                wait_for(lambda: running.died("worker"), seconds=40, what=lambda: running.log("worker"))
                assert (len(hook.came), state()) == (1, "waiting")
                running.worker()
                wait_for(lambda: state() == "delivered", seconds=40, what=lambda: running.log("worker"))
        finally:
            sink.stop()
    assert len(hook.came) == 2
    assert len({came["headers"]["Bpo-Event-Id"] for came in hook.came}) == 1
    assert len({came["body"] for came in hook.came}) == 1
