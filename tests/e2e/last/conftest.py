"""What the runs before left in the notebook."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def notebook() -> Path:
    found = Path(os.environ.get("BPO_E2E_VISITED", "missing"))
    assert found.exists(), "nothing has run: make e2e runs the journeys first and passes BPO_E2E_VISITED on"
    return found
