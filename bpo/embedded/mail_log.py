"""What the mail sink keeps, read back from its folder."""

import json
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


@dataclass(frozen=True)
class Mail:
    """One accepted message: a line of the log. `time` is ISO 8601 in UTC; sender and to are the envelope's."""

    file: str
    message_id: str
    sender: str
    to: list[str]
    time: str
    subject: str


def read_log(folder: Path) -> list[Mail]:
    """All messages in the order of their acceptance, also from another process's sink."""
    log = folder / "log.jsonl"
    if not log.exists():
        return []
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    return [Mail(**json.loads(line)) for line in lines if line.endswith("\n")]  # the last may be half-written


def read_message(folder: Path, mail: Mail) -> EmailMessage:
    """The message itself; `get_body(("plain",)).get_content()` is its text."""
    return message_from_bytes((folder / mail.file).read_bytes(), policy=policy.default)
