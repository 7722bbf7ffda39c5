"""Which page each role can open in which state, and what a browser finds wrong with it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.test import Client as Browser
from playwright.sync_api import BrowserContext, Error, Page, sync_playwright

from tests.e2e.installation import CHROMIUM, FLAGS
from tests.e2e.pictures import SETTLED

HEIGHTS = {1440: 900, 390: 844}
Way = tuple[int, Literal["light", "dark"]]  # width and theme
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
# Width and theme → the rules that the runs before can't have answered for it; none is all of them.
LOOKS: dict[Way, tuple[str, ...]] = {
    (1440, "light"): (),
    (1440, "dark"): ("color-contrast", "link-in-text-block"),
    (390, "light"): (),
    (390, "dark"): ("color-contrast", "link-in-text-block"),
}
# What opens in the side panel → the page that opens it, which has its styles, from where it is.
PANELS = {
    "attrition:definition": "/attrition/",
    "audit:history": "/audit/",
    "console:export": "/",
    "console:history": "/audit/",
    "console:leave_domain": "/",
    "console:measure": "/",
    "console:step": "/",
    "qa:analysis_measure": "/analysis/",
    "qa:beside": "/knowledge/",
    "qa:draw_again": "../",
    "qa:gap_measure": "/knowledge/gaps/",
    "qa:measure": "/evaluations/",
    "qa:read_beside": "/knowledge/",
    "qa:take": "/queue/",
    "reports:figure": "/reports/",
    "scheduling:add_shift": "/board/",
    "scheduling:forecast_interval": "/forecast/",
    "scheduling:publication": "/board/",
    "scheduling:published_shift": "/board/",
    "scheduling:shift": "/board/",
    "scheduling:staffing_interval": "/staffing/",
    "scheduling:version": "/board/",
    "scheduling:use_design": "../",
    "surveys:definition": "/csat/",
}
# What a page asks for again by itself while work goes on → a page with its styles to show it in.
PARTS = {
    "hr:progress": "/people/import/",
    "imports:progress": "/imports/",
    "qa:draft_replay": "../changes/",
    "scheduling:design_progress": "../",
    "scheduling:fairness_sum": "/board/",
    "scheduling:after_move": "/board/",
    "scheduling:progress": "/board/",
    "scheduling:repair_progress": "/board/",
    "scheduling:what_if": "/staffing/",
}
ROOMS = {"page": "html", "panel": "#panel", "part": "main"}
AXE = Axe().axe_script
# Settled, and on the screen so.
PAINTED = f"""() => new Promise((done) => requestAnimationFrame(() => {{
    ({SETTLED})();
    requestAnimationFrame(done);
}}))"""


# What is wider than the room it has, and by how much. Tables and tabs may scroll in a room of their own.
TOO_WIDE = """() => [["the page", document.documentElement], ["the panel", document.getElementById("panel-body")]]
    .map(([what, one]) => [what, one ? one.scrollWidth - one.clientWidth : 0]).filter(([, px]) => px > 0)"""
# What can't be read or reached because a box cuts it off without saying so: words, and things to press.
CUT_OFF = """() => {
    const cuts = style => style.overflowX === "hidden" || style.overflowX === "clip";
    const seen = one => one.clientWidth > 2 && one.clientHeight > 2 && one.checkVisibility({opacityProperty: true});
    const told = one => one.tagName.toLowerCase() + " “" + (one.textContent.trim() || one.name || "").slice(0, 40) + "”";
    const out = [];
    for (const one of document.querySelectorAll(":is(main, #panel-body) *:not(input, select, textarea)")) {
        const style = getComputedStyle(one);
        if (cuts(style) && style.textOverflow !== "ellipsis" && one.scrollWidth > one.clientWidth + 1 && seen(one))
            out.push(told(one));
    }
    for (const one of document.querySelectorAll(":is(main, #panel-body) :is(a, button, select, summary)")) {
        const {left, right, width} = one.getBoundingClientRect();
        if (!width || !one.checkVisibility({opacityProperty: true})) continue;
        for (let box = one.parentElement; box && box.tagName !== "MAIN"; box = box.parentElement) {
            const style = getComputedStyle(box), room = box.getBoundingClientRect();
            if (style.overflowX === "auto" || style.overflowX === "scroll" || room.width < 3) break;
            if (cuts(style) && style.textOverflow !== "ellipsis" && (right > room.right + 1 || left < room.left - 1)
                || cuts(style) && room.width < 25 && width > room.width) {
                out.push(told(one));
                break;
            }
        }
    }
    return [...new Set(out)].slice(0, 5);
}"""
# The page behind is emptied: it was looked at by itself, and axe would go through it again.
OPEN_PANEL = """path => new Promise((done, failed) => {
    const link = Object.assign(document.createElement("a"), {href: path});
    link.dataset.panel = "";
    document.querySelector("main").replaceChildren(link);
    link.click();
    link.remove();
    const body = document.getElementById("panel-body"), late = Date.now() + 20000;
    const look = () => {
        if (body.childElementCount && !body.querySelector(".bones")) done();
        else if (Date.now() > late) failed(new Error("the panel stayed empty"));
        else setTimeout(look, 20);
    };
    look();
})"""
SHOW_PART = """async path => {
    const answer = await fetch(path, {headers: {"HX-Request": "true"}});
    document.querySelector("main").innerHTML = await answer.text();
}"""
# Rows that are alike but for their words are two at most: axe takes its time by the node and says the same of each.
THIN_OUT = """() => {
    const kept = new Set(["class", "role", "type", "scope", "aria-hidden", "aria-current", "disabled", "hidden"]);
    const attributes = one => [...one.attributes].map(({name, value}) => kept.has(name) ? name + "=" + value : name);
    const shape = one => one.nodeType === Node.TEXT_NODE ? (one.data.trim() ? "words" : "")
        : one.nodeType === Node.ELEMENT_NODE
            ? "<" + [one.tagName, ...attributes(one)].join(" ") + ">" + [...one.childNodes].map(shape).join("") + "</>" : "";
    for (const list of document.querySelectorAll("tbody, ul, ol, select")) {
        const seen = {};
        for (const row of [...list.children]) {
            const kind = shape(row);
            seen[kind] = (seen[kind] || 0) + 1;
            if (seen[kind] > 2) row.remove();
        }
    }
}"""


@dataclass(frozen=True)
class Visit:
    """One page in one state, as one signed-in person."""

    state: str
    kind: str  # of host: operator or client
    name: str  # the route's
    host: str  # the label before the base domain
    path: str
    cookies: tuple[tuple[str, str], ...]
    shape: str = "page"  # or panel, opened beside its page as a click on a figure does, or part, in a page's place


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


class Window:
    """One tab of one signed-in person, opened at the first page and kept: a new one costs more than a page."""

    def __init__(self, context: BrowserContext, found: Found) -> None:
        self._context, self._found = context, found
        self._page: Page | None = None
        self._visit: Visit | None = None

    def at(self, visit: Visit) -> Page:
        self._visit = visit
        if self._page is None:
            self._page = self._context.new_page()
            self._page.set_default_timeout(40_000)
            self._page.on("console", lambda message: self._say(message.text) if message.type == "error" else None)
            self._page.on("pageerror", lambda error: self._say(str(error)))
        return self._page

    def close(self) -> None:
        """The next page begins in a new tab: this one may be stuck."""
        if self._page is not None:
            self._page.close()
            self._page = None

    def _say(self, text: str) -> None:
        assert self._visit is not None
        self._found.say(self._visit, text)


def visit_all(visits: list[Visit], port: int, shots: Path) -> list[str]:
    """Open every page, look at it in both widths and themes, and say what is wrong."""
    found = Found()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        windows: dict[Any, Window] = {}
        for visit in visits:
            key = (visit.host, visit.cookies)
            if key not in windows:
                context = browser.new_context(reduced_motion="reduce")
                address = f"http://{visit.host}.bpo.test:{port}"
                context.add_cookies([{"name": name, "value": value, "url": address} for name, value in visit.cookies])
                windows[key] = Window(context, found)
            _look(windows[key], visit, port, shots, found)
        browser.close()
    return sorted(found.problems)


def _look(window: Window, visit: Visit, port: int, shots: Path, found: Found) -> None:
    try:
        page = window.at(visit)
        _open(page, visit, f"http://{visit.host}.bpo.test:{port}")
        for width, theme in _ways(page, LOOKS, PAINTED):
            page.screenshot(path=_picture(shots, visit, width, theme), full_page=True, type="jpeg", quality=70)
            for what, px in page.evaluate(TOO_WIDE) if theme == "light" else ():
                found.say(visit, f"{what} is {px} px wider than its room in a window of {width}")
            for what in page.evaluate(CUT_OFF) if theme == "light" else ():
                found.say(visit, f"{what} is cut off in a window of {width}")
        page.evaluate(THIN_OUT)
        page.evaluate(AXE)
        for width, theme in _ways(page, reversed(LOOKS), SETTLED):  # from where it stands
            _accessible(page, visit, f"{width} {theme}", LOOKS[width, theme], found)
    except Error as error:  # one page that fails mustn't hide what is wrong with the others
        found.say(visit, str(error).splitlines()[0])
        window.close()


def _ways(page: Page, ways: Iterable[Way], ready: str) -> Iterator[Way]:
    """The page in each of these widths and themes."""
    for width, theme in ways:
        if page.viewport_size != (size := {"width": width, "height": HEIGHTS[width]}):
            page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.evaluate(ready)
        yield width, theme


def _open(page: Page, visit: Visit, base: str) -> None:
    if visit.shape == "page":
        page.goto(base + visit.path)
        return
    page.goto(base + urljoin(visit.path, (PANELS if visit.shape == "panel" else PARTS)[visit.name]))
    page.evaluate(OPEN_PANEL if visit.shape == "panel" else SHOW_PART, visit.path)


def _picture(shots: Path, visit: Visit, width: int, theme: str) -> Path:
    folder = shots / visit.state
    folder.mkdir(parents=True, exist_ok=True)
    shape = "-panel" if visit.shape == "panel" else ""
    return folder / f"{visit.name.replace(':', '-')}{shape}-{width}-{theme}.jpg"


def _accessible(page: Page, visit: Visit, where: str, only: Sequence[str], found: Found) -> None:
    """What axe says of the page as it is now; `only` narrows it to rules that can differ from the run before."""
    options = {"runOnly": list(only or TAGS), "resultTypes": ["violations"], "preload": False}
    context = {"include": [ROOMS[visit.shape]]}
    told = page.evaluate("([context, options]) => axe.run(context, options)", [context, options])
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
