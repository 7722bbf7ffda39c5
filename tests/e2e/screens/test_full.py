"""Every page in a browser, full of a busy client's work."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.screens.tour import look_at_the_demo

pytestmark = pytest.mark.browser


def test_every_full_page_is_sound(db: Any, tmp_path: Path) -> None:
    look_at_the_demo("full", "norvik", tmp_path)
