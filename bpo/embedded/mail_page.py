"""The page of the mail sink: the list, one message, its source. Read-only, no script, nothing from outside."""

import re
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from bpo.embedded.mail_log import read_log

SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 54rem; margin: 2rem auto; padding: 0 1rem }
a { color: LinkText } h1 { font-size: 1.4rem; overflow-wrap: anywhere }
table { width: 100%; border-collapse: collapse } td, th { text-align: left; padding: .5rem .75rem .5rem 0;
border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); overflow-wrap: anywhere;
vertical-align: top }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem } dt { opacity: .7 } dd { margin: 0 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; font: inherit;
border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .5rem }
"""
_NAME = re.compile(r"/([0-9T]+-[0-9a-f]{8}\.eml)(/source)?")
_LINK = re.compile(r"https?://[^\s<>\"']+")


class _Handler(BaseHTTPRequestHandler):
    folder: Path
    server_version = "mail"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer(*self._page())

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        """Reading mail isn't worth a line."""

    def _page(self) -> tuple[HTTPStatus, str, str]:
        path = self.path.split("?")[0]
        if path == "/":
            return HTTPStatus.OK, "text/html", _list(self.folder)
        if path == "/style.css":
            return HTTPStatus.OK, "text/css", STYLE
        found = _NAME.fullmatch(path)
        file = self.folder / found[1] if found else None
        if not found or not file or not file.is_file():
            return HTTPStatus.NOT_FOUND, "text/html", _frame("No such mail", '<p><a href="/">All mail</a></p>')
        if found[2]:
            return HTTPStatus.OK, "text/plain", file.read_bytes().decode(errors="replace")
        return HTTPStatus.OK, "text/html", _one(file)

    def _answer(self, status: HTTPStatus, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in SECURITY.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _frame(title: str, body: str) -> str:
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    style = '<link rel="stylesheet" href="/style.css">'
    shown = escape(title)
    return f'<!doctype html><html lang="en">{head}<title>{shown}</title>{style}<h1>{shown}</h1>{body}</html>'


def _list(folder: Path) -> str:
    rows = "".join(
        f"<tr><td>{escape(mail.time[:19].replace('T', ' '))}</td><td>{escape(', '.join(mail.to))}</td>"
        f'<td><a href="/{escape(mail.file)}">{escape(mail.subject) or "(no subject)"}</a></td></tr>'
        for mail in reversed(read_log(folder))
    )
    if not rows:
        return _frame("Mail", "<p>No mail yet. What the demo sends shows up here.</p>")
    head = "<thead><tr><th>Time (UTC)</th><th>To</th><th>Subject</th></tr></thead>"
    return _frame("Mail", f"<table>{head}<tbody>{rows}</tbody></table>")


def _one(file: Path) -> str:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    parts = "".join(
        f"<dt>{name}</dt><dd>{escape(str(message[name] or ''))}</dd>" for name in ("From", "To", "Date", "Reply-To")
    )
    ways = f'<p><a href="/">All mail</a> · <a href="/{escape(file.name)}/source">Source</a></p>'
    text = _linked(_text(message))
    return _frame(str(message["Subject"] or "(no subject)"), f"{ways}<dl>{parts}</dl><pre>{text}</pre>")


def _text(message: EmailMessage) -> str:
    """The plain part; of a message without one the HTML's source, which is shown as text."""
    part = message.get_body(("plain", "html"))
    return str(part.get_content()) if part else ""


def _linked(text: str) -> str:
    """Escaped text whose web addresses can be followed; a sentence's last stop is no part of one."""
    shown, end = [], 0
    for found in _LINK.finditer(text):
        address = found[0].rstrip(".,;:!?)]")
        target = escape(address)
        shown += [escape(text[end : found.start()]), f'<a href="{target}" rel="noreferrer noopener">{target}</a>']
        end = found.start() + len(address)
    return "".join([*shown, escape(text[end:])])


class Page:
    """The HTTP side, in a thread of the caller; `port` 0 takes any free one."""

    def __init__(self, folder: Path, *, host: str = "127.0.0.1", port: int = 0) -> None:
        handler = type("Handler", (_Handler,), {"folder": folder})
        self._server = ThreadingHTTPServer((host, port), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
