"""Every page in a browser, with names as long as the longest that the product promises to bear."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.screens.tour import look_at_the_demo

pytestmark = pytest.mark.browser


def test_every_page_bears_the_longest_names(db: Any, tmp_path: Path) -> None:
    look_at_the_demo("longest", "alder", tmp_path, stretched=True)
