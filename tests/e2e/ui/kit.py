"""A browser and a small server for pages of the kit, and screenshots as a person would see them."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

import bpo.ui

STATIC = Path(bpo.ui.__file__).parent / "static"
# The shell draws as the whole browser does, without what a person would see around the page.
SHELL, BROWSER = "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"
WHOLE = os.environ.get("BPO_TESTS_CHROMIUM", BROWSER)
CHROMIUM = os.environ.get("BPO_TESTS_CHROMIUM", SHELL if Path(SHELL).exists() else BROWSER)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
Answer = tuple[int, str, str]  # status, media type, body
Pages = Callable[[str, str], Answer]  # method and path with query


@contextmanager
def serving(pages: Pages) -> Iterator[str]:
    """Serve `pages` and the kit's files under the product's own policy; yields the base address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/static/"):
                file = STATIC / self.path.removeprefix("/static/")
                self.reply(200, KINDS[file.suffix], file.read_bytes())
            else:
                status, kind, text = pages(self.command, self.path)
                self.reply(status, kind, text.encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.do_GET()

        def reply(self, status: int, kind: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Quiet: the test says what failed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def shoot(
    browser: Browser, url: str, folder: Path, name: str, prepare: Callable[[Page], None] | None = None
) -> list[Path]:
    """Pictures of one page at 1440 and 390 px, light and dark: `folder/name-1440-light.png` and so on."""
    made = []
    for width, height in ((1440, 900), (390, 844)):
        for theme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
            page = context.new_page()
            page.goto(url)
            page.evaluate("document.fonts.ready")
            if prepare:
                prepare(page)
            made.append(folder / f"{name}-{width}-{theme}.png")
            page.screenshot(path=made[-1], full_page=True)
            context.close()
    return made


def overflow(page: Page) -> int:
    """How many px the page is wider than its window; 0 is right."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
