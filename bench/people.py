"""The list of people, 50 of 1,000 with filters, beside a bare view that reads the same rows with its own SQL."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from bench.lines import say

ROOT: Final = Path(__file__).resolve().parent.parent
ROUNDS, REQUESTS = 5, 60
WHAT: Final = "people list, 50 of 1,000 with filters"


def run(env: dict[str, str], *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, *arguments], env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def side(env: dict[str, str], name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(env, "-m", "bench.people_loop", name, str(REQUESTS)).splitlines()[-1])
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
            "DATABASE_URL": server.owner_url,
            "BPO_DB_AUTH": server.auth,
            "BPO_BASE": "bench.test",
            "BPO_LOG_LEVEL": "ERROR",
            "BPO_MFA_WAIVED": "1",  # HR signs in with the password alone; a second step is asked once and not each time
        }
        run(env, "manage.py", "migrate", "-v0")
        for key in ("one", "two"):
            run(env, "manage.py", "create_client", "--key", key, "--name", key, "--zone", "UTC", "--json")
        run(env, "-m", "bench.people_loop", "fill", "1000")
        ours, bare = [], []
        for _ in range(ROUNDS):
            ours.append(side(env, "product"))
            bare.append(side(env, "bare"))
        if ours[0]["people"] != bare[0]["people"] or len(ours[0]["people"]) != 50:
            raise SystemExit("the two pages show different people")
        say(WHAT, ours[0]["statements"], "statements", "most allowed", 12, 1.0)
        mean = [statistics.median(one["ms"] for one in found) for found in (ours, bare)]
        say(WHAT, mean[0], "ms CPU", "a bare Django view, same rows and template", mean[1], 4.0)
    finally:
        destroy(folder / "pg")
        shutil.rmtree(folder, ignore_errors=True)
