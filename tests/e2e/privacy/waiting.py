"""Waiting for work that a page shows once it is done."""

from playwright.sync_api import Locator, Page, expect


def until(page: Page, shown: Locator) -> None:
    """Load the page again until it shows something; half a minute at most."""
    for _ in range(60):
        if shown.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(shown).to_be_visible()
