"""Which page each role can open in which state, and what a browser finds wrong with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.test import Client as Browser
from playwright.sync_api import BrowserContext, Error, Page, sync_playwright

from tests.e2e.installation import CHROMIUM, FLAGS
from tests.e2e.ui.kit import overflow

SIZES = ((1440, 900), (390, 844))
THEMES = ("light", "dark")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
# Width and theme → the rules that the runs before can't have answered for it; none is all of them.
LOOKS: dict[tuple[int, str], tuple[str, ...]] = {
    (1440, "light"): (),
    (1440, "dark"): ("color-contrast", "link-in-text-block"),
    (390, "light"): (),
}
AXE = Axe().axe_script
# Resolves when the page has been painted in its new size and theme, with nothing half-way.
SETTLED = """() => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(() => {
        for (const one of document.getAnimations()) if (one.effect.getComputedTiming().endTime !== Infinity) one.finish();
        requestAnimationFrame(done);
    }));
})"""


@dataclass(frozen=True)
class Visit:
    """One page in one state, as one signed-in person."""

    state: str
    kind: str  # of host: operator or client
    name: str  # the route's
    host: str  # the label before the base domain
    path: str
    cookies: tuple[tuple[str, str], ...]
    fragment: bool = False  # a part that a page swaps in; shown inside the product's frame


@dataclass
class Found:
    """What was wrong, one sentence each; empty is right."""

    problems: list[str] = field(default_factory=list)

    def say(self, visit: Visit, text: str) -> None:
        self.problems.append(f"{visit.state} {visit.name} {visit.path}: {text}")


def session(host: str, email: str, password: str) -> Browser:
    """A signed-in test client: at the operator, at a client's own sign-in, or across by the hand-off."""
    operator = Browser(raise_request_exception=False, HTTP_HOST="ops.bpo.test")
    at_home = host == "ops"
    answer = (operator if at_home else Browser(raise_request_exception=False, HTTP_HOST=f"{host}.bpo.test")).post(
        "/sign-in/", {"email": email, "password": password}
    )
    if at_home:
        assert answer.status_code == 302, f"{email} can't sign in on ops"
        return operator
    browser = Browser(raise_request_exception=False, HTTP_HOST=f"{host}.bpo.test")
    if answer.status_code == 302:
        browser.post("/sign-in/", {"email": email, "password": password})
        return browser
    operator.post("/sign-in/", {"email": email, "password": password})
    there = urlsplit(operator.post(f"/cross/{host}/")["Location"])
    assert browser.get(f"{there.path}?{there.query}").status_code == 302, f"{email} can't cross to {host}"
    return browser


def cookies_of(browser: Browser) -> tuple[tuple[str, str], ...]:
    return tuple((key, morsel.value) for key, morsel in browser.cookies.items())


def visit_all(visits: list[Visit], port: int, shots: Path) -> list[str]:
    """Open every page, look at it in both widths and themes, and say what is wrong."""
    found = Found()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        contexts: dict[Any, BrowserContext] = {}
        for visit in visits:
            key = (visit.host, visit.cookies)
            if key not in contexts:
                contexts[key] = browser.new_context(reduced_motion="reduce")
                contexts[key].add_cookies(
                    [
                        {"name": name, "value": value, "url": f"http://{visit.host}.bpo.test:{port}"}
                        for name, value in visit.cookies
                    ]
                )
            _look(contexts[key], visit, port, shots, found)
        browser.close()
    return sorted(found.problems)


def _look(context: BrowserContext, visit: Visit, port: int, shots: Path, found: Found) -> None:
    page = context.new_page()
    page.set_default_timeout(40_000)
    page.on("console", lambda message: found.say(visit, message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.say(visit, str(error)))
    try:
        _open(page, visit, f"http://{visit.host}.bpo.test:{port}")
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            for theme in THEMES:
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                page.evaluate(SETTLED)
                page.screenshot(path=_picture(shots, visit, width, theme), full_page=True, type="jpeg", quality=70)
                if (width, theme) in LOOKS:
                    _accessible(page, visit, f"{width} {theme}", LOOKS[width, theme], found)
            if overflow(page):
                found.say(visit, f"{overflow(page)} px wider than a window of {width}")
    except Error as error:  # one page that fails mustn't hide what is wrong with the others
        found.say(visit, str(error).splitlines()[0])
    finally:
        page.close()


def _open(page: Page, visit: Visit, base: str) -> None:
    if not visit.fragment:
        page.goto(base + visit.path)
        return
    page.goto(base + ("/board/" if visit.name.startswith("scheduling:") else "/notices/"))  # which has its styles
    page.evaluate(
        "async path => { const answer = await fetch(path, {headers: {'HX-Request': 'true'}});"
        " document.querySelector('main').innerHTML = await answer.text(); }",
        visit.path,
    )


def _picture(shots: Path, visit: Visit, width: int, theme: str) -> Path:
    folder = shots / visit.state
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{visit.name.replace(':', '-')}-{width}-{theme}.jpg"


def _accessible(page: Page, visit: Visit, where: str, only: Sequence[str], found: Found) -> None:
    """What axe says of the page as it is now; `only` narrows it to rules that can differ from the run before."""
    options = {"runOnly": list(only or TAGS), "resultTypes": ["violations"]}
    context = {"include": ["main"]} if visit.fragment else {}
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE)
    told = page.evaluate(
        "([context, options]) => axe.run(context, options)", [context or {"include": ["html"]}, options]
    )
    for one in told["violations"]:
        nodes = one["nodes"]
        found.say(visit, f"axe {one['id']} at {where} on {len(nodes)}: {nodes[0]['html'][:160]} ({one['help']})")


Get = Callable[[str], Any]


def kind_of(answer: Any) -> str:
    """What a GET answered: page, fragment, elsewhere (a redirect), action (POST only), file, or its status."""
    if answer.status_code in {301, 302}:
        return "elsewhere"
    if answer.status_code == 405:
        return "action"
    if answer.status_code != 200:
        return str(answer.status_code)
    if not answer["Content-Type"].startswith("text/html"):
        answer.close()  # of a file that was opened to be sent
        return "file"
    if answer.streaming:
        answer.close()
        return "file"
    return "page" if b"<html" in answer.content[:2000] else "fragment"
