"""The populated world, made once a run and shared by its processes."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

WORLD = Path(os.environ["BPO_VAR"]) / "the-world"
ROOTS = ("MEDIA_ROOT", "EXPORT_ROOT")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The fields of a row come after its cells, which know by then what its usual body changes."""
    items.sort(key=lambda item: item.path.name == "test_fields.py")


@pytest.fixture(scope="session")
def ground(template: list[str], tmp_path_factory: pytest.TempPathFactory) -> Any:
    from django.conf import settings
    from django.test import override_settings

    from tests.permissions.ground import make_world, read_ground

    worker = os.environ.get("PYTEST_XDIST_WORKER")
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if worker else base
    note = shared / "world.json"
    with (shared / "world.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            with override_settings(**{name: WORLD / name for name in ROOTS}):
                note.write_text(json.dumps(make_world(template)))
    for name in ROOTS:  # what one worker writes is no trace in the other
        shutil.copytree(WORLD / name, getattr(settings, name), dirs_exist_ok=True)
    return read_ground(note, template)


@pytest.fixture(scope="session")
def _copy(ground: Any) -> Iterator[str]:
    from tests import database

    with ExitStack() as kept:
        name = kept.enter_context(ground.copy(still=False))
        yield name
        database.choose(name)


@pytest.fixture
def walked(ground: Any, _copy: str) -> Iterator[Any]:
    """A copy that only refused calls touch, and looks that change nothing: never reset."""
    with ground.back_in(_copy):
        yield ground


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many mutants the matrix killed, where they were made."""
    told = {how: terminalreporter.stats.get(how, []) for how in ("passed", "failed", "error")}
    mutants = {how: [one for one in found if "mutation.py" in one.nodeid] for how, found in told.items()}
    total = sum(map(len, mutants.values()))
    if total:
        killed = len(mutants["passed"])
        terminalreporter.write_line(f"mutants killed: {killed} of {total} ({killed / total:.1%})")
