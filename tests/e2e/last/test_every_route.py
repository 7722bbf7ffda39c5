"""After the journeys: what their web processes answered covers every page and every action of the product."""

import os
from pathlib import Path

from tests.e2e.routes import NO_PAGE, html_routes, visited_names


def test_the_journeys_came_by_every_page() -> None:
    notebook = Path(os.environ.get("BPO_E2E_VISITED", "missing"))
    assert notebook.exists(), "no journey has run: make e2e runs them first and passes BPO_E2E_VISITED on"
    came_by = visited_names(notebook)
    missing = [route.name for route in html_routes() if (route.host, route.name) not in came_by]
    assert [name for name in missing if name not in NO_PAGE] == []
