"""What a schema and a login per client cost a request."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.lines import say

ROOT = Path(__file__).resolve().parent.parent
ROUNDS, REQUESTS, CLIENTS = 5, 600, 50


def run(env: dict[str, str], *command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command}: {done.stderr[-2000:]}")
    return done.stdout


def loop(env: dict[str, str], side: str, requests: int, hosts: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(env, "-m", "bench.loop", side, str(requests), *hosts).splitlines()[-1])
    return found


def stay_still(superuser: str) -> None:
    """No vacuum of the server's own while statements are counted: its transactions count in the same place."""
    import psycopg

    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET autovacuum = off")
        connection.execute("SELECT pg_reload_conf()")


def transactions(superuser: str) -> int:
    """Statements the server ran in our database: each is its own transaction here."""
    import psycopg

    time.sleep(1.2)  # a session's counts arrive when it ends, at most a second late
    with psycopg.connect(superuser) as connection:
        row = connection.execute(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'bpo'"
        ).fetchone()
    return int(row[0]) if row else 0


def counted(server: Any, env: dict[str, str], side: str, hosts: list[str]) -> float:
    """Server statements a request adds: the difference of a long loop and a short one."""
    seen = []
    for requests in (100, 600):
        before = transactions(server.superuser_dsn)
        loop(env, side, requests, hosts)
        seen.append(transactions(server.superuser_dsn) - before)
    return (seen[1] - seen[0]) / 500


def tenancy(server: Any, env: dict[str, str], hosts: list[str]) -> None:
    sides = ("plain", "kept", "reset")
    found: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(ROUNDS):
        for side in sides:
            found[side].append(loop(env, side, REQUESTS, hosts[:2])["ms"])
    best = {side: statistics.median(values) for side, values in found.items()}
    same = "the view without tenancy"
    say("one-query view, no reset on give-back", best["kept"], "ms/request", same, best["plain"], 1.3)
    say("one-query view, reset on give-back", best["reset"], "ms/request", same, best["plain"], None)
    plain = counted(server, env, "plain", hosts[:2])
    for side, name in (("kept", "no reset"), ("reset", "reset")):
        value = counted(server, env, side, hosts[:2])
        say(f"server statements a request, {name}", value, "statements", same, plain, 1.0 if side == "kept" else None)


def many(env: dict[str, str], hosts: list[str]) -> None:
    two = loop(env, "kept", 1000, hosts[:2])
    for size in ("64", "8"):
        found = loop({**env, "BPO_STORE_SIZE": size}, "kept", 1000, hosts)
        counters = {key: found[key] for key in ("opened", "hits", "evicted")}
        say(
            f"{CLIENTS} clients in turn, store of {size}",
            found["ms"],
            "ms/request",
            "2 clients in turn",
            two["ms"],
            None,
            **counters,
        )


@contextmanager
def installation() -> Iterator[tuple[Any, dict[str, str]]]:
    """A server of the bench's own with a migrated database, and the environment that leads to it."""
    from bpo.embedded.postgres import destroy, ensure

    memory = Path("/dev/shm")  # noqa: S108 - only where it exists; the folder is ours
    folder = Path(tempfile.mkdtemp(prefix="bpo-bench-", dir=memory if memory.is_dir() else None))
    folder.chmod(0o755)
    try:
        server = ensure(folder / "pg", fast=True)
        env = {
            **os.environ,
            "BPO_VAR": str(folder / "var"),
            "DATABASE_URL": server.owner_url,
            "BPO_DB_AUTH": server.auth,
            "BPO_BASE": "bench.test",
            "BPO_LOG_LEVEL": "ERROR",
        }
        run(env, "manage.py", "migrate", "-v0")
        yield server, env
    finally:
        destroy(folder / "pg")
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    with installation() as (server, env):
        keys = [f"c{number}" for number in range(CLIENTS)]
        opened = [
            json.loads(run(env, "manage.py", "create_client", "--key", key, "--name", key, "--zone", "UTC", "--json"))
            for key in keys
        ]
        env |= {"BENCH_PLAIN_URL": server.owner_url, "BENCH_TABLE": f"{opened[0]['schema']}.interactions_queue"}
        hosts = [f"{key}.bench.test" for key in keys]
        stay_still(server.superuser_dsn)
        tenancy(server, env, hosts)
        many(env, hosts)
