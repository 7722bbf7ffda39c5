"""Journeys wait by what works under our own policy for scripts."""

from pathlib import Path

JOURNEYS = Path(__file__).resolve().parents[1] / "e2e"


def test_no_journey_asks_from_inside_the_page() -> None:
    """`wait_for_function` evaluates in the page from its second look on, which the policy refuses: it passes by luck."""
    asking = [str(path) for path in JOURNEYS.rglob("*.py") if ".wait_for_function(" in path.read_text("utf-8")]
    assert asking == [], "wait by until_true of tests/e2e/waiting.py"
