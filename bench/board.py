"""The board of 500 agents and 2,500 shifts in headless Chromium: size, time until it can be used, frames of a drag.

The same drag runs on a board of one agent, whose frames are what this browser on this machine does with an empty grid.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from math import cos, pi, sin
from pathlib import Path
from typing import Any, Final

from bench.board_rows import EMAIL, PASSWORD
from bench.lines import say
from bench.people import ROOT, run

AGENTS: Final = 500
ROUNDS, DRAGS, MOVES = 10, 3, 150  # of the loads the best counts: what else the machine does only ever adds
MOST_BYTES, MOST_MS, MOST_FRAME, MOST_SINGLE, MOST_DAY = 1_500_000, 1_000, 33, 100, 200
CHROMIUM: Final = os.environ.get("BPO_TESTS_CHROMIUM", "/usr/bin/chromium")
FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--host-resolver-rules=MAP *.bench.test 127.0.0.1"]
# A page can be used when its script has drawn it and the frame after that is on the screen.
READY: Final = """new PerformanceObserver((list) => {
    if (list.getEntriesByName("board-ready").length)
        requestAnimationFrame(() => setTimeout(() => { window.usable = performance.now(); }));
}).observe({ type: "mark", buffered: true });"""
FRAMES: Final = """() => {
    window.frames_seen = [];
    const seen = (at) => { window.frames_seen.push(at); if (window.frames_seen) requestAnimationFrame(seen); };
    requestAnimationFrame(seen);
}"""
TAKEN: Final = """() => {
    const seen = window.frames_seen;
    window.frames_seen = null;
    return seen.slice(1).map((at, index) => at - seen[index]);
}"""
DAY: Final = """async () => {
    const links = [...document.querySelectorAll("[data-day]")], taken = [];
    for (const link of [links[2], links[4], links[7], links[0]]) {
        const started = performance.now();
        link.click();
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        taken.push(performance.now() - started);
    }
    return taken;
}"""


def main() -> None:
    from bpo.embedded.postgres import destroy, ensure

    memory = Path("/dev/shm")  # noqa: S108 - only where it exists; the folder is ours
    folder = Path(tempfile.mkdtemp(prefix="bpo-bench-", dir=memory if memory.is_dir() else None))
    folder.chmod(0o755)
    port = _port()
    try:
        server = ensure(folder / "pg", fast=True)
        env = {
            **os.environ,
            "BPO_VAR": str(folder / "var"),
            "DATABASE_URL": server.owner_url,
            "BPO_DB_AUTH": server.auth,
            "BPO_BASE": f"bench.test:{port}",
            "BPO_LOG_LEVEL": "ERROR",
            "BPO_MFA_WAIVED": "1",
        }
        run(env, "manage.py", "migrate", "-v0")
        run(env, "manage.py", "create_client", "--key", "bench", "--name", "Bench", "--zone", "UTC", "--json")
        run(env, "manage.py", "collectstatic", "--noinput", "-v0")
        week = run(env, "-m", "bench.board_rows", str(AGENTS)).split()[-1]
        with _web(env, port):
            _tell(port, week)
    finally:
        destroy(folder / "pg")
        shutil.rmtree(folder, ignore_errors=True)


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _web(env: dict[str, str], port: int) -> Iterator[None]:
    command = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    child = subprocess.Popen([sys.executable, *command, "--blocking-threads", "4", "bpo.wsgi:application"], env=env, cwd=ROOT)  # fmt: skip
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        child.terminate()
        child.wait()


def _tell(port: int, week: str) -> None:
    from playwright.sync_api import sync_playwright

    address = f"http://bench.bench.test:{port}/board/?week={week}&day={week}&queue="
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        state = _signed_in(browser, port)
        _visit(browser, state, address + "billing")  # the web's first answers of their kind
        pages = [_visit(browser, state, address + "billing") for _ in range(ROUNDS)]
        bare = [_visit(browser, state, address + "empty") for _ in range(ROUNDS)]
        full = _drags(browser, state, address + "billing")
        empty = _drags(browser, state, address + "empty")
        browser.close()
    _say(pages, bare, full, empty)


def _say(pages: list[dict[str, Any]], bare: list[dict[str, Any]], full: list[float], empty: list[float]) -> None:
    what = f"board, {AGENTS} agents × 7 days"
    shown = pages[0]
    if shown["rows"] != AGENTS or shown["shifts"] != AGENTS * 5:
        raise SystemExit(f"the board shows {shown['rows']} agents with {shown['shifts']} shifts")
    say(f"{what}, HTML", shown["bytes"], "bytes", "the most allowed", MOST_BYTES, 1.0)
    usable, without = ([one["usable"] for one in side] for side in (pages, bare))
    about = {"median": round(statistics.median(usable)), "loads": ROUNDS}
    fastest = min(pages, key=lambda one: float(one["usable"]))
    say(f"{what}, until it can be used", min(usable), "ms", "a board of one agent", min(without), None, **about)
    about["until_the_server_answers"] = round(fastest["waited"])
    say(f"{what}, until it can be used", min(usable), "ms", "the most allowed", MOST_MS, 1.0, **about)
    days = [ms for one in pages for ms in one["days"]]
    say(f"{what}, another day or the week", statistics.median(days), "ms", "the most allowed", MOST_DAY, 1.0,
        worst=round(max(days)))  # fmt: skip
    same = "the same drag on an empty grid"
    for name, share, most in (("p50", 0.5, None), ("p95", 0.95, MOST_FRAME), ("longest", 1.0, MOST_SINGLE)):
        ours, theirs = _at(full, share), _at(empty, share)
        say(f"{what}, {name} frame of a drag", ours, "ms", same, theirs, None, frames=len(full))
        if most is not None:
            say(f"{what}, {name} frame of a drag", ours, "ms", "the most allowed", most, 1.0)


def _at(values: list[float], share: float) -> float:
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def _signed_in(browser: Any, port: int) -> Any:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://ops.bench.test:{port}/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Open").click()
    page.wait_for_url("**//bench.bench.test**")
    state = context.storage_state()
    context.close()
    return state


def _visit(browser: Any, state: Any, address: str) -> dict[str, Any]:
    """The page with nothing of it in the browser's cache."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, storage_state=state)
    context.add_init_script(READY)
    page = context.new_page()
    page.goto(address)
    _until(page, "window.usable > 0")
    found: dict[str, Any] = page.evaluate(
        """() => { const [one] = performance.getEntriesByType("navigation"); return {
            usable: window.usable, bytes: one.decodedBodySize, waited: one.responseStart,
            rows: document.querySelectorAll(".lane-row").length,
            shifts: JSON.parse(document.getElementById("board-data").textContent).shifts.length}; }"""
    )
    found["days"] = page.evaluate(DAY)
    context.close()
    return found


