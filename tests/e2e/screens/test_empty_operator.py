"""Every page of the operator in a browser where nothing has happened yet."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.screens.tour import Tour, newcomer

pytestmark = pytest.mark.browser
AT_THE_OPERATOR = ("operator_admin", "hr")


def test_every_empty_page_of_the_operator_is_sound(db: Any, tmp_path: Path) -> None:
    tour = Tour("empty")
    tour.plan("operator", [newcomer(role, None) for role in AT_THE_OPERATOR], None)
    tour.look(tmp_path)
