"""Folders for embedded servers; whatever a test starts in one is gone after it."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bpo.embedded import postgres


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter, unlike pytest's own."""
    yield from _folder(0o755)


@pytest.fixture
def private_folder() -> Iterator[Path]:
    yield from _folder(0o700)


@pytest.fixture(scope="module")
def server_root() -> Iterator[Path]:
    yield from _folder(0o755)


def _folder(mode: int) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="bpo-test-"))
    folder.chmod(mode)
    yield folder / "postgres"
    postgres.destroy(folder / "postgres")
    shutil.rmtree(folder)


@pytest.fixture
def wait() -> Callable[[Callable[[], object]], None]:
    """Wait for something to become true, at most 20 s."""

    def until(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, "did not happen within 20 s"
            time.sleep(0.02)

    return until
