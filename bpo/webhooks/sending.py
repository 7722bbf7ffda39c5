"""One request: to the address that was judged, without following where it points, within a time and a size."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from bpo.dns import NoAnswer
from bpo.webhooks.guarding import Refused, Target, resolve, target_of

MOST_READ: Final = 16_384  # bytes of an answer; nothing in it is kept


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of it. `status` is None where no answer came, and `problem` then says why in our words."""

    status: int | None
    problem: str
    milliseconds: int

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class _Pinned(http.client.HTTPConnection):
    """A connection to an address decided beforehand; TLS and the Host header go by the name."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=settings.WEBHOOK_SECONDS)
        self._target, self._address = target, address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self._target.port), self.timeout)
        if self._target.tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._target.host)

    def cut(self) -> None:
        """End it from another thread: an answer that drips is over, too."""
        if self.sock is not None:
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # the plain one, under TLS too


def post(url: str, body: bytes, headers: dict[str, str]) -> Answered:
    """POST a body. Never raises for what the other side does or is: that is what Answered tells."""
    started = time.monotonic()
    status, problem = None, ""
    try:
        target = target_of(url)
        status = _ask(target, resolve(target), body, headers)
        problem = "" if 200 <= status < 300 else _words(status)
    except (Refused, NoAnswer) as error:
        problem = str(error)
    except TimeoutError:
        problem = _("No answer within %(n)s seconds.") % {"n": settings.WEBHOOK_SECONDS}
    except ssl.SSLError as error:
        problem = _("Its certificate or encryption was refused: %(why)s.") % {"why": error.reason or "TLS"}
    except (OSError, http.client.HTTPException) as error:
        problem = _("The connection failed: %(why)s.") % {"why": type(error).__name__}
    return Answered(status, problem[:300], int((time.monotonic() - started) * 1000))


def _ask(target: Target, address: str, body: bytes, headers: dict[str, str]) -> int:
    connection = _Pinned(target, address)
    over = threading.Event()

    def end() -> None:
        over.set()
        with contextlib.suppress(OSError):  # it has just ended by itself
            connection.cut()

    watch = threading.Timer(settings.WEBHOOK_SECONDS, end)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", target.path, body, headers)
        answer = connection.getresponse()
        answer.read(MOST_READ)
        if over.is_set():  # cut off, which reads as an end
            raise TimeoutError
        return answer.status
    except (OSError, http.client.HTTPException, ValueError):
        if over.is_set():
            raise TimeoutError from None
        raise
    finally:
        watch.cancel()
        connection.close()


def _words(status: int) -> str:
    if 300 <= status < 400:
        return _("It answered %(status)s and points elsewhere; we go nowhere else.") % {"status": status}
    return _("It answered %(status)s.") % {"status": status}
