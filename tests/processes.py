"""Real worker and relay processes for tests, on the database of the test and a broker of its choice."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from bpo.embedded.mail import Sink

ROOT = Path(__file__).resolve().parent.parent


def environment(folder: Path, broker: str, sink: Sink, failpoints: Path) -> dict[str, str]:
    """What a child needs to be this installation: the database of the test, and no owner's rights."""
    found = settings.DATABASES["default"]
    url = f"postgresql://@/{found['NAME']}?host={found['HOST']}&port={found['PORT']}"
    return {
        **os.environ,
        "BPO_VAR": str(folder),
        "DATABASE_URL": url,
        "BPO_MAY_OWN": "0",
        "SECRET_KEY": settings.SECRET_KEY,
        "BPO_DB_MASTER_KEY": settings.DB_MASTER_KEY,
        "BPO_DB_AUTH": settings.DB_AUTH,
        "BPO_ROLE_PREFIX": settings.ROLE_PREFIX,
        "CELERY_BROKER_URL": broker,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(sink.port),
        "BPO_FAILPOINTS": str(failpoints),
        "BPO_OUTBOX_SWEEP_SECONDS": "1",
        "BPO_OUTBOX_LEASE_SECONDS": "2",
        "BPO_LOG_FORMAT": "text",
        "PYTHONWARNINGS": "ignore",
    }


def lend_collected(folder: Path) -> None:
    """Give an installation in `folder` the client schema's SQL that this run has collected: seconds each otherwise."""
    kept = settings.VAR / "cache"
    if kept.is_dir():
        shutil.copytree(kept, folder / "cache", dirs_exist_ok=True)


class Processes:
    """Children in process groups of their own, killed at the end whatever happened."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *command: str, **more: str) -> None:
        """A child with this environment, and what `more` sets besides."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**self.env, **more},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def worker(self) -> None:
        queues = "mail,default,imports,reports"
        options = ["-c", "1", "-Q", queues, "-l", "WARNING", "--without-mingle", "--without-gossip"]
        self.start("worker", "-m", "celery", "-A", "bpo", "worker", *options)

    def relay(self) -> None:
        self.start("relay", "manage.py", "relay")

    def provisioner(self) -> None:
        """The one process that holds the owner."""
        found, own = settings.DATABASES["default"], settings.OWNER
        who = f"{quote(own['USER'])}:{quote(own['PASSWORD'] or '')}"
        url = f"postgresql://{who}@/{found['NAME']}?host={quote(str(found['HOST']))}&port={found['PORT']}"
        self.start("provisioner", "manage.py", "provisioner", DATABASE_URL=url, BPO_MAY_OWN="1")

    def died(self, name: str) -> bool:
        return self.running[name].poll() is not None

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-3000:]

    def kill_all(self) -> None:
        for child in self.running.values():
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            finally:
                child.wait()


@contextmanager
def processes(folder: Path, env: dict[str, str]) -> Iterator[Processes]:
    found = Processes(folder, env)
    try:
        yield found
    finally:
        found.kill_all()
        connection.close()


def wait_for(condition: Callable[[], object], *, seconds: float, what: Callable[[], str]) -> None:
    """Poll until true. AssertionError with what was seen when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what()}")
        time.sleep(0.05)
