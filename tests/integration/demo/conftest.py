"""One database filled by the demo's seed, made once for a run and shared by the tests that only read it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PASSWORD = "demo-only-password"


def fill(name: str, roles: list[str]) -> None:
    from bpo.actors import system
    from console.demo.load import load
    from tests import database

    home = os.environ["BPO_TESTS_HOME_DATABASE"]
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    database.as_owner(home, copy.format(sql.Identifier(name), sql.Identifier(database.TEMPLATE)))
    database.as_owner(home, *database.access(name, roles))
    database.choose(name)
    load(password=PASSWORD, by=system("demo"), now=NOW, step=lambda _name: nullcontext())
    database.choose(home)


@pytest.fixture(scope="session")
def filled(template: list[str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of the filled database, whichever worker filled it."""
    base = tmp_path_factory.getbasetemp()
    shared: Path = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    note = shared / "filled.json"
    name = f"bpo_demo_{os.environ['BPO_TESTS_RUN']}"
    with (shared / "filled.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            fill(name, template)
            note.write_text(json.dumps(name))
    return name


@cache
def world() -> Any:
    """The world as the seed drew it: drawn once more for a whole process, for nobody changes it."""
    from console.demo.load import world_day
    from console.demo.world import build

    return build(world_day(NOW))


@pytest.fixture
def seeded(filled: str) -> Iterator[Any]:
    """The demo's world, with this process on the database that holds it."""
    from tests import database

    database.choose(filled)
    yield world()
    database.choose(os.environ["BPO_TESTS_HOME_DATABASE"])


@pytest.fixture
def norvik(seeded: Any) -> Any:
    from accounts.models import Client

    return Client.objects.get(key="norvik")
