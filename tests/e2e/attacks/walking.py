"""Every page that shows what somebody typed: as who can open it, once as it is and once asked for with hostile words."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.contrib import admin
from django.db.models import Model
from django.test import Client as Browser
from django.urls import reverse
from django.utils.module_loading import import_string
from playwright.sync_api import Error, Page

from bpo.audit.models import Entry
from bpo.tenancy.context import as_owner, enter
from interactions.models import Interaction
from tests.e2e.attacks.corpus import BREAKER
from tests.e2e.attacks.watching import Watcher
from tests.e2e.screens.visiting import OPEN_PANEL, PANELS, PARTS, SHOW_PART, Visit, cookies_of
from tests.e2e.waiting import until_true

ASKED = f"{BREAKER}<script>xss()</script> javascript:xss() {{{{7*7}}}} '-xss()-'"
STRAY = ("/nothing/<img src=x onerror=xss() data-xss>/", '/"><script>xss()</script>?next=javascript:xss()//')
SEARCHED = ("data-xss", "script", "<b", "onerror")  # in the palette, which draws what it is answered by itself
# What the page fetches by itself after its load, within reason.
SETTLED = "() => !document.querySelector('.htmx-request, [aria-busy=true]')"
FORM = """[...document.forms].find((one) => one.method === "post" && (one.getAttribute("action") || "") === action
    && [...one.elements].some(({tagName, type}) => tagName === "TEXTAREA" || ["text", "search"].includes(type)))"""
HAS_FORM = f"action => Boolean({FORM})"
FILL_IN = f"""([action, text]) => {{
  const form = {FORM};
  for (const one of form.elements) {{
    if (one.tagName === "TEXTAREA" || ["text", "search"].includes(one.type)) one.value = text;
    else if (one.type === "email") one.value = '"<b/data-xss>"@x.example';
  }}
  HTMLFormElement.prototype.submit.call(form);
}}"""


def step_in(client: Any, operator: Browser) -> Browser:
    """An operator's browser inside a client, with a reason that its banner shows."""
    sent = operator.post(f"/clients/{client.key}/step-in/", {"reason": f"{BREAKER} why", "minutes": "60"})
    there = urlsplit(sent["Location"])
    browser = Browser(raise_request_exception=False, HTTP_HOST=there.netloc)
    assert browser.get(f"{there.path}?{there.query}")["Location"] == "/admin/"
    return browser


def rows_of(site: Any, host: str, label: str, browser: Browser, urlconf: str) -> Iterator[Visit]:
    """A list of each model of an admin and the last row of it, and one history."""
    cookies = cookies_of(browser)
    for model in site._registry:
        last: Model | None = model._default_manager.order_by("-pk").first()
        at = f"{site.name}:{model._meta.app_label}_{model._meta.model_name}"
        paths = [reverse(f"{at}_changelist", urlconf=urlconf)]
        if last is not None and model._meta.label != "accounts.Token":  # whose address would tell what it proves
            paths.append(reverse(f"{at}_change", args=[last.pk], urlconf=urlconf))
        yield from (Visit("xss", host, f"{at} row", label, path, cookies) for path in paths)


def admin_visits(client: Any, operator: Browser, inside: Browser) -> list[Visit]:
    """Both admins: the operator's, and that of a client for who has stepped in."""
    with as_owner():
        found = list(rows_of(admin.site, "operator", "ops", operator, "bpo.urls_operator"))
    with enter(client.ref()):
        site = import_string("console.client_admin.site")
        return [*found, *rows_of(site, "client", client.key, inside, "bpo.urls_stepped")]


def of_filled_rows(client: Any, planned: list[Visit]) -> Iterator[Visit]:
    """Pages planned on a row that is too new or too plain to say what others of its kind say."""
    with enter(client.ref()):
        line = Entry.objects.filter(actor_name__contains="§").exclude(detail={}).order_by("-seq")[0]
        abused = Interaction.objects.filter(abusive=True).latest("started_at")
    for visit in planned:
        if visit.name == "audit:history" and visit.kind == "client":
            at = [line.target_type, line.target_id]
            yield replace(visit, path=reverse("audit:history", args=at, urlconf="bpo.urls_client"))
        if visit.name == "interactions:detail":
            yield replace(visit, path=reverse("interactions:detail", args=[abused.pk], urlconf="bpo.urls_client"))


