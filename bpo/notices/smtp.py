"""An SMTP dialogue that says when the point of no return comes."""

import smtplib
from collections.abc import Callable
from email.message import EmailMessage

from django.conf import settings


class Server(smtplib.SMTP):
    """Calls `before_dot` when the message is out but for its final dot: until then the server drops it."""

    before_dot: Callable[[], None]

    def data(self, msg: object) -> tuple[int, bytes]:
        self.putcmd("data")
        code, answer = self.getreply()
        if code != 354:
            raise smtplib.SMTPDataError(code, answer)
        raw = msg if isinstance(msg, bytes) else str(msg).encode("ascii")
        text = smtplib._quote_periods(raw)  # type: ignore[attr-defined]  # RFC 5321 4.5.2, as the library does it
        self.send(text if text.endswith(b"\r\n") else text + b"\r\n")
        self.before_dot()
        self.send(b".\r\n")
        return self.getreply()


def send(message: EmailMessage, address: str, *, before_dot: Callable[[], None]) -> str:
    """Send to one address and return the server's words. Raises smtplib's and socket's errors."""
    with Server(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT) as server:
        server.before_dot = before_dot
        if settings.EMAIL_USE_TLS:
            server.starttls()
        if settings.EMAIL_HOST_USER:
            server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        server.send_message(message, from_addr=settings.DEFAULT_FROM_EMAIL, to_addrs=[address])
    return "250"
