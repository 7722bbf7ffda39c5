"""Folders for embedded servers; whatever a test starts in one is gone after it."""

import shutil
import tempfile
from collections.abc import Iterator
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
