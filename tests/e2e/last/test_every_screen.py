"""After the tours: every page was looked at empty, full and with the longest names."""

from pathlib import Path

from tests.e2e.routes import NO_PAGE, html_routes, screens_noted


def test_every_page_was_looked_at_empty_full_and_with_the_longest_names(notebook: Path) -> None:
    """An empty client has no rows, so of its pages only those without one in their address can be opened."""
    noted = screens_noted(notebook)
    routes = {(route.host, route.name): route for route in html_routes() if route.name not in NO_PAGE}
    pages = set(routes) - noted["full", "no-page"]
    plain = {key for key in pages if not routes[key].parameters}
    assert {
        "not seen full": sorted(pages - noted["full", "seen"]),
        "not seen with the longest names": sorted(pages - noted["longest", "seen"]),
        "not seen empty": sorted(plain - noted["empty", "seen"]),
    } == {"not seen full": [], "not seen with the longest names": [], "not seen empty": []}
