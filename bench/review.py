"""The review screen against the same rows and template in a bare Django view."""

import json
import os
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import Any

from bench.lines import say
from bench.tenancy import run

ROUNDS, REQUESTS, MOST_STATEMENTS, MOST_TIMES = 3, 60, 12, 4.0


def loop(env: dict[str, str], side: str, task: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(env, "-m", "bench.review_loop", side, task, str(REQUESTS)).splitlines()[-1])
    return found


def main() -> None:
    from bpo.embedded.postgres import destroy, ensure

    memory = Path("/dev/shm")  # noqa: S108 - only where it exists; the folder is ours
    folder = Path(tempfile.mkdtemp(prefix="bpo-bench-", dir=memory if memory.is_dir() else None))
    folder.chmod(0o755)
    try:
        server = ensure(folder / "pg", fast=True)
        env = {
            **os.environ,
            "BPO_VAR": str(folder / "var"),
            "BPO_MAY_OWN": "1",
            "DATABASE_URL": server.owner_url,
            "BPO_DB_AUTH": server.auth,
            "BPO_BASE": "bpo.test",
            "BPO_LOG_LEVEL": "ERROR",
        }
        run(env, "manage.py", "migrate", "-v0")
        made = run(env, "manage.py", "create_client", "--key", "bench", "--name", "Bench", "--zone", "UTC", "--json")
        run(env, "manage.py", "collectstatic", "--noinput", "-v0")
        task = run(env, "-m", "bench.review_rows").split()[-1]
        env |= {"BENCH_PLAIN_URL": server.owner_url, "BENCH_SCHEMA": json.loads(made)["schema"]}
        product, bare = [], []
        for _ in range(ROUNDS):
            product.append(loop(env, "product", task))
            bare.append(loop(env, "bare", task))
        _tell(product, bare)
    finally:
        destroy(folder / "pg")
        shutil.rmtree(folder, ignore_errors=True)


def _tell(product: list[dict[str, Any]], bare: list[dict[str, Any]]) -> None:
    same = "the same rows and template in a bare view"
    ours, theirs = (statistics.median(one["ms"] for one in side) for side in (product, bare))
    say("review screen, CPU", ours, "ms/request", same, theirs, MOST_TIMES, bytes=product[0]["bytes"])
    count = product[0]["statements"]
    say("review screen, statements", count, "statements", "the limit", MOST_STATEMENTS, 1.0, bare=bare[0]["statements"])


if __name__ == "__main__":
    main()
