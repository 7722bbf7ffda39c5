"""A local mail sink: takes every message over SMTP, keeps it in a folder, and shows it on a page.

    python -m bpo.embedded.mail --smtp-port 1025 --http-port 8025 --folder var/mail

For demos and tests: it sends nothing on. Each message is an .eml file and one line of `log.jsonl`; the line is
written before the sender gets its answer, so whoever was told "accepted" finds the message in the log.
"""

import argparse
import asyncio
import json
import logging
import os
import signal
import threading
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any, Self, cast

from aiosmtpd.controller import Controller

from bpo.embedded.mail_log import Mail, read_log, read_message
from bpo.embedded.mail_page import Page

__all__ = ["Mail", "Sink", "read_log", "read_message"]

LARGEST = 25_000_000  # bytes of one message
logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every command otherwise


class _Keeper:
    """aiosmtpd's handler: one file and one line for each message."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        mail = self._keep(envelope)
        return f"250 2.0.0 kept as {mail.file}"

    def _keep(self, envelope: Any) -> Mail:
        now = datetime.now(UTC)
        name = f"{now:%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}.eml"
        draft = self.folder / f".{name}"
        draft.write_bytes(envelope.content)
        draft.rename(self.folder / name)
        # Not parsed by the newer policy: that one raises at some malformed Message-IDs.
        identity = BytesHeaderParser(policy=policy.compat32).parsebytes(envelope.content)["Message-ID"]
        subject = BytesHeaderParser(policy=policy.default).parsebytes(envelope.content)["Subject"]
        mail = Mail(
            file=name,
            message_id=str(identity or "").strip(),
            sender=str(envelope.mail_from or ""),
            to=[str(address) for address in envelope.rcpt_tos],
            time=now.isoformat(),
            subject=str(subject or ""),
        )
        self._log(mail)
        return mail

    def _log(self, mail: Mail) -> None:
        line = json.dumps(asdict(mail)) + "\n"
        handle = os.open(self.folder / "log.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)


class _Controller(Controller):
    """aiosmtpd's thread, which also takes port 0 (any free one) and then says which it got."""

    def _trigger_server(self) -> None:
        self.port = cast(asyncio.Server, self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd types no private method


class Sink:
    """The SMTP side, in a thread of the caller: `with Sink(folder) as sink: … sink.port … sink.messages()`."""

    def __init__(self, folder: Path, *, host: str = "127.0.0.1", port: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self._controller = _Controller(
            _Keeper(folder), hostname=host, port=port, data_size_limit=LARGEST, enable_SMTPUTF8=True
        )

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def start(self) -> Self:
        """Listen; raises OSError when the port is taken."""
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop()

    def messages(self) -> list[Mail]:
        return read_log(self.folder)

    def message(self, mail: Mail) -> EmailMessage:
        return read_message(self.folder, mail)

    def text(self, mail: Mail) -> str:
        """The plain text part with bare line ends, or '' for a message without one."""
        part = self.message(mail).get_body(("plain",))
        return str(part.get_content()).replace("\r\n", "\n") if part else ""

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run sink and page until TERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m bpo.embedded.mail", description="Local mail sink with a page.")
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--http-port", type=int, default=8025)
    parser.add_argument("--folder", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with Sink(chosen.folder, port=chosen.smtp_port), Page(chosen.folder, port=chosen.http_port):
        ended.wait()


if __name__ == "__main__":
    main()
