"""What tests of recordings share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings


@pytest.fixture
def own_files(tmp_path: Path) -> Iterator[Path]:
    """A folder of files for this test alone: clients have the same ids in every test, and sounds the same hashes."""
    folder = tmp_path / "media"
    with override_settings(MEDIA_ROOT=folder):
        yield folder
