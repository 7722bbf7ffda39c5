"""After the journeys: what their web processes answered covers every page and every action of the product."""

from pathlib import Path

from tests.e2e.routes import NO_PAGE, html_routes, visited_names


def test_the_journeys_came_by_every_page(notebook: Path) -> None:
    came_by = visited_names(notebook)
    missing = [route.name for route in html_routes() if (route.host, route.name) not in came_by]
    assert "\n".join(name for name in missing if name not in NO_PAGE) == ""
