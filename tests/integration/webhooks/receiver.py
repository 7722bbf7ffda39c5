"""A real HTTP receiver in a thread: keeps what came and answers as told."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """`answers`: a status for each request to come, the last one for all after; `seconds` each takes to answer."""

    port: int
    answers: list[int] = field(default_factory=lambda: [200])
    location: str = ""
    seconds: float = 0.0
    drip: bool = False  # headers that never end
    came: list[dict[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?from=bpo"


class Handler(BaseHTTPRequestHandler):
    found: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.found.came.append({"path": self.path, "headers": dict(self.headers), "body": body})
        time.sleep(self.found.seconds)
        answers = self.found.answers
        with suppress(OSError):  # the other side had enough
            self._drip() if self.found.drip else self._answer(answers.pop(0) if len(answers) > 1 else answers[0])

    def do_GET(self) -> None:
        self.found.came.append({"path": self.path, "headers": dict(self.headers), "body": b""})
        self._answer(200)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if self.found.location:
            self.send_header("Location", self.found.location)
        self.end_headers()
        if status != 204:
            self.wfile.write(b"x" * 100_000)

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(200):
            self.wfile.write(b"X-%d: y\r\n" % number)
            self.wfile.flush()
            time.sleep(0.1)

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Receive for the block."""
    handler = type("Bound", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    found = Receiver(server.server_address[1])
    handler.found = found  # type: ignore[attr-defined]  # a class of this receiver alone
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
