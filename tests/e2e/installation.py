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
from tests.processes import Processes, environment, lend_collected, processes, wait_for

FLAGS = [*ARGUMENTS, "--host-resolver-rules=MAP *.bpo.test 127.0.0.1"]
CHROMIUM = os.environ.get("BPO_TESTS_CHROMIUM", "/usr/bin/chromium")


@dataclass
class Installation:
    port: int
    sink: Sink
    running: Processes

    def url(self, host: str, path: str = "/") -> str:
        return f"http://{host}.bpo.test:{self.port}{path}"

    def web(self) -> None:
        """Start the web process; again, after it died."""
        granian = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        self.running.start("web", *granian, "--blocking-threads", "4", "bpo.wsgi:application")


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def installed(folder: Path, *, web_alone: bool = False) -> Iterator[Installation]:
    """Everything started and ready, or the web alone; stopped with its last words in `folder` at the end."""
    port = free_port()
    failpoints = folder / "failpoints"
    failpoints.mkdir()
    sink = Sink(folder / "mail").start()
    lend_collected(folder)
    env = {**environment(folder, "filesystem://", sink, failpoints), "BPO_BASE": f"bpo.test:{port}"}
    try:
        with processes(folder, env) as running:
            running.start("static", "manage.py", "collectstatic", "--noinput", "-v0")
            wait_for(lambda: running.died("static"), seconds=60, what=lambda: running.log("static"))
            found = Installation(port, sink, running)
            found.web()
            if not web_alone:
                running.worker()
                running.relay()
                running.provisioner()
            asked = "healthz" if web_alone else "readyz"  # without a relay there is work that waits too long
            wait_for(lambda: ready(port, asked), seconds=60, what=lambda: running.log("web"))
            if not web_alone:
                runs = "provisioner: running"  # its journeys measure how long a client takes, not how long it starts
                wait_for(
                    lambda: runs in running.log("provisioner"), seconds=60, what=lambda: running.log("provisioner")
                )
            yield found
    finally:
        note_visits(folder / "web.log")
        sink.stop()


def ready(port: int, asked: str = "readyz") -> bool:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{asked}")
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310 - as above
            return bool(answer.status == 200)
    except OSError:
        time.sleep(0.1)
        return False