class Walk:
    """A browser for each person, through all visits."""

    def __init__(self, watcher: Watcher, port: int) -> None:
        self._watcher, self._port = watcher, port
        self._pages: dict[Any, Page] = {}
        self.posts: dict[str, tuple[Visit, str]] = {}  # by page, each form of a page once
        self.answered = 0  # forms that were sent and said something

    def through(self, visits: list[Visit]) -> None:
        asked = set()
        for visit in visits:
            seen = self._open(visit)
            kind = visit.name.partition(":")[0] if visit.name.endswith(" row") else visit.name  # an admin's are alike
            if seen["asks"] and (visit.host, kind) not in asked:
                asked.add((visit.host, kind))
                words = urlencode(dict.fromkeys(seen["asks"], ASKED))
                self._at(visit, f"{visit.path.partition('?')[0]}?{words}", "asked")
            for number, action in enumerate(seen["posts"]):
                self.posts.setdefault(f"{visit.host} {visit.name} {number}", (visit, action))

    def stray(self, visits: list[Visit]) -> None:
        """Addresses that are nowhere, as one person of each host."""
        for visit in {visit.host: visit for visit in visits}.values():
            for path in STRAY:
                self._at(visit, path, "stray")

    def palettes(self, visits: list[Visit]) -> None:
        """What the palette draws of what it finds, on both hosts."""
        for visit in {visit.host: visit for visit in reversed(visits)}.values():
            for words in SEARCHED:
                self._at(visit, "/", "home")
                page = self._page(visit)
                page.keyboard.press("Control+k")
                page.locator("#palette input").fill(words)
                page.wait_for_timeout(600)  # it waits for the next key before it asks
                self._watcher.look(page, f"palette of {visit.host}")

    def sent(self) -> None:
        """Each form with words in it, sent with hostile ones: what comes back shows them again, or a page with them."""
        for visit, action in self.posts.values():
            page, name = self._page(visit), f"{visit.name} sent {action}"
            try:
                self._go(page, visit)
                if not page.evaluate(HAS_FORM, action):
                    continue  # gone with a form that was sent before
                with page.expect_navigation(wait_until="load", timeout=10_000):
                    page.evaluate(FILL_IN, [action, ASKED])
            except Error as error:
                self._watcher.found.problems.append(f"{name}: {str(error).splitlines()[0]}")
                continue
            self.answered += 1
            self._watcher.look(page, name)

    def _open(self, visit: Visit) -> dict[str, Any]:
        page, name = self._page(visit), f"{visit.name} {visit.path}"
        try:
            self._go(page, visit)
        except Error as error:
            self._watcher.found.problems.append(f"{name}: {str(error).splitlines()[0]}")
        return self._watcher.look(page, name)

    def _go(self, page: Page, visit: Visit) -> None:
        if visit.shape == "page":
            page.goto(self._base(visit) + visit.path, wait_until="load")
            until_true(page, SETTLED, seconds=5)
            return
        place = (PANELS if visit.shape == "panel" else PARTS)[visit.name]
        page.goto(self._base(visit) + urljoin(visit.path, place))
        page.evaluate(OPEN_PANEL if visit.shape == "panel" else SHOW_PART, visit.path)

    def _at(self, visit: Visit, path: str, how: str) -> None:
        """Another address, as the person of that visit."""
        self._open(replace(visit, path=path, name=f"{visit.name} {how}", shape="page"))

    def _page(self, visit: Visit) -> Page:
        key = (visit.host, visit.cookies)
        if key not in self._pages:
            page = self._watcher.page(user_agent=ASKED, extra_http_headers={"X-Forwarded-Host": ASKED})
            cookies = [{"name": name, "value": value, "url": self._base(visit)} for name, value in visit.cookies]
            page.context.add_cookies(cookies)  # type: ignore[arg-type]  # it is a TypedDict of these
            self._pages[key] = page
        return self._pages[key]

    def _base(self, visit: Visit) -> str:
        return f"http://{visit.host}.bpo.test:{self._port}"
