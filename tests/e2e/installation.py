"""A whole installation for browser tests: web, worker and relay on a fresh database, and a mail sink."""

import fcntl
import os
import shutil
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from bpo.embedded.mail import Sink
from tests.e2e.routes import note_visits
from tests.e2e.ui.kit import ARGUMENTS
from tests.e2e.ui.kit import CHROMIUM as CHROMIUM  # for the journeys, which begin here
from tests.processes import Processes, environment, lend_collected, processes, wait_for

FLAGS = [*ARGUMENTS, "--host-resolver-rules=MAP *.bpo.test 127.0.0.1"]
WORK = ("worker", "relay")
ALL = (*WORK, "provisioner")  # a second or two of a core each


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
def installed(folder: Path, *, beside: Sequence[str] = WORK) -> Iterator[Installation]:
    """The web and what a journey needs beside it, started and ready; stopped with its last words in `folder`."""
    port = free_port()
    failpoints = folder / "failpoints"
    failpoints.mkdir()
    sink = Sink(folder / "mail").start()
    lend_collected(folder)
    env = {**environment(folder, "filesystem://", sink, failpoints), "BPO_BASE": f"bpo.test:{port}"}
    try:
        with processes(folder, env) as running:
            collected(folder, running)
            found = Installation(port, sink, running)
            found.web()
            for name in beside:
                getattr(running, name)()
            asked = "readyz" if "relay" in beside else "healthz"  # without a relay there is work that waits too long
            wait_for(lambda: ready(port, asked), seconds=60, what=lambda: running.log("web"))
            if "provisioner" in beside:
                runs = "provisioner: running"  # its journeys measure how long a client takes, not how long it starts
                wait_for(
                    lambda: runs in running.log("provisioner"), seconds=60, what=lambda: running.log("provisioner")
                )
            yield found
    finally:
        note_visits(folder / "web.log")
        sink.stop()


def collected(folder: Path, running: Processes) -> None:
    """The static files of an installation: collected by the first of a run, the same files for all others."""
    kept = settings.VAR / "collected"
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR / "collected.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.is_dir():
            running.start("static", "manage.py", "collectstatic", "--noinput", "-v0")
            wait_for(lambda: running.died("static"), seconds=60, what=lambda: running.log("static"))
            shutil.copytree(folder / "static", kept, copy_function=_lend)
        else:
            shutil.copytree(kept, folder / "static", copy_function=_lend)


def _lend(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk
        shutil.copy2(source, target)


def ready(port: int, asked: str = "readyz") -> bool:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{asked}")
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310 - as above
            return bool(answer.status == 200)
    except OSError:
        time.sleep(0.1)
        return False
