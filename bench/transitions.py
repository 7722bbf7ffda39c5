"""From the submitting key to the next review usable, a hundred times in a browser, beside a static page of that size."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from bench.lines import say
from bench.tenancy import ROOT, installation, run

TRANSITIONS: Final = 100
MOST_MS: Final = 300
EMAIL, PASSWORD = "lead@bench.test", "bench only, quite long"
ANSWERS: Final = "111111111111"
# Usable: the next review's form has the focus, and a frame with it was drawn.
WATCH: Final = """() => {
    window.taken = [];
    addEventListener("keydown", (event) => { if (event.key === "Enter") window.pressed = performance.now(); }, true);
    document.addEventListener("bpo:review", () => requestAnimationFrame(() => setTimeout(() => {
        if (document.activeElement.matches(".question.is-active .answer")) taken.push(performance.now() - window.pressed);
    })));
}"""
STATIC: Final = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() =>
    done(performance.timeOrigin + performance.now() - Number(sessionStorage.getItem("pressed"))))))"""
GO: Final = """() => addEventListener("keydown", () => {
    sessionStorage.setItem("pressed", performance.timeOrigin + performance.now());
    location.assign(location.pathname === "/a.html" ? "/b.html" : "/a.html");
})"""


def main() -> None:
    with installation() as (_server, env):
        port = _free_port()
        env |= {"BPO_BASE": f"bench.test:{port}", "BPO_MFA_WAIVED": "1"}
        run(env, "manage.py", "create_client", "--key", "bench", "--name", "Bench", "--zone", "UTC", "--json")
        run(env, "manage.py", "collectstatic", "--noinput", "-v0")
        run(env, "-m", "bench.transitions_rows", str(TRANSITIONS + 2), EMAIL, PASSWORD)
        with _web(env, port), _browser() as browser:
            page = _signed_in(browser, f"http://ops.bench.test:{port}/")
            page.goto(f"http://bench.bench.test:{port}/queue/")
            ours, html = _ours(page)
            static = _static(browser, html, Path(env["BPO_VAR"]) / "static")
    if len(ours) < TRANSITIONS:
        raise SystemExit(f"only {len(ours)} of {TRANSITIONS} reviews were usable")
    what = f"next review usable, p95 of {TRANSITIONS}"
    say(what, _p95(ours), "ms", "the most allowed", MOST_MS, 1.0, median=round(_p95(ours, 0.5), 1))
    say(what, _p95(ours), "ms", "a static page of the same size", _p95(static), None, bytes=len(html))


def _ours(page: Any) -> tuple[list[float], str]:
    """Score, submit and go on, by keys; each measured by the page itself."""
    page.keyboard.press("o")
    page.wait_for_selector(".question.is-active .answer:focus")
    html = page.evaluate("fetch(location.href).then((answer) => answer.text())")
    page.evaluate(WATCH)
    for number in range(1, TRANSITIONS + 1):
        for key in ANSWERS:
            page.keyboard.press(key)
        page.wait_for_selector("[data-saved].good")
        page.keyboard.press("Shift+Enter")  # says that little was heard
        page.keyboard.press("Shift+Enter")
        while page.evaluate("window.taken.length") < number:
            time.sleep(0.01)
    found: list[float] = page.evaluate("window.taken")
    return found, html


def _static(browser: Any, html: str, files: Path) -> list[float]:
    """The same page without its scripts, as files: a key leads from one to another just like it."""
    plain = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    plain += "<!--" + "x" * (len(html) - len(plain) - 7) + "-->"
    for name in ("a", "b"):
        (files / f"{name}.html").write_text(plain)
    (files / "static").symlink_to(files)
    with _serving(files) as address:
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(f"{address}/a.html")
        found = []
        for number in range(TRANSITIONS):
            page.evaluate(GO)
            page.keyboard.press("Enter")
            page.wait_for_url(f"**/{'ba'[number % 2]}.html")
            found.append(page.evaluate(STATIC))
    return found


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """The figures are the output."""


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _web(env: dict[str, str], port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    child = subprocess.Popen(
        [*command, "--blocking-threads", "4", "bpo.wsgi:application"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(300):
            if _answers(port):
                break
            time.sleep(0.1)
        yield
    finally:
        child.terminate()
        child.wait()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    from tests.e2e.ui.kit import ARGUMENTS

    rules = "--host-resolver-rules=MAP *.bench.test 127.0.0.1"
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=os.environ.get("BPO_TESTS_CHROMIUM", "/usr/bin/chromium"), args=[*ARGUMENTS, rules]
        )
        yield browser
        browser.close()


def _signed_in(browser: Any, address: str) -> Any:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(address)
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Open").click()
    page.wait_for_selector("nav.rail")
    return page


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _p95(values: list[float], share: float = 0.95) -> float:
    """Nearest rank."""
    ranked = sorted(values)
    return ranked[max(round(share * len(ranked) + 0.5) - 1, 0)]


if __name__ == "__main__":
    main()