def _drags(browser: Any, state: Any, address: str) -> list[float]:
    """Lengths of the frames of some drags, in ms. Each shift is put back."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, storage_state=state)
    page = context.new_page()
    page.goto(address)
    _until(page, "performance.getEntriesByName('board-ready').length > 0")
    found: list[float] = []
    for _ in range(DRAGS):
        page.mouse.move(700, 500)
        page.wait_for_timeout(500)
        box = page.locator("a.shift:not(.carried)").nth(5 if page.locator("a.shift").count() > 9 else 0).bounding_box()
        x, y = box["x"] + 60, box["y"] + 10
        page.mouse.move(x, y)
        page.mouse.down()
        page.evaluate(FRAMES)
        for move in range(1, MOVES + 1):
            turn = 2 * pi * move / MOVES
            page.mouse.move(x + 300 * sin(turn), y + 120 * (1 - cos(turn)))
        found += page.evaluate(TAKEN)
        if page.locator(".flyer").count() != 1:
            raise SystemExit("nothing was dragged")
        page.keyboard.press("Escape")
        page.mouse.up()
    context.close()
    return found


def _until(page: Any, true: str) -> None:
    """Asked from outside: the page's policy lets no text become a script of it."""
    while not page.evaluate(true):
        page.wait_for_timeout(20)
