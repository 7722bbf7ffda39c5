"""The embedded broker: kombu's filesystem transport, with messages that appear whole.

Kombu opens a message's file under its final name and writes afterwards, so a worker that looks in between reads an
empty file, and the error ends the worker. Here the file gets its name once it is written.
"""

import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:  # type: ignore[override]  # the stubs lack kwargs
        """Add a message under a name that sorts by time, as the parent does."""
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        draft = folder / f"{name}.draft"
        try:
            draft.write_bytes(str_to_bytes(dumps(message)))
            draft.rename(folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot add {name!r} to {folder}") from error


class Transport(filesystem.Transport):
    Channel = Channel


def install() -> None:
    """Let `filesystem://` mean this transport; call it before the first connection."""
    TRANSPORT_ALIASES["filesystem"] = "bpo.broker:Transport"
