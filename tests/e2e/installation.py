"""A whole installation for browser tests: web, worker and relay on a fresh database, and a mail sink."""

import os
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bpo.embedded.mail import Sink
from tests.e2e.routes import note_visits
from tests.e2e.ui.kit import ARGUMENTS
from tests.processes import Processes, environment, processes, wait_for

FLAGS = [*ARGUMENTS, "--host-resolver-rules=MAP *.bpo.test 127.0.0.1"]
CHROMIUM = os.environ.get("BPO_TESTS_CHROMIUM", "/usr/bin/chromium")


@dataclass
class Installation:
    port: int
    sink: Sink
    running: Processes

    def url(self, host: str, path: str = "/") -> str:
        return f"http://{host}.bpo.test:{self.port}{path}"


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """Everything started and ready; stopped with its last words in `folder` at the end."""
    port = free_port()
    failpoints = folder / "failpoints"
    failpoints.mkdir()
    sink = Sink(folder / "mail").start()
    env = {**environment(folder, "filesystem://", sink, failpoints), "BPO_BASE": f"bpo.test:{port}"}
    try:
        with processes(folder, env) as running:
            running.start("static", "manage.py", "collectstatic", "--noinput", "-v0")
            wait_for(lambda: running.died("static"), seconds=60, what=lambda: running.log("static"))
            granian = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
            running.start("web", *granian, "--blocking-threads", "4", "bpo.wsgi:application")
            running.worker()
            running.relay()
            running.provisioner()
            wait_for(lambda: ready(port), seconds=60, what=lambda: running.log("web"))
            yield Installation(port, sink, running)
    finally:
        note_visits(folder / "web.log")
        sink.stop()


def ready(port: int) -> bool:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz")
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310 - as above
            return bool(answer.status == 200)
    except OSError:
        time.sleep(0.1)
        return False
