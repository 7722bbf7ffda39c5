"""A browser that notices what a text does: what ran, what the policy stopped, what it asked for, what it became."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Dialog, Error, Page, Request, sync_playwright

from tests.e2e.attacks.corpus import CORPUS
from tests.e2e.installation import CHROMIUM, FLAGS

OURS = re.compile(r"(https?://([a-z0-9-]+\.)*(bpo\.test|127\.0\.0\.1)(:\d+)?/|data:|blob:|about:|chrome(-extension)?:)")
# Set before anything of a page is read.
WATCH = """
window.__ran = []; window.__policy = [];
window.xss = () => { window.__ran.push("xss()"); };
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => { window.__ran.push(name); };
document.addEventListener("securitypolicyviolation", (event) =>
  window.__policy.push(event.violatedDirective + " " + event.blockedURI + " " + event.sample));
"""
# What came of it: what ran, what the policy stopped, elements that a text became, addresses that run, and the texts.
LOOK = """corpus => {
  const everything = [...document.querySelectorAll("*")];
  for (const one of document.querySelectorAll("template")) everything.push(...one.content.querySelectorAll("*"));
  const bad = /^(javascript|data|vbscript):/i, elsewhere = /^(https?:)?\\/\\/[^/]*evil\\.example/i;
  const clean = (value) => value.replace(/[\\t\\n\\r]/g, "").replace(/^[\\s\\u0000-\\u001f]+/, "");
  const harmless = (one, value) => value === "data:," || one.tagName === "IMG" && /^data:image\\//i.test(value)
    || one.tagName === "A" && /^https?:/i.test(value) && one.relList.contains("noopener"); // followed by who clicks on it
  const places = ["href", "src", "action", "formaction", "srcdoc", "data", "poster", "xlink:href", "hx-get", "hx-post"];
  const links = everything.flatMap((one) => places.filter((name) => one.hasAttribute(name) &&
      !harmless(one, one.getAttribute(name)) &&
      (name === "srcdoc" || bad.test(clean(one.getAttribute(name))) || elsewhere.test(clean(one.getAttribute(name)))))
    .map((name) => one.tagName + " " + name + "=" + one.getAttribute(name).slice(0, 60)));
  const values = everything.flatMap((one) => [...one.attributes].map(({value}) => value));
  const typed = [...document.querySelectorAll("input, textarea")].map((one) => one.value);
  const text = [document.documentElement.textContent, document.title, ...values, ...typed].join("\\n");
  const forms = [...document.forms], named = (one) => [...one.elements].map(({name}) => name).filter(Boolean);
  return {
    ran: window.__ran, policy: window.__policy, links,
    injected: everything.filter((one) => one.hasAttribute("data-xss")).map((one) => one.outerHTML.slice(0, 120)),
    handlers: everything.filter((one) => [...one.attributes].some(({name}) => /^on|^hx-on/i.test(name)))
      .map((one) => one.outerHTML.slice(0, 120)),
    shown: corpus.map((one, place) => text.includes(one.replace(/\\r\\n?/g, "\\n")) ? place : -1).filter((place) => place >= 0),
    marks: [...new Set([...text.matchAll(/§(\\d+)§/g)].map((found) => Number(found[1])))],
    asks: [...new Set(forms.filter((one) => one.method === "get").flatMap(named))],
    posts: forms.map((one) => one.method === "post" &&
      [...one.elements].some(({tagName, type}) => tagName === "TEXTAREA" || type === "text" || type === "search")
      ? one.getAttribute("action") || "" : null).filter((action) => action !== null),
  };
}"""
WRONG = ("ran", "policy", "links", "injected", "handlers")


@dataclass
class Found:
    """What was found on the way: sentences of what is wrong, and which texts of the corpus were read where."""

    problems: list[str] = field(default_factory=list)
    shown: set[int] = field(default_factory=set)
    marks: set[int] = field(default_factory=set)
    pages: int = 0
    texts: int = 0  # of the corpus, over all pages
    requests: list[str] = field(default_factory=list)

    def add(self, name: str, seen: dict[str, Any]) -> None:
        self.pages += 1
        self.texts += len(seen["shown"])
        self.shown |= set(seen["shown"])
        self.marks |= set(seen["marks"])
        self.problems += [f"{name}: {what}: {seen[what][:3]}" for what in WRONG if seen[what]]

    def unread(self) -> list[str]:
        return [text for place, text in enumerate(CORPUS) if place not in self.shown]


class Watcher:
    """One browser and what its pages did."""

    def __init__(self, browser: Any, found: Found) -> None:
        self._browser, self.found = browser, found

    def page(self, **options: Any) -> Page:
        """A page of a new person, watched from its first byte."""
        context: BrowserContext = self._browser.new_context(
            viewport={"width": 1440, "height": 900}, reduced_motion="reduce", **options
        )
        context.add_init_script(WATCH)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("request", self._asked)
        page.on("dialog", self._opened)
        page.on("popup", lambda other: self.found.problems.append(f"a window opened: {other.url}"))
        return page

    def look(self, page: Page, name: str) -> dict[str, Any]:
        """What is on the page now, noted under a name; nothing where the page can't be looked at."""
        try:
            seen: dict[str, Any] = page.evaluate(LOOK, list(CORPUS))
        except Error as error:
            self.found.problems.append(f"{name}: {str(error).splitlines()[0]}")
            return {"asks": [], "posts": []}
        self.found.add(name, seen)
        return seen

    def _asked(self, request: Request) -> None:
        if not OURS.match(request.url):
            self.found.problems.append(f"{request.frame.url} asked for {request.url}")

    def _opened(self, dialog: Dialog) -> None:
        if dialog.type != "beforeunload":  # that one is a page's own, with work in it
            self.found.problems.append(f"a dialog opened: {dialog.message}")
        dialog.accept()


@contextmanager
def watching(found: Found) -> Iterator[Watcher]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield Watcher(browser, found)
        finally:
            browser.close()
