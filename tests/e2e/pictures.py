"""How a page of a journey looks: nothing is wider than the window, axe finds nothing, and pictures where they are wanted.

`BPO_PICTURES=1 make e2e` leaves them in `var/screenshots`, light and dark; `make screens` takes those of every page.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.ui.kit import overflow

SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
WANTED = bool(os.environ.get("BPO_PICTURES"))
LOOKS = {1440: 900, 390: 844}
# The page with nothing half-way: a toast that is still fading in has too little contrast.
SETTLED = """() => {
    document.documentElement.getBoundingClientRect();
    for (const one of document.getAnimations()) if (one.effect.getComputedTiming().endTime !== Infinity) one.finish();
}"""


def shoot(page: Page, name: str, *, full: bool = True, look: Callable[[int], None] | None = None) -> None:
    """The page at a desk and on a phone, where `look` may look too; its window is as before then."""
    before = page.viewport_size
    for width, height in LOOKS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_load_state("domcontentloaded")  # where a click has only begun to lead somewhere else
        wide = overflow(page)
        assert wide <= 0, f"{name} is {wide} px wider than {width}"
        picture(page, f"{name}-{width}", full=full)
        if look:
            look(width)
    if before:
        page.set_viewport_size(before)


def picture(page: Page, name: str, *, full: bool = False) -> None:
    """The page as it stands, for eyes and not for comparison."""
    if not WANTED:
        return
    SHOTS.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.evaluate(SETTLED)
        page.screenshot(path=SHOTS / f"{name}-{theme}.png", full_page=full)
    page.emulate_media(color_scheme="light")


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds wrong with the page as it stands, once nothing on it is half-way."""
    page.evaluate(SETTLED)
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return found
