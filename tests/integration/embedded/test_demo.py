"""The demo as a user runs it: from nothing, killed, started again, stopped, removed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from bpo.embedded import postgres, postmaster

REPO = Path(__file__).parents[3]
STARTED_FOR_TESTS = ("DATABASE_URL", "SECRET_KEY", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE")


class Demo:
    """One folder in which demos are run one after another."""

    def __init__(self, var: Path) -> None:
        self.var = var
        kept = {name: value for name, value in os.environ.items() if name not in STARTED_FOR_TESTS}
        kept = {name: value for name, value in kept.items() if not name.startswith("BPO_")}
        self.env = {**kept, "BPO_VAR": str(var), "BPO_BASE": "localhost:18000"}
        self.output = var.parent / "output"
        self.program: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "bpo.embedded.demo", *arguments]

    def start(self) -> dict[str, Any]:
        """Start it and wait for demo.json; returns what that says."""
        with self.output.open("w") as output:
            self.program = subprocess.Popen(self.command(), cwd=REPO, env=self.env, stdout=output, stderr=output)
        self.until((self.var / "demo.json").exists)
        return json.loads((self.var / "demo.json").read_text())

    def until(self, condition: Callable[[], object], *, alive: bool = True) -> None:
        """Wait at most 300 s, or as long as the program lives: it fills a whole world in."""
        deadline = time.monotonic() + 300
        while not condition():
            ended = self.program and self.program.poll() is not None
            assert not (alive and ended), self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.1)

    def end(self, number: int) -> int:
        assert self.program is not None
        self.program.send_signal(number)
        return self.program.wait(timeout=30)

    def reset(self) -> int:
        return subprocess.run(self.command("--reset"), cwd=REPO, env=self.env, check=False).returncode

    def processes(self) -> list[str]:
        """Command lines that carry this demo's folder in their environment, the database aside."""
        return [line for line in _environments(f"BPO_VAR={self.var}") if "postgres" not in line]

    def database_runs(self) -> bool:
        found = [postmaster.read(data) for data in (self.var / "postgres").glob("pg*/data")]
        return any(Path(f"/proc/{pid_file.pid}").exists() for pid_file in found if pid_file)


def _environments(text: str) -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if text.encode() in (process / "environ").read_bytes().split(b"\0"):
                yield (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue


@pytest.fixture
def demo(open_folder: Path) -> Iterator[Demo]:
    demo = Demo(open_folder.parent / "var")
    yield demo
    if demo.program and demo.program.poll() is None:
        demo.program.kill()
        demo.program.wait()
    postgres.destroy(demo.var / "postgres")


def get(address: str, path: str, host: str) -> int:
    connection = HTTPConnection("127.0.0.1", int(address.rsplit(":", 1)[1].strip("/")), timeout=10)
    connection.request("GET", path, headers={"Host": host})
    status = connection.getresponse().status
    connection.close()
    return status


def test_the_demo_starts_from_nothing_survives_a_kill_stops_and_is_removed(demo: Demo) -> None:
    first = demo.start()
    assert get(first["base"], "/readyz", first["hosts"]["ops"]) == 200
    assert get(first["mail"]["http"], "/", "localhost") == 200
    assert len(first["hosts"]) >= 2
    assert {login["role"] for login in first["logins"]}
    assert "Migrating the database … " in demo.output.read_text()
    assert subprocess.run(demo.command(), cwd=REPO, env=demo.env, check=False).returncode == 1
    assert demo.reset() == 1

    demo.end(signal.SIGKILL)
    demo.until(lambda: not demo.processes(), alive=False)
    assert demo.database_runs()
    assert not (demo.var / "demo.json").exists()

    second = demo.start()
    assert "found running" in demo.output.read_text()
    assert (second["hosts"], second["logins"]) == (first["hosts"], first["logins"])
    assert demo.end(signal.SIGINT) == 0
    assert not demo.processes()
    assert not (demo.var / "demo.json").exists()

    assert demo.reset() == 0
    assert [path.name for path in demo.var.iterdir()] == ["demo.lock"]
