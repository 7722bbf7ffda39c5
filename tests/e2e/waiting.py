"""Waiting for what a page shows or says once it is ready."""

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate


def until(page: Page, shown: Locator) -> None:
    """Load the page again until it shows something; half a minute at most."""
    for _ in range(60):
        if shown.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(shown).to_be_visible()


def until_true(page: Page, expression: str, *, seconds: float = 30) -> None:
    """Ask the page again until the JavaScript expression is true. TimeoutError when the time is over.

    `Page.wait_for_function` asks from inside the page from its second look on, which our policy refuses: `eval`.
    """
    for _ in range(int(seconds * 20)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise TooLate(f"not true within {seconds} s: {expression}")
